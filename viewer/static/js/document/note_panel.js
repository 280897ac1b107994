// Notes on regions: draw a rectangle, write, keep for oneself or share with the case's people.
import { send, toast } from "../request.js";

export class NotePanel {
  constructor(root, reader, signal) {
    this.root = root;
    this.reader = reader;
    this.signal = signal;
    this.form = root.querySelector('form[data-act="save-note"]');
    this.list = root.querySelector('[data-part="notes"]');
    this.button = root.querySelector('button[data-act="note"]');
    this.form.addEventListener("submit", (event) => this.save(event), { signal });
    this.form.querySelector('[data-act="cancel-note"]').addEventListener("click", () => this.close(), { signal });
    this.list.addEventListener("click", (event) => this.click(event), { signal });
    this.load();
  }

  startDrawing() {
    if (this.button.getAttribute("aria-pressed") === "true") return;
    this.button.setAttribute("aria-pressed", "true");
    toast(this.reader.words.wordNote);
    this.page = this.reader.page;
    this.reader.stage.draw((box) => {
      this.button.setAttribute("aria-pressed", "false");
      if (!box) return;
      this.box = box;
      this.edited = null;
      this.form.querySelector('[data-part="note-title"]').textContent = this.reader.words.wordNoteHere;
      this.form.hidden = false;
      this.reader.showPanel("notes");
      this.form.querySelector("textarea").focus();
    }, this.signal);
  }

  close() {
    this.form.hidden = true;
    this.form.reset();
    this.edited = null;
    this.reader.stage.mark("draw", []);
  }

  async save(event) {
    event.preventDefault();
    const text = this.form.querySelector("textarea").value;
    const shared = this.form.elements.shared.checked;
    try {
      if (this.edited) await send(this.edited, { json: { text, shared } });
      else await send(`/tai-lieu/trang/${this.page.dataset.page}/ghi-chu`, { json: { text, shared, box: this.box } });
      this.close();
      await this.load();
      toast(this.reader.words.wordNoteSaved, "good");
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  // The form takes the note's words; saving then changes the note instead of writing another.
  startEditing(note, button) {
    this.edited = button.dataset.url;
    this.form.querySelector('[data-part="note-title"]').textContent = this.reader.words.wordNoteEdit;
    this.form.hidden = false;
    const field = this.form.querySelector("textarea");
    field.value = note.querySelector(".note-text").textContent;
    this.form.elements.shared.checked = button.dataset.shared === "1";
    field.focus();
  }

  async load() {
    const response = await fetch(this.root.dataset.notesUrl, { headers: { "HX-Request": "true" } });
    if (!response.ok || this.signal.aborted) return;
    this.list.innerHTML = await response.text();
    this.draw();
  }

  draw() {
    const here = String(this.reader.index + 1);
    const boxes = [...this.list.querySelectorAll(".note[data-box]")].filter((note) => note.dataset.place === here);
    this.reader.stage.mark("notes", boxes.map((note) => (
      { box: note.dataset.box.split(",").map(Number), className: "box-note" })));
  }

  async click(event) {
    const note = event.target.closest(".note");
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "go-note") this.reader.open(Number(note.dataset.place) - 1);
    if (act === "edit-note") this.startEditing(note, event.target.closest("[data-url]"));
    if (act !== "remove-note") return;
    try {
      await send(event.target.closest("[data-url]").dataset.url, { json: {} });
      await this.load();
    } catch (error) {
      toast(error.message, "bad");
    }
  }
}
