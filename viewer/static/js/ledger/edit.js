// Editing one cell in its place: the right control for the column, the reason beside the cell when it cannot be taken.
import { element } from "./view.js";

export class Editor {
  constructor(view, people, save) {
    Object.assign(this, { view, people, save, box: null });
  }

  get open() {
    return this.box !== null;
  }

  start(initial = null) {
    const column = this.view.columns[this.view.active.col];
    const row = this.view.store.row(this.view.active.row);
    const cell = this.view.cell();
    if (!row || !cell || column.locked || column.type === "number" || row.s === "struck") return false;
    this.close(false);
    this.row = row;
    this.column = column;
    this.before = row.d[column.id] ?? "";
    this.box = element("div", "lg-edit");
    const body = this.view.body.getBoundingClientRect();
    const place = cell.getBoundingClientRect();
    this.box.style.left = `${place.left - body.left}px`;
    this.box.style.top = `${place.top - body.top}px`;
    this.box.style.width = `${Math.max(place.width, 120)}px`;
    this.control = this.makeControl(column, initial ?? this.before);
    this.box.append(this.control);
    this.view.body.append(this.box);
    this.control.focus();
    if (initial === null && this.control.select) this.control.select();
    this.control.addEventListener("keydown", (event) => this.key(event));
    this.control.addEventListener("blur", () => setTimeout(() => this.open && !this.box.contains(document.activeElement) && this.commit(null), 0));
    return true;
  }

  makeControl(column, value) {
    if (column.type === "choice" || column.type === "yes_no") {
      const select = element("select", "");
      const choices = column.type === "yes_no" ? ["có", "không"] : [...column.choices];
      if (value && !choices.includes(value)) choices.push(value);
      for (const choice of ["", ...choices]) select.append(new Option(choice || "—", choice, false, choice === value));
      return this.named(select, column);
    }
    if (column.type === "long_text" || column.type === "repeat") {
      const area = element("textarea", "");
      area.value = value;
      return this.named(area, column);
    }
    const input = element("input", "");
    input.type = "text";
    input.value = value;
    input.autocomplete = "off";
    if (column.type === "date") input.placeholder = "05/03/2026";
    if (column.type === "person") {
      input.setAttribute("list", "lg-people");
      if (!document.getElementById("lg-people")) {
        const list = element("datalist", "");
        list.id = "lg-people";
        for (const name of this.people) list.append(new Option(name));
        this.view.root.append(list);
      }
    }
    return this.named(input, column);
  }

  named(control, column) {
    control.setAttribute("aria-label", column.name);
    return control;
  }

  key(event) {
    const multi = this.control.tagName === "TEXTAREA";
    if (event.key === "Escape") {
      event.preventDefault();
      this.close(true);
    } else if (event.key === "Enter" && !(multi && event.altKey)) {
      event.preventDefault();
      this.commit(event.shiftKey ? [-1, 0] : [1, 0]);
    } else if (event.key === "Tab") {
      event.preventDefault();
      this.commit(event.shiftKey ? [0, -1] : [0, 1]);
    }
    event.stopPropagation();
  }

  async commit(step) {
    if (!this.box || this.saving) return;
    const value = this.control.value;
    if (value === this.before) {
      this.close(step !== null);
      if (step) this.view.move(this.view.active.row + step[0], this.view.active.col + step[1]);
      return;
    }
    this.saving = true;
    const refusal = await this.save(this.row, { [this.column.id]: value });
    this.saving = false;
    if (refusal) this.refuse(refusal);
    else {
      this.close(step !== null);
      if (step) this.view.move(this.view.active.row + step[0], this.view.active.col + step[1]);
    }
  }

  refuse(why) {
    if (!this.box) return;
    this.box.querySelector(".lg-wrong")?.remove();
    const told = element("div", "lg-wrong");
    told.id = "lg-wrong";
    told.setAttribute("role", "alert");
    told.textContent = why;
    this.control.setAttribute("aria-invalid", "true");
    this.control.setAttribute("aria-describedby", "lg-wrong");
    this.box.append(told);
    this.control.focus();
  }

  close(refocus) {
    this.box?.remove();
    this.box = null;
    if (refocus) this.view.scroll.focus({ preventScroll: true });
  }
}
