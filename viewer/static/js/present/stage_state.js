// What the stage window believes. Pure. It shows only what the newest presenter last said, only while that presenter
// is heard, and only what it understands completely; everything else is black.

import { BLACK } from "./state.js";
import { VIEW_KINDS } from "./views.js";

/** Silence after which the stage goes black, in milliseconds: four unanswered questions. */
export const LOST_AFTER = 2000;
export const ASK_EVERY = 500;

/** A stage that has heard nothing yet. */
export function stageInitial(presentation) {
  return { presentation, epoch: 0, seq: -1, output: BLACK, heard: -Infinity, wanted: [] };
}

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const isBox = (box) => Array.isArray(box) && box.length === 4 && box.every(isNumber);
const isPoint = (at) => at === null || (typeof at === "object" && isNumber(at.x) && isNumber(at.y) && isNumber(at.pane));

function isPane(pane) {
  return pane !== null && typeof pane === "object" && typeof pane.key === "string"
    && (pane.region === null || isBox(pane.region))
    && Array.isArray(pane.marks) && pane.marks.every((mark) => typeof mark?.type === "string" && isBox(mark.box));
}

/** Whether an output is one this stage can paint without guessing. */
export function understood(output) {
  if (!output || typeof output !== "object") return false;
  if (output.black === true) return true;
  if (output.black !== false || !VIEW_KINDS.includes(output.kind) || !isNumber(output.publication)) return false;
  if (!Array.isArray(output.panes) || !output.panes.every(isPane)) return false;
  if (!isPoint(output.pointer) || !isPoint(output.spotlight)) return false;
  const panes = { picture: 1, pair: 2, text: 0, clip: 0 }[output.kind];
  if (output.panes.length !== panes) return false;
  if (output.kind === "text") return typeof output.text?.title === "string" && typeof output.text?.body === "string";
  return output.kind !== "clip" || typeof output.clip?.key === "string";
}

/**
 * Take in a message. Messages of another presentation, of an older presenter or older than what is known are ignored;
 * a message that cannot be understood makes the stage black until the next one that can.
 */
export function receive(stage, message, now) {
  if (message?.type !== "state" || message.presentation !== stage.presentation) return stage;
  if (!isNumber(message.epoch) || !isNumber(message.seq) || message.epoch < stage.epoch) return stage;
  if (message.epoch === stage.epoch && message.seq < stage.seq) return stage;
  const output = understood(message.output) ? message.output : BLACK;
  const wanted = Array.isArray(message.wanted) ? message.wanted.filter((key) => typeof key === "string") : [];
  return { ...stage, epoch: message.epoch, seq: message.seq, output, wanted, heard: now };
}

/** What is to be painted now. */
export function visible(stage, now) {
  return now - stage.heard > LOST_AFTER ? BLACK : stage.output;
}
