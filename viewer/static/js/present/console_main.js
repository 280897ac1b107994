// Starts the presenter's window when the archive serves it: deck, pictures to this machine, offline copies, the log.

import { Console } from "./console.js";
import { answerForHearing, forgetAllBut, noteUse } from "./copies.js";
import { CACHE, openDatabase, preload, ServerSource } from "./preload.js";

async function deliver(place, entries) {
  const fresh = await fetch(place.token, { credentials: "same-origin" });
  if (!fresh.ok || fresh.redirected) throw new Error("log in again");
  const { token } = await fresh.json();
  const answer = await fetch(place.log, {
    method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ entries }),
  });
  if (!answer.ok) throw new Error(`log: ${answer.status}`);
  return (await answer.json()).taken;
}

/** Keep the pages themselves for a reload without the server; needs TLS (or this very machine). */
async function keepShell(worker, urls) {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(worker, { scope: worker.replace(/[^/]*$/, "") });
  const cache = await caches.open(CACHE);
  await cache.addAll(urls);
  return true;
}

function showProgress(box, words) {
  const bar = box.querySelector("progress");
  const said = box.querySelector("[data-preload-said]");
  return (done, all, failed) => {
    bar.max = all;
    bar.value = done;
    box.dataset.ready = String(done === all);
    said.textContent = done === all ? words["preload-ready"]
      : failed.length ? words["preload-failed"].replace("{n}", failed.length)
        : words["preload-going"].replace("{done}", done).replace("{all}", all);
  };
}

function order(deck) {
  const cues = deck.situations.flatMap((situation) => situation.cues);
  const first = cues.flatMap((cue) => [...cue.panes.map((pane) => pane.key), ...(cue.clip ? [cue.clip.key] : [])]);
  return [...new Set([...first, ...Object.keys(deck.pictures)])];
}

async function start() {
  const root = document.body;
  const words = JSON.parse(document.getElementById("court-words").textContent);
  const place = JSON.parse(document.getElementById("court-place").textContent);
  const deck = await (await fetch(place.deck, { credentials: "same-origin" })).json();
  const database = await openDatabase();
  const source = new ServerSource({ presentation: deck.presentation.id, lock: deck.presentation.lock, url: place.pictures }, database);
  noteUse(localStorage, deck.presentation.id, deck.presentation.lock, Date.now());
  answerForHearing();
  const rehearsal = root.dataset.rehearsal === "true";
  window.court = new Console({ deck, words, source, stageUrl: place.stage, apart: true, rehearsal, deliver: (entries) => deliver(place, entries) });
  const box = document.querySelector("[data-preload]");
  const said = document.querySelector("[data-shell-said]");
  const report = showProgress(box, words);
  document.querySelector("[data-forget]").addEventListener("click", async () => {
    await forgetAllBut([], localStorage);
    report(0, Object.keys(deck.pictures).length, []);
  });
  const [failed, kept] = await Promise.all([
    preload(source, order(deck), report),
    keepShell(place.worker, [location.pathname, ...place.shell]).catch(() => false),
  ]);
  said.textContent = kept ? words["shell-kept"] : words["shell-not-kept"];
  root.dataset.ready = String(failed.length === 0);
}

start().catch((error) => {
  document.body.dataset.failed = "true";
  const words = JSON.parse(document.getElementById("court-words").textContent);
  document.querySelector("[data-notice]").textContent = `${words["start-failed"]} (${error.message})`;
});
