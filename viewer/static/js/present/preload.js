// Pictures on this machine: fetched once while the server answers, kept in the browser's own database, decoded shortly
// before they are needed. Both windows use it; the stage never waits for the network if the presenter has preloaded.

const DATABASE = "archive-court";
export const STORE = "pictures";
/** Pages kept for a reload without the server; the service worker (a script of its own) knows it by the same name. */
export const CACHE = "archive-court";

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Open the browser's database of court pictures. */
export function openDatabase(factory = indexedDB) {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return asPromise(request);
}

/** Pictures of one locked presentation, from the browser's database or, failing that, the server. */
export class ServerSource {
  /** @param {{presentation: string, lock: string, url: string}} place  `url` ends before the picture's key */
  constructor(place, database) {
    Object.assign(this, place);
    this.database = database;
  }

  name(key) {
    return `${this.presentation}/${this.lock}/${key}`;
  }

  store(mode) {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }

  async kept() {
    const all = await asPromise(this.store("readonly").getAllKeys());
    const prefix = this.name("");
    return new Set(all.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length)));
  }

  async blob(key) {
    const kept = await asPromise(this.store("readonly").get(this.name(key)));
    return kept ?? this.fetch(key);
  }

  async fetch(key) {
    const answer = await fetch(this.url + encodeURIComponent(key), { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(`picture ${key}: ${answer.status}`);
    const blob = await answer.blob();
    await asPromise(this.store("readwrite").put(blob, this.name(key)));
    return blob;
  }
}

/**
 * Bring every picture to this machine, cues first.
 * @param {(done: number, all: number, failed: string[]) => void} onProgress
 * @returns {Promise<string[]>} keys that could not be fetched
 */
export async function preload(source, keys, onProgress, lanes = 4) {
  const kept = await source.kept();
  const missing = keys.filter((key) => !kept.has(key));
  let done = keys.length - missing.length;
  const failed = [];
  onProgress(done, keys.length, failed);
  const work = missing[Symbol.iterator]();
  async function lane() {
    for (const key of work) {
      try {
        await source.fetch(key);
        done += 1;
      } catch {
        failed.push(key);
      }
      onProgress(done, keys.length, failed);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}

/** How many pictures are decoded at a time for later; more would only slow down the one that is needed now. */
const LANES = 2;

/** Size at which a picture just fits into a room of `[width, height]`. */
function fitting(image, [width, height]) {
  const scale = Math.min(width / image.width, height / image.height);
  return { resizeWidth: Math.round(image.width * scale), resizeHeight: Math.round(image.height * scale), resizeQuality: "high" };
}

/** Decoded pictures, a few at a time; `get` answers at once or not at all. */
export class Pictures {
  /**
   * @param {{blob: (key: string) => Promise<Blob>}} source
   * @param {(key: string) => void} onReady
   * @param {() => [number, number]|null} fit  room in which a whole picture is usually shown: what is prepared is then
   *   also kept at just that size, because without a graphics processor scaling while painting costs more than all else
   */
  constructor(source, onReady, fit = () => null, limit = 12) {
    Object.assign(this, { source, onReady, fit, limit });
    this.decoded = new Map();
    this.pending = new Set();
    this.failed = new Set();
    this.needed = [];
    this.isFitting = false;
  }

  get(key) {
    return this.decoded.get(key);
  }

  /** Decode these, most urgent first; what failed is tried again; the least recently wanted are forgotten. */
  want(keys) {
    this.needed = keys;
    for (const key of keys) {
      const picture = this.decoded.get(key);
      if (!picture) continue;
      this.decoded.delete(key);
      this.decoded.set(key, picture);
    }
    this.work(keys);
    this.trim();
  }

  /** The most urgent missing one begins at once, the others as lanes are free; when all are there, they are fitted. */
  work(keys) {
    const missing = keys.filter((key) => !this.decoded.has(key) && !this.pending.has(key));
    for (const [at, key] of missing.entries()) {
      if (at > 0 && this.pending.size >= LANES) return;
      this.pending.add(key);
      this.decode(key);
    }
    if (!this.pending.size) this.fitNext();
  }

  async decode(key) {
    try {
      const image = await createImageBitmap(await this.source.blob(key));
      this.decoded.set(key, { image, width: image.width, height: image.height });
      this.failed.delete(key);
    } catch {
      this.failed.add(key);
    }
    this.pending.delete(key);
    this.onReady(key);
    this.trim();
    if (this.pending.size < LANES) this.work(this.needed.filter((one) => !this.failed.has(one)));
  }

  /** What is painted already stays as it is painted: the fitted picture is for the next time. */
  async fitNext() {
    const room = this.fit();
    const key = room && !this.isFitting ? this.needed.find((one) => this.decoded.has(one) && !this.decoded.get(one).fitted) : undefined;
    if (key === undefined) return;
    this.isFitting = true;
    const picture = this.decoded.get(key);
    picture.fitted = await createImageBitmap(picture.image, fitting(picture.image, room)).catch(() => picture.image);
    this.isFitting = false;
    if (this.decoded.get(key) !== picture) picture.fitted.close();
    if (!this.pending.size) this.fitNext();
  }

  /** Try again what failed (the key of a protected folder has come). */
  retry() {
    this.failed.clear();
    this.want(this.needed);
  }

  /** The room has changed: fit anew. */
  refit() {
    for (const picture of this.decoded.values()) {
      if (picture.fitted !== picture.image) picture.fitted?.close();
      picture.fitted = undefined;
    }
    this.want(this.needed);
  }

  trim() {
    for (const [key, picture] of this.decoded) {
      if (this.decoded.size <= this.limit) return;
      if (this.needed.includes(key)) continue;
      this.decoded.delete(key);
      picture.image.close();
      picture.fitted?.close();
    }
  }
}
