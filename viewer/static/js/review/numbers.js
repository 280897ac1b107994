// The strip of corners: type the first number, fill down by the case's rule, see at once what is missing or twice.
import { send, toast } from "../request.js";

const NUMBER = /^0*([1-9]\d{0,4})\s?([a-zđ]?)$/i;

export function parse(text) {
  const found = NUMBER.exec(text.trim());
  return found ? { number: Number(found[1]), suffix: found[2].toLowerCase() } : null;
}

// Numbers for cells after the first: cells carry the document they belong to.
export function filled(first, rule, cells) {
  const begin = parse(first);
  if (!begin) return null;
  let number = begin.number;
  return cells.map((cell, index) => {
    if (index > 0) {
      const sameDocument = cell.document && cell.document === cells[index - 1].document;
      if (rule === "page" || (rule === "sheet" && index % 2 === 0) || (rule === "document" && !sameDocument)) number += 1;
    }
    return index === 0 ? `${begin.number}${begin.suffix}` : String(number);
  });
}

// What to say beside each number: twice, missing before it, going back.
export function remarks(texts, rule, words) {
  let last = null;
  const seen = new Map();
  return texts.map((text) => {
    if (!text.trim()) return "";
    const value = parse(text);
    if (!value) return words.bad;
    const key = `${value.number}${value.suffix}`;
    const twice = seen.has(key) && rule === "page";
    seen.set(key, true);
    let remark = "";
    if (twice) remark = words.twice;
    else if (last && value.number > last.number + 1) {
      const from = last.number + 1;
      remark = words.gap.replace("{n}", from === value.number - 1 ? String(from) : `${from}–${value.number - 1}`);
    } else if (last && value.number < last.number) remark = words.back;
    last = value;
    return remark;
  });
}

export function connect(root, signal) {
  const cells = [...root.querySelectorAll("[data-cell]")];
  const inputs = cells.map((cell) => cell.querySelector("input"));
  const rule = root.querySelector("[data-rule]");
  const first = root.querySelector("[data-first]");
  const words = { twice: root.dataset.wordTwice, gap: root.dataset.wordGap, bad: root.dataset.wordBad, back: root.dataset.wordBack };
  let here = 0;

  const look = () => {
    remarks(inputs.map((input) => input.value), rule.value, words).forEach((remark, index) => {
      cells[index].querySelector(".bl-note").textContent = remark;
      cells[index].classList.toggle("is-wrong", Boolean(remark));
    });
  };
  const fill = (from, text) => {
    const values = filled(text, rule.value, cells.slice(from).map((cell) => ({ document: cell.dataset.document })));
    if (!values) return toast(words.bad, "bad");
    values.forEach((value, index) => { inputs[from + index].value = value; });
    return look();
  };
  const save = async () => {
    const numbers = Object.fromEntries(inputs.map((input) => [input.dataset.page, input.value.trim() || null]));
    try {
      const answer = await send(root.dataset.save, { json: { numbers, volume: root.querySelector("[data-volume]").value } });
      cells.forEach((cell) => { cell.classList.remove("is-guess"); cell.classList.add("is-confirmed"); });
      toast([answer.message, ...answer.report].join(" · "), answer.report.length ? "" : "good");
    } catch (error) { toast(error.message, "bad"); }
  };
  const go = (index) => {
    inputs[Math.max(0, Math.min(inputs.length - 1, index))]?.focus();
  };

  root.addEventListener("focusin", (event) => {
    const at = inputs.indexOf(event.target);
    if (at >= 0) { here = at; event.target.select(); }
  }, { signal });
  root.addEventListener("input", look, { signal });
  root.addEventListener("keydown", (event) => {
    const at = inputs.indexOf(event.target);
    if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); save(); } else if (event.ctrlKey && event.key === "ArrowDown" && at >= 0) { event.preventDefault(); fill(at, inputs[at].value); } else if (at >= 0 && event.key === "Enter") { event.preventDefault(); go(at + (event.shiftKey ? -1 : 1)); } else if (at > 0 && event.key === "=") { event.preventDefault(); inputs[at].value = inputs[at - 1].value; look(); go(at + 1); } else if (at >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); go(at + (event.key === "ArrowDown" ? 1 : -1)); }
  }, { signal });
  root.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name === "fill") fill(0, first.value);
    if (name === "fill-here") fill(here, inputs[here].value);
    if (name === "save") save();
  }, { signal });
  rule.addEventListener("change", look, { signal });
  look();
}
