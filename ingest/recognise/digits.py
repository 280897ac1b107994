"""A small reader of single digits, printed or written by hand, for the corner number.

Tesseract reads lines of print; a lone handwritten 7 it mostly does not. The weights (``data/digits.npz``) come from
``bench/train_digits.py``, which draws its own digits from strokes and from free fonts, so no person's handwriting and
nobody's data set is in them.
"""

import functools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "data" / "digits.npz"
#: side of the square a digit is scaled into
SIDE = 20
#: class meaning "not a digit"
JUNK = 10


def normalise(ink: NDArray[Any]) -> NDArray[np.float32]:
    """Ink of one piece (non-zero where ink is) → 20 × 20 with its proportions kept, plus its proportion."""
    height, width = ink.shape
    side = max(height, width)
    square = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = ink.astype(np.float32) / max(1.0, float(ink.max(initial=0)))
    kind = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(square, (SIDE, SIDE), interpolation=kind), dtype=np.float32)
    small = small / max(1e-6, float(small.max()))
    return np.append(small.ravel(), width / height).astype(np.float32)


@functools.cache
def _weights() -> tuple[NDArray[np.float32], ...]:
    with np.load(WEIGHTS) as stored:
        return tuple(stored[name].astype(np.float32) for name in ("w1", "b1", "w2", "b2", "w3", "b3"))


def probabilities(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probability of 0..9 and of "no digit" for rows of ``normalise``."""
    w1, b1, w2, b2, w3, b3 = _weights()
    hidden = np.maximum(features @ w1 + b1, 0)
    hidden = np.maximum(hidden @ w2 + b2, 0)
    logits = hidden @ w3 + b3
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float32)


def read_digit(ink: NDArray[Any]) -> tuple[str, float]:
    """The digit a piece of ink is and its probability; an empty text where it is none."""
    chances = probabilities(normalise(ink)[None, :])[0]
    best = int(np.argmax(chances))
    return ("" if best == JUNK else str(best)), float(chances[best])
