// Between presenter and stage. The stage asks ("ping"), the presenter answers with the whole state: an answer to a
// message is never slowed down in a covered window, as timers are. Two ways carry every message: BroadcastChannel, and
// window.postMessage between opener and opened, because some browsers keep files opened from a disk apart.

/**
 * @param {string} name  the same in both windows of one presentation
 * @param {(message: object, reply: (message: object) => void) => void} onMessage
 * @param {{peers?: () => Window[], broadcast?: typeof BroadcastChannel, scope?: Window}} options
 */
export function openChannel(name, onMessage, options = {}) {
  const scope = options.scope ?? window;
  const Broadcast = options.broadcast ?? scope.BroadcastChannel;
  const peers = options.peers ?? (() => []);
  const wire = Broadcast ? new Broadcast(name) : null;
  // A page from a server has an origin to insist on; pages from a disk all have the origin "null".
  const origin = scope.location.protocol === "file:" ? "*" : scope.location.origin;
  const post = (target, message) => target && !target.closed && target.postMessage({ court: name, message }, origin);
  // A presenter that was reloaded does not know the stage it opened before; the stage knows it and speaks first.
  const met = new Set();

  if (wire) wire.onmessage = (event) => onMessage(event.data, (message) => wire.postMessage(message));
  const heard = (event) => {
    if (origin !== "*" && event.origin !== origin) return;
    if (event.data?.court !== name) return;
    met.add(event.source);
    onMessage(event.data.message, (message) => post(event.source, message));
  };
  scope.addEventListener("message", heard);
  return {
    send(message) {
      if (wire) wire.postMessage(message);
      for (const peer of new Set([...peers(), ...met])) post(peer, message);
    },
    close() {
      scope.removeEventListener("message", heard);
      if (wire) wire.close();
    },
  };
}

/** A number larger than that of every presenter window before this one on this machine, also if the clock went back. */
export function newEpoch(memory, now) {
  const before = Number(memory.getItem("court-epoch") ?? 0);
  const epoch = Math.max(now, Number.isFinite(before) ? before + 1 : 0);
  memory.setItem("court-epoch", String(epoch));
  return epoch;
}

/** The presenter's side of the talk: sends the whole state at each change and whenever the stage asks. */
export class PresenterLink {
  constructor(presentation, epoch, handlers) {
    Object.assign(this, { presentation, epoch, handlers, seq: 0, output: { black: true }, wanted: [], replaced: false });
  }

  /** Tell the stage. Nothing is sent once another window has taken over. */
  publish(channel, output, wanted) {
    this.seq += 1;
    this.output = output;
    this.wanted = wanted;
    if (!this.replaced) channel.send(this.message());
  }

  message() {
    const { presentation, epoch, seq, output, wanted } = this;
    return { type: "state", presentation, epoch, seq, output, wanted };
  }

  /** Take in what the stage, or another presenter, says. */
  receive(message, reply) {
    if (message?.presentation !== this.presentation) return;
    if (message.type === "ping") {
      if (message.epoch > this.epoch) this.giveWay();
      if (!this.replaced) reply(this.message());
      this.handlers.stage(message);
    } else if (message.type === "painted" && message.epoch === this.epoch) {
      this.handlers.painted(message);
    } else if (message.type === "state" && message.epoch > this.epoch) {
      this.giveWay();
    }
  }

  giveWay() {
    if (this.replaced) return;
    this.replaced = true;
    this.handlers.replaced();
  }

  /** Become the authority again, on the person's word. */
  takeBack(epoch) {
    this.epoch = epoch;
    this.seq = 0;
    this.replaced = false;
  }
}
