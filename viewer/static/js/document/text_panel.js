// The text beside the image: a click shows the word on the page, a double click corrects it.
import { send, toast } from "../request.js";

export class TextPanel {
  constructor(panel, reader, signal) {
    this.panel = panel;
    this.reader = reader;
    this.signal = signal;
    panel.addEventListener("click", (event) => this.click(event), { signal });
    panel.addEventListener("dblclick", (event) => this.edit(event.target.closest(".w")), { signal });
  }

  async open(address, query = "") {
    this.address = address;
    const response = await fetch(`${address}?q=${encodeURIComponent(query)}`, { headers: { "HX-Request": "true" } });
    const html = await response.text();
    if (this.address !== address || this.signal.aborted) return;
    this.panel.innerHTML = html;
    this.query = query;
  }

  click(event) {
    if (event.target.closest('[data-act="undo-correction"]')) this.undo();
    const word = event.target.closest(".w");
    if (!word) return;
    this.panel.querySelector(".is-shown")?.classList.remove("is-shown");
    word.classList.add("is-shown");
    const box = this.boxOf(word);
    this.reader.stage.mark("word", [{ box, className: "box-word" }]);
    this.reader.stage.reveal(box);
  }

  boxOf(word) {
    return word.dataset.box.split(",").map(Number);
  }

  get place() {
    return this.panel.querySelector(".page-text");
  }

  edit(word) {
    if (!word || !this.place?.dataset.correct || word.querySelector("input")) return;
    const before = word.textContent;
    const field = document.createElement("input");
    field.value = before;
    field.size = Math.max(6, before.length + 2);
    field.setAttribute("aria-label", before);
    word.replaceChildren(field);
    field.focus();
    field.select();
    let over = false;
    const close = (save) => {
      if (over) return;
      over = true;
      const after = field.value.trim();
      word.textContent = save ? after : before;
      if (save && after !== before) this.save(word, before, after);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      if (event.key === "Escape") close(false);
    });
    field.addEventListener("blur", () => close(true));
  }

  async save(word, before, after) {
    try {
      await send(this.place.dataset.correct, { json: { box: this.boxOf(word), after } });
      word.classList.add("corrected");
      word.classList.remove("weak");
      toast(this.reader.words.wordSaved, "good");
    } catch (error) {
      word.textContent = before;
      toast(error.message, "bad");
    }
  }

  async undo() {
    try {
      await send(this.place.dataset.undo, { json: {} });
      await this.open(this.address, this.query);
    } catch (error) {
      toast(error.message, "bad");
    }
  }
}
