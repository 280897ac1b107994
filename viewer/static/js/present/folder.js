// Pictures and deck of a court folder: base64 in scripts beside the page, maybe encrypted, always checked by hash.

/** Receives what the folder's scripts bring; `window.courtFolder` while the page lives. */
export class FolderShelf {
  constructor() {
    this.waiting = new Map();
    this.loading = new Map();
    this.known = null;
  }

  facts(known) {
    this.known = known;
  }

  put(name, text) {
    this.waiting.get(name)?.(text);
  }

  /** What one piece brings. The check and the preview may want the same piece at once: it is then read once for both. */
  load(name, ownName = `${name}.js`) {
    if (!this.loading.has(name)) {
      this.loading.set(name, this.run(name, ownName).finally(() => this.loading.delete(name)));
    }
    return this.loading.get(name);
  }

  /** Run the script of one piece and take what it brings. */
  run(name, ownName) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      this.waiting.set(name, resolve);
      script.src = `tep/${ownName}`;
      script.onerror = () => reject(new Error(name));
      script.onload = () => { this.waiting.delete(name); script.remove(); resolve(null); };
      document.head.append(script);
    });
  }
}

function fromBase64(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at);
  return bytes;
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Key of a protected folder from its password; cannot be read out of the browser again. */
export async function deriveKey(password, { salt, iterations }) {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(password.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: fromBase64(salt), iterations }, material,
    { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
}

/** A court folder as a source of pictures. What was read once and found right stays in memory. */
export class FolderSource {
  constructor(shelf, keep) {
    Object.assign(this, { shelf, keep, secret: null, kept: new Map() });
  }

  get sealed() {
    return this.shelf.known.protection !== null;
  }

  async piece(name) {
    const text = await this.shelf.load(name);
    if (text === null) throw new Error(name);
    const bytes = fromBase64(text);
    if (!this.sealed) return bytes;
    const plain = { name: "AES-GCM", iv: bytes.subarray(0, 12), additionalData: new TextEncoder().encode(name) };
    return new Uint8Array(await crypto.subtle.decrypt(plain, this.secret, bytes.subarray(12)));
  }

  async checked(name, pieces, sha256, type) {
    const parts = [];
    for (let number = 0; number < pieces; number += 1) parts.push(await this.piece(`${name}-${number}`));
    const blob = new Blob(parts, { type });
    // Decrypting has proved a protected piece already; its hash is not written down.
    if (this.sealed) return blob;
    const found = hex(await crypto.subtle.digest("SHA-256", parts.length === 1 ? parts[0] : await blob.arrayBuffer()));
    if (found !== sha256) throw new Error(`${name} is not what was exported`);
    return blob;
  }

  async blob(key) {
    if (this.kept.has(key)) return this.kept.get(key);
    const known = this.shelf.known.pictures[key];
    if (!known) throw new Error(`${key} is not in this folder`);
    const blob = await this.checked(key, known.pieces, known.sha256, known.type);
    if (this.keep) this.kept.set(key, blob);
    return blob;
  }

  async deck() {
    const blob = await this.checked("deck", 1, this.shelf.known.deck, "application/json");
    return JSON.parse(await blob.text());
  }
}
