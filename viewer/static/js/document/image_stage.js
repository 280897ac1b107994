// One page as a zoomable image: OpenSeadragon over our IIIF images, with boxes laid over it.
const OSD = () => window.OpenSeadragon;
const KEPT_READY = 8;

// A script of the old kind, which puts itself into the window. Not in the page's head: it would be run before the page's
// first picture is painted.
await new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = new URL("../../vendor/openseadragon.min.js", import.meta.url).href;
  script.addEventListener("load", done, { once: true });
  script.addEventListener("error", failed, { once: true });
  document.head.append(script);
});

// OpenSeadragon adds a style sheet of its own unless it finds one with this mark; the content security policy would
// refuse it, so one that is no style sheet at all stands in its place.
export function spareStyle() {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  const style = document.createElementNS("urn:archive:spare", "style");
  style.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(style);
}

export class ImageStage {
  constructor(element, signal) {
    spareStyle();
    this.element = element;
    this.layers = new Map();
    this.ready = new Map();
    this.viewer = OSD()({
      element, prefixUrl: "", showNavigationControl: false, animationTime: 0.35, maxZoomPixelRatio: 3,
      visibilityRatio: 0.4, gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true }, drawer: "canvas",
      imageSmoothingEnabled: true, minZoomImageRatio: 0.6, loadTilesWithAjax: false,
    });
    // Our own keys turn pages; OpenSeadragon's would pan at the same time.
    this.viewer.innerTracker.keyDownHandler = null;
    this.viewer.innerTracker.keyHandler = null;
    // Until the viewer draws, the page's picture stands there as a plain image, in the same place.
    this.viewer.addOnceHandler("tile-drawn", () => element.querySelector(".first-picture")?.remove());
    signal.addEventListener("abort", () => this.viewer.destroy());
  }

  // data: image (address), width, height, factors
  open(data) {
    this.size = { width: Number(data.width), height: Number(data.height) };
    if (this.turned) this.viewer.viewport.setRotation(0, true);
    return new Promise((resolve) => {
      this.viewer.addOnceHandler("open", () => {
        const item = this.viewer.world.getItemAt(0);
        this.ratio = item.source.dimensions.y / item.source.dimensions.x;
        if (this.showWhole) this.viewer.viewport.goHome(true);
        else this.fitWidth(true);
        this.redraw();
        resolve();
      });
      this.viewer.open(this.source(data));
    });
  }

  source(data) {
    if (!data.factors) return `${data.image}/info.json`;
    return {
      "@context": "http://iiif.io/api/image/3/context.json", id: new URL(data.image, location.href).href,
      type: "ImageService3", protocol: "http://iiif.io/api/image", profile: "level2",
      width: Number(data.width), height: Number(data.height),
      tiles: [{ width: 2048, height: 2048, scaleFactors: data.factors.split(",").map(Number) }],
    };
  }

  // Fetches the picture a page will be shown with first, so that turning to it is immediate.
  prepare(data) {
    if (!data.firstPicture || this.ready.has(data.image)) return;
    const image = new Image();
    image.src = data.firstPicture;
    this.ready.set(data.image, image);
    if (this.ready.size > KEPT_READY) this.ready.delete(this.ready.keys().next().value);
  }

  zoom(by) {
    this.viewer.viewport.zoomBy(by);
    this.viewer.viewport.applyConstraints();
  }

  // Whole page or full width: remembered from page to page, full width first, because that can be read.
  fit() {
    this.showWhole = true;
    this.viewer.viewport.goHome();
  }

  fitWidth(atOnce = false) {
    this.showWhole = false;
    const height = 1 / this.viewer.viewport.getAspectRatio();
    this.viewer.viewport.fitBounds(new (OSD().Rect)(0, 0, 1, height), atOnce);
  }

  rotate() {
    this.viewer.viewport.setRotation((this.turned + 90) % 360);
  }

  // How far a person turned the page at hand clockwise, in degrees; a page opens upright.
  get turned() {
    return this.viewer.viewport?.getRotation() ?? 0;
  }

  // boxes: [{box: [x, y, w, h] in fractions of the page, className}]; a layer replaces what it held before.
  mark(layer, boxes) {
    for (const old of this.layers.get(layer) ?? []) this.viewer.removeOverlay(old.element);
    this.layers.set(layer, boxes.map((one) => ({ ...one, element: document.createElement("div") })));
    this.redraw(layer);
  }

  redraw(only) {
    if (!this.ratio || !this.viewer.isOpen()) return;
    for (const [layer, boxes] of this.layers) {
      if (only && layer !== only) continue;
      for (const one of boxes) {
        one.element.className = one.className;
        this.viewer.addOverlay({ element: one.element, location: this.rectangle(one.box) });
      }
    }
  }

  rectangle([x, y, width, height]) {
    return new (OSD().Rect)(x, y * this.ratio, width, height * this.ratio);
  }

  reveal(box) {
    const view = this.viewer.viewport.getBounds();
    const wanted = this.rectangle(box);
    const inside = wanted.x >= view.x && wanted.y >= view.y && wanted.x + wanted.width <= view.x + view.width
      && wanted.y + wanted.height <= view.y + view.height;
    if (!inside) this.viewer.viewport.panTo(wanted.getCenter());
  }

  // Lets a person draw a rectangle; calls back with its box, once.
  draw(done, signal) {
    this.element.classList.add("is-drawing");
    this.viewer.setMouseNavEnabled(false);
    let start = null;
    const finish = (box) => {
      this.element.classList.remove("is-drawing");
      this.viewer.setMouseNavEnabled(true);
      tracker.destroy();
      done(box);
    };
    const at = (event) => this.viewer.viewport.pointFromPixel(event.position);
    const tracker = new (OSD().MouseTracker)({
      element: this.element,
      pressHandler: (event) => { start = at(event); },
      dragHandler: (event) => { if (start) this.mark("draw", [{ box: this.boxBetween(start, at(event)), className: "box-draw" }]); },
      releaseHandler: (event) => {
        const box = start && this.boxBetween(start, at(event));
        if (box && box[2] > 0.005 && box[3] > 0.003) finish(box);
      },
    });
    signal?.addEventListener("abort", () => finish(null), { once: true });
  }

  boxBetween(from, to) {
    const clamp = (value) => Math.min(Math.max(value, 0), 1);
    const [left, right] = [clamp(Math.min(from.x, to.x)), clamp(Math.max(from.x, to.x))];
    const [top, bottom] = [clamp(Math.min(from.y, to.y) / this.ratio), clamp(Math.max(from.y, to.y) / this.ratio)];
    return [left, top, right - left, bottom - top];
  }
}
