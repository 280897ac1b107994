// What the presenter knows of the stage window: whether it is there, where it stands, what it has painted.

const SILENT_AFTER = 1600;
const STAGE_PATIENCE = 6000;

/** Opens the stage and tells how it is. */
export class StageLink {
  constructor(console_, badge) {
    Object.assign(this, { console: console_, badge, window: null, last: -Infinity, ping: null, ack: null, clipAt: null, opened: -Infinity });
    this.state = document.querySelector("[data-state]");
  }

  get alive() {
    return performance.now() - this.last < SILENT_AFTER;
  }

  heard(ping) {
    const was = this.alive;
    Object.assign(this, { last: performance.now(), ping, clipAt: ping.at ?? null });
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.console.draw(), SILENT_AFTER + 50);
    if (!was) this.console.draw();
  }

  painted(note) {
    this.ack = note;
  }

  pulse() {
    if (this.window?.closed) this.window = null;
  }

  /** Open the stage on another screen where the browser lets us see the screens, else as a window to be dragged there. */
  async open() {
    if (this.alive || performance.now() - this.opened < STAGE_PATIENCE) return;
    this.opened = performance.now();
    let features = "popup,width=1280,height=720";
    if ("getScreenDetails" in window) {
      try {
        const details = await window.getScreenDetails();
        const other = details.screens.find((one) => one !== details.currentScreen);
        if (other) {
          features = `popup,left=${other.availLeft},top=${other.availTop},width=${other.availWidth},height=${other.availHeight},fullscreen`;
        }
      } catch {
        // The person said no, or the browser did: the window is then dragged over by hand.
      }
    }
    const { stageUrl, id, apart } = this.console;
    // A stage of its own process paints while this window is busy; from a disk the two must know each other to talk.
    if (apart) window.open(stageUrl, "_blank", `${features},noopener`);
    else this.window = window.open(stageUrl, `stage-${id}`, features);
    if (!apart && !this.window) this.console.say("stage-refused");
    if (apart) setTimeout(() => this.alive || this.console.say("stage-refused"), STAGE_PATIENCE);
  }

  /** The badges: one for what the court sees, one for the stage window. */
  draw(state) {
    const words = this.console.words;
    const { link } = this.console;
    const current = this.ack && this.ack.seq === link.seq && this.ack.epoch === link.epoch;
    let name = "black";
    if (link.replaced) name = "replaced";
    else if (!this.alive) name = "no-stage";
    else if (this.ack?.missing?.length && current) name = "missing";
    else if (state.black || !state.shown) name = "black";
    else if (!current && performance.now() - this.last > 400) name = "sending";
    else name = state.held ? "frozen" : "shown";
    this.state.dataset.state = name;
    const label = state.shown?.label || state.shown?.text?.title || state.shown?.clip?.name || "";
    this.state.textContent = words[`state-${name}`].replace("{label}", label);
    this.badge.textContent = this.place(words);
    this.badge.dataset.level = this.alive && this.ping.full && !this.isDuplicated && !this.isOnThisScreen ? "good" : "warn";
  }

  /** What the browser says of the screens; Firefox, and any browser over plain http, says nothing. */
  get isDuplicated() {
    return this.ping.screen.extended === false;
  }

  /** Every browser tells where on the whole desktop the screen of its window begins. */
  get isOnThisScreen() {
    return this.ping.screen.left === screen.availLeft && this.ping.screen.top === screen.availTop;
  }

  place(words) {
    if (!this.alive) return words["link-none"];
    if (this.ping.trouble) return words[`trouble-${this.ping.trouble}`] ?? words["link-window"];
    if (this.isDuplicated) return words["link-duplicated"];
    if (this.isOnThisScreen) return words["link-same-screen"];
    return this.ping.full ? words["link-full"] : words["link-window"];
  }
}
