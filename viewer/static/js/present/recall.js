// Finding a page by what is typed in court: a bút lục number, a volume and a number, a document number, or words. Pure.

const VOLUME = /^(?:t(?:ap|aapj|a65p)?\.?)\s*(\d{1,3})\s*[,;:]?\s*(?:bl\.?|so)?\s*(\d{1,5}[a-z]{0,2})?$/;
const NUMBER = /^(?:(?:bl|but luc|buts lucj)\.?\s*)?0*(\d{1,5})\s*([a-z]{0,2})(?:\s*[-–]\s*\d{1,5}[a-z]{0,2})?$/;

/** Letters without marks and case: "Đặng" → "dang". */
export function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
}

/** Key of a bút lục number: "045A" and "45a" are the same. */
export function numberKey(text) {
  const found = /^0*(\d+)\s*([a-z]*)$/.exec(fold(String(text)).trim());
  return found ? `${found[1]}${found[2]}` : fold(String(text)).trim();
}

/** Key of a document's number: "Số 12/KLGĐ-PC09" and "12 klgđ pc09" are the same. */
export function documentKey(text) {
  return fold(text).replace(/^\s*so\b\s*[:.]?/, "").replace(/[^a-z0-9]+/g, "");
}

/** What was asked for: `{kind: "number", volume, number}`, `{kind: "volume", volume}` or `{kind: "words", words}`. */
export function parse(text) {
  const plain = fold(text).trim().replace(/\s+/g, " ");
  if (!plain) return { kind: "nothing" };
  const volume = VOLUME.exec(plain);
  if (volume) {
    return volume[2] ? { kind: "number", volume: numberKey(volume[1]), number: numberKey(volume[2]) }
      : { kind: "volume", volume: numberKey(volume[1]) };
  }
  const number = NUMBER.exec(plain);
  return number ? { kind: "number", volume: null, number: number[1] + number[2] } : { kind: "words", words: plain };
}

/** Pages that may come up at all; the deck holds no others, this makes sure. */
function allowed(deck) {
  return deck.pages.filter((page) => page.rule !== "never");
}

/** Pages by the key of their number, made once: in court every keystroke asks. */
function numbered(deck) {
  if (!deck.pagesByNumber) {
    const value = new Map();
    for (const page of allowed(deck).filter((one) => one.number !== null)) {
      const key = numberKey(page.number);
      value.set(key, [...(value.get(key) ?? []), page]);
    }
    Object.defineProperty(deck, "pagesByNumber", { value });
  }
  return deck.pagesByNumber;
}

/** "Tập 1 20" also finds BL 20 of a case whose pages were never told apart by volume. */
function byNumber(deck, query) {
  const found = numbered(deck).get(query.number) ?? [];
  const divided = deck.pages.some((page) => page.volume !== null);
  return found.filter((page) => query.volume === null || !divided || (page.volume !== null && numberKey(page.volume) === query.volume));
}

function byDocument(deck, words) {
  const wanted = documentKey(words);
  if (!wanted || !/\d/.test(wanted)) return [];
  const exact = [], partly = [];
  for (const document of deck.documents ?? []) {
    const key = document.number ? documentKey(document.number) : "";
    if (key === wanted) exact.push(document);
    else if (key && key.startsWith(wanted)) partly.push(document);
  }
  const keys = new Set(allowed(deck).map((page) => page.key));
  return [...exact, ...partly].map((document) => document.pages.find((key) => keys.has(key))).filter(Boolean);
}

function score(words, text) {
  let sum = 0;
  for (const word of words) {
    if (!text.includes(word)) return 0;
    sum += new RegExp(`(^|[^a-z0-9])${word.replace(/[^a-z0-9]/g, ".")}([^a-z0-9]|$)`).test(text) ? 3 : 1;
  }
  return text.includes(words.join(" ")) ? sum + 10 : sum;
}

function byWords(deck, words) {
  const parts = words.split(" ");
  const titles = new Map((deck.documents ?? []).map((one) => [one.id, fold(one.title ?? "")]));
  const found = [];
  for (const page of allowed(deck)) {
    const inTitle = score(parts, titles.get(page.document) ?? "");
    const inText = score(parts, page.text ?? "");
    const first = page.first ? 1 : 0;
    if (inTitle || inText) found.push({ key: page.key, points: inTitle * (1 + 2 * first) + inText });
  }
  return found.sort((a, b) => b.points - a.points).map((one) => one.key);
}

/**
 * Keys of the pages asked for, best first. Pages that may never be shown are not in the deck, so are never found.
 * @returns {{kind: string, keys: string[]}} kind "number", "document", "words", "volume" or "nothing"
 */
export function find(deck, text, limit = 30) {
  const query = parse(text);
  if (query.kind === "number") {
    const keys = byNumber(deck, query).map((page) => page.key);
    if (keys.length) return { kind: "number", keys: keys.slice(0, limit) };
    // "45" may also be the number of a document
    return { kind: "document", keys: query.volume === null ? byDocument(deck, text).slice(0, limit) : [] };
  }
  if (query.kind === "volume") {
    const inVolume = allowed(deck).filter((page) => page.volume !== null && numberKey(page.volume) === query.volume);
    return { kind: "volume", keys: inVolume.slice(0, limit).map((page) => page.key) };
  }
  if (query.kind === "nothing") return { kind: "nothing", keys: [] };
  const documents = byDocument(deck, query.words);
  if (documents.length) return { kind: "document", keys: documents.slice(0, limit) };
  return { kind: "words", keys: byWords(deck, query.words).slice(0, limit) };
}
