// The presenter's window: puts state, stage link, lists, keys and tools together. Decides nothing by itself.

import { ToolInHand } from "./canvas_tools.js";
import { newEpoch, openChannel, PresenterLink } from "./channel.js";
import { paint } from "./drawing.js";
import { meaning } from "./keys.js";
import { randomId, ShownLog } from "./log.js";
import { OneScreen } from "./one_screen.js";
import { Outline, showSpeech, Timer } from "./outline.js";
import { Pictures } from "./preload.js";
import { RecallBox } from "./recall_box.js";
import { keptValue, wasReloaded } from "./remembered.js";
import { initial, memory, output, preview, reduce, wanted, working } from "./state.js";
import { StageLink } from "./stage_link.js";
import { flatCues } from "./views.js";

const DELIVER_EVERY = 5000;
/** How long this window lets the stage go first after something was let out, in milliseconds. */
const STAGE_FIRST = 120;
const SIMPLE = {
  publish: { type: "PUBLISH" }, back: { type: "BACK" }, next: { type: "MOVE", step: 1 }, previous: { type: "MOVE", step: -1 },
  "page-next": { type: "TURN", step: 1 }, "page-previous": { type: "TURN", step: -1 }, black: { type: "BLACK" },
  freeze: { type: "FREEZE" }, undo: { type: "UNDO" }, original: { type: "ORIGINAL" }, besides: { type: "BESIDES" },
  layers: { type: "LAYERS" }, clear: { type: "CLEAR" }, "whole-page": { type: "UNZOOM" }, uncover: { type: "UNCOVER" },
};
/** What would paint something of the presenter's over the court's only screen. */
const PAINTS = ["help", "search", "stage-window", "one-screen", "zoom", "highlight", "callout", "redaction"];
const TOOLS = ["pointer", "spotlight", "zoom", "highlight", "callout", "redaction"];

/** The whole presenter's window. */
export class Console {
  /** @param {{deck: object, words: object, source: object, stageUrl: string, apart: boolean, deliver: Function|null, rehearsal: boolean}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.id = parts.deck.presentation.id;
    this.drawn = {};
    this.ahead = null;
    this.remembered = keptValue(`court-state-${this.id}-${parts.deck.presentation.lock}`, this.rehearsal);
    this.state = initial(this.deck, this.remembered.load() ?? undefined);
    this.log = new ShownLog(localStorage, this.id, () => Date.now(), randomId);
    this.pictures = new Pictures(this.source, () => { this.drawn = {}; this.draw(); });
    this.link = new PresenterLink(this.id, newEpoch(localStorage, Date.now()), {
      stage: (ping) => this.stage.heard(ping), painted: (note) => this.painted(note), replaced: () => this.replaced(),
    });
    this.build(document.body);
    this.channel = openChannel(`court-${this.id}`, (message, reply) => {
      if (message?.type === "key" && message.presentation === this.id) this.press(message.event, true);
      else if (message?.type === "key-please" && message.presentation === this.id && this.secret) {
        reply({ type: "unlock", presentation: this.id, key: this.secret });
      } else this.link.receive(message, reply);
    }, { peers: () => (this.stage.window ? [this.stage.window] : []) });
    this.send();
    this.draw();
    if (!this.rehearsal) this.log.note("start", null);
    setInterval(() => this.pulse(), DELIVER_EVERY);
    this.pulse();
  }

  find(name) {
    return document.querySelector(`[data-${name}]`);
  }

  build(root) {
    const { deck, words } = this;
    this.stage = new StageLink(this, this.find("link"));
    this.outline = new Outline(this.find("outline"), deck, (index) => this.dispatch({ type: "GOTO", index }));
    this.outline.name(flatCues(deck));
    this.recall = new RecallBox(root, deck, words, (key) => this.dispatch({ type: "RECALL", key }),
      (key) => { this.ahead = key; this.send(); });
    const times = keptValue(`court-timer-${this.id}`, this.rehearsal);
    if (!wasReloaded()) times.save(null);
    this.timer = new Timer(this.find("clock"), this.find("timer"), deck.presentation.minutes, times);
    this.oneScreen = new OneScreen(this);
    this.tool = new ToolInHand({
      preview: { canvas: this.find("preview"), output: () => preview(this.state) },
      live: { canvas: this.find("mirror"), output: () => this.mirrored() },
    }, deck, (key) => this.pictures.get(key), (action) => this.dispatch(action), () => this.draw());
    this.help = this.find("help");
    showSpeech(this.find("speech"), deck.speech ?? [], (cue) => this.goToCue(cue));
    this.find("speech-box").hidden = !(deck.speech ?? []).length;
    window.addEventListener("resize", () => this.draw());
    document.addEventListener("keydown", (event) => this.press(event, false));
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) { this.act(button.dataset.do); button.blur(); }
    });
  }

  goToCue(id) {
    const index = flatCues(this.deck).findIndex((cue) => cue.id === id);
    if (index >= 0) this.dispatch({ type: "GOTO", index });
  }

  /** A key, pressed here or on the stage (`forwarded`). */
  press(event, forwarded) {
    const own = !forwarded && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (this.help.open && event.code === "Escape") return;
    if (this.oneScreen.key(event)) return;
    if (!own && this.tool.active && !event.ctrlKey && this.tool.key(event)) {
      event.preventDefault?.();
      return;
    }
    const found = meaning(event, own);
    const onButton = !forwarded && ["Enter", "Space"].includes(event.code) && document.activeElement?.matches("button, a, summary");
    if (!found || onButton) return;
    event.preventDefault?.();
    // Enter finishes a number typed on the stage or blindly; a remote's page-down never does.
    const isEnter = event.code === "Enter" || event.code === "NumpadEnter";
    if (isEnter && this.recall.pending) this.recall.submit();
    else if (found.action === "recall") this.recall.type(found.digit, !forwarded && !this.oneScreen.on);
    else this.act(found.action);
  }

  act(name) {
    if (this.oneScreen.on && PAINTS.includes(name)) return undefined;
    if (name in SIMPLE) return this.dispatch(SIMPLE[name]);
    if (TOOLS.includes(name)) return this.takeTool(name);
    if (name === "play") return this.play();
    if (name === "help") return this.help.open ? this.help.close() : this.help.showModal();
    if (name === "search") return this.recall.focus();
    if (name === "stage-window") return this.stage.open();
    if (name === "one-screen") return this.oneScreen.enter();
    if (name === "take-back") return this.takeBack();
    if (name === "cancel") return this.recall.pending ? this.recall.clear() : this.tool.drop();
    return undefined;
  }

  takeTool(name) {
    const live = this.state.shown && !this.state.black && this.state.shown.panes.length;
    if (!live && (name === "pointer" || name === "spotlight")) return this.say("nothing-shown");
    return this.tool.take(name, live ? "live" : "preview");
  }

  play() {
    const at = this.stage.clipAt ?? this.state.clip?.at;
    this.dispatch(this.state.clip?.playing ? { type: "PAUSE", at } : { type: "PLAY", at });
  }

  dispatch(action) {
    this.ahead = null;
    const before = this.state.publication;
    this.state = reduce(this.state, action, this.deck);
    this.send();
    if (this.state.publication > before) {
      this.timer.start();
      if (this.tool.active) this.tool.drop();
    }
    this.remembered.save(memory(this.state));
    // The machine's time belongs to the court's screen first; when that has painted, or is late, this window follows.
    if (this.state.publication > before && this.stage.alive) setTimeout(() => this.draw(), STAGE_FIRST);
    else this.draw();
  }

  send() {
    // A page being asked for is decoded in both windows while its number is still being typed; nothing is painted.
    const next = [...new Set([...(this.ahead ? [this.ahead] : []), ...wanted(this.state, this.deck)])];
    this.link.publish(this.channel, output(this.state), next);
    this.pictures.want(next);
  }

  /** The stage has painted: only now is it true that the court sees it. */
  painted(note) {
    this.stage.painted(note);
    if (!this.rehearsal && note.seq === this.link.seq && note.complete) {
      this.log.note(note.black ? "black" : "shown", note.black ? null : this.link.output);
    }
    this.draw();
  }

  pulse() {
    if (this.deliver && !this.rehearsal) {
      this.log.deliver(this.deliver).then((left) => { this.waiting = left; this.draw(); });
    }
    this.stage.pulse();
    this.draw();
  }

  replaced() {
    this.find("replaced").hidden = false;
    this.draw();
  }

  takeBack() {
    this.link.takeBack(newEpoch(localStorage, Date.now()));
    this.find("replaced").hidden = true;
    this.dispatch({ type: "GO_BLACK" });
  }

  say(code) {
    this.state = { ...this.state, notice: code };
    this.draw();
  }

  mirrored() {
    return this.state.held && !this.state.black ? working(this.state) : output(this.state);
  }

  draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      this.drawNow();
    });
  }

  drawNow() {
    if (this.oneScreen.on) return this.oneScreen.draw();
    this.drawScreen("preview", preview(this.state));
    this.drawScreen("mirror", this.mirrored());
    this.outline.show(this.state);
    this.drawWords();
    return this.stage.draw(this.state);
  }

  drawScreen(name, shown) {
    const canvas = this.find(name);
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const sign = `${width} ${height} ${JSON.stringify(shown)}`;
    if (this.drawn[name] === sign && !this.tool.active) return;
    const ctx = canvas.getContext("2d", { alpha: false });
    const complete = paint(ctx, shown, (key) => this.pictures.get(key));
    this.tool.sketch(name === "mirror" ? "live" : "preview", ctx);
    this.drawn[name] = complete && !this.tool.active ? sign : null;
    const failed = (shown.panes ?? []).some((pane) => this.pictures.failed.has(pane.key));
    const over = this.find(`${name}-over`);
    over.textContent = failed ? this.words["picture-missing"] : !complete ? this.words.loading
      : shown.kind === "clip" && !shown.black ? this.clipWords(shown) : shown.black ? this.words[`${name}-black`] : "";
    over.classList.toggle("is-bad", failed);
    canvas.setAttribute("aria-label", shown.black ? this.words["screen-black"] : shown.label || shown.text?.title || shown.clip?.name || this.words.clip);
  }

  clipWords(shown) {
    const time = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
    const { start, end, playing } = shown.clip;
    const state = playing ? this.words["clip-plays"] : this.words["clip-stands"];
    return `${this.words.clip}\n${shown.clip.name}\n${time(start ?? 0)} – ${end ? time(end) : this.words["clip-end"]}\n${state}`;
  }

  drawWords() {
    const { state, words, deck } = this;
    const cue = state.stagedCue >= 0 ? flatCues(deck)[state.stagedCue] : null;
    const page = state.staged?.id.startsWith("page:") ? deck.pageByKey.get(state.staged.panes[0].key) : null;
    this.find("staged-label").textContent = cue?.name ?? state.staged?.label ?? "";
    const flags = [];
    if (state.staged?.rule === "ask") flags.push(words["rule-ask"]);
    if (page?.number) flags.push(page.state === "confirmed" ? words.confirmed : words.unconfirmed);
    this.find("staged-flags").textContent = flags.join(" · ");
    this.find("staged-flags").dataset.level = flags.length && (state.staged.rule === "ask" || page?.state !== "confirmed") ? "warn" : "good";
    this.find("question").textContent = cue?.question ?? "";
    this.find("notes").textContent = cue?.notes ?? "";
    this.find("question-box").hidden = !cue?.question;
    this.find("notes-box").hidden = !cue?.notes;
    const said = this.tool.active ? words[`tool-${this.tool.name}`] : state.notice ? words[`notice-${state.notice}`] ?? "" : "";
    this.find("notice").textContent = said;
    this.find("notice").dataset.level = state.asking ? "ask" : this.tool.active ? "tool" : "info";
    this.find("log-state").textContent = this.waiting ? words["log-waits"].replace("{n}", this.waiting) : "";
    for (const [name, on] of Object.entries({ black: state.black, freeze: Boolean(state.held), original: state.original, layers: !state.layers })) {
      document.querySelectorAll(`button[data-do="${name}"]`).forEach((button) => button.setAttribute("aria-pressed", String(on)));
    }
    for (const name of TOOLS) {
      document.querySelectorAll(`button[data-do="${name}"]`).forEach((button) => button.setAttribute("aria-pressed", String(this.tool.name === name)));
    }
  }
}
