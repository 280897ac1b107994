// What the presenter's reducer, the stage's reducer, recall and keys promise.
import assert from "node:assert/strict";
import { test } from "node:test";

import { initial, memory, output, preview, reduce } from "../../../viewer/static/js/present/state.js";
import { LOST_AFTER, receive, stageInitial, visible } from "../../../viewer/static/js/present/stage_state.js";
import { sampleDeck } from "./deck.mjs";

const run = (deck, ...actions) => actions.reduce(
  (state, action) => reduce(state, typeof action === "string" ? { type: action } : action, deck), initial(deck));
const keys = (out) => (out.panes ?? []).map((pane) => pane.key);

test("the stage starts black with the first cue waiting in the preview", () => {
  const state = initial(sampleDeck());
  assert.equal(output(state).black, true);
  assert.deepEqual(keys(preview(state)), ["p1"]);
});

test("publishing shows the preview and moves the preview to the next cue", () => {
  const state = run(sampleDeck(), "PUBLISH");
  assert.deepEqual(keys(output(state)), ["p1"]);
  assert.deepEqual(keys(preview(state)), ["p2", "p3"]);
});

test("recall only stages", () => {
  const state = run(sampleDeck(), "PUBLISH", { type: "RECALL", key: "p4" });
  assert.deepEqual(keys(output(state)), ["p1"]);
  assert.deepEqual(keys(preview(state)), ["p4"]);
});

test("a page to be asked about needs a second press, and anything else takes the question back", () => {
  const deck = sampleDeck();
  const asked = run(deck, { type: "RECALL", key: "p5" }, "PUBLISH");
  assert.equal(asked.asking, true);
  assert.equal(output(asked).black, true);
  assert.deepEqual(keys(output(reduce(asked, { type: "PUBLISH" }, deck))), ["p5"]);
  const doubted = [{ type: "LAYERS" }, { type: "PUBLISH" }].reduce((s, a) => reduce(s, a, deck), asked);
  assert.equal(output(doubted).black, true);
});

test("with one screen a page to be asked about is refused", () => {
  const state = run(sampleDeck(), { type: "ONE_SCREEN", on: true }, { type: "RECALL", key: "p5" }, "PUBLISH", "PUBLISH");
  assert.equal(output(state).black, true);
  assert.equal(state.notice, "ask-refused");
});

test("a page that may never be shown cannot even be staged", () => {
  const state = run(sampleDeck(), { type: "RECALL", key: "p6" });
  assert.equal(state.notice, "refused");
  assert.deepEqual(keys(preview(state)), ["p1"]);
  // and were it staged by a fault, the key would still refuse it
  const smuggled = reduce({ ...state, staged: { ...state.staged, rule: "never" } }, { type: "PUBLISH" }, sampleDeck());
  assert.equal(smuggled.notice, "refused");
  assert.equal(output(smuggled).black, true);
});

test("black hides and gives back; freeze holds; black beats freeze", () => {
  const deck = sampleDeck();
  const frozen = run(deck, "PUBLISH", "FREEZE", { type: "ZOOM", pane: 0, region: [0, 0, 0.5, 0.5] });
  assert.equal(output(frozen).panes[0].region, null);
  assert.equal(reduce(frozen, { type: "PUBLISH" }, deck).notice, "frozen");
  assert.equal(output(reduce(frozen, { type: "BLACK" }, deck)).black, true);
  assert.deepEqual(output(reduce(frozen, { type: "FREEZE" }, deck)).panes[0].region, [0, 0, 0.5, 0.5]);
});

test("undo takes back the last mark, then the last publication, then is black", () => {
  const mark = { type: "MARK", pane: 0, mark: { type: "highlight", box: [0.1, 0.1, 0.2, 0.1] } };
  const state = run(sampleDeck(), "PUBLISH", mark, "UNDO");
  assert.equal(output(state).panes[0].marks.length, 1);
  const before = run(sampleDeck(), "PUBLISH", "PUBLISH", "UNDO");
  assert.deepEqual(keys(output(before)), ["p1"]);
  assert.equal(output(run(sampleDeck(), "PUBLISH", "UNDO")).black, true);
});

test("original takes marks off but never a covering", () => {
  const state = run(sampleDeck(), "PUBLISH", { type: "MARK", pane: 0, mark: { type: "redaction", box: [0, 0, 1, 0.1] } }, "ORIGINAL");
  assert.deepEqual(output(state).panes[0].marks.map((mark) => mark.type), ["redaction"]);
});

test("what was covered in a hurry stays covered: undo, going back and a reload do not uncover it", () => {
  const deck = sampleDeck();
  const cover = { type: "MARK", pane: 0, mark: { type: "redaction", box: [0, 0, 1, 0.1] } };
  const covered = (state) => output(state).panes[0].marks.some((mark) => mark.type === "redaction");
  assert.ok(covered(run(deck, "PUBLISH", cover, "UNDO", { type: "GOTO", index: 0 }, "PUBLISH")));
  assert.ok(covered(run(deck, "PUBLISH", cover, "PUBLISH", "BACK")));
  assert.ok(covered(run(deck, "PUBLISH", "FREEZE", cover)));
  const again = initial(deck, memory(run(deck, "PUBLISH", cover)));
  assert.ok(covered(reduce(again, { type: "PUBLISH" }, deck)));
  assert.equal(run(deck, "PUBLISH", cover, { type: "GOTO", index: 0 }, "UNCOVER").notice, "covered-shown");
});

test("a covering of the presentation lies on the page wherever it comes up", () => {
  const state = run(sampleDeck({ redactions: { p4: [[0, 0, 0.5, 0.1]] } }), { type: "RECALL", key: "p4" }, "PUBLISH");
  assert.deepEqual(output(state).panes[0].marks, [{ type: "redaction", box: [0, 0, 0.5, 0.1] }]);
});

test("back shows again what the court has seen, else only stages", () => {
  const deck = sampleDeck();
  assert.deepEqual(keys(output(run(deck, "PUBLISH", "PUBLISH", "BACK"))), ["p1"]);
  const unseen = run(deck, { type: "GOTO", index: 2 }, "PUBLISH", "BACK");
  assert.equal(output(unseen).kind, "text");
  assert.deepEqual(keys(preview(unseen)), ["p2", "p3"]);
});

test("side by side stands in the preview first", () => {
  const state = run(sampleDeck(), "PUBLISH", { type: "RECALL", key: "p4" }, "BESIDES");
  assert.deepEqual(keys(output(state)), ["p1"]);
  assert.deepEqual(keys(preview(state)), ["p1", "p4"]);
  assert.deepEqual(keys(output(reduce(state, { type: "PUBLISH" }, sampleDeck()))), ["p1", "p4"]);
});

test("a reload of the presenter is black with what was shown waiting in the preview", () => {
  const deck = sampleDeck();
  const again = initial(deck, memory(run(deck, { type: "RECALL", key: "p4" }, "PUBLISH")));
  assert.equal(output(again).black, true);
  assert.deepEqual(keys(preview(again)), ["p4"]);
});

test("the stage is black before it hears, after silence, and at what it does not understand", () => {
  const shown = output(run(sampleDeck(), "PUBLISH"));
  const say = (extra) => ({ type: "state", presentation: "9", epoch: 5, seq: 1, output: shown, wanted: [], ...extra });
  let stage = stageInitial("9");
  assert.equal(visible(stage, 0).black, true);
  stage = receive(stage, say({}), 100);
  assert.equal(visible(stage, 100).black, false);
  assert.equal(visible(stage, 101 + LOST_AFTER).black, true);
  for (const odd of [null, {}, { black: "no" }, { ...shown, kind: "script" }, { ...shown, panes: [] }, { ...shown, panes: [{}] }]) {
    assert.equal(visible(receive(stage, say({ seq: 2, output: odd }), 100), 100).black, true);
  }
});

test("the stage ignores an older presenter, an older message and another presentation", () => {
  const shown = output(run(sampleDeck(), "PUBLISH"));
  const say = (extra) => ({ type: "state", presentation: "9", epoch: 5, seq: 3, output: { black: true }, wanted: [], ...extra });
  const stage = receive(stageInitial("9"), say({}), 1);
  for (const stale of [{ epoch: 4, seq: 9 }, { seq: 2 }, { presentation: "8", seq: 9 }]) {
    assert.equal(visible(receive(stage, say({ output: shown, ...stale }), 1), 1).black, true);
  }
});

test("a recalled page gives way to the cue it put out of the preview, also by the one key of a remote", () => {
  const deck = sampleDeck();
  const recalled = run(deck, "PUBLISH", { type: "RECALL", key: "p4" }, "PUBLISH");
  assert.deepEqual(keys(output(recalled)), ["p4"]);
  assert.deepEqual(keys(preview(reduce(recalled, { type: "MOVE", step: 1 }, deck))), ["p2", "p3"]);
  const on = reduce(recalled, { type: "PUBLISH" }, deck);
  assert.deepEqual([keys(output(on)), keys(preview(on))], [["p4"], ["p2", "p3"]]);
  assert.deepEqual(keys(output(reduce(on, { type: "PUBLISH" }, deck))), ["p2", "p3"]);
  const black = run(deck, "PUBLISH", { type: "RECALL", key: "p4" }, "PUBLISH", "BLACK", "PUBLISH");
  assert.deepEqual(keys(output(black)), ["p4"]);
});

test("a reload while a recalled page is shown keeps the place among the cues", () => {
  const deck = sampleDeck();
  const again = initial(deck, memory(run(deck, "PUBLISH", "PUBLISH", { type: "RECALL", key: "p4" }, "PUBLISH")));
  assert.deepEqual(keys(preview(again)), ["p4"]);
  assert.equal(preview(reduce(again, { type: "MOVE", step: 1 }, deck)).text.title, "Điều 173");
});
