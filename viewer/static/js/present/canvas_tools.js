// The tool in the presenter's hand, on the preview or on what the court sees: by arrow keys line by line, or by mouse.

import { layout, toFraction, toPixels } from "./drawing.js";
import { BOX_TOOLS, boxAction, drawnBox, LineChoice } from "./tools.js";

const STEP = 0.02;

/** One tool at a time. `screens` maps "preview" and "live" to `{canvas, output: () => output}`. */
export class ToolInHand {
  constructor(screens, deck, pictureOf, dispatch, onChange) {
    Object.assign(this, { screens, deck, pictureOf, dispatch, onChange, name: null, target: "live", pane: 0 });
    this.choice = this.drag = null;
    for (const target of Object.keys(screens)) this.listen(target);
  }

  get active() {
    return this.name !== null;
  }

  output() {
    return this.screens[this.target].output();
  }

  /** Take a tool; the same tool again puts it down. */
  take(name, target) {
    if (this.name === name) return this.drop();
    this.drop();
    Object.assign(this, { name, target, pane: 0 });
    this.choose();
    return this.onChange();
  }

  choose() {
    const pane = this.output().panes?.[this.pane];
    if (!pane) return this.drop();
    if (this.name in BOX_TOOLS) this.choice = new LineChoice(this.name, this.deck.lines?.[pane.key]);
    else this.point({ x: 0.5, y: 0.3, pane: this.pane });
    return undefined;
  }

  drop() {
    if (this.name === "pointer") this.dispatch({ type: "POINTER", at: null });
    if (this.name === "spotlight") this.dispatch({ type: "SPOTLIGHT", at: null });
    this.name = this.choice = this.drag = this.at = null;
    this.onChange();
  }

  point(at) {
    this.at = at;
    this.dispatch({ type: this.name === "pointer" ? "POINTER" : "SPOTLIGHT", at });
  }

  /** A key while the tool is in hand. @returns {boolean} whether the tool used it */
  key(event) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.code];
    if (event.code === "Escape") this.drop();
    else if (event.code === "Tab") this.swap();
    else if (step && this.choice) this.moveLines(step, event.shiftKey);
    else if (step && this.at) this.point(this.moved(step));
    else if ((event.code === "Enter" || event.code === "NumpadEnter") && this.choice) this.apply(this.choice.box(), this.name === "zoom");
    else return false;
    this.onChange();
    return true;
  }

  moveLines([across, down], extend) {
    if (down) this.choice.move(down, extend);
    else if (this.output().panes?.[this.pane + across]) {
      this.pane += across;
      this.choose();
    }
  }

  moved([across, down]) {
    const clamp = (value) => Math.min(Math.max(value, 0), 1);
    return { pane: this.at.pane, x: clamp(this.at.x + across * STEP), y: clamp(this.at.y + down * STEP) };
  }

  swap() {
    if (!this.choice) return;
    const other = this.target === "live" ? "preview" : "live";
    if (!this.screens[other].output().panes?.length) return;
    this.target = other;
    this.pane = 0;
    this.choose();
  }

  apply(box, whole) {
    const action = boxAction(this.name, this.target, this.pane, box, whole);
    this.drop();
    this.dispatch(action);
  }

  places(target) {
    const { canvas, output } = this.screens[target];
    const out = output();
    return out.black || !out.panes?.length ? null : layout(out, canvas.width, canvas.height, this.pictureOf);
  }

  spot(target, event) {
    const { canvas } = this.screens[target];
    const scale = canvas.width / canvas.clientWidth;
    const point = [event.offsetX * scale, event.offsetY * scale];
    const places = this.places(target) ?? [];
    const pane = places.findIndex((place) => toFraction(place, ...point));
    return pane < 0 ? null : { point, pane, place: places[pane], at: toFraction(places[pane], ...point) };
  }

  listen(target) {
    const { canvas } = this.screens[target];
    canvas.addEventListener("pointerdown", (event) => {
      const spot = this.choice && this.spot(target, event);
      if (!spot) return;
      Object.assign(this, { target, pane: spot.pane, drag: { from: spot.point, to: spot.point, free: event.altKey } });
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const spot = this.active ? this.spot(target, event) : null;
      if (!spot) return;
      if (this.drag) this.drag.to = spot.point;
      else if (this.at && target === "live") this.point({ x: spot.at[0], y: spot.at[1], pane: spot.pane });
      this.onChange();
    });
    canvas.addEventListener("pointerup", () => {
      const box = this.drag && this.dragged();
      this.drag = null;
      if (box) this.apply(box, false);
    });
  }

  dragged() {
    const place = this.places(this.target)?.[this.pane];
    const lines = this.deck.lines?.[this.output().panes[this.pane].key];
    // A covering is drawn as it is: it must never shrink to a line that was read wrongly.
    return place && drawnBox(place, this.drag.from, this.drag.to, lines, this.drag.free || this.name === "redaction");
  }

  /** Draw what is being chosen over the presenter's own picture; the court sees nothing of it. */
  sketch(target, ctx) {
    if (!this.choice || this.target !== target) return;
    const place = this.places(target)?.[this.pane];
    if (!place) return;
    const box = this.drag ? this.dragged() : this.choice.box();
    if (!box) return;
    ctx.save();
    ctx.setLineDash([8, 5]);
    ctx.lineWidth = 3;
    ctx.strokeStyle = "#ffb000";
    ctx.strokeRect(...toPixels(place, box));
    ctx.restore();
  }
}
