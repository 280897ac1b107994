// The document page: joins the page strip, the zoomable image, the text beside it, finding, and notes.
import { get, send, toast } from "../request.js";
import { ImageStage } from "./image_stage.js";
import { NotePanel } from "./note_panel.js";
import { TextPanel } from "./text_panel.js";

class Reader {
  constructor(root, signal) {
    this.root = root;
    this.words = root.dataset;
    this.pages = [...root.querySelectorAll(".strip a[data-page]")];
    this.index = Math.max(0, Number(root.dataset.place) - 1);
    this.hits = [];
    this.hit = -1;
    this.stage = new ImageStage(root.querySelector('[data-part="stage"]'), signal);
    this.text = new TextPanel(root.querySelector('[data-panel="text"]'), this, signal);
    this.notes = new NotePanel(root, this, signal);
    this.listen(signal);
    this.open(this.index);
    if (root.dataset.query) this.find(root.dataset.query, false);
  }

  get page() {
    return this.pages[this.index];
  }

  get query() {
    return this.root.querySelector("#find-box").value.trim();
  }

  listen(signal) {
    this.pages.forEach((link, index) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(index);
    }, { signal }));
    this.root.addEventListener("click", (event) => {
      const tab = event.target.closest("[data-tab]");
      if (tab) this.showPanel(tab.dataset.tab);
      const act = event.target.closest("button[data-act]")?.dataset.act;
      if (act) this.act(act);
    }, { signal });
    this.root.querySelector('form[data-act="find"]').addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.query && this.query === this.foundQuery) this.moveHit(1);
      else this.find(this.query, true);
    }, { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    window.addEventListener("popstate", () => {
      const place = Number(new URLSearchParams(location.search).get("trang") ?? 1);
      this.open(place - 1, false);
    }, { signal });
  }

  act(act) {
    const actions = {
      previous: () => this.open(this.index - 1), next: () => this.open(this.index + 1),
      first: () => this.open(0), last: () => this.open(this.pages.length - 1),
      "zoom-in": () => this.stage.zoom(1.4), "zoom-out": () => this.stage.zoom(1 / 1.4),
      fit: () => this.stage.fit(), "fit-width": () => this.stage.fitWidth(), rotate: () => this.rotate(),
      "save-rotation": () => this.saveRotation(), note: () => this.notes.startDrawing(),
      "hit-next": () => this.moveHit(1), "hit-previous": () => this.moveHit(-1),
    };
    actions[act]?.();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const keys = {
      ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next", Equal: "zoom-in",
      NumpadAdd: "zoom-in", Minus: "zoom-out", NumpadSubtract: "zoom-out", Digit0: "fit", KeyW: "fit-width",
      KeyR: "rotate", KeyN: "note", Home: "first", End: "last",
    };
    if (event.code === "KeyF") {
      event.preventDefault();
      this.root.querySelector("#find-box").focus();
    } else if (keys[event.code] && !event.target.closest('[role="tablist"], .panel')) {
      event.preventDefault();
      this.act(keys[event.code]);
    }
  }

  rotate() {
    this.stage.rotate();
    this.offerRotation();
  }

  offerRotation() {
    const button = this.root.querySelector('[data-act="save-rotation"]');
    if (button) button.hidden = this.stage.turned % 360 === 0;
  }

  // The page keeps the turn for everybody: its picture, its text and its boxes all follow, so all is fetched anew.
  async saveRotation() {
    try {
      await send(this.page.dataset.rotate, { json: { degrees: this.stage.turned } });
      location.reload();
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  open(index, remember = true) {
    if (!this.pages.length) return;
    const wanted = Math.min(Math.max(0, index), this.pages.length - 1);
    const changed = wanted !== this.index;
    this.index = wanted;
    this.pages.forEach((link, place) => {
      if (place === wanted) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    this.page.scrollIntoView({ block: "nearest" });
    this.show("label", this.page.dataset.label);
    this.show("count", `${wanted + 1} / ${this.pages.length}`);
    if (remember && changed) {
      const address = new URL(location.href);
      address.searchParams.set("trang", wanted + 1);
      history.pushState(null, "", address);
    }
    const opened = this.stage.open(this.page.dataset);
    this.offerRotation();
    opened.then(() => this.drawHits());
    this.text.open(this.page.dataset.text, this.foundQuery ?? this.root.dataset.query);
    this.notes.draw();
    for (const beside of [wanted + 1, wanted - 1]) if (this.pages[beside]) this.stage.prepare(this.pages[beside].dataset);
  }

  show(part, text) {
    this.root.querySelector(`[data-show="${part}"]`).textContent = text;
  }

  showPanel(name) {
    for (const tab of this.root.querySelectorAll("[data-tab]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    }
    for (const panel of this.root.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
    if (name === "notes") this.notes.load();
  }

  async find(query, jump) {
    this.foundQuery = query;
    this.hits = query ? (await get(`${this.root.dataset.findUrl}?q=${encodeURIComponent(query)}`)).hits : [];
    const here = this.hits.findIndex((hit) => hit.page >= this.index);
    this.hit = this.hits.length ? Math.max(0, here) : -1;
    this.text.open(this.page.dataset.text, query);
    this.showHits();
    if (jump && this.hit >= 0) this.goToHit();
    else this.drawHits();
  }

  moveHit(step) {
    if (!this.hits.length) return;
    this.hit = (this.hit + step + this.hits.length) % this.hits.length;
    this.showHits();
    this.goToHit();
  }

  showHits() {
    const none = this.foundQuery ? this.words.wordNone : "";
    this.root.querySelector('[data-show="hits"]').classList.toggle("has-hits", this.hits.length > 1);
    this.show("hits", this.hits.length ? `${this.hit + 1} / ${this.hits.length}` : none);
  }

  goToHit() {
    const hit = this.hits[this.hit];
    if (hit.page !== this.index) this.open(hit.page);
    else this.drawHits();
  }

  drawHits() {
    const boxes = this.hits.flatMap((hit, number) => hit.page !== this.index ? [] : hit.boxes.map((box) => (
      { box, className: number === this.hit ? "box-hit is-current" : "box-hit" })));
    this.stage.mark("hits", boxes);
    const current = boxes.find((one) => one.className.includes("is-current"));
    if (current) this.stage.reveal(current.box);
  }
}

export function connect(root, signal) {
  const reader = new Reader(root, signal);
  root.reader = reader;
}
