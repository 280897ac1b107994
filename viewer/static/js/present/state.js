// The presenter's state: the only authority over what the court sees. Pure; no window, no clock, no network.
//
// One rule carries all the others: only what stands in the preview (`staged`) is ever published, and only the action
// PUBLISH does it. What the stage is told (`output`) is made from `shown` alone; when in doubt it is black.

import { cueView, flatCues, keysOf, neighbourPage, pageView, pairView } from "./views.js";

export const BLACK = Object.freeze({ black: true });
const UNDO_STEPS = 50;

const NOTHING_OFF = Object.freeze({ original: false });
const NO_LIVE_PREVIEW = Object.freeze({ marks: [], zoom: [null, null], pointer: null, spotlight: null });
const NO_LIVE = Object.freeze({ marks: [], zoom: [null, null], pointer: null, spotlight: null });

/** The state a presenter window starts with: black, the first cue waiting in the preview. */
export function initial(deck, remembered) {
  const base = {
    cursor: -1, staged: null, asking: false, shown: null, shownCue: -1, black: true, held: null,
    original: false, layers: true, live: NO_LIVE, undo: [], publication: 0, published: [], clip: null, notice: null,
    oneScreen: false, stagedCue: -1, covered: {},
  };
  // After a reload nothing is shown by itself: what was shown waits in the preview, one key brings it back.
  const start = remembered ?? { cursor: 0 };
  const state = start.page ? stageView({ ...base, cursor: start.cursor }, pageView(deck, start.page), -1)
    : moveTo(base, deck, start.cursor);
  return {
    ...state, published: start.published ?? [], publication: start.publication ?? 0, covered: start.covered ?? {},
  };
}

/** What is worth remembering across a reload: never anything that would show by itself. */
export function memory(state) {
  const view = state.shown ?? state.staged;
  const page = view && view.id.startsWith("page:") ? view.id.slice(5) : null;
  return {
    cursor: state.shownCue >= 0 ? state.shownCue : state.cursor, page,
    published: state.published, publication: state.publication, covered: state.covered,
  };
}

function notice(state, code) {
  return { ...state, notice: code };
}

function stageView(state, view, cursor) {
  if (!view) return notice(state, "refused");
  return { ...state, staged: view, cursor: cursor >= 0 ? cursor : state.cursor, stagedCue: cursor, asking: false, notice: null };
}

function moveTo(state, deck, index) {
  const cue = flatCues(deck)[index];
  return cue ? stageView(state, cueView(deck, cue), index) : notice(state, "end");
}

/** The next cue: first the one that a recalled page put out of the preview before the court had seen it. */
function moveOn(state, deck) {
  const waiting = flatCues(deck)[state.cursor];
  const isWaiting = state.stagedCue < 0 && waiting && !state.published.includes(`cue:${waiting.id}`);
  return moveTo(state, deck, isWaiting ? state.cursor : state.cursor + 1);
}

function remember(state) {
  const { shown, shownCue, live, original, layers, clip } = state;
  return [...state.undo, { shown, shownCue, live, original, layers, clip }].slice(-UNDO_STEPS);
}

function publish(state, deck) {
  if (!state.staged) return notice(state, "nothing");
  if (state.held) return notice(state, "frozen");
  const view = state.staged;
  const cue = state.stagedCue;
  // A remote has one key for "on": what the court sees already gives way in the preview to the cue that waits.
  if (cue < 0 && !state.black && state.shown === view) return moveOn(state, deck);
  if (state.staged.rule === "never") return notice(state, "refused");
  if (state.staged.rule === "ask" && !state.asking) {
    // With one screen nobody could read the question, so such a page is refused there.
    return state.oneScreen ? notice(state, "ask-refused") : { ...state, asking: true, notice: "ask" };
  }
  const shown = {
    ...state, undo: remember(state), shown: view, shownCue: cue, black: false, asking: false, original: false,
    layers: true, live: NO_LIVE, notice: null, publication: state.publication + 1,
    clip: view.clip ? { playing: false, at: view.clip.start ?? 0, command: state.publication + 1 } : null,
    published: state.published.includes(view.id) ? state.published : [...state.published, view.id],
  };
  // The preview moves on to the next cue, so that the same key goes through the presentation.
  const next = cue >= 0 ? flatCues(deck)[cue + 1] : null;
  return next && cueView(deck, next) ? { ...stageView(shown, cueView(deck, next), cue + 1) } : shown;
}

/** A remote's "back": shows the cue before again if the court has seen it, else only brings it to the preview. */
function back(state, deck) {
  const from = state.shown && state.shownCue >= 0 ? state.shownCue : state.cursor;
  const moved = moveTo(state, deck, from - 1);
  if (moved.notice || !state.published.includes(moved.staged.id) || state.held) return moved;
  return publish(moved, deck);
}

function undo(state) {
  const last = state.undo.at(-1);
  if (!last) return notice(state, "no-undo");
  if (state.held && last.shown?.id !== state.shown?.id) return notice(state, "frozen");
  const restored = { ...state, ...last, undo: state.undo.slice(0, -1), notice: null };
  // Undoing the first publication leaves nothing to show: black.
  if (!restored.shown) return { ...restored, black: true };
  return { ...restored, publication: last.shown.id === state.shown?.id ? state.publication : state.publication + 1 };
}

function freeze(state) {
  if (state.held) return { ...state, held: null, notice: null };
  if (!state.shown || state.black) return notice(state, "nothing-shown");
  return { ...state, held: compose(state, state.shown, state.live), notice: null };
}

function changeLive(state, change) {
  if (!state.shown) return notice(state, "nothing-shown");
  return { ...state, undo: remember(state), live: { ...state.live, ...change }, notice: null };
}

/**
 * Cover a part of a picture, at once and for the rest of the hearing wherever that picture comes up: no undo, no going
 * back and no "original" may uncover by accident what somebody covered in a hurry.
 */
function cover(state, key, box) {
  const boxes = [...(state.covered[key] ?? []), box];
  return { ...state, covered: { ...state.covered, [key]: boxes }, notice: null };
}

/** Take away the last covering of the picture in the preview, unless the court is looking at it. */
function uncover(state) {
  const key = state.staged?.panes[0]?.key;
  const boxes = state.covered[key] ?? [];
  if (!boxes.length) return notice(state, "nothing");
  const onStage = [output(state), state.held ?? BLACK].some((out) => (out.panes ?? []).some((pane) => pane.key === key));
  if (onStage) return notice(state, "covered-shown");
  return { ...state, covered: { ...state.covered, [key]: boxes.slice(0, -1) }, notice: null };
}

function addLiveMark(state, { pane, mark }) {
  if (!state.shown?.panes[pane]) return notice(state, "nothing-shown");
  if (mark.type === "redaction") return cover(state, state.shown.panes[pane].key, mark.box);
  return changeLive(state, { marks: [...state.live.marks, { pane, ...mark }] });
}

function addStagedMark(state, { pane, mark }) {
  if (!state.staged?.panes[pane]) return notice(state, "nothing");
  if (mark.type === "redaction") return cover(state, state.staged.panes[pane].key, mark.box);
  const panes = state.staged.panes.map((one, at) => (at === pane ? { ...one, marks: [...one.marks, mark] } : one));
  return { ...state, staged: { ...state.staged, panes }, notice: null };
}

function zoomStaged(state, { pane, region }) {
  if (!state.staged?.panes[pane]) return notice(state, "nothing");
  const panes = state.staged.panes.map((one, at) => (at === pane ? { ...one, region } : one));
  return { ...state, staged: { ...state.staged, panes }, notice: null };
}

function besides(state) {
  const pair = pairView(state.shown, state.staged);
  return pair ? { ...state, staged: pair, stagedCue: -1, asking: false, notice: null } : notice(state, "no-pair");
}

function turn(state, deck, step) {
  const from = state.staged ?? state.shown;
  const key = from && from.kind === "picture" ? neighbourPage(deck, from.panes[0].key, step) : null;
  return key ? stageView(state, pageView(deck, key), -1) : notice(state, "end");
}

function liveZoom(state, { pane, region }) {
  const zoom = state.live.zoom.map((one, at) => (at === pane ? region : one));
  return changeLive(state, { zoom });
}

function clipCommand(state, change) {
  if (!state.shown?.clip) return notice(state, "no-clip");
  return { ...state, clip: { ...state.clip, ...change, command: state.clip.command + 1 }, notice: null };
}

/** What a key may do while a question ("ask") stands: anything but PUBLISH takes the question back. */
function settle(state, type) {
  return state.asking && type !== "PUBLISH" ? { ...state, asking: false } : state;
}

const STEPS = {
  PUBLISH: publish,
  BACK: back,
  MOVE: (state, deck, action) => (action.step > 0 ? moveOn(state, deck) : moveTo(state, deck, state.cursor - 1)),
  GOTO: (state, deck, action) => moveTo(state, deck, action.index),
  RECALL: (state, deck, action) => stageView(state, pageView(deck, action.key), -1),
  TURN: (state, deck, action) => turn(state, deck, action.step),
  BESIDES: besides,
  BLACK: (state) => (state.black && !state.shown ? state : { ...state, black: !state.black, notice: null }),
  GO_BLACK: (state) => ({ ...state, black: true }),
  FREEZE: freeze,
  UNDO: undo,
  ORIGINAL: (state) => (state.shown
    ? { ...state, undo: remember(state), original: !state.original, notice: null } : notice(state, "nothing-shown")),
  LAYERS: (state) => (state.shown
    ? { ...state, undo: remember(state), layers: !state.layers, notice: null } : notice(state, "nothing-shown")),
  MARK: (state, deck, action) => addLiveMark(state, action),
  UNCOVER: uncover,
  ZOOM: (state, deck, action) => liveZoom(state, action),
  UNZOOM: (state) => changeLive(state, { zoom: [null, null] }),
  CLEAR: (state) => changeLive(state, NO_LIVE),
  POINTER: (state, deck, action) => ({ ...state, live: { ...state.live, pointer: action.at ?? null } }),
  SPOTLIGHT: (state, deck, action) => ({ ...state, live: { ...state.live, spotlight: action.at ?? null } }),
  STAGED_MARK: (state, deck, action) => addStagedMark(state, action),
  STAGED_ZOOM: (state, deck, action) => zoomStaged(state, action),
  PLAY: (state, deck, action) => clipCommand(state, { playing: true, at: action.at ?? state.clip?.at ?? 0 }),
  PAUSE: (state, deck, action) => clipCommand(state, { playing: false, at: action.at ?? state.clip?.at ?? 0 }),
  ONE_SCREEN: (state, deck, action) => ({ ...state, oneScreen: action.on, black: true, held: null }),
};

/** The next state. An unknown action changes nothing. */
export function reduce(state, action, deck) {
  const step = STEPS[action.type];
  return step ? step(settle(state, action.type), deck, action) : state;
}

function paneOutput(state, pane, at, live, plain) {
  const kept = [...pane.marks, ...live.marks.filter((mark) => mark.pane === at)]
    .filter((mark) => mark.type === "redaction" || !plain).map(({ type, box }) => ({ type, box }));
  const region = state.original ? null : live.zoom[at] ?? pane.region;
  return { key: pane.key, region, marks: kept };
}

function withCovers(state, out) {
  const panes = out.panes.map((pane) => {
    const boxes = state.covered[pane.key] ?? [];
    return boxes.length ? { ...pane, marks: [...pane.marks, ...boxes.map((box) => ({ type: "redaction", box }))] } : pane;
  });
  return { ...out, panes };
}

function compose(state, view, live) {
  const plain = live !== NO_LIVE_PREVIEW && (state.original || !state.layers);
  return {
    black: false, publication: state.publication, kind: view.kind, label: view.label,
    panes: view.panes.map((pane, at) => paneOutput(live === NO_LIVE_PREVIEW ? NOTHING_OFF : state, pane, at, live, plain)),
    text: view.text, clip: view.clip && state.clip ? { ...view.clip, ...state.clip } : view.clip,
    pointer: live.pointer, spotlight: live.spotlight,
  };
}

/** Everything the stage is told; it never learns of notes, of the preview, or of what comes next. */
export function output(state) {
  if (state.black || !state.shown) return BLACK;
  return withCovers(state, state.held ?? compose(state, state.shown, state.live));
}

/** What the presenter's preview shows: exactly what PUBLISH would bring to the stage. */
export function preview(state) {
  if (!state.staged) return BLACK;
  return withCovers(state, { ...compose(state, state.staged, NO_LIVE_PREVIEW), clip: state.staged.clip });
}

/** What the court would see were it not black or frozen: where the presenter draws. */
export function working(state) {
  return state.shown ? withCovers(state, compose(state, state.shown, state.live)) : BLACK;
}

/** Pictures worth decoding before they are needed: the preview's, the next and the previous cue's. */
export function wanted(state, deck) {
  const cues = flatCues(deck);
  const near = [cues[state.cursor], cues[state.cursor + 1], cues[state.shownCue], cues[state.shownCue - 1]];
  const views = [state.staged, state.shown, ...near.map((cue) => cueView(deck, cue))];
  const from = state.staged ?? state.shown;
  const turns = from?.kind === "picture" ? [1, -1].map((step) => neighbourPage(deck, from.panes[0].key, step)) : [];
  return [...new Set([...views.flatMap(keysOf), ...turns.filter(Boolean)])];
}
