// Starts the stage when the archive serves it. It is told the presentation's number and lock, nothing else.

import { openDatabase, ServerSource } from "./preload.js";
import { runStage } from "./stage.js";

async function start() {
  const { presentation, lock, pictures } = document.body.dataset;
  const source = new ServerSource({ presentation, lock, url: pictures }, await openDatabase());
  runStage({ presentation, source, peers: () => [] });
}

start();
