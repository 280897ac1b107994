// Recall understands what people type in a hurry, with or without marks, with UniKey off or on.
import assert from "node:assert/strict";
import { test } from "node:test";

import { meaning } from "../../../viewer/static/js/present/keys.js";
import { find, parse } from "../../../viewer/static/js/present/recall.js";
import { sampleDeck } from "./deck.mjs";

const first = (text, deck = sampleDeck()) => find(deck, text).keys[0];

test("a bút lục number in every way it is typed", () => {
  for (const text of ["3", "03", "BL 3", "bl3", "Bút lục 3", "3-5", "tập 1 3", "t1 3", "tap 1, bl 3", "taapj 1 3", "Tập 1 BL 03"]) {
    assert.equal(first(text), "p3", text);
  }
  assert.equal(first("112a"), "p4");
  assert.equal(first("112 A"), "p4");
});

test("a number in another volume, or one that is not there, is not found", () => {
  assert.deepEqual(find(sampleDeck(), "tập 2 3").keys, []);
  assert.deepEqual(find(sampleDeck(), "45").keys, []);
});

test("a volume is no hindrance where no page was told apart by volume", () => {
  const deck = sampleDeck();
  for (const page of deck.pages) page.volume = null;
  assert.equal(first("tập 1 3", deck), "p3");
});

test("a document number and words", () => {
  assert.equal(first("12/KLGĐ"), "p1");
  assert.equal(first("số 12 klgd pc09"), "p1");
  assert.equal(first("lời khai mận"), "p4");
  assert.equal(first("loi khai dang thi man"), "p4");
});

test("a page that may never be shown is never found", () => {
  assert.ok(!find(sampleDeck(), "trang 6").keys.includes("p6"));
  assert.deepEqual(find(sampleDeck(), "6").keys, []);
});

test("what is asked for", () => {
  assert.deepEqual(parse("tập 2 45"), { kind: "number", volume: "2", number: "45" });
  assert.deepEqual(parse("tập 2"), { kind: "volume", volume: "2" });
  assert.deepEqual(parse("  "), { kind: "nothing" });
});

const press = (code, more = {}) => ({ code, key: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, repeat: false, isComposing: false, ...more });

test("keys are read by place, not by letter", () => {
  assert.deepEqual(meaning(press("KeyB", { key: "ư" }), false), { action: "black" });
  assert.deepEqual(meaning(press("Digit4", { key: "4" }), false), { action: "recall", digit: "4" });
  assert.deepEqual(meaning(press("Digit1", { key: "!" , shiftKey: true }), false), null);
});

test("what UniKey sends by itself does nothing", () => {
  for (const key of ["ư", "ơ", "đ", "ấ", "w", "b"]) {
    for (const code of ["", "Unidentified"]) assert.equal(meaning(press(code, { key }), false), null);
  }
  assert.equal(meaning(press("Backspace", { key: "Backspace" }), false), null);
  for (const code of ["KeyW", "BracketLeft", "BracketRight", "KeyD", "KeyA", "KeyE", "KeyO", "KeyS", "KeyF", "KeyR", "KeyX", "KeyJ", "KeyZ"]) {
    assert.equal(meaning(press(code), false), null, `${code} is rewritten by Telex and must not be bound`);
  }
});

test("while typing, a remote and the black key still work and letters do not", () => {
  assert.deepEqual(meaning(press("PageDown"), true), { action: "publish" });
  assert.deepEqual(meaning(press("Period"), true), { action: "black" });
  assert.equal(meaning(press("KeyB"), true), null);
  assert.equal(meaning(press("Digit4"), true), null);
});

test("a key held down publishes once", () => {
  assert.equal(meaning(press("PageDown", { repeat: true }), false), null);
  assert.deepEqual(meaning(press("ArrowDown", { repeat: true }), false), { action: "next" });
});

test("a digit typed through UniKey still reaches recall", () => {
  assert.deepEqual(meaning(press("", { key: "7" }), false), { action: "recall", digit: "7" });
});
