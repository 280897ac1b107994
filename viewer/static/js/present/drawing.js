// Painting an output on a canvas: one painter for the stage, the presenter's mirror and the preview, so that what is
// previewed is what the court sees. Needs nothing but a 2D context and a way to get decoded pictures.

export const STYLE = {
  ground: "#000", highlight: "rgba(255, 226, 64, 0.42)", line: "#d21f26", cover: "#000",
  callout: "#ffffff", calloutEdge: "#d21f26", dim: "rgba(0, 0, 0, 0.55)", spot: "rgba(0, 0, 0, 0.72)",
  pointer: "#e21b1b", ink: "#f4f4f4", soft: "#c9c9c9", font: '"Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif',
};

const MARGIN = 0.012;
/** A few words are never enlarged more than this over the page beside them: letters as high as a hand help nobody. */
const LARGEST_CALLOUT = 5;

/** Areas of the panes on a stage of this size, as `[x, y, width, height]` in pixels. */
export function areas(kind, width, height) {
  const m = Math.round(height * MARGIN);
  if (kind !== "pair") return [[m, m, width - 2 * m, height - 2 * m]];
  const half = (width - 3 * m) / 2;
  return [[m, m, half, height - 2 * m], [2 * m + half, m, half, height - 2 * m]];
}

/** The room of a single picture on a stage of this size. */
export function room(width, height) {
  const [, , w, h] = areas("picture", width, height)[0];
  return [w, h];
}

/** How a region of a picture is laid into an area: `{x, y, scale}` so that pixel p of the picture lies at x + p·scale. */
export function placement(area, picture, region) {
  const [ax, ay, aw, ah] = area;
  const [rx, ry, rw, rh] = region ?? [0, 0, 1, 1];
  const scale = Math.min(aw / (rw * picture.width), ah / (rh * picture.height));
  const x = ax + (aw - rw * picture.width * scale) / 2 - rx * picture.width * scale;
  const y = ay + (ah - rh * picture.height * scale) / 2 - ry * picture.height * scale;
  return { x, y, scale, width: picture.width, height: picture.height, area };
}

/** Pixels of a box of the picture. */
export function toPixels(place, [x, y, w, h]) {
  const sx = place.width * place.scale, sy = place.height * place.scale;
  return [place.x + x * sx, place.y + y * sy, w * sx, h * sy];
}

/** Point of the stage as a fraction of the picture, or null outside of it. */
export function toFraction(place, px, py) {
  const x = (px - place.x) / (place.width * place.scale), y = (py - place.y) / (place.height * place.scale);
  return x < 0 || y < 0 || x > 1 || y > 1 ? null : [x, y];
}

/** Placements of all panes, or null while a picture is missing. */
export function layout(output, width, height, pictureOf) {
  const places = [];
  const spaces = areas(output.kind, width, height);
  for (const [at, pane] of output.panes.entries()) {
    const picture = pictureOf(pane.key);
    if (!picture) return null;
    places.push(placement(spaces[at], picture, pane.region));
  }
  return places;
}

function clipTo(ctx, [x, y, w, h]) {
  ctx.beginPath();
  ctx.rect(x, y, w, h);
  ctx.clip();
}

function paintPicture(ctx, picture, place) {
  const { fitted } = picture;
  if (fitted && Math.abs(fitted.width - picture.width * place.scale) < 1.5 && Math.abs(fitted.height - picture.height * place.scale) < 1.5) {
    ctx.drawImage(fitted, Math.round(place.x), Math.round(place.y));
    return;
  }
  ctx.imageSmoothingEnabled = true;
  // "high" would be slower and, where a page is made smaller, no clearer: "medium" averages the pixels it leaves out.
  ctx.imageSmoothingQuality = place.scale < 1 ? "medium" : "high";
  ctx.drawImage(picture.image, place.x, place.y, picture.width * place.scale, picture.height * place.scale);
}

function paintMarks(ctx, marks, place) {
  for (const mark of marks) {
    const [x, y, w, h] = toPixels(place, mark.box);
    if (mark.type === "highlight") {
      ctx.globalCompositeOperation = "multiply";
      ctx.fillStyle = STYLE.highlight;
      ctx.fillRect(x, y, w, h);
      ctx.globalCompositeOperation = "source-over";
    } else if (mark.type === "line") {
      ctx.strokeStyle = STYLE.line;
      ctx.lineWidth = Math.max(2, place.area[3] / 300);
      ctx.strokeRect(x, y, w, h);
    }
  }
}

function paintCovers(ctx, marks, place) {
  ctx.fillStyle = STYLE.cover;
  for (const mark of marks.filter((one) => one.type === "redaction")) {
    const [x, y, w, h] = toPixels(place, mark.box);
    // one pixel more on each side: rounding must not leave a readable edge
    ctx.fillRect(Math.floor(x) - 1, Math.floor(y) - 1, Math.ceil(w) + 2, Math.ceil(h) + 2);
  }
}

/** Where a callout stands: as wide as it may be, on the half of the stage away from what it enlarges. */
export function calloutArea(place, box, at, count) {
  const [ax, ay, aw, ah] = place.area;
  const room = (ah * 0.46) / count;
  const w = box[2] * place.width, h = box[3] * place.height;
  const scale = Math.min((aw * 0.94) / w, room / h, place.scale * LARGEST_CALLOUT);
  const source = toPixels(place, box);
  const low = source[1] + source[3] / 2 < ay + ah / 2;
  const width = w * scale, height = h * scale;
  const top = low ? ay + ah - room * (count - at) + (room - height) / 2 - ah * 0.02 : ay + room * at + (room - height) / 2 + ah * 0.02;
  return [ax + (aw - width) / 2, top, width, height];
}

function paintCallouts(ctx, pane, picture, place) {
  const callouts = pane.marks.filter((mark) => mark.type === "callout");
  if (!callouts.length) return;
  ctx.fillStyle = STYLE.dim;
  ctx.fillRect(...place.area);
  for (const [at, mark] of callouts.entries()) {
    const [x, y, w, h] = calloutArea(place, mark.box, at, callouts.length);
    const edge = Math.max(3, place.area[3] / 260);
    const source = toPixels(place, mark.box);
    ctx.strokeStyle = STYLE.calloutEdge;
    ctx.lineWidth = edge / 1.5;
    ctx.strokeRect(...source);
    ctx.save();
    ctx.fillStyle = STYLE.callout;
    ctx.fillRect(x - edge, y - edge, w + 2 * edge, h + 2 * edge);
    clipTo(ctx, [x, y, w, h]);
    const scale = w / (mark.box[2] * picture.width);
    const inner = { ...place, x: x - mark.box[0] * picture.width * scale, y: y - mark.box[1] * picture.height * scale, scale };
    paintPicture(ctx, picture, inner);
    paintMarks(ctx, pane.marks, inner);
    paintCovers(ctx, pane.marks, inner);
    ctx.restore();
    ctx.strokeRect(x - edge / 2, y - edge / 2, w + edge, h + edge);
  }
}

function paintPane(ctx, pane, picture, place) {
  ctx.save();
  clipTo(ctx, place.area);
  paintPicture(ctx, picture, place);
  paintMarks(ctx, pane.marks, place);
  paintCovers(ctx, pane.marks, place);
  paintCallouts(ctx, pane, picture, place);
  ctx.restore();
}

/** Break text into lines no wider than `width`. */
export function wrap(ctx, text, width) {
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(/\s+/)) {
      const longer = line ? `${line} ${word}` : word;
      if (line && ctx.measureText(longer).width > width) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
  }
  return lines;
}

function paintText(ctx, { title, body }, width, height) {
  const left = width * 0.09, room = width * 0.82;
  let size = height * 0.056;
  let titles = [], lines = [];
  // The largest letters that still fit, but never below what can be read across a court room.
  for (; size >= height * 0.028; size *= 0.94) {
    ctx.font = `700 ${size * 1.25}px ${STYLE.font}`;
    titles = title ? wrap(ctx, title, room) : [];
    ctx.font = `400 ${size}px ${STYLE.font}`;
    lines = wrap(ctx, body, room);
    if (titles.length * size * 1.7 + lines.length * size * 1.5 + size < height * 0.86) break;
  }
  const total = titles.length * size * 1.7 + (titles.length ? size : 0) + lines.length * size * 1.5;
  let y = Math.max(height * 0.07, (height - total) / 2);
  ctx.textBaseline = "top";
  ctx.fillStyle = "#ffffff";
  ctx.font = `700 ${size * 1.25}px ${STYLE.font}`;
  for (const line of titles) { ctx.fillText(line, left, y); y += size * 1.7; }
  if (titles.length) y += size;
  ctx.fillStyle = STYLE.ink;
  ctx.font = `400 ${size}px ${STYLE.font}`;
  for (const line of lines) { ctx.fillText(line, left, y); y += size * 1.5; }
}

function paintLabel(ctx, output, width, height) {
  if (!output.label) return;
  const size = Math.max(13, height * 0.02);
  ctx.font = `600 ${size}px ${STYLE.font}`;
  ctx.textBaseline = "middle";
  const w = ctx.measureText(output.label).width + size * 1.2;
  const x = width - w - size * 0.6, y = height - size * 2.4;
  ctx.fillStyle = "rgba(0, 0, 0, 0.78)";
  ctx.fillRect(x, y, w, size * 1.8);
  ctx.fillStyle = "#fff";
  ctx.fillText(output.label, x + size * 0.6, y + size * 0.95);
}

function paintPointer(ctx, output, places, height) {
  const { pointer, spotlight } = output;
  const spot = spotlight && places[spotlight.pane];
  if (spot) {
    const [x, y] = toPixels(spot, [spotlight.x, spotlight.y, 0, 0]);
    ctx.save();
    ctx.fillStyle = STYLE.spot;
    ctx.beginPath();
    ctx.rect(0, 0, ctx.canvas.width, ctx.canvas.height);
    ctx.arc(x, y, height * 0.16, 0, Math.PI * 2, true);
    ctx.fill("evenodd");
    ctx.restore();
  }
  const place = pointer && places[pointer.pane];
  if (place) {
    const [x, y] = toPixels(place, [pointer.x, pointer.y, 0, 0]);
    ctx.beginPath();
    ctx.arc(x, y, height * 0.011, 0, Math.PI * 2);
    ctx.fillStyle = STYLE.pointer;
    ctx.fill();
    ctx.strokeStyle = "#fff";
    ctx.lineWidth = Math.max(2, height * 0.003);
    ctx.stroke();
  }
}

/**
 * Paint an output. Black first, always; a missing picture leaves the stage black.
 * @returns {boolean} whether everything was there
 */
export function paint(ctx, output, pictureOf) {
  const { width, height } = ctx.canvas;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalCompositeOperation = "source-over";
  ctx.fillStyle = STYLE.ground;
  ctx.fillRect(0, 0, width, height);
  if (output.black) return true;
  if (output.kind === "text") {
    paintText(ctx, output.text, width, height);
    return true;
  }
  if (output.kind === "clip") return true;
  const places = layout(output, width, height, pictureOf);
  if (!places) return false;
  for (const [at, pane] of output.panes.entries()) paintPane(ctx, pane, pictureOf(pane.key), places[at]);
  paintLabel(ctx, output, width, height);
  paintPointer(ctx, output, places, height);
  return true;
}

/** Widen a hand-drawn box to whole lines of text it touches; a box that touches none stays as drawn. */
export function snap(box, lines) {
  const [x, y, w, h] = box;
  const touched = (lines ?? []).filter(([lx, ly, lw, lh]) => {
    const inside = Math.min(y + h, ly + lh) - Math.max(y, ly);
    return inside > lh * 0.4 && Math.min(x + w, lx + lw) > Math.max(x, lx);
  });
  if (!touched.length) return box;
  const top = Math.min(...touched.map((l) => l[1])), bottom = Math.max(...touched.map((l) => l[1] + l[3]));
  const left = Math.max(Math.min(x, x + w), Math.min(...touched.map((l) => l[0])));
  const right = Math.min(x + w, Math.max(...touched.map((l) => l[0] + l[2])));
  const air = 0.002;
  return [left - air, top - air, right - left + 2 * air, bottom - top + 2 * air];
}
