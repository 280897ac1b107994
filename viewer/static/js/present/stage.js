// The stage window (màn chiếu): paints what the presenter says, and nothing else. No menu, no words of its own, no
// cursor, no error: whatever goes wrong is black here and told to the presenter.

import { openChannel } from "./channel.js";
import { paint, room } from "./drawing.js";
import { Pictures } from "./preload.js";
import { StageClip } from "./stage_clip.js";
import { ASK_EVERY, receive, stageInitial, visible } from "./stage_state.js";

/** Run the stage in this window. `source` gives pictures, `peers` other windows to talk to, `extra` takes other messages. */
export function runStage({ presentation, source, peers, extra = () => false, now = () => performance.now() }) {
  const canvas = document.querySelector("canvas[data-stage]");
  const ctx = canvas.getContext("2d", { alpha: false });
  let stage = stageInitial(presentation);
  let painted = null;
  let sign = null;
  let trouble = null;
  const pictures = new Pictures(source, () => { sign = null; refresh(); }, () => room(canvas.width, canvas.height));
  const clip = new StageClip(document.querySelector("video[data-stage]"), source, (code) => { trouble = code; });
  const channel = openChannel(`court-${presentation}`, (message) => {
    if (extra(message)) return;
    stage = receive(stage, message, now());
    pictures.want([...(stage.output.panes ?? []).map((pane) => pane.key), ...stage.wanted]);
    refresh();
  }, { peers });

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(window.innerWidth * ratio);
    canvas.height = Math.round(window.innerHeight * ratio);
    painted = sign = null;
    pictures.refit();
    refresh();
  }

  function refresh() {
    const output = visible(stage, now());
    // What stands there already is not painted again: asking twice a second costs nothing.
    const wish = JSON.stringify(output);
    if (painted === stage.seq && wish === sign) return;
    const complete = wish === sign || paint(ctx, output, (key) => pictures.get(key));
    sign = complete ? wish : null;
    if (output.kind === "clip") clip.show(output.clip); else clip.hide();
    canvas.setAttribute("data-shows", output.black || !complete ? "black" : String(output.publication));
    if (painted !== stage.seq && stage.heard > -Infinity) {
      painted = complete ? stage.seq : null;
      const { epoch, seq } = stage;
      requestAnimationFrame(() => channel.send({
        type: "painted", presentation, epoch, seq, complete, black: Boolean(output.black),
        publication: output.black ? null : output.publication,
        missing: (output.panes ?? []).map((pane) => pane.key).filter((key) => pictures.failed.has(key)),
      }));
    }
  }

  function ask() {
    channel.send({
      type: "ping", presentation, epoch: stage.epoch, seq: stage.seq, width: canvas.width, height: canvas.height,
      full: Boolean(document.fullscreenElement) || window.innerHeight >= screen.height - 2,
      screen: { left: screen.availLeft, top: screen.availTop, extended: screen.isExtended ?? null }, trouble,
      at: clip.video.hidden ? null : clip.video.currentTime,
    });
    refresh();
  }

  // A key pressed while the stage has the focus is the presenter's.
  document.addEventListener("keydown", (event) => {
    const { code, key, shiftKey, ctrlKey, altKey, metaKey, repeat, isComposing } = event;
    if (["F11", "F5", "Tab"].includes(code)) return;
    event.preventDefault();
    channel.send({ type: "key", presentation, event: { code, key, shiftKey, ctrlKey, altKey, metaKey, repeat, isComposing } });
  });
  // A double click, or a click on a stage that is not full screen yet, fills the screen (also lets sound play).
  document.addEventListener("click", () => {
    if (!document.fullscreenElement && document.fullscreenEnabled) {
      document.documentElement.requestFullscreen().catch(() => { trouble = "no-fullscreen"; });
    }
  });
  document.addEventListener("contextmenu", (event) => event.preventDefault());
  window.addEventListener("resize", resize);
  resize();
  ask();
  setInterval(ask, ASK_EVERY);
  return { channel, pictures };
}
