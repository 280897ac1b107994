// What a browser holds for hearings is forgotten when it is old, and with it the pages kept for a reload.
import assert from "node:assert/strict";
import { test } from "node:test";

import { held, isOrphan, noteUse } from "../../../viewer/static/js/present/copies.js";

function storage() {
  const kept = new Map();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
}

const DAY = 24 * 3600 * 1000;

test("what was used within a month may be asked about, older copies are only to be removed", () => {
  const own = storage();
  assert.deepEqual(held(own, 0), { any: false, names: [] });
  noteUse(own, "1", "abc", 0);
  noteUse(own, "2", "def", 20 * DAY);
  noteUse(own, "2", "def", 25 * DAY);
  assert.deepEqual(held(own, 29 * DAY), { any: true, names: ["1/abc", "2/def"] });
  assert.deepEqual(held(own, 40 * DAY), { any: true, names: ["2/def"] });
  assert.deepEqual(held(own, 90 * DAY), { any: true, names: [] });
});

test("pages of a presentation go with the last of its copies, the program stays", () => {
  assert.equal(isOrphan("/court/1", ["1/abc"]), false);
  assert.equal(isOrphan("/court/1/deck", ["12/abc"]), true);
  assert.equal(isOrphan("/court/12/stage", ["1/abc"]), true);
  assert.equal(isOrphan("/static/css/court.css", []), false);
});
