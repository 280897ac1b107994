// Starts a window of the court folder, opened from a disk: the presenter's or the stage, by what the page says it is.

import { Console } from "./console.js";
import { deriveKey, FolderShelf, FolderSource } from "./folder.js";
import { runStage } from "./stage.js";

function cuesFirst(deck) {
  const cues = deck.situations.flatMap((situation) => situation.cues);
  const first = cues.flatMap((cue) => [...cue.panes.map((pane) => pane.key), ...(cue.clip ? [cue.clip.key] : [])]);
  return [...new Set([...first, ...Object.keys(deck.pictures)])];
}

/** Ask for the password until it opens the deck. */
function askPassword(source, gate) {
  const form = gate.querySelector("form");
  const said = gate.querySelector("[data-gate-said]");
  gate.hidden = false;
  form.querySelector("input").focus();
  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = said.dataset.going;
      source.secret = await deriveKey(form.querySelector("input").value, source.shelf.known.protection);
      try {
        const deck = await source.deck();
        gate.hidden = true;
        resolve(deck);
      } catch {
        said.textContent = said.dataset.wrong;
      }
    });
  });
}

/** Check every picture against its hash, cues first, while the hearing may already begin. */
async function verify(source, deck, words) {
  const box = document.querySelector("[data-preload]");
  const bar = box.querySelector("progress");
  const said = box.querySelector("[data-preload-said]");
  const keys = cuesFirst(deck);
  const failed = [];
  bar.max = keys.length;
  for (const [at, key] of keys.entries()) {
    await source.blob(key).catch(() => failed.push(key));
    bar.value = at + 1;
    said.textContent = words["verify-going"].replace("{done}", at + 1).replace("{all}", keys.length);
  }
  box.dataset.ready = "true";
  document.body.dataset.ready = String(failed.length === 0);
  said.textContent = failed.length
    ? words["verify-failed"].replace("{list}", failed.map((key) => deck.pageByKey?.get(key)?.label ?? key).join(", "))
    : words["verify-done"].replace("{all}", keys.length).replace("{code}", deck.presentation.lock.slice(0, 16));
}

function saveLog(desk, deck) {
  const content = { presentation: deck.presentation.id, lock: deck.presentation.lock, entries: desk.log.waiting() };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
  link.download = `nhat-ky-trinh-chieu-${deck.presentation.id}.json`;
  link.click();
}

async function startConsole(source) {
  const words = JSON.parse(document.getElementById("court-words").textContent);
  const deck = source.sealed ? await askPassword(source, document.querySelector("[data-gate]")) : await source.deck();
  document.querySelector(".court-name h1").textContent = deck.presentation.name;
  document.querySelector(".court-name span").textContent = deck.presentation.case;
  document.querySelectorAll("[data-desk]").forEach((part) => { part.hidden = false; });
  const desk = new Console({ deck, words, source, stageUrl: "man-chieu.html", apart: false, rehearsal: false, deliver: null });
  desk.secret = source.secret;
  document.querySelector("[data-save-log]").addEventListener("click", () => saveLog(desk, deck));
  window.court = desk;
  await verify(source, deck, words);
}

function startStage(source) {
  const { presentation } = source.shelf.known;
  const stage = runStage({
    presentation, source, peers: () => (window.opener ? [window.opener] : []),
    extra: (message) => {
      if (message?.type !== "unlock" || message.presentation !== presentation) return false;
      source.secret = message.key;
      stage.pictures.retry();
      return true;
    },
  });
  // The password is asked once, in the presenter's window; the key comes over the channel and cannot be read out.
  if (source.sealed) {
    const timer = setInterval(() => {
      if (source.secret) clearInterval(timer);
      else stage.channel.send({ type: "key-please", presentation });
    }, 300);
  }
}

const shelf = new FolderShelf();
window.courtFolder = shelf;
shelf.load("facts", "hinh.js").then(() => {
  const isStage = document.body.dataset.role === "stage";
  const source = new FolderSource(shelf, !isStage);
  return isStage ? startStage(source) : startConsole(source);
}).catch((error) => {
  const said = document.querySelector("[data-notice]");
  if (said) said.textContent = `${said.dataset.failed ?? ""} (${error.message})`;
  document.body.dataset.failed = "true";
});
