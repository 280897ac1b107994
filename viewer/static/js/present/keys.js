// Keys of court mode. Bound by the physical key (`event.code`), because UniKey rewrites what the keys type: in Telex
// w, [ and ] become ư, ơ, ư, a doubled letter or a tone letter takes back the one before it (a Backspace that nobody
// pressed) and sends a character that belongs to no key. So nothing is bound to w, [, ], z, the doubled letters a, d,
// e, o, the tone letters s, f, r, x, j, or Backspace; a character without a physical key never does anything.

/** Action of each physical key. Page up, page down, B and the period are what remotes for slides send. */
export const BINDINGS = {
  Enter: "publish", NumpadEnter: "publish", PageDown: "publish", PageUp: "back",
  ArrowDown: "next", ArrowUp: "previous", ArrowRight: "page-next", ArrowLeft: "page-previous",
  KeyB: "black", Period: "black", NumpadDecimal: "black", KeyG: "freeze", KeyU: "undo", KeyN: "original",
  KeyP: "pointer", KeyL: "spotlight", KeyV: "zoom", KeyM: "highlight", KeyT: "callout", KeyC: "redaction",
  KeyH: "besides", KeyY: "layers", KeyK: "play", KeyQ: "clear", KeyI: "stage-window",
  F1: "help", F2: "search", Home: "whole-page", Escape: "cancel",
};

/** Actions a remote or a panicking hand needs even while something is being typed. */
const ALWAYS = { PageDown: "publish", PageUp: "back", Period: "black", NumpadDecimal: "black", F1: "help", F2: "search" };

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;
const REPEATS = new Set(["next", "previous", "page-next", "page-previous"]);

/**
 * What a key press means.
 * @param {{code: string, key: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean,
 *          repeat: boolean, isComposing: boolean}} event
 * @param {boolean} typing whether a text field has the focus
 * @returns {{action: string, digit?: string}|null}
 */
export function meaning(event, typing) {
  if (event.isComposing) return null;
  if (!event.code || event.code === "Unidentified") {
    // Under VNI a digit may come as a character of its own.
    return !typing && /^[0-9]$/.test(event.key) ? { action: "recall", digit: event.key } : null;
  }
  if (event.ctrlKey && !event.altKey && !event.metaKey) return event.code === "KeyZ" && !typing ? { action: "undo" } : null;
  if (event.altKey || event.metaKey) return null;
  if (typing) return once(ALWAYS[event.code], event);
  // The question mark, wherever the layout has it
  if (event.key === "?" || (event.shiftKey && event.code === "Slash")) return { action: "help" };
  if (event.shiftKey) return null;
  const digit = DIGIT.exec(event.code);
  if (digit) return { action: "recall", digit: digit[1] };
  if (event.code === "Slash" || event.code === "NumpadDivide") return { action: "search" };
  return once(BINDINGS[event.code], event);
}

function once(action, event) {
  return action && (!event.repeat || REPEATS.has(action)) ? { action } : null;
}
