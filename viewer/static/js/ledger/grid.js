// The grid of a book: keyboard, mouse, editing, pasting from Excel, filters, views. See view.js for what is drawn.
import { send, toast, token } from "../request.js";
import { amount, parseBlock, writeBlock } from "./clipboard.js";
import { showBoth } from "./conflict.js";
import { takePapers } from "./dropped_paper.js";
import { Editor } from "./edit.js";
import { Filters } from "./filters.js";
import { Store } from "./store.js";
import { element, View } from "./view.js";

export function connect(root, signal) {
  new Grid(root, signal);
}

class Grid {
  constructor(root, signal) {
    this.root = root;
    const start = JSON.parse(root.querySelector("[data-start]").textContent);
    this.words = Object.fromEntries(Object.entries(root.dataset).filter(([k]) => k.startsWith("word")).map(([k, v]) => [k[4].toLowerCase() + k.slice(5), v]));
    const editable = new Set(start.editable);
    for (const column of start.columns) column.locked = !editable.has(column.id);
    this.store = new Store(root.dataset.rows, start, () => this.painted());
    this.view = new View(root, start.columns, start.groups, start.frozen, this.store, this.words);
    this.editor = new Editor(this.view, start.people, (row, changes) => this.save(row, changes));
    this.filters = new Filters(root, this.view, this.words, (what) => this.refilter(what));
    this.shown = new Set(this.view.columns.map((c) => c.id));
    this.groups = start.groups;
    this.typing = 0; // the timer of a question waiting for the typing to pause
    this.bindKeys(signal);
    this.bindMouse(signal);
    this.bindBar(signal);
    takePapers(this.view.body, {
      place: (event) => event.target.closest(".lg-row"),
      take: (paper, box) => this.attach(paper, this.store.row(Number(box.dataset.index))),
      refuse: () => toast(this.words.noPaper, "bad"),
    }, signal);
    this.view.redraw();
    this.painted();
    this.view.scroll.focus({ preventScroll: true });
  }

  painted() {
    this.view.paint();
    this.root.querySelector("[data-total]").textContent = `${this.store.total.toLocaleString("vi-VN")} ${this.words.rows}`;
    this.root.querySelector("[data-empty]").hidden = this.store.total > 0;
    this.view.scroll.setAttribute("aria-rowcount", this.store.total);
    this.tellSelection();
  }

  bindKeys(signal) {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    this.view.scroll.addEventListener("keydown", (event) => {
      if (this.editor.open || event.target !== this.view.scroll) return;
      const { row, col } = this.view.active;
      const control = event.ctrlKey || event.metaKey;
      const go = (r, c) => {
        event.preventDefault();
        this.view.move(r, c, event.shiftKey && event.key !== "Tab");
        this.tellSelection();
      };
      if (steps[event.key]) {
        const [r, c] = steps[event.key];
        const far = 1e7;
        go(control && r ? (r < 0 ? 0 : far) : row + r, control && c ? (c < 0 ? 0 : far) : col + c);
      } else if (event.key === "Tab") {
        // the grid is one stop: Tab leaves it, as the arrows move inside
      } else if (event.key === "Home") go(control ? 0 : row, 0);
      else if (event.key === "End") go(control ? 1e7 : row, 1e7);
      else if (event.key === "PageDown") go(row + this.view.pageRows(), col);
      else if (event.key === "PageUp") go(row - this.view.pageRows(), col);
      else if (event.key === "Enter" && control) this.openRow();
      else if (event.key === "Enter" || event.key === "F2") {
        event.preventDefault();
        this.edit();
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        this.clear();
      } else if (control && event.key.toLowerCase() === "a") {
        event.preventDefault();
        this.view.anchor = { row: 0, col: 0 };
        this.view.move(1e7, 1e7, true);
        this.tellSelection();
      } else if (event.key.length === 1 && !control && !event.altKey) {
        event.preventDefault();
        this.edit(event.key);
      }
    }, { signal });
    document.addEventListener("copy", (event) => this.copy(event), { signal });
    document.addEventListener("paste", (event) => this.paste(event), { signal });
  }

  bindMouse(signal) {
    const place = (event) => {
      const cell = event.target.closest?.(".lg-c[data-col]");
      return cell ? [Number(cell.parentElement.dataset.index), Number(cell.dataset.col)] : null;
    };
    let dragging = false;
    this.view.body.addEventListener("pointerdown", (event) => {
      const at = place(event);
      if (!at || event.button !== 0) return;
      dragging = true;
      this.view.move(...at, event.shiftKey);
      this.tellSelection();
      this.view.scroll.focus({ preventScroll: true });
    }, { signal });
    this.view.body.addEventListener("pointerover", (event) => {
      const at = dragging && place(event);
      if (at) {
        this.view.move(...at, true);
        this.tellSelection();
      }
    }, { signal });
    document.addEventListener("pointerup", () => (dragging = false), { signal });
    this.view.body.addEventListener("dblclick", (event) => place(event) && this.edit(), { signal });
    this.view.scroll.addEventListener("scroll", () => requestAnimationFrame(() => this.view.paint()), { signal, passive: true });
    new ResizeObserver(() => this.view.paint()).observe(this.view.scroll);
    this.view.heads.addEventListener("click", (event) => {
      const head = event.target.closest("[data-column]");
      if (head) this.filters.open(this.view.all.find((c) => c.id === head.dataset.column), head);
    }, { signal });
  }

  bindBar(signal) {
    const bar = (name) => this.root.querySelector(`[data-${name}]`);
    bar("q").addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.refilter({}), 180);
    }, { signal });
    for (const name of ["state", "period", "mine"]) bar(name)?.addEventListener("change", () => this.refilter({}), { signal });
    const list = bar("groups");
    for (const group of this.groups) {
      const label = element("label", "");
      const tick = element("input", "");
      tick.type = "checkbox";
      tick.checked = true;
      tick.addEventListener("change", () => this.showGroup(group.id, tick.checked), { signal });
      label.append(tick, group.name);
      label.dataset.group = group.id;
      list.append(label);
    }
    bar("view").addEventListener("change", (event) => {
      const option = event.target.selectedOptions[0];
      if (option.dataset.definition) this.useView(JSON.parse(option.dataset.definition));
    }, { signal });
    bar("save-view").addEventListener("click", () => this.saveView(), { signal });
    document.querySelectorAll("[data-keeps-query]").forEach((link) => link.addEventListener("click", () => {
      link.href = `${link.href.split("?")[0]}?${new URLSearchParams(this.query())}`;
    }, { signal }));
  }

  query() {
    const value = (name) => this.root.querySelector(`[data-${name}]`)?.value ?? "";
    const asked = { q: value("q"), state: value("state"), period: value("period"), sort: this.view.sort };
    if (this.root.querySelector("[data-mine]").checked) asked.mine = "1";
    if (this.filters.list.length) asked.filters = JSON.stringify(this.filters.list);
    return Object.fromEntries(Object.entries(asked).filter(([, v]) => v));
  }

  async refilter(what) {
    clearTimeout(this.typing); // what is typed is in this question; asked again it would throw the reader back to the top
    if (what.hide) this.shown.delete(what.hide);
    this.filters.close();
    try {
      if (!(await this.store.load(this.query()))) return; // a later question is on its way and will draw its own answer
    } catch (error) {
      this.why(error.message);
      return;
    }
    this.why("");
    this.view.scroll.scrollTop = 0;
    this.view.active.row = this.view.anchor.row = 0;
    this.view.show(this.shown);
    this.painted();
  }

  showGroup(id, on) {
    for (const column of this.view.all) {
      if (column.group !== id || column.type === "number") continue;
      if (on && !column.hidden) this.shown.add(column.id);
      else this.shown.delete(column.id);
    }
    this.view.show(this.shown);
  }

  useView(definition) {
    this.shown = new Set(definition.columns ?? [...this.shown]);
    this.filters.list = definition.filters ?? [];
    this.view.sort = definition.sort ?? "";
    for (const name of ["q", "state", "period"]) {
      const control = this.root.querySelector(`[data-${name}]`);
      if (control) control.value = definition[name] ?? "";
    }
    this.root.querySelector("[data-mine]").checked = definition.mine === "1";
    for (const label of this.root.querySelectorAll("[data-groups] label")) {
      label.querySelector("input").checked = this.view.all.some((c) => c.group === label.dataset.group && this.shown.has(c.id));
    }
    this.filters.draw();
    this.refilter({});
  }

  async saveView() {
    const name = window.prompt(this.words.name);
    if (!name) return;
    const definition = { ...this.query(), filters: this.filters.list, columns: [...this.shown] };
    try {
      const made = await send(this.root.dataset.views, { json: { name, definition } });
      const option = new Option(made.name, made.id, false, true);
      option.dataset.definition = JSON.stringify(definition);
      this.root.querySelector("[data-view]").append(option);
      toast(this.words.saved, "good");
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  edit(initial = null) {
    if (!this.editor.start(initial)) {
      const row = this.store.row(this.view.active.row);
      this.why(row?.s === "struck" ? `${this.words.struck}: ${row.x}` : this.words.locked);
    }
  }

  async post(url, json) {
    const response = await fetch(url, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(json),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    });
    return [response.status, await response.json().catch(() => ({}))];
  }

  async save(row, changes) {
    const url = `${this.root.dataset.entry.replace(/0$/, row.id)}/o`;
    const [status, answer] = await this.post(url, { version: row.v, changes });
    if (status === 200) {
      this.why("");
      this.store.replace(answer.row);
      return "";
    }
    if (status === 409) {
      showBoth(this.root, this.words, answer, async (keepMine) => {
        if (!keepMine) await this.store.load(this.query());
        else await this.save({ ...row, v: answer.version }, changes);
        this.painted();
      });
      return "";
    }
    return answer.problems ? Object.values(answer.problems)[0] : answer.error?.message ?? `${status}`;
  }

  async clear() {
    const { top, bottom, left, right } = this.view.range();
    const rows = [];
    for (let index = top; index <= bottom; index += 1) {
      const row = this.store.row(index);
      if (!row) continue;
      const names = this.view.columns.slice(left, right + 1).filter((c) => !c.locked && row.d[c.id]).map((c) => c.id);
      if (names.length) rows.push({ id: row.id, version: row.v, changes: Object.fromEntries(names.map((n) => [n, ""])) });
    }
    if (rows.length) await this.sendBlock(rows);
  }

  copy(event) {
    if (document.activeElement !== this.view.scroll) return;
    const { top, bottom, left, right } = this.view.range();
    const rows = [];
    for (let index = top; index <= Math.min(bottom, top + 5000); index += 1) {
      const row = this.store.rows.get(index);
      if (row) rows.push(this.view.columns.slice(left, right + 1).map((c) => row.d[c.id] ?? ""));
    }
    event.clipboardData.setData("text/plain", writeBlock(rows));
    event.preventDefault();
  }

  async paste(event) {
    if (document.activeElement !== this.view.scroll) return;
    event.preventDefault();
    const block = parseBlock(event.clipboardData.getData("text/plain"));
    const { top, left } = this.view.range();
    const rows = block.map((cells, i) => {
      const row = this.store.row(top + i);
      const columns = this.view.columns.slice(left, left + cells.length);
      const changes = Object.fromEntries(columns.map((c, k) => [c.id, cells[k]]).filter(([id]) => !this.view.all.find((c) => c.id === id).locked));
      return row ? { id: row.id, version: row.v, changes } : { changes };
    });
    await this.sendBlock(rows.filter((r) => Object.keys(r.changes).length), top, left);
  }

  async sendBlock(rows, top = this.view.range().top) {
    const [status, answer] = await this.post(this.root.dataset.paste, { rows });
    if (status === 200) {
      answer.rows.forEach((row) => this.store.replace(row));
      if (rows.some((r) => !r.id)) await this.store.load(this.query());
      this.painted();
      this.why("");
      toast(this.words.pasted, "good");
    } else if (status === 409) {
      showBoth(this.root, this.words, answer, () => this.refilter({}));
    } else {
      this.why(answer.error?.message ?? `${status}`);
      for (const wrong of answer.problems ?? []) {
        const col = this.view.columns.findIndex((c) => c.id === wrong.field);
        const cell = this.view.cell(top + wrong.row, col);
        cell?.classList.add("wrong");
        if (cell) cell.title = wrong.why;
      }
    }
  }

  openRow() {
    const row = this.store.row(this.view.active.row);
    if (row) window.location.assign(this.root.dataset.entry.replace(/0$/, row.id));
  }

  async attach(paper, row) {
    if (!row) return;
    const body = new FormData();
    body.set("document", paper.document);
    if (paper.page) body.set("first", paper.page);
    try {
      const done = await send(this.root.dataset.attach.replace("/0/", `/${row.id}/`), { body });
      this.store.replace({ ...row, p: done.papers });
      toast(this.words.attached, "good");
    } catch (error) {
      toast(error.message, "bad");
    }
  }

  why(text) {
    this.root.querySelector("[data-why]").textContent = text;
  }

  tellSelection() {
    const { top, bottom, left, right } = this.view.range();
    const cells = (bottom - top + 1) * (right - left + 1);
    let filled = 0;
    let sum = 0;
    let numbers = 0;
    for (let index = top; index <= Math.min(bottom, top + 5000); index += 1) {
      const row = this.store.rows.get(index);
      for (const column of this.view.columns.slice(left, right + 1)) {
        const text = row?.d[column.id] ?? "";
        if (!text) continue;
        filled += 1;
        if (["integer", "money"].includes(column.type)) {
          const value = amount(text);
          if (value !== null) {
            sum += value;
            numbers += 1;
          }
        }
      }
    }
    const parts = cells > 1 ? [`${this.words.count} ${cells.toLocaleString("vi-VN")} ${this.words.cells}`, `${filled.toLocaleString("vi-VN")} ${this.words.filled}`] : [];
    if (numbers > 1) parts.push(`${this.words.sum} ${sum.toLocaleString("vi-VN")}`);
    const mark = this.store.rows.get(this.view.active.row)?.m[this.view.columns[this.view.active.col]?.id];
    this.root.querySelector("[data-selection]").textContent = parts.join(" · ");
    this.why(mark ? mark[1] : "");
  }
}
