// Chế độ một màn hình: this window becomes the stage. Nothing but the stage is ever painted; the keys work blindly and
// the notes are on the printed key.

import { paint } from "./drawing.js";
import { StageClip } from "./stage_clip.js";
import { output } from "./state.js";

const LEAVE_KEY = "F8";
const LEAVE_WITHIN = 1500;

/** The mode and its full-window canvas. */
export class OneScreen {
  constructor(console_) {
    this.console = console_;
    this.on = false;
    this.root = document.querySelector("[data-one-screen]");
    this.canvas = this.root.querySelector("canvas");
    this.clip = new StageClip(this.root.querySelector("video"), console_.source, () => undefined);
    this.pressed = -Infinity;
    window.addEventListener("resize", () => this.on && this.draw());
  }

  enter() {
    this.on = true;
    document.body.classList.add("is-one-screen");
    this.root.hidden = false;
    document.querySelectorAll("[data-desk]").forEach((part) => { part.hidden = true; });
    document.activeElement?.blur();
    document.documentElement.requestFullscreen?.().catch(() => undefined);
    this.console.dispatch({ type: "ONE_SCREEN", on: true });
  }

  /** Twice the same key within a moment leaves; everything else goes on to the presenter. */
  key(event) {
    if (!this.on || event.code !== LEAVE_KEY) return false;
    event.preventDefault?.();
    const now = performance.now();
    if (now - this.pressed < LEAVE_WITHIN) this.leave();
    this.pressed = now;
    return true;
  }

  leave() {
    this.on = false;
    this.clip.hide();
    document.body.classList.remove("is-one-screen");
    this.root.hidden = true;
    document.querySelectorAll("[data-desk]").forEach((part) => { part.hidden = false; });
    if (document.fullscreenElement) document.exitFullscreen();
    this.console.dispatch({ type: "ONE_SCREEN", on: false });
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(window.innerWidth * ratio), height = Math.round(window.innerHeight * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const shown = output(this.console.state);
    const complete = paint(this.canvas.getContext("2d", { alpha: false }), shown, (key) => this.console.pictures.get(key));
    if (shown.kind === "clip") this.clip.show(shown.clip); else this.clip.hide();
    if (!this.console.rehearsal && complete) this.console.log.note(shown.black ? "black" : "shown", shown.black ? null : shown);
  }
}
