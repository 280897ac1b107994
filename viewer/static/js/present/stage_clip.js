// Sound and moving pictures on the stage.

/** Keeps the one video of the stage in step with the presenter's commands. */
export class StageClip {
  constructor(video, source, onTrouble) {
    Object.assign(this, { video, source, onTrouble, key: null, command: null, end: null });
    video.addEventListener("timeupdate", () => {
      if (this.end !== null && video.currentTime >= this.end) video.pause();
    });
  }

  hide() {
    this.video.pause();
    this.video.hidden = true;
    this.command = null;
  }

  async show(clip) {
    this.video.hidden = false;
    if (this.key !== clip.key) await this.load(clip.key);
    if (this.command === clip.command) return;
    this.command = clip.command;
    this.end = clip.end ?? null;
    this.video.currentTime = clip.at;
    if (!clip.playing) return void this.video.pause();
    try {
      await this.video.play();
    } catch {
      this.onTrouble("clip-blocked");
    }
  }

  async load(key) {
    if (this.video.src) URL.revokeObjectURL(this.video.src);
    this.key = key;
    try {
      this.video.src = URL.createObjectURL(await this.source.blob(key));
    } catch {
      this.key = null;
      this.onTrouble("clip-missing");
    }
  }
}
