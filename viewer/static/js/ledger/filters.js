// The pop-up of a column head: sort, filter, hide; and the chips that show what is filtered.
import { element } from "./view.js";

const RANGED = new Set(["date", "moment", "integer", "money", "number"]);

export class Filters {
  constructor(root, view, words, apply) {
    Object.assign(this, { root, view, words, apply, list: [], pop: null });
    this.chips = root.querySelector("[data-chips]");
    document.addEventListener("pointerdown", (event) => {
      if (this.pop && !this.pop.contains(event.target) && !event.target.closest(".lg-h")) this.close();
    });
  }

  open(column, head) {
    this.close();
    const pop = element("div", "lg-pop");
    pop.setAttribute("role", "dialog");
    pop.setAttribute("aria-label", column.name);
    const place = head.getBoundingClientRect();
    pop.style.left = `${Math.min(place.left, window.innerWidth - 290)}px`;
    pop.style.top = `${place.bottom + 2}px`;
    pop.append(this.button(this.words.asc, () => this.sort(column.id)), this.button(this.words.desc, () => this.sort(`-${column.id}`)));
    pop.append(...this.controls(column));
    pop.append(this.button(this.words.hide, () => this.apply({ hide: column.id })));
    pop.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.close();
        this.view.scroll.focus();
      }
    });
    this.root.append(pop);
    this.pop = pop;
    pop.querySelector("input, select, button")?.focus();
  }

  controls(column) {
    const known = (operation) => this.list.find((f) => f.field === column.id && f.operation === operation)?.value ?? "";
    const made = [];
    const read = [];
    const option = element("select", "");
    option.setAttribute("aria-label", column.name);
    for (const [value, label] of [["", "—"], ["empty", this.words.empty], ["filled", this.words.filledOp]]) option.append(new Option(label, value));
    if (this.list.some((f) => f.field === column.id && f.operation === "empty")) option.value = "empty";
    if (this.list.some((f) => f.field === column.id && f.operation === "filled")) option.value = "filled";
    if (column.type === "choice" || column.type === "yes_no") {
      const box = element("div", "options");
      const chosen = new Set([].concat(known("any") || []));
      for (const choice of column.type === "yes_no" ? ["có", "không"] : column.choices) {
        const label = element("label", "check");
        const tick = element("input", "");
        tick.type = "checkbox";
        tick.value = choice;
        tick.checked = chosen.has(choice);
        label.append(tick, choice);
        box.append(label);
      }
      made.push(box);
      read.push(() => {
        const value = [...box.querySelectorAll("input:checked")].map((x) => x.value);
        return value.length ? [{ field: column.id, operation: "any", value }] : [];
      });
    } else {
      for (const operation of RANGED.has(column.type) ? ["from", "to"] : ["contains"]) {
        const input = element("input", "");
        input.type = "text";
        input.placeholder = this.words[operation];
        input.setAttribute("aria-label", `${column.name}: ${this.words[operation]}`);
        input.value = known(operation);
        input.addEventListener("keydown", (event) => event.key === "Enter" && this.take(column, read, option));
        made.push(input);
        read.push(() => (input.value.trim() ? [{ field: column.id, operation, value: input.value.trim() }] : []));
      }
    }
    const go = this.button(this.words.apply, () => this.take(column, read, option));
    go.classList.add("btn-primary");
    return [...made, option, go, this.button(this.words.clear, () => this.remove(column.id))];
  }

  take(column, read, option) {
    const fresh = read.flatMap((f) => f());
    if (option.value) fresh.push({ field: column.id, operation: option.value, value: "" });
    this.list = [...this.list.filter((f) => f.field !== column.id), ...fresh];
    this.done();
  }

  remove(id) {
    this.list = this.list.filter((f) => f.field !== id);
    this.done();
  }

  sort(order) {
    this.view.sort = order;
    this.done();
  }

  done() {
    this.close();
    this.draw();
    this.apply({});
  }

  draw() {
    this.view.filtered = new Set(this.list.map((f) => f.field));
    this.chips.replaceChildren(
      ...[...this.view.filtered].map((id) => {
        const parts = this.list.filter((f) => f.field === id).map((f) => `${this.words[f.operation === "filled" ? "filledOp" : f.operation] ?? ""} ${[].concat(f.value).join(", ")}`.trim());
        const chip = element("button", "");
        chip.type = "button";
        chip.textContent = `${this.view.all.find((c) => c.id === id)?.name ?? id}: ${parts.join("; ")} ✕`;
        chip.title = this.words.clear;
        chip.addEventListener("click", () => this.remove(id));
        return chip;
      }),
    );
  }

  button(label, act) {
    const made = element("button", "btn btn-small");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  close() {
    this.pop?.remove();
    this.pop = null;
  }
}
