// The page on which a cue's region and marks are chosen: by mouse, or line by line with the arrow keys.

import { send, toast } from "../request.js";
import { paint, placement, toPixels } from "./drawing.js";
import { drawnBox, LineChoice, zoomBox } from "./tools.js";

const KEYS = { KeyV: "zoom", KeyM: "highlight", KeyT: "callout", KeyC: "redaction", KeyK: "line" };

class MarkEditor {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("[data-canvas]");
    const start = JSON.parse(root.querySelector("[data-start]").textContent);
    Object.assign(this, { lines: start.lines, words: start.words, region: start.region, marks: start.marks });
    this.tool = this.choice = this.drag = this.picture = null;
  }

  async open() {
    const image = new Image();
    image.src = this.root.dataset.picture;
    await image.decode();
    this.picture = { image, width: image.naturalWidth, height: image.naturalHeight };
    this.canvas.width = Math.min(1400, image.naturalWidth);
    this.canvas.height = Math.round((this.canvas.width * image.naturalHeight) / image.naturalWidth);
    this.draw();
  }

  /** Where the painter lays the picture: inside the stage's margin. */
  get place() {
    const margin = Math.round(this.canvas.height * 0.012);
    const area = [margin, margin, this.canvas.width - 2 * margin, this.canvas.height - 2 * margin];
    return placement(area, this.picture, null);
  }

  draw() {
    if (!this.picture) return;
    const ctx = this.canvas.getContext("2d");
    const seen = this.marks.map((mark) => (mark.type === "callout" ? { ...mark, type: "line" } : mark));
    const pane = { key: "page", region: null, marks: seen };
    paint(ctx, { black: false, kind: "picture", panes: [pane], label: "", pointer: null, spotlight: null }, () => this.picture);
    this.outline(ctx, this.region, "#0f6fc6", []);
    const box = this.drag ? this.dragged() : this.choice?.box();
    this.outline(ctx, box, "#ff9d00", [10, 6]);
    this.list();
  }

  outline(ctx, box, colour, dash) {
    if (!box) return;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 4;
    ctx.setLineDash(dash);
    ctx.strokeRect(...toPixels(this.place, box));
    ctx.restore();
  }

  list() {
    const items = [...(this.region ? [{ type: "zoom" }] : []), ...this.marks];
    const list = this.root.querySelector("[data-list]");
    list.replaceChildren(...items.map((mark, at) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-small btn-quiet";
      button.textContent = this.words.remove;
      button.setAttribute("aria-label", `${this.words.remove}: ${this.words[mark.type]}`);
      button.addEventListener("click", () => this.remove(mark.type === "zoom" ? -1 : at - (this.region ? 1 : 0)));
      item.append(this.words[mark.type], button);
      return item;
    }));
    this.root.querySelector("[data-none]").hidden = items.length > 0;
    this.root.querySelectorAll("[data-tool]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.tool === this.tool)));
  }

  remove(at) {
    if (at < 0) this.region = null;
    else this.marks = this.marks.filter((_, index) => index !== at);
    this.draw();
  }

  take(tool) {
    this.tool = this.tool === tool ? null : tool;
    this.choice = this.tool ? new LineChoice(this.tool, this.lines) : null;
    this.canvas.focus();
    this.draw();
  }

  apply(box, whole) {
    if (this.tool === "zoom") this.region = zoomBox(box, whole);
    else this.marks = [...this.marks, { type: this.tool, box }];
    this.tool = this.choice = null;
    this.draw();
  }

  point(event) {
    const scale = this.canvas.width / this.canvas.clientWidth;
    return [event.offsetX * scale, event.offsetY * scale];
  }

  dragged() {
    const free = this.drag.free || this.tool === "redaction";
    return drawnBox(this.place, this.drag.from, this.drag.to, this.lines, free);
  }

  key(event) {
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.code];
    if (down && this.choice) this.choice.move(down, event.shiftKey);
    else if (event.code === "Enter" && this.choice) this.apply(this.choice.box(), this.tool === "zoom");
    else if (event.code === "Escape" && this.tool) this.take(this.tool);
    else if (KEYS[event.code] && !event.ctrlKey && !event.altKey) this.take(KEYS[event.code]);
    else return;
    event.preventDefault();
    this.draw();
  }

  async save() {
    const name = this.root.querySelector("[data-name]")?.value.trim();
    try {
      await send(this.root.dataset.save, { json: { region: this.region, marks: this.marks, name: name || undefined } });
      window.location.assign(this.root.dataset.back);
    } catch (error) {
      toast(error.message, "bad");
    }
  }
}

function listenMouse(editor, signal) {
  const { canvas } = editor;
  canvas.addEventListener("pointerdown", (event) => {
    if (!editor.tool) return;
    editor.drag = { from: editor.point(event), to: editor.point(event), free: event.altKey };
    canvas.setPointerCapture(event.pointerId);
  }, { signal });
  canvas.addEventListener("pointermove", (event) => {
    if (!editor.drag) return;
    editor.drag.to = editor.point(event);
    editor.draw();
  }, { signal });
  canvas.addEventListener("pointerup", () => {
    const box = editor.drag && editor.dragged();
    editor.drag = null;
    if (box) editor.apply(box, false);
    else editor.draw();
  }, { signal });
}

export function connect(root, signal) {
  const editor = new MarkEditor(root);
  root.querySelectorAll("[data-tool]").forEach((button) => {
    button.addEventListener("click", () => editor.take(button.dataset.tool), { signal });
  });
  root.querySelectorAll("[data-treatment]").forEach((button) => {
    button.addEventListener("click", () => {
      Object.assign(editor, JSON.parse(button.dataset.treatment));
      editor.draw();
    }, { signal });
  });
  root.querySelector("[data-whole]").addEventListener("click", () => editor.remove(-1), { signal });
  root.querySelector("[data-save-marks]").addEventListener("click", () => editor.save(), { signal });
  document.addEventListener("keydown", (event) => {
    if (!/^(INPUT|TEXTAREA)$/.test(event.target.tagName) && !(event.code === "Enter" && event.target.matches("button, a"))) editor.key(event);
  }, { signal });
  listenMouse(editor, signal);
  editor.open().catch((error) => toast(error.message, "bad"));
}
