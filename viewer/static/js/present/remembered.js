// What a presenter's window remembers in the storage of its one tab. A rehearsal remembers nothing: what was shown in it
// the court has not seen, and it begins anew each time.

const NOTHING = { load: () => null, save() {} };

/** A place to keep one value across a reload. */
export function keptValue(name, rehearsal, storage = sessionStorage) {
  return rehearsal ? NOTHING : {
    load: () => JSON.parse(storage.getItem(name) ?? "null"),
    save: (value) => storage.setItem(name, JSON.stringify(value)),
  };
}

/** Whether this window came from a reload rather than being opened anew. */
export function wasReloaded() {
  return performance.getEntriesByType("navigation")[0]?.type === "reload";
}
