// The list of situations and cues at the presenter's left, the question and notes, and the running text.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** The list; `onChoose(index)` brings a cue to the preview. */
export class Outline {
  constructor(root, deck, onChoose) {
    this.root = root;
    this.items = [];
    let index = 0;
    for (const situation of deck.situations) {
      const block = element("section", "situation");
      block.append(element("h2", "", situation.title));
      if (situation.notes) block.append(element("p", "situation-notes", situation.notes));
      const list = element("ol", "cues");
      list.start = index + 1;
      for (const cue of situation.cues) {
        const at = index;
        const button = element("button", "cue");
        button.type = "button";
        button.tabIndex = -1;
        button.append(element("b", "", String(at + 1)), element("span", "", cue.name));
        button.addEventListener("click", () => { onChoose(at); button.blur(); });
        const item = element("li");
        item.append(button);
        list.append(item);
        this.items.push(button);
        index += 1;
      }
      block.append(list);
      root.append(block);
    }
  }

  /** Mark where the preview and the stage are. */
  show(state) {
    const staged = state.stagedCue;
    if (this.staged === staged && this.shown === state.shownCue && this.black === state.black) return;
    Object.assign(this, { staged, shown: state.shownCue, black: state.black });
    this.items.forEach((button, at) => {
      button.classList.toggle("is-staged", at === staged);
      button.classList.toggle("is-shown", at === state.shownCue && !state.black);
      button.classList.toggle("was-shown", state.published.includes(`cue:${button.dataset.cue}`));
      if (at === staged) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    });
    this.items[staged]?.scrollIntoView({ block: "nearest" });
  }

  /** Give each button the id of its cue, so that what was shown already can be told. */
  name(cues) {
    this.items.forEach((button, at) => { button.dataset.cue = cues[at].id; });
  }
}

/** The running text (luận tội) with its citations as buttons. */
export function showSpeech(root, segments, onChoose) {
  root.replaceChildren(...segments.map((segment) => {
    if (segment.cue === null || segment.cue === undefined) return document.createTextNode(segment.text);
    const link = element("button", "citation", segment.text);
    link.type = "button";
    link.tabIndex = -1;
    link.addEventListener("click", () => { onChoose(segment.cue); link.blur(); });
    return link;
  }));
}

/** Clock, and the time since the first picture was shown against the limit; it goes on across a reload. */
export class Timer {
  /** @param {{load: () => object|null, save: (times: object) => void}} kept  where the times outlive the window's page */
  constructor(clock, button, minutes, kept, now = () => Date.now()) {
    Object.assign(this, { clock, said: button, button: button.closest("button"), minutes, kept, now, since: null, spent: 0 });
    Object.assign(this, kept.load() ?? {});
    this.button.addEventListener("click", () => { this.toggle(); this.button.blur(); });
    setInterval(() => this.show(), 500);
    this.show();
  }

  start() {
    if (this.since === null && this.spent === 0) this.toggle();
  }

  toggle() {
    if (this.since === null) {
      this.since = this.now();
    } else {
      this.spent += this.now() - this.since;
      this.since = null;
    }
    this.kept.save({ since: this.since, spent: this.spent });
    this.show();
  }

  get seconds() {
    return Math.floor((this.spent + (this.since === null ? 0 : this.now() - this.since)) / 1000);
  }

  show() {
    const time = new Date(this.now());
    this.clock.textContent = `${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
    const s = this.seconds;
    this.said.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")} / ${this.minutes}:00`;
    this.button.dataset.over = String(s > this.minutes * 60);
    this.button.setAttribute("aria-pressed", String(this.since !== null));
  }
}
