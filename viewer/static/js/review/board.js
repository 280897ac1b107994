// The review screen: which page is chosen, what keys do, saving each step and showing the board as it is then.
import { send, toast } from "../request.js";
import { picker } from "./picker.js";

const FIELDS = { t: "rv-type", e: "rv-title", s: "rv-number", d: "rv-date", f: "rv-folder", c: "rv-features" };

export function connect(root, signal) {
  new Review(root, signal).begin();
}

class Review {
  constructor(root, signal) {
    this.root = root;
    this.signal = signal;
    this.board = root.querySelector("[data-board]");
    this.preview = root.querySelector("[data-preview]");
    this.box = root.querySelector("[data-panel-box]");
    this.busy = Promise.resolve();
    this.saving = 0; // steps on their way to the service
    this.fresh = false; // whether the panel shows the chosen page as it is now
    this.buffer = root.querySelector("[data-ahead]");
    this.ahead = null; // the field asked for before its panel was there; the buffer takes what is typed for it
    this.types = null;
  }

  begin() {
    this.listen(document, "keydown", (event) => this.key(event));
    this.listen(this.board, "click", (event) => {
      const page = event.target.closest("[data-page]");
      if (page) this.choose(page);
    });
    this.listen(this.root, "click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.command(button.dataset.do);
    });
    // Chromium now and then puts the caret before a letter an input method has put together in a field nobody sees.
    this.listen(this.buffer, "input", () => {
      this.buffer.setSelectionRange(this.buffer.value.length, this.buffer.value.length);
    });
    const form = this.root.querySelector("[data-form=case]");
    if (form) this.listen(form, "submit", (event) => this.file(event, form));
    this.counts(Number(this.board.dataset.unsure), this.board.dataset.undo);
    const first = this.board.querySelector(".rv-unsure .rv-page") ?? this.board.querySelector(".rv-page");
    if (first) this.choose(first);
    this.board.focus({ preventScroll: true });
  }

  listen(target, name, handler) {
    target.addEventListener(name, handler, { signal: this.signal });
  }

  pages() {
    return [...this.board.querySelectorAll(".rv-page")];
  }

  get page() {
    return this.board.querySelector('.rv-page[aria-current="true"]');
  }

  get documentId() {
    return Number(this.page?.dataset.document) || null;
  }

  choose(button) {
    if (!button) return;
    this.page?.removeAttribute("aria-current");
    this.board.querySelector(".is-here")?.classList.remove("is-here");
    button.setAttribute("aria-current", "true");
    const section = button.closest(".rv-doc");
    section.classList.add("is-here");
    section.scrollIntoView({ block: "nearest" });
    button.scrollIntoView({ block: "nearest" });
    this.preview.src = button.dataset.screen;
    this.fresh = false;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.panel(button.dataset.page), 90);
  }

  async panel(page) {
    const address = this.root.dataset.panel.replace(/0$/, page);
    let html = "";
    let types = [];
    try {
      const answer = await fetch(address, { credentials: "same-origin", signal: this.signal });
      if (answer.ok) html = await answer.text();
      types = await this.known();
    } catch (error) {
      if (this.signal.aborted) return;
      toast(error.message, "bad");
    }
    if (this.page?.dataset.page !== page) return;
    this.box.innerHTML = html;
    const form = this.box.querySelector("form");
    if (form) this.bindForm(form, types);
    if (this.saving) return; // a newer panel follows
    this.fresh = true;
    this.enterAhead();
  }

  // Keys come faster than panels: what was typed for a field that was not there yet is put into it. A buffer that has
  // the focus takes it, so that letters put together by an input method (Đ, ệ) come whole.
  enterAhead() {
    if (!this.ahead) return;
    const { id, ended } = this.ahead;
    const text = this.buffer.value;
    this.ahead = null;
    this.back();
    const field = this.box.querySelector(`#${id}`);
    if (!field) return;
    field.focus();
    field.select?.();
    if (text && field.tagName === "INPUT") {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      this.tellWhenLeft(field);
      if (ended && id !== FIELDS.t) { // a type is picked from its list by the person
        field.dispatchEvent(new Event("change", { bubbles: true }));
        this.back();
      }
    }
  }

  // What a script put into a field is no change of it to the browser: told by ourselves unless more is typed.
  tellWhenLeft(field) {
    let told = false;
    field.addEventListener("change", () => { told = true; }, { once: true });
    field.addEventListener("blur", () => {
      if (!told && field.value !== field.defaultValue) field.dispatchEvent(new Event("change", { bubbles: true }));
    }, { once: true });
  }

  typeAhead(event) {
    if (event.key === "Escape") {
      this.ahead = null;
      this.back();
    } else if (event.key === "Enter" && this.ahead) this.ahead.ended = true;
    if (event.key === "Enter" || this.ahead?.ended) event.preventDefault();
  }

  bindForm(form, types) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => {
      if (event.target.name === "type_code") return;
      this.save(form, { [event.target.name]: event.target.value });
    });
    const input = form.querySelector("#rv-type");
    const list = form.querySelector("#rv-type-list");
    picker(input, list, types, (option) => {
      input.value = option.name;
      this.save(form, { type_code: option.code });
      this.back();
    }, this.signal);
  }

  async known() {
    this.types ??= fetch(this.root.dataset.types, { credentials: "same-origin" }).then((answer) => answer.json());
    return this.types;
  }

  save(form, changes) {
    return this.act({ action: "set", document: Number(form.dataset.document), changes });
  }

  act(body) {
    const page = this.page?.dataset.page;
    this.saving += 1;
    this.busy = this.busy.then(async () => {
      try {
        const answer = await send(this.root.dataset.act, { json: body });
        const top = this.board.scrollTop;
        this.board.innerHTML = answer.board;
        this.board.scrollTop = top;
        this.counts(answer.counts.unsure, answer.undo);
        this.saving -= 1;
        const same = this.board.querySelector(`.rv-page[data-page="${page}"]`) ?? this.board.querySelector(".rv-page");
        if (same) this.choose(same);
        return true;
      } catch (error) {
        this.saving -= 1;
        if (this.page) this.choose(this.page);
        toast(error.message, "bad");
        return false;
      }
    });
    return this.busy;
  }

  counts(unsure, undo) {
    const left = this.root.querySelector("[data-show=left]");
    left.textContent = unsure ? this.root.dataset.wordLeft.replace("{n}", unsure) : this.root.dataset.wordDone;
    left.className = `badge ${unsure ? "badge-warn" : "badge-good"}`;
    const button = this.root.querySelector("[data-do=undo]");
    button.disabled = !undo;
    button.title = undo ? `${this.root.dataset.wordUndo}: ${undo}` : "";
  }

  back() {
    this.board.focus({ preventScroll: true });
  }

  step(by) {
    const pages = this.pages();
    const at = pages.indexOf(this.page);
    this.choose(pages[Math.max(0, Math.min(pages.length - 1, at + by))]);
  }

  stepDocument(by) {
    const sections = [...this.board.querySelectorAll(".rv-doc[data-document]")];
    const here = this.page?.closest(".rv-doc");
    let at = sections.indexOf(here);
    if (at < 0) at = sections.findIndex((section) => here && section.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING) - (by > 0 ? 1 : 0);
    this.choose(sections[Math.max(0, Math.min(sections.length - 1, at + by))]?.querySelector(".rv-page"));
  }

  nextUnsure() {
    const sections = [...this.board.querySelectorAll(".rv-doc[data-document]")];
    const at = sections.indexOf(this.page?.closest(".rv-doc"));
    const order = [...sections.slice(at + 1), ...sections.slice(0, at + 1)];
    const next = order.find((section) => section.dataset.state === "unsure");
    if (next) this.choose(next.querySelector(".rv-page"));
    return Boolean(next);
  }

  field(id) {
    this.ahead = { id, ended: false };
    this.buffer.value = "";
    if (this.fresh && !this.saving) this.enterAhead();
    else this.buffer.focus({ preventScroll: true });
  }

  async confirm() {
    const id = this.documentId;
    if (!id) return this.nextUnsure();
    const done = await this.act({ action: "confirm", documents: [id] });
    if (done && !this.nextUnsure()) this.stepDocument(1);
    return undefined;
  }

  file(event, form) {
    event.preventDefault();
    const create = event.submitter?.name === "create";
    this.act({ action: "file", case: form.elements.case.value, create }).then((done) => { if (done) location.reload(); });
  }

  command(name) {
    const id = this.documentId;
    const page = Number(this.page?.dataset.page);
    const loose = !this.page?.dataset.document;
    const actions = {
      "next-unsure": () => this.nextUnsure(),
      undo: () => this.act({ action: "undo" }),
      "confirm-sure": () => this.act({ action: "confirm" }),
      confirm: () => this.confirm(),
      split: () => !loose && this.act({ action: "split", page }),
      join: () => id && this.act({ action: "join", document: id }),
      "cut-earlier": () => id && this.act({ action: "move", document: id, by: -1 }),
      "cut-later": () => id && this.act({ action: "move", document: id, by: 1 }),
      rotate: () => this.act({ action: "rotate", pages: [page] }),
      blank: () => this.act({ action: "mark", pages: [page], kind: loose ? "document" : "blank" }),
      turn: () => this.act({ action: "turn" }).then(() => location.reload()),
      help: () => this.help(),
    };
    actions[name]?.();
  }

  help() {
    const box = this.root.querySelector("#rv-help");
    box.hidden = !box.hidden;
    this.root.querySelector("[data-do=help]").setAttribute("aria-expanded", String(!box.hidden));
  }

  key(event) {
    if (event.ctrlKey && event.key.toLowerCase() === "z" && !event.target.closest("input")) return this.take(event, "undo");
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (event.target === this.buffer) return this.typeAhead(event);
    const typing = event.target.closest("input, select, textarea");
    if (typing) {
      if (event.key === "Escape") { typing.value = typing.defaultValue ?? typing.value; this.back(); }
      if (event.key === "Enter" && typing.closest(".rv-form") && typing.tagName !== "SELECT") { event.preventDefault(); typing.blur(); this.back(); }
      if (event.key === "Enter" && typing.tagName === "SELECT") this.back();
      return undefined;
    }
    if (event.target.closest("button, a, summary") && (event.key === "Enter" || event.key === " ") && !event.target.closest(".rv-page")) return undefined;
    if (event.key === "Enter") return this.take(event, event.shiftKey ? "confirm-sure" : "confirm");
    const moves = { ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), ArrowUp: () => this.stepDocument(-1), ArrowDown: () => this.stepDocument(1) };
    if (moves[event.key]) { event.preventDefault(); moves[event.key](); return undefined; }
    const key = event.key.toLowerCase();
    if (FIELDS[key]) { event.preventDefault(); this.field(FIELDS[key]); return undefined; }
    if (key === "h") { event.preventDefault(); this.root.querySelector("#rv-case")?.focus(); return undefined; }
    const commands = { n: "next-unsure", x: "split", g: "join", "[": "cut-earlier", "]": "cut-later", r: "rotate", b: "blank", z: "undo", "?": "help" };
    return commands[key] ? this.take(event, commands[key]) : undefined;
  }

  take(event, name) {
    event.preventDefault();
    this.command(name);
  }
}
