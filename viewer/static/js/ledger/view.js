// Draws the part of the grid that is in view: heads, rows, cells, what is selected. Knows nothing of editing.
const ROW = 32;
const MARGIN = 8;
const OPEN_WIDTH = 74;

export class View {
  constructor(root, columns, groups, frozen, store, words) {
    Object.assign(this, { root, groups, frozen, store, words });
    this.scroll = root.querySelector("[data-scroll]");
    this.heads = root.querySelector("[data-heads]");
    this.body = root.querySelector("[data-body]");
    this.all = columns;
    this.active = { row: 0, col: 0 };
    this.anchor = { row: 0, col: 0 };
    this.sort = "";
    this.filtered = new Set();
    this.drawn = new Map();
    this.columns = columns.filter((c) => !c.hidden);
  }

  show(columnIds) {
    this.columns = this.all.filter((c) => columnIds.has(c.id));
    this.active.col = Math.min(this.active.col, this.columns.length - 1);
    this.anchor = { ...this.active };
    this.redraw();
  }

  lefts() {
    let left = OPEN_WIDTH;
    return this.columns.map((c) => (left += c.width) - c.width);
  }

  redraw() {
    this.drawHeads();
    this.drawn.clear();
    this.body.replaceChildren();
    this.paint();
  }

  drawHeads() {
    const lefts = this.lefts();
    const top = element("div", "lg-line");
    const line = element("div", "lg-line");
    line.setAttribute("role", "row");
    // the band of group names is for the eye; each head carries its own name
    top.setAttribute("aria-hidden", "true");
    top.append(this.fixed(element("div", "lg-h group fixed"), 0, OPEN_WIDTH));
    const corner = this.fixed(element("div", "lg-h fixed"), 0, OPEN_WIDTH);
    corner.setAttribute("role", "columnheader");
    corner.setAttribute("aria-label", this.words.open);
    line.append(corner);
    let band = null;
    this.columns.forEach((column, i) => {
      const isFixed = i < this.frozen;
      const name = this.groups.find((g) => g.id === column.group)?.name ?? "";
      if (!band || band.name !== name || band.fixed !== isFixed) {
        band = { name, fixed: isFixed, width: 0, box: element("div", `lg-h group ${isFixed ? "fixed" : ""}`) };
        band.box.textContent = name;
        band.left = lefts[i];
        top.append(band.box);
      }
      band.width += column.width;
      band.box.style.width = `${band.width}px`;
      if (isFixed) band.box.style.left = `${band.left}px`;
      const head = element("button", `lg-h ${isFixed ? "fixed" : ""} ${this.filtered.has(column.id) ? "filtered" : ""}`);
      head.type = "button";
      head.tabIndex = -1;
      head.textContent = column.name + (column.required ? " *" : "");
      head.title = column.name;
      head.dataset.column = column.id;
      head.setAttribute("role", "columnheader");
      if (this.sort.replace("-", "") === column.id) head.dataset.sort = this.sort.startsWith("-") ? "-" : "+";
      if (i === this.frozen - 1) head.classList.add("last-fixed");
      head.style.width = `${column.width}px`;
      if (isFixed) head.style.left = `${lefts[i]}px`;
      line.append(head);
    });
    this.heads.replaceChildren(top, line);
  }

  fixed(box, left, width) {
    box.style.left = `${left}px`;
    box.style.width = `${width}px`;
    return box;
  }

  paint() {
    this.body.style.height = `${Math.max(this.store.total, 1) * ROW}px`;
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / ROW) - MARGIN);
    const last = Math.min(this.store.total - 1, first + Math.ceil(this.scroll.clientHeight / ROW) + 2 * MARGIN);
    for (const [index, line] of this.drawn) {
      if (index < first || index > last || line.row !== this.store.rows.get(index)) {
        line.box.remove();
        this.drawn.delete(index);
      }
    }
    for (let index = first; index <= last; index += 1) {
      if (!this.drawn.has(index)) {
        const row = this.store.row(index);
        const box = this.drawRow(index, row);
        this.drawn.set(index, { box, row: row ?? undefined });
        this.body.append(box);
      }
    }
    this.markSelection();
  }

  drawRow(index, row) {
    const box = element("div", `lg-row ${index % 2 ? "alt" : ""} ${row?.s === "struck" ? "struck" : ""}`);
    box.style.top = `${index * ROW}px`;
    box.dataset.index = index;
    box.setAttribute("role", "row");
    box.setAttribute("aria-rowindex", index + 1);
    const open = this.fixed(element("div", "lg-c lg-open fixed"), 0, OPEN_WIDTH);
    open.setAttribute("role", "gridcell");
    if (row) {
      const dot = element("span", `lg-dot ${row.s}`);
      const link = element("a", "");
      link.href = this.root.dataset.entry.replace(/0$/, row.id);
      link.textContent = row.p ? `📎 ${row.p}` : "↗";
      link.title = row.p ? `${row.p} ${this.words.papers}` : this.words.open;
      link.setAttribute("aria-label", `${this.words.open} ${Object.values(row.d)[0] ?? ""}`);
      link.tabIndex = -1;
      open.append(dot, link);
      if (row.f.length) open.title = row.f.join("; ");
    }
    box.append(open);
    const lefts = this.lefts();
    this.columns.forEach((column, i) => box.append(this.drawCell(column, i, row, lefts[i])));
    return box;
  }

  drawCell(column, i, row, left) {
    const mark = row?.m[column.id];
    const number = ["integer", "money", "number"].includes(column.type) ? "num" : "";
    const cell = element("div", `lg-c ${number} ${mark ? mark[0] : ""} ${column.locked ? "locked" : ""}`);
    cell.style.width = `${column.width}px`;
    cell.dataset.col = i;
    cell.setAttribute("role", "gridcell");
    if (i < this.frozen) {
      cell.classList.add("fixed");
      cell.style.left = `${left}px`;
      if (i === this.frozen - 1) cell.classList.add("last-fixed");
    }
    const text = row?.d[column.id] ?? "";
    cell.textContent = text.replaceAll("\n", " · ");
    if (mark) cell.title = mark[1];
    else if (text.length > column.width / 8) cell.title = text;
    return cell;
  }

  range() {
    return {
      top: Math.min(this.active.row, this.anchor.row), bottom: Math.max(this.active.row, this.anchor.row),
      left: Math.min(this.active.col, this.anchor.col), right: Math.max(this.active.col, this.anchor.col),
    };
  }

  markSelection() {
    const { top, bottom, left, right } = this.range();
    for (const [index, line] of this.drawn) {
      for (const cell of line.box.children) {
        const col = Number(cell.dataset.col ?? -1);
        const inside = col >= 0 && index >= top && index <= bottom && col >= left && col <= right;
        cell.classList.toggle("sel", inside && (top !== bottom || left !== right));
        const isActive = index === this.active.row && col === this.active.col;
        cell.classList.toggle("active", isActive);
        cell.toggleAttribute("aria-selected", inside);
        if (isActive) {
          cell.id = "lg-active";
          this.scroll.setAttribute("aria-activedescendant", "lg-active");
        } else if (cell.id) cell.removeAttribute("id");
      }
    }
  }

  move(row, col, extend = false) {
    this.active = {
      row: Math.max(0, Math.min(row, this.store.total - 1)), col: Math.max(0, Math.min(col, this.columns.length - 1)),
    };
    if (!extend) this.anchor = { ...this.active };
    this.reveal();
    this.paint();
  }

  reveal() {
    const top = this.active.row * ROW;
    const headHeight = this.heads.offsetHeight;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    const room = this.scroll.clientHeight - headHeight;
    if (top + ROW > this.scroll.scrollTop + room) this.scroll.scrollTop = top + ROW - room;
    if (this.active.col < this.frozen) return;
    const lefts = this.lefts();
    const left = lefts[this.active.col];
    const fixedWidth = lefts[this.frozen] ?? OPEN_WIDTH;
    if (left - fixedWidth < this.scroll.scrollLeft) this.scroll.scrollLeft = left - fixedWidth;
    const right = left + this.columns[this.active.col].width;
    if (right > this.scroll.scrollLeft + this.scroll.clientWidth) this.scroll.scrollLeft = right - this.scroll.clientWidth;
  }

  cell(row = this.active.row, col = this.active.col) {
    return this.drawn.get(row)?.box.querySelector(`[data-col="${col}"]`) ?? null;
  }

  pageRows() {
    return Math.max(1, Math.floor((this.scroll.clientHeight - this.heads.offsetHeight) / ROW) - 1);
  }
}

export function element(tag, classes) {
  const made = document.createElement(tag);
  if (classes) made.className = classes.trim().replace(/\s+/g, " ");
  return made;
}
