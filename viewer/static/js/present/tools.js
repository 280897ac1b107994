// Drawing with keys and mouse: choosing lines of a page for a highlight, callout, covering or zoom. Pure but for `Tool`'s
// own small state; the console says what it is drawn on.

import { snap, toFraction } from "./drawing.js";

/** Tools that end in a box, and the mark each makes (zoom makes none). */
export const BOX_TOOLS = { highlight: "highlight", callout: "callout", redaction: "redaction", zoom: null };

/** Box around lines `from` to `to` of a page. */
export function linesBox(lines, from, to) {
  const chosen = lines.slice(Math.min(from, to), Math.max(from, to) + 1);
  const left = Math.min(...chosen.map((l) => l[0])), top = Math.min(...chosen.map((l) => l[1]));
  const right = Math.max(...chosen.map((l) => l[0] + l[2])), bottom = Math.max(...chosen.map((l) => l[1] + l[3]));
  return [left - 0.004, top - 0.003, right - left + 0.008, bottom - top + 0.006];
}

/** Make a box wide enough to be worth zooming to: the full width of the page, and never thinner than a tenth of it. */
export function zoomBox([x, y, w, h], whole = false) {
  if (!whole) return [Math.max(0, x), Math.max(0, y), Math.min(w, 1 - Math.max(0, x)), Math.min(h, 1 - Math.max(0, y))];
  const height = Math.max(h + 0.04, 0.1);
  const top = Math.min(Math.max(0, y + h / 2 - height / 2), 1 - height);
  return [0, top, 1, height];
}

/** Choosing lines with the arrow keys. `lines` may be empty: then strips of the page stand in for them. */
export class LineChoice {
  constructor(tool, lines) {
    this.tool = tool;
    this.lines = lines?.length ? [...lines].sort((a, b) => a[1] - b[1] || a[0] - b[0])
      : Array.from({ length: 24 }, (_, at) => [0.06, 0.02 + at * 0.04, 0.88, 0.04]);
    this.from = this.to = Math.floor(this.lines.length / 4);
  }

  move(step, extend) {
    this.to = Math.min(Math.max(this.to + step, 0), this.lines.length - 1);
    if (!extend) this.from = this.to;
  }

  box() {
    return linesBox(this.lines, this.from, this.to);
  }
}

/** Box drawn by hand between two points of the stage, in fractions of the picture, snapped to lines. */
export function drawnBox(place, start, end, lines, free) {
  const a = toFraction(place, ...start), b = toFraction(place, ...end);
  if (!a || !b) return null;
  const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  if (box[2] < 0.005 || box[3] < 0.003) return null;
  return free ? box : snap(box, lines);
}

/** The action a finished box becomes. */
export function boxAction(tool, target, pane, box, whole = false) {
  if (tool === "zoom") return { type: target === "preview" ? "STAGED_ZOOM" : "ZOOM", pane, region: zoomBox(box, whole) };
  return { type: target === "preview" ? "STAGED_MARK" : "MARK", pane, mark: { type: BOX_TOOLS[tool], box } };
}
