// What can stand on the stage: a view, made from a cue or from a page of the case. Pure.

/**
 * @typedef {{type: string, box: number[], layer?: string}} Mark  box in fractions of the upright page
 * @typedef {{key: string, region: number[]|null, marks: Mark[]}} Pane  one picture of a view
 * @typedef {{id: string, kind: string, rule: string, label: string, panes: Pane[], text: object|null, clip: object|null}} View
 */

export const VIEW_KINDS = ["picture", "pair", "text", "clip"];

/** The redactions laid on a picture anywhere in this presentation: covered once is covered everywhere. */
export function redactionsOf(deck, key) {
  return ((deck.redactions ?? {})[key] ?? []).map((box) => ({ type: "redaction", box }));
}

function pane(deck, key, region, marks) {
  const own = (marks ?? []).filter((mark) => mark.type !== "redaction");
  const covered = (marks ?? []).filter((mark) => mark.type === "redaction");
  return { key, region: region ?? null, marks: [...own, ...covered, ...redactionsOf(deck, key)] };
}

/** The view of a prepared cue. A cue whose page may never be shown gives null. */
export function cueView(deck, cue) {
  if (!cue || cue.rule === "never") return null;
  return {
    id: `cue:${cue.id}`,
    kind: cue.kind,
    // whatever had to be asked about a prepared cue was asked when the presentation was locked
    rule: "allow",
    label: cue.label ?? "",
    panes: (cue.panes ?? []).map((one) => pane(deck, one.key, one.region, one.marks)),
    text: cue.text ?? null,
    clip: cue.clip ?? null,
  };
}

/** The view of a page of the case, as recall finds it. A page not in the deck, or never to be shown, gives null. */
export function pageView(deck, key) {
  const page = (deck.pageByKey ?? indexPages(deck)).get(key);
  if (!page || page.rule === "never") return null;
  return {
    id: `page:${key}`, kind: "picture", rule: page.rule, label: page.label,
    panes: [pane(deck, key, null, [])], text: null, clip: null,
  };
}

/** Two views next to each other; null unless both are single pictures. */
export function pairView(left, right) {
  if (!left || !right || left.kind !== "picture" || right.kind !== "picture") return null;
  return {
    id: `pair:${left.id}+${right.id}`, kind: "pair",
    rule: left.rule === "ask" || right.rule === "ask" ? "ask" : "allow",
    label: [left.label, right.label].filter(Boolean).join("  |  "),
    panes: [left.panes[0], right.panes[0]], text: null, clip: null,
  };
}

/** Pages by key, made once and kept on the deck. */
export function indexPages(deck) {
  if (!deck.pageByKey) {
    Object.defineProperty(deck, "pageByKey", { value: new Map((deck.pages ?? []).map((p) => [p.key, p])) });
  }
  return deck.pageByKey;
}

/** All cues in the order they are walked through. */
export function flatCues(deck) {
  if (!deck.flatCues) {
    const cues = (deck.situations ?? []).flatMap((situation) => situation.cues);
    Object.defineProperty(deck, "flatCues", { value: cues });
  }
  return deck.flatCues;
}

/** The page before or after `key` in the same document, or null. */
export function neighbourPage(deck, key, step) {
  const page = indexPages(deck).get(key);
  const document = page && (deck.documents ?? []).find((one) => one.id === page.document);
  if (!document) return null;
  const at = document.pages.indexOf(key);
  return at < 0 ? null : document.pages[at + step] ?? null;
}

/** Every picture a view needs before it can be painted. */
export function keysOf(view) {
  return view ? view.panes.map((one) => one.key) : [];
}
