"""Medians and percentiles of a grey picture from its histogram: the very values sorting would give, without sorting
millions of pixels."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.pixels import Grey

Counts = NDArray[np.float64]


def histogram(grey: Grey) -> Counts:
    """How many pixels have each of the 256 levels."""
    return cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256]).reshape(-1).astype(np.float64)


def percentile(counts: Counts, share: float) -> float:
    """The level below which ``share`` per cent of the pixels lie, between two levels interpolated as numpy does."""
    place = share / 100 * (counts.sum() - 1)
    below, above = np.searchsorted(np.cumsum(counts), [np.floor(place), np.ceil(place)], side="right")
    return float(below + (above - below) * (place - np.floor(place)))


def median(counts: Counts) -> float:
    """The middle level."""
    return percentile(counts, 50)


def deviation(counts: Counts, level: float) -> float:
    """The median distance of the pixels from a level."""
    distances = np.abs(np.arange(256) - level)
    order = np.argsort(distances, kind="stable")
    cumulated = np.cumsum(counts[order])
    place = (cumulated[-1] - 1) / 2
    two = np.searchsorted(cumulated, [np.floor(place), np.ceil(place)], side="right")
    return float(distances[order][two].mean())
