// Reordering cues by drag, by buttons and by Alt + arrow keys. The server keeps the order; the page follows.

import { send, toast } from "../request.js";

function place(row) {
  const list = row.closest("[data-cues]");
  return { situation: list.dataset.cues, position: [...list.children].indexOf(row) };
}

async function save(row, before) {
  const { situation, position } = place(row);
  const body = new FormData();
  body.set("do", "move");
  body.set("situation_id", situation);
  body.set("position", position);
  try {
    await send(row.dataset.move, { body });
  } catch (error) {
    before.list.insertBefore(row, before.next);
    toast(error.message, "bad");
  }
}

function whereIs(row) {
  return { list: row.parentElement, next: row.nextElementSibling };
}

function step(row, by) {
  const before = whereIs(row);
  const lists = [...document.querySelectorAll("[data-cues]")];
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (other) other[by < 0 ? "before" : "after"](row);
  else {
    const next = lists[lists.indexOf(row.parentElement) + by];
    if (!next) return;
    next[by < 0 ? "append" : "prepend"](row);
  }
  row.focus();
  save(row, before);
}

function dragging(root, signal) {
  let row = null;
  let before = null;
  root.addEventListener("dragstart", (event) => {
    row = event.target.closest?.("[data-cue]");
    before = row && whereIs(row);
  }, { signal });
  root.addEventListener("dragover", (event) => {
    const list = event.target.closest("[data-situation]")?.querySelector("[data-cues]");
    if (!row || !list) return;
    event.preventDefault();
    const over = event.target.closest("[data-cue]");
    if (!over) list.append(row);
    else if (over !== row) over[event.offsetY < over.offsetHeight / 2 ? "before" : "after"](row);
  }, { signal });
  root.addEventListener("dragend", () => {
    if (row && (row.parentElement !== before.list || row.nextElementSibling !== before.next)) save(row, before);
    row = null;
  }, { signal });
}

export function connect(root, signal) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(button.closest("[data-cue]"), Number(button.dataset.step));
  }, { signal });
  root.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.code];
    if (!by || !event.altKey || !event.target.matches("[data-cue]")) return;
    event.preventDefault();
    step(event.target, by);
  }, { signal });
  dragging(root, signal);
}
