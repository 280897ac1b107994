// The recall box: a number, a volume and number, a document's number, or words; the answer goes to the preview only.

import { find } from "./recall.js";
import { indexPages } from "./views.js";

/** The box with its list of answers. `onChoose(key)` brings a page to the preview, `onGuess(key)` may decode ahead. */
export class RecallBox {
  constructor(root, deck, words, onChoose, onGuess) {
    Object.assign(this, { deck, words, onChoose, onGuess, keys: [], at: 0 });
    this.input = root.querySelector("[data-recall-input]");
    this.list = root.querySelector("[data-recall-list]");
    this.said = root.querySelector("[data-recall-said]");
    this.titles = new Map((deck.documents ?? []).map((one) => [one.id, one]));
    this.input.addEventListener("input", () => this.look());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-key]");
      if (item) this.choose(item.dataset.key);
    });
  }

  get pending() {
    return this.input.value.trim() !== "";
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  /** A digit typed anywhere. Where nothing may be painted (one screen) the box only remembers it. */
  type(digit, mayFocus) {
    if (mayFocus && document.activeElement !== this.input) this.input.focus();
    this.input.value += digit;
    this.look();
  }

  key(event) {
    if (event.code === "ArrowDown" || event.code === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      this.select(this.at + (event.code === "ArrowDown" ? 1 : -1));
    } else if (event.code === "Enter" || event.code === "NumpadEnter") {
      event.preventDefault();
      event.stopPropagation();
      this.submit();
    } else if (event.code === "Escape") {
      event.stopPropagation();
      this.clear();
    }
  }

  look() {
    const { kind, keys } = find(this.deck, this.input.value);
    this.keys = keys;
    this.render();
    this.select(0);
    this.said.textContent = this.pending && !keys.length ? this.words["recall-none"] : "";
    if (kind !== "words" && keys[0]) this.onGuess(keys[0]);
  }

  render() {
    this.list.replaceChildren(...this.keys.slice(0, 12).map((key) => {
      const page = indexPages(this.deck).get(key);
      const document_ = this.titles.get(page.document);
      const item = document.createElement("li");
      item.dataset.key = key;
      item.id = `recall-${key}`;
      item.setAttribute("role", "option");
      const number = document.createElement("strong");
      number.textContent = page.number ? `BL ${page.number}` : `${this.words.page} ${page.at}`;
      const title = document.createElement("span");
      title.textContent = document_?.title ?? "";
      item.append(number, title, this.flag(page));
      return item;
    }));
    this.input.setAttribute("aria-expanded", String(this.keys.length > 0));
  }

  flag(page) {
    const flag = document.createElement("em");
    if (page.rule === "ask") flag.textContent = this.words["rule-ask"];
    else if (page.number && page.state !== "confirmed") flag.textContent = this.words.unconfirmed;
    flag.className = flag.textContent ? "flag" : "";
    return flag;
  }

  select(at) {
    this.at = Math.min(Math.max(at, 0), Math.max(0, Math.min(this.keys.length, 12) - 1));
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.at)));
    const chosen = this.list.children[this.at];
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  submit() {
    if (this.keys.length) this.choose(this.keys[this.at]);
    else if (this.pending) this.said.textContent = this.words["recall-none"];
  }

  choose(key) {
    this.clear();
    this.onChoose(key);
  }

  clear() {
    this.input.value = "";
    this.keys = [];
    this.said.textContent = "";
    this.render();
    this.input.blur();
  }
}
