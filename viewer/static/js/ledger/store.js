// Rows of a book by their place under the present filters, fetched a page at a time as they come into view.
import { get } from "../request.js";

export class Store {
  constructor(url, start, changed) {
    this.url = url;
    this.size = start.page;
    this.changed = changed;
    this.total = start.total;
    this.query = {};
    this.rows = new Map();
    this.asked = new Set();
    this.turn = 0;
    start.rows.forEach((row, i) => this.rows.set(i, row));
    this.asked.add(0);
  }

  row(index) {
    if (index < 0 || index >= this.total) return null;
    const found = this.rows.get(index);
    if (!found) this.fetchPage(Math.floor(index / this.size));
    return found ?? null;
  }

  async fetchPage(page, withCount = false) {
    if (this.asked.has(page)) return;
    this.asked.add(page);
    const turn = this.turn;
    const parameters = new URLSearchParams({ ...this.query, offset: page * this.size, ...(withCount ? { count: 1 } : {}) });
    try {
      const answer = await get(`${this.url}?${parameters}`);
      if (turn !== this.turn) return;
      answer.rows.forEach((row, i) => this.rows.set(page * this.size + i, row));
      if (answer.total !== null && answer.total !== undefined) this.total = answer.total;
      this.changed();
    } catch (error) {
      this.asked.delete(page);
      throw error;
    }
  }

  /** Ask anew; false when a later question has overtaken this one. */
  async load(query) {
    this.turn += 1;
    const turn = this.turn;
    this.query = query;
    this.rows.clear();
    this.asked.clear();
    await this.fetchPage(0, true);
    return turn === this.turn;
  }

  replace(row) {
    for (const [index, known] of this.rows) {
      if (known.id === row.id) this.rows.set(index, row);
    }
    this.changed();
  }
}
