// Pictures on this machine: fetched once while the server answers, kept in the browser's own database, decoded shortly
// before they are needed. Both windows use it; the stage never waits for the network if the presenter has preloaded.

const DATABASE = "archive-court";
const STORE = "pictures";

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

  /** Remove everything of every presentation from this machine. */
  async forget() {
    await asPromise(this.store("readwrite").clear());
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

/** A picture scaled to a room, or null without one. Browsers do this beside the page's own work. */
async function fittedPicture(blob, room) {
  if (!room) return null;
  const high = await createImageBitmap(blob, { resizeHeight: room[1], resizeQuality: "high" });
  if (high.width <= room[0]) return high;
  high.close();
  return createImageBitmap(blob, { resizeWidth: room[0], resizeQuality: "high" });
}

/** Decoded pictures, a few at a time; `get` answers at once or not at all. */
export class Pictures {
  /**
   * @param {{blob: (key: string) => Promise<Blob>}} source
   * @param {() => [number, number]|null} fit  room in which a whole picture is usually shown: it is then also kept at
   *   just that size, because scaling while painting costs more than everything else
   */
  constructor(source, onReady, fit = () => null, limit = 10) {
    Object.assign(this, { source, onReady, fit, limit });
    this.decoded = new Map();
    this.pending = new Map();
    this.failed = new Set();
    this.needed = [];
  }

  get(key) {
    return this.decoded.get(key);
  }

  /** Decode these, most urgent first; forget the least recently wanted when there are too many. */
  want(keys) {
    this.needed = keys;
    for (const key of keys) {
      const picture = this.decoded.get(key);
      if (picture) {
        this.decoded.delete(key);
        this.decoded.set(key, picture);
      } else if (!this.pending.has(key)) {
        this.pending.set(key, this.decode(key));
      }
    }
    this.trim();
  }

  async decode(key) {
    try {
      const blob = await this.source.blob(key);
      const fitted = await fittedPicture(blob, this.fit());
      // The fitted picture is enough to begin with; the whole one, for zooming in, follows.
      if (fitted) this.bring(key, { image: fitted, fitted, width: fitted.width, height: fitted.height });
      const image = await createImageBitmap(blob);
      this.bring(key, { image, fitted, width: image.width, height: image.height });
      this.failed.delete(key);
    } catch {
      this.failed.add(key);
      this.onReady(key);
    } finally {
      this.pending.delete(key);
    }
    this.trim();
  }

  bring(key, picture) {
    this.decoded.set(key, picture);
    this.onReady(key);
  }

  /** Try again what failed (the key of a protected folder has come). */
  retry() {
    this.failed.clear();
    this.want(this.needed);
  }

  /** The room has changed: decode again what is needed, at the new size. */
  refit() {
    for (const picture of this.decoded.values()) {
      picture.image.close();
      picture.fitted?.close();
    }
    this.decoded.clear();
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
