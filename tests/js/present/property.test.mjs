// Random hearings: presenter actions, reloads of either window, closed windows, second presenters, lost, doubled and
// late messages. Whatever happens, the stage shows only what was published, and is black when in doubt.
import assert from "node:assert/strict";
import { test } from "node:test";

import { PresenterLink } from "../../../viewer/static/js/present/channel.js";
import { initial, memory, output, preview, reduce, working } from "../../../viewer/static/js/present/state.js";
import { LOST_AFTER, receive, stageInitial, visible } from "../../../viewer/static/js/present/stage_state.js";
import { indexPages } from "../../../viewer/static/js/present/views.js";
import { sampleDeck } from "./deck.mjs";

/** A small repeatable source of chance (mulberry32). */
function chance(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, pick: (list) => list[Math.floor(next() * list.length)] };
}

const box = (r) => [r.next() * 0.5, r.next() * 0.5, 0.1 + r.next() * 0.4, 0.1 + r.next() * 0.3];
const ACTIONS = [
  () => ({ type: "PUBLISH" }), () => ({ type: "PUBLISH" }), () => ({ type: "PUBLISH" }), () => ({ type: "BACK" }), () => ({ type: "BLACK" }),
  (r) => ({ type: "MOVE", step: r.pick([1, -1]) }), (r) => ({ type: "GOTO", index: Math.floor(r.next() * 5) }),
  (r) => ({ type: "RECALL", key: r.pick(["p1", "p2", "p3", "p4", "p5", "p6", "p99"]) }),
  (r) => ({ type: "TURN", step: r.pick([1, -1]) }), () => ({ type: "BESIDES" }), () => ({ type: "FREEZE" }),
  () => ({ type: "UNDO" }), () => ({ type: "ORIGINAL" }), () => ({ type: "LAYERS" }), () => ({ type: "CLEAR" }),
  (r) => ({ type: "MARK", pane: r.pick([0, 1]), mark: { type: r.pick(["highlight", "callout", "redaction"]), box: box(r) } }),
  (r) => ({ type: "STAGED_MARK", pane: 0, mark: { type: r.pick(["callout", "redaction"]), box: box(r) } }),
  (r) => ({ type: "ZOOM", pane: 0, region: box(r) }), (r) => ({ type: "STAGED_ZOOM", pane: 0, region: box(r) }),
  (r) => ({ type: "POINTER", at: r.pick([null, { pane: 0, x: 0.5, y: 0.5 }]) }), () => ({ type: "UNCOVER" }), () => ({ type: "GO_BLACK" }),
  (r) => ({ type: "ONE_SCREEN", on: r.pick([true, false]) }), () => ({ type: "NO-SUCH-ACTION" }),
];

/** An output without its coverings, which may be laid on what is held as well. */
const withoutCovers = (out) => ({
  ...out, panes: out.panes?.map((pane) => ({ ...pane, marks: pane.marks.filter((mark) => mark.type !== "redaction") })),
});

/** One presenter window. It notes, on its own, what its person published, blackened, held, and on how many screens. */
class Presenter {
  constructor(world, remembered) {
    this.world = world;
    this.state = initial(world.deck, remembered);
    Object.assign(this, { dark: true, held: null, oneScreen: false });
    this.link = new PresenterLink("1", world.epoch += 1, { stage() {}, painted() {}, replaced() {} });
    this.send();
  }

  act(action) {
    const before = this.state;
    this.state = reduce(this.state, action, this.world.deck);
    const published = action.type === "PUBLISH" || action.type === "BACK";
    if (published && this.state.publication > before.publication) {
      assert.equal(this.held, null, "something was let out behind a picture that is held");
      // What a person let out is what stood in his preview (BACK: what the court had seen before).
      for (const pane of this.state.shown.panes) this.world.published.add(pane.key);
      if (action.type === "PUBLISH") {
        assert.deepEqual(this.state.shown.panes.map((p) => p.key), (preview(before).panes ?? []).map((p) => p.key));
        assert.ok(before.staged.rule === "allow" || before.asking, "a page to be asked about needs two presses");
        assert.ok(before.staged.rule === "allow" || !this.oneScreen, "nobody can be asked on the court's own screen");
      } else {
        assert.ok(before.published.includes(this.state.shown.id), "going back shows only what was shown");
      }
    }
    this.note(action, before, published && this.state.publication > before.publication);
    this.checkOutput();
    this.send();
  }

  /** What the person wants, followed without looking at how the presenter keeps it. */
  note(action, before, letOut) {
    const seen = !this.dark;
    if (letOut) this.dark = false;
    else if (action.type === "BLACK" && before.shown) this.dark = !this.dark;
    else if (action.type === "GO_BLACK" || !this.state.shown) this.dark = true;
    else if (action.type === "FREEZE") this.held = this.held || !seen ? null : output(before);
    if (action.type === "ONE_SCREEN") Object.assign(this, { dark: true, held: null, oneScreen: action.on });
  }

  checkOutput() {
    const out = output(this.state);
    if (this.dark) return assert.deepEqual(out, { black: true }, "something is shown though black is wanted");
    const expected = this.held ?? working(this.state);
    assert.equal(out.black, false, "black though something is to be shown");
    return assert.deepEqual(withoutCovers(out), withoutCovers(expected), "not what is shown or held");
  }

  send() {
    this.link.publish({ send: (message) => this.world.post(message) }, output(this.state), []);
  }
}

class World {
  constructor(seed) {
    Object.assign(this, { r: chance(seed), deck: sampleDeck(), now: 0, epoch: 0, published: new Set(), wire: [], lossy: 0 });
    this.openStage();
    this.presenters = [new Presenter(this)];
  }

  /** The stage is opened, or reloaded. `newest` is what it must go by: the newest word of the newest presenter it heard. */
  openStage() {
    this.stage = stageInitial("1");
    this.newest = { epoch: 0, seq: -1, output: { black: true } };
  }

  post(message) {
    if (this.r.next() < this.lossy) return;
    this.wire.push(structuredClone(message));
    if (this.r.next() < 0.1) this.wire.push(structuredClone(message));
  }

  deliver() {
    while (this.wire.length && this.r.next() < 0.8) {
      const at = this.r.next() < 0.8 ? 0 : Math.floor(this.r.next() * this.wire.length);
      const [message] = this.wire.splice(at, 1);
      this.stage = receive(this.stage, message, this.now);
      const { epoch, seq } = this.newest;
      if (message.epoch > epoch || (message.epoch === epoch && message.seq >= seq)) this.newest = message;
      for (const one of this.presenters) one.link.receive(message, () => {});
      this.check();
    }
  }

  ask() {
    const ping = { type: "ping", presentation: "1", epoch: this.stage.epoch, seq: this.stage.seq };
    if (this.r.next() < this.lossy) return;
    for (const one of this.presenters) one.link.receive(ping, (message) => this.post(message));
  }

  step() {
    const roll = this.r.next();
    const one = this.r.pick(this.presenters);
    if (roll < 0.62 && one) one.act(this.r.pick(ACTIONS)(this.r));
    else if (roll < 0.66) this.openStage();
    else if (roll < 0.70 && one) this.presenters = [new Presenter(this, structuredClone(memory(one.state)))]; // reloaded
    else if (roll < 0.72 && this.presenters.length < 3) this.presenters.push(new Presenter(this)); // opened twice
    else if (roll < 0.74) this.presenters = this.presenters.slice(1); // closed
    else if (roll < 0.77) this.lossy = this.r.pick([0, 0, 0.5, 1]);
    else if (roll < 0.80) this.wire = []; // the connection dropped
    else if (roll < 0.82) this.wire.push({ type: "state", presentation: "1", epoch: this.epoch, seq: 1e6, output: this.r.pick([null, { black: false }, { black: false, kind: "picture", panes: [{ key: 7 }] }]) });
    else this.now += Math.floor(this.r.next() * 900);
    if (!this.presenters.length && this.r.next() < 0.3) this.presenters = [new Presenter(this)];
    this.ask();
    this.deliver();
    this.check();
  }

  check() {
    const shown = visible(this.stage, this.now);
    if (shown.black) return;
    assert.deepEqual(shown, this.newest.output, "the stage goes by something that is no longer so");
    for (const pane of shown.panes) {
      assert.ok(this.published.has(pane.key), `${pane.key} is on the stage and was never published`);
      assert.notEqual(pane.key, "p6", "a page that may never be shown is on the stage");
      assert.ok(indexPages(this.deck).has(pane.key));
    }
    assert.ok(this.now - this.stage.heard <= LOST_AFTER, "the stage shows something though nobody is heard");
  }
}

test("random hearings never show what was not published", () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const world = new World(seed);
    try {
      for (let step = 0; step < 250; step += 1) world.step();
    } catch (error) {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
});

test("once messages arrive again, every window but the newest presenter falls silent and the stage shows what that one says", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const world = new World(seed);
    for (let step = 0; step < 120; step += 1) world.step();
    Object.assign(world, { lossy: 0, wire: [] });
    const newest = new Presenter(world);
    newest.act({ type: "PUBLISH" });
    world.presenters.unshift(newest);
    // The older windows hear of the new one from itself, or, when that is lost, from a stage that follows it.
    const lost = world.r.next() < 0.5;
    for (const message of world.wire.splice(0)) {
      world.stage = receive(world.stage, message, world.now);
      for (const one of lost ? [] : world.presenters) one.link.receive(message, () => {});
    }
    if (!lost) assert.ok(world.presenters.slice(1).every((one) => one.link.replaced), `seed ${seed}: a new window was not heeded`);
    world.ask();
    world.openStage();
    world.wire = [];
    world.ask();
    assert.ok(world.wire.length > 0 && world.wire.every((message) => message.epoch === newest.link.epoch), `seed ${seed}: an older window still answers`);
    for (const message of world.wire.splice(0)) world.stage = receive(world.stage, message, world.now);
    assert.deepEqual(visible(world.stage, world.now), output(newest.state));
    world.now += LOST_AFTER + 1;
    assert.equal(visible(world.stage, world.now).black, true);
  }
});

test("a covering laid on a page is on every picture of that page the presenter sends from then on", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const r = chance(seed);
    const deck = sampleDeck();
    let state = initial(deck);
    for (let step = 0; step < 150; step += 1) {
      const before = state.covered;
      state = reduce(state, r.pick(ACTIONS)(r), deck);
      if (r.next() < 0.05) {
        const { covered } = state;
        state = initial(deck, structuredClone(memory(state)));
        assert.deepEqual(state.covered, covered, `seed ${seed}: a reload uncovered something`);
      }
      for (const pane of output(state).panes ?? []) {
        for (const covered of state.covered[pane.key] ?? []) {
          assert.ok(pane.marks.some((mark) => mark.type === "redaction" && `${mark.box}` === `${covered}`), `seed ${seed}`);
        }
        // and nothing that the court looks at is uncovered
        assert.ok((before[pane.key] ?? []).length <= (state.covered[pane.key] ?? []).length, `seed ${seed}: uncovered on the stage`);
      }
    }
  }
});
