"""Draw digits and train the small reader of corner numbers: ``python -m bench.train_digits``.

Every picture is drawn here: handwritten shapes from a few strokes per way of writing a digit, bent, slanted and
jittered at random, and printed ones from the free fonts of the system. The weights go to
``ingest/recognise/data/digits.npz``. The same seed gives the same weights on the same numpy.
"""

import argparse
import itertools
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ingest.recognise.digits import JUNK, WEIGHTS, normalise, probabilities

Features = NDArray[np.float32]
Strokes = Sequence[Sequence[tuple[float, float]]]

#: ways of writing each digit: strokes of points in a unit square, x to the right, y down
SHAPES: dict[int, list[Strokes]] = {
    0: [[[(0.5, 0), (0.15, 0.2), (0.05, 0.55), (0.25, 0.95), (0.6, 1), (0.92, 0.75), (0.95, 0.35), (0.75,
          0.05), (0.45, 0.0)]],
        [[(0.6, 0.02), (0.2, 0.15), (0.05, 0.5), (0.2, 0.9), (0.55, 1), (0.9, 0.7), (0.9, 0.3), (0.6, 0.05)]]],
    1: [[[(0.5, 0), (0.5, 1)]], [[(0.25, 0.28), (0.6, 0.0), (0.6, 1.0)]], [[(0.1, 0.3), (0.55, 0.0), (0.55, 1.0)]],
        [[(0.0, 0.22), (0.9, 0.0), (0.9, 1.0)]], [[(0.0, 0.35), (0.8, 0.0), (0.8, 1.0)]], [[(0.1, 0.18), (0.95,
          0.0), (0.75, 1.0)]],
        [[(0.3, 0.2), (0.55, 0), (0.55, 1)], [(0.2, 1), (0.9, 1)]], [[(0.4, 0.15), (0.6, 0.0), (0.5, 1.0)]]],
    2: [[[(0.08, 0.25), (0.3, 0.03), (0.7, 0.03), (0.9, 0.28), (0.65, 0.6), (0.08, 1.0), (0.5, 0.98), (0.95, 1.0)]],
        [[(0.1, 0.2), (0.45, 0.0), (0.85, 0.2), (0.75, 0.5), (0.2, 0.9), (0.1, 1.0), (0.35, 0.92), (0.95, 1.0)]],
        [[(0.1, 0.3), (0.4, 0), (0.85, 0.15), (0.7, 0.55), (0.25, 0.95), (0.05, 0.9), (0.25, 0.78), (0.6,
          0.95), (0.95, 0.92)]]],
    3: [[[(0.1, 0.15), (0.45, 0), (0.85, 0.18), (0.75, 0.42), (0.4, 0.48), (0.8, 0.55), (0.95, 0.78), (0.6, 1),
          (0.08, 0.88)]],
        [[(0.1, 0.02), (0.85, 0.0), (0.45, 0.4), (0.85, 0.55), (0.9, 0.82), (0.55, 1.0), (0.08, 0.9)]],
        [[(0.15, 0.1), (0.6, 0.0), (0.85, 0.22), (0.45, 0.45), (0.9, 0.65), (0.75, 0.95), (0.1, 0.95)]]],
    4: [[[(0.3, 0), (0.08, 0.6), (0.95, 0.6)], [(0.7, 0.25), (0.68, 1.0)]],
        [[(0.7, 0), (0.05, 0.65), (0.95, 0.65)], [(0.7, 0), (0.7, 1)]],
        [[(0.15, 0.05), (0.12, 0.5), (0.9, 0.5)], [(0.8, 0.0), (0.8, 1)]],
        [[(0.65, 0.0), (0.05, 0.7), (0.95, 0.68)], [(0.62, 0.4), (0.6, 1)]]],
    5: [[[(0.9, 0), (0.25, 0.02), (0.18, 0.43), (0.55, 0.36), (0.92, 0.6), (0.75, 0.93), (0.1, 0.95)]],
        [[(0.25, 0.03), (0.18, 0.43), (0.55, 0.38), (0.92, 0.65), (0.65, 1.0), (0.1, 0.88)], [(0.22, 0.03),
          (0.95, 0.0)]],
        [[(0.85, 0.0), (0.3, 0.0), (0.22, 0.5), (0.75, 0.45), (0.85, 0.8), (0.4, 1.0), (0.08, 0.92)]]],
    6: [[[(0.8, 0.03), (0.35, 0.3), (0.1, 0.68), (0.3, 0.98), (0.75, 0.95), (0.9, 0.7), (0.6, 0.5), (0.15, 0.68)]],
        [[(0.6, 0), (0.2, 0.4), (0.08, 0.75), (0.4, 1.0), (0.85, 0.85), (0.7, 0.55), (0.3, 0.58), (0.12, 0.78)]],
        [[(0.3, 0), (0.1, 0.5), (0.15, 0.9), (0.55, 1), (0.9, 0.8), (0.7, 0.55), (0.35, 0.58), (0.12, 0.8)]]],
    7: [[[(0.08, 0.03), (0.92, 0.0), (0.4, 1.0)]], [[(0.05, 0.05), (0.9, 0.0), (0.55, 0.45), (0.4, 1.0)],
          [(0.25, 0.5), (0.8, 0.48)]],
        [[(0.1, 0.15), (0.12, 0.02), (0.9, 0.02), (0.5, 1.0)]], [[(0.1, 0.1), (0.5, 0.06), (0.9, 0.0), (0.55, 1.0)]]],
    8: [[[(0.78, 0.12), (0.5, 0), (0.2, 0.18), (0.45, 0.45), (0.85, 0.72), (0.55, 1), (0.15, 0.78), (0.5,
          0.48), (0.85, 0.2), (0.72, 0.08)]],
        [[(0.5, 0.47), (0.2, 0.25), (0.5, 0), (0.82, 0.22), (0.5, 0.47), (0.12, 0.75), (0.5, 1), (0.9, 0.75),
          (0.5, 0.47)]]],
    9: [[[(0.85, 0.2), (0.5, 0), (0.12, 0.25), (0.35, 0.5), (0.75, 0.42), (0.87, 0.15), (0.8, 0.6), (0.7, 1.0)]],
        [[(0.85, 0.12), (0.45, 0.0), (0.12, 0.25), (0.4, 0.5), (0.85, 0.25), (0.85, 0.6), (0.6, 0.95), (0.2, 0.98)]],
        [[(0.8, 0.25), (0.45, 0.02), (0.15, 0.25), (0.45, 0.48), (0.8, 0.25), (0.75, 0.05), (0.75, 1.0)]]],
}  # fmt: skip

FONT_FOLDERS = tuple(f"/usr/share/fonts/truetype/{name}" for name in ("liberation2", "liberation", "dejavu"))
#: letters no digit looks like
LETTERS = "ACEGHKMNPRTUVXYacdehkmnprtuvxyĐđÂĂÊÔƠƯ/-,()"


def smooth(points: NDArray[np.float64], steps: int = 8) -> NDArray[np.float64]:
    """Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        parts.append(0.5 * (2 * b + (c - a) * t + bend))
    return np.vstack([*parts, points[-1:]])


def written(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A digit as a hand might write it."""
    shape = SHAPES[digit][rng.integers(len(SHAPES[digit]))]
    return draw(shape, rng, rng.uniform(0.12, 0.5) if digit == 1 else rng.uniform(0.4, 0.95))


def draw(shape: Strokes, rng: np.random.Generator, proportion: float) -> NDArray[np.uint8]:
    """Strokes → ink on a 96 × 96 canvas, bent at random."""
    canvas = np.zeros((96, 96), np.uint8)
    height = rng.uniform(48, 66)
    slant, turn = rng.normal(0, 0.16), rng.normal(0, 0.08)
    thickness = int(rng.integers(2, 9))
    jitter = rng.uniform(0.01, 0.05)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    for stroke in shape:
        points = np.array(stroke, float) + rng.normal(0, jitter, (len(stroke), 2))
        if rng.random() < 0.85:
            points = smooth(points)
        points = (points - 0.5) * [height * proportion, height]
        points[:, 0] -= slant * points[:, 1]
        points = points @ matrix.T + 48
        cv2.polylines(canvas, [np.round(points * 8).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, 3)
    return canvas


def printed(text: str, fonts: list[str], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A letter or digit in a font of the system."""
    font = ImageFont.truetype(fonts[rng.integers(len(fonts))], int(rng.integers(34, 66)))
    image = Image.new("L", (96, 96), 0)
    ImageDraw.Draw(image).text((48, 48), text, fill=255, font=font, anchor="mm")
    turned = image.rotate(float(rng.normal(0, 3)))
    return np.asarray(turned)


def junk(fonts: list[str], rng: np.random.Generator) -> NDArray[np.uint8]:
    """What stands in corners and is no digit: letters, arcs of rings, lines, blots, two digits run together."""
    kind = rng.integers(6)
    canvas = np.zeros((96, 96), np.uint8)
    if kind <= 1:
        return printed(LETTERS[rng.integers(len(LETTERS))], fonts, rng)
    if kind == 2:
        start = float(rng.uniform(0, 360))
        axes = (int(rng.integers(18, 44)), int(rng.integers(14, 44)))
        sweep = float(rng.uniform(60, 230))
        cv2.ellipse(canvas, (48, 48), axes, 0, start, start + sweep, 255, int(rng.integers(2, 7)), cv2.LINE_AA)
        return canvas
    if kind == 3:
        points = rng.uniform(8, 88, (int(rng.integers(3, 7)), 2))
        cv2.polylines(canvas, [smooth(points).astype(np.int32)], False, 255, int(rng.integers(2, 8)), cv2.LINE_AA)
        return canvas
    if kind == 4:
        cv2.circle(canvas, (48, 48), int(rng.integers(6, 30)), 255, -1)
        return canvas
    pair = [written(int(rng.integers(10)), rng) for _ in range(2)]
    both = np.zeros((96, 150), np.uint8)
    both[:, :96] = pair[0]
    both[:, 54:] = np.maximum(both[:, 54:], pair[1])
    return both


def degraded(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Scanned small: reduced, blurred, cut at a threshold, with specks and gaps; cropped to its ink."""
    scale = rng.uniform(0.25, 0.7)
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 1.2)).astype(np.float64)
    small += rng.normal(0, rng.uniform(0, 22), small.shape)
    mask = (small > rng.uniform(50, 130)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return degraded(ink, rng)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    x, y, w, h = (int(v) for v in stats[largest, :4])
    return (labels[y : y + h, x : x + w] == largest).astype(np.uint8) * 255


def examples(count: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """``count`` pictures per class as features, and their classes."""
    fonts = sorted(str(p) for folder in FONT_FOLDERS for p in Path(folder).glob("*.ttf"))
    features, classes = [], []
    for label in range(11):
        for number in range(count * (2 if label == JUNK else 1)):
            if label == JUNK:
                ink = junk(fonts, rng)
            else:
                ink = written(label, rng) if number % 3 else printed(str(label), fonts, rng)
            features.append(normalise(degraded(ink, rng)))
            classes.append(label)
    order = rng.permutation(len(classes))
    return np.array(features, np.float32)[order], np.array(classes)[order]


def train(x: Features, y: NDArray[np.int64], rng: np.random.Generator, epochs: int) -> list[Features]:
    """Two hidden layers, Adam, softmax."""
    sizes = [x.shape[1], 96, 48, 11]
    params = []
    for a, b in itertools.pairwise(sizes):
        params += [rng.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32), np.zeros(b, np.float32)]
    first = [np.zeros_like(p) for p in params]
    second = [np.zeros_like(p) for p in params]
    step = 0
    for epoch in range(epochs):
        rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * epoch / epochs))
        for start in range(0, len(x), 256):
            batch = slice(start, start + 256)
            gradients = _gradients(params, x[batch], y[batch])
            step += 1
            for i, gradient in enumerate(gradients):
                first[i] = 0.9 * first[i] + 0.1 * gradient
                second[i] = 0.999 * second[i] + 0.001 * gradient**2
                m, v = first[i] / (1 - 0.9**step), second[i] / (1 - 0.999**step)
                params[i] -= (rate * (m / (np.sqrt(v) + 1e-8) + 1e-4 * params[i])).astype(np.float32)
    return params


def _gradients(params: list[Features], x: Features, y: NDArray[np.int64]) -> list[Features]:
    w1, b1, w2, b2, w3, b3 = params
    h1 = np.maximum(x @ w1 + b1, 0)
    h2 = np.maximum(h1 @ w2 + b2, 0)
    logits = h2 @ w3 + b3
    chances = np.exp(logits - logits.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    smoothing = 0.03
    chances[np.arange(len(y)), y] -= 1 - smoothing
    chances -= smoothing / chances.shape[1]
    d3 = chances / len(y)
    d2 = (d3 @ w3.T) * (h2 > 0)
    d1 = (d2 @ w2.T) * (h1 > 0)
    return [x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)]


def main() -> None:
    """Draw, train, say how well it reads fresh drawings, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=4000, help="pictures per class")
    parser.add_argument("--epochs", type=int, default=18)
    arguments = parser.parse_args()
    rng = np.random.default_rng(20261122)
    x, y = examples(arguments.examples, rng)
    params = train(x, y, rng, arguments.epochs)
    WEIGHTS.parent.mkdir(exist_ok=True)
    names = ("w1", "b1", "w2", "b2", "w3", "b3")
    np.savez_compressed(WEIGHTS, **{n: p.astype(np.float16) for n, p in zip(names, params, strict=True)})
    fresh_x, fresh_y = examples(300, rng)
    guess = probabilities(fresh_x).argmax(1)
    for label in range(11):
        mine = fresh_y == label
        print(label if label != JUNK else "junk", f"{(guess[mine] == label).mean():.3f}")
    print("bytes", WEIGHTS.stat().st_size)


if __name__ == "__main__":
    main()
