// What was shown, when (nhật ký trình chiếu): kept on this machine until the archive has it.

/** Entries of one presentation, in the browser's storage. */
export class ShownLog {
  /** @param {Storage} storage @param {string} presentation @param {() => number} clock milliseconds since 1970 */
  constructor(storage, presentation, clock, newId) {
    Object.assign(this, { storage, clock, newId });
    this.name = `court-log-${presentation}`;
    this.last = null;
  }

  waiting() {
    return JSON.parse(this.storage.getItem(this.name) ?? "[]");
  }

  /** Note what the court sees now; the same thing again is noted once. */
  note(kind, view) {
    const sign = `${kind} ${view?.publication ?? ""}`;
    if (sign === this.last) return null;
    this.last = sign;
    const entry = {
      id: this.newId(), at: new Date(this.clock()).toISOString(), kind, label: view?.label || view?.clip?.name || "",
      pictures: (view?.panes ?? []).map((pane) => pane.key), title: view?.text?.title ?? "",
    };
    this.storage.setItem(this.name, JSON.stringify([...this.waiting(), entry]));
    return entry;
  }

  /** Forget the entries the archive has taken. */
  taken(ids) {
    const left = this.waiting().filter((entry) => !ids.includes(entry.id));
    this.storage.setItem(this.name, JSON.stringify(left));
  }

  /** Hand the entries to `send`, which resolves to the ids taken; a failure leaves them for the next time. */
  async deliver(send) {
    const waiting = this.waiting();
    if (!waiting.length) return 0;
    try {
      this.taken(await send(waiting));
    } catch {
      return this.waiting().length;
    }
    return this.waiting().length;
  }
}

/** A random id also where crypto.randomUUID is missing (plain http by a LAN name). */
export function randomId(random = crypto) {
  return [...random.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
