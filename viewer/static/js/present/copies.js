// Which presentations' pictures this browser holds, and their end: at log-out, when the presentation was unlocked or the
// right to it ended, and a month after they were last used. The deck and the pages kept for a reload go with them.

import { CACHE, openDatabase, STORE } from "./preload.js";

const LIST = "court-copies";
const CHANNEL = "court-copies";
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const PATIENCE = 400;

function read(storage) {
  return JSON.parse(storage.getItem(LIST) ?? "{}");
}

/** Note that pictures of this presentation, as locked, are being copied or used. */
export function noteUse(storage, presentation, lock, now) {
  storage.setItem(LIST, JSON.stringify({ ...read(storage), [`${presentation}/${lock}`]: now }));
}

/** What is held here and was used within the last month, as "ID/LOCK"; and whether anything is held at all. */
export function held(storage, now) {
  const all = Object.entries(read(storage));
  return { any: all.length > 0, names: all.filter(([, used]) => now - used < KEPT_FOR).map(([name]) => name) };
}

/** Whether a kept page belongs to a presentation none of whose copies stay. */
export function isOrphan(path, names) {
  const found = /^\/court\/(\d+)(?:\/|$)/.exec(path);
  return found !== null && !names.some((name) => name.startsWith(`${found[1]}/`));
}

/** Remove every copy but those of `names`. */
export async function forgetAllBut(names, storage) {
  const database = await openDatabase();
  const transaction = database.transaction(STORE, "readwrite");
  const store = transaction.objectStore(STORE);
  store.openKeyCursor().onsuccess = (event) => {
    const cursor = event.target.result;
    if (!cursor) return;
    if (!names.some((name) => cursor.key.startsWith(`${name}/`))) store.delete(cursor.key);
    cursor.continue();
  };
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
  if (globalThis.caches) {
    const cache = await caches.open(CACHE);
    const requests = await cache.keys();
    await Promise.all(requests.filter((one) => isOrphan(new URL(one.url).pathname, names)).map((one) => cache.delete(one)));
  }
  storage.setItem(LIST, JSON.stringify(Object.fromEntries(Object.entries(read(storage)).filter(([name]) => names.includes(name)))));
}

/** A presenter's window says that it is open, to whoever would take its pictures away. */
export function answerForHearing() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event) => event.data === "anyone?" && channel.postMessage("here");
}

/** Whether a presenter's window is open in this browser. */
export function hearingIsOpen() {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve) => {
    channel.onmessage = (event) => event.data === "here" && resolve(true);
    channel.postMessage("anyone?");
    setTimeout(() => resolve(false), PATIENCE);
  }).finally(() => channel.close());
}
