// The court folder's pieces: each is a script that is run once, however many ask for it at the same time.
import assert from "node:assert/strict";
import { test } from "node:test";

import { FolderShelf } from "../../../viewer/static/js/present/folder.js";

test("the check and the preview may ask for the same piece at once", async () => {
  const shelf = new FolderShelf();
  let ran = 0;
  const head = { append(script) { ran += 1; setTimeout(() => { shelf.put("p1-0", "AA=="); script.onload(); }); } };
  globalThis.document = { head, createElement: () => ({ remove() {} }) };
  assert.deepEqual(await Promise.all([shelf.load("p1-0"), shelf.load("p1-0")]), ["AA==", "AA=="]);
  assert.equal(ran, 1);
  assert.equal(await shelf.load("p1-0"), "AA==");
  assert.equal(ran, 2);
});

test("a piece that is not there is told to everybody who asked", async () => {
  const shelf = new FolderShelf();
  globalThis.document = { head: { append(script) { setTimeout(() => script.onerror()); } }, createElement: () => ({ remove() {} }) };
  const answers = await Promise.allSettled([shelf.load("p2-0"), shelf.load("p2-0")]);
  assert.deepEqual(answers.map((one) => one.status), ["rejected", "rejected"]);
});
