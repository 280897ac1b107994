"""Showing what the recogniser saw: the page as scanned beside the cleaned page with every word framed."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest import formats
from ingest.page_source import open_pages
from ingest.recognise.reader import Look
from storage.reading import Box

#: height of the picture in pixels
HEIGHT = 1600
_SURE, _UNSURE, _SPECIAL = np.array((20, 140, 40)), np.array((210, 30, 30)), (30, 70, 220)


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page's image as the reader gets it, and its resolution where it is known."""

    data: bytes
    dpi: int | None


def page_image(path: Path, number: int, max_megapixels: int) -> PageImage:
    """Page ``number`` (from 1) of an image or PDF file, as the pipeline would hand it to the reader."""
    with path.open("rb") as stream:
        is_pdf = b"%PDF-" in stream.read(1024)
    media_type = formats.PDF.media_type if is_pdf else "image/any"
    with open_pages(path, media_type, max_megapixels=max_megapixels) as source:
        shape = source.shape(number)
        data = source.encoded(number)
        if data is None:
            stream_out = io.BytesIO()
            source.picture(number).save(stream_out, "PPM")
            data = stream_out.getvalue()
        return PageImage(data, round(shape.dpi) if shape.dpi else None)


def draw(seen: Look) -> Image.Image:
    """The picture: left as scanned, right as the recogniser saw it."""
    turn = -(seen.reading.rotation // 90)
    scanned = np.rot90(seen.page.pixels, turn)
    scanned = scanned if scanned.ndim == 3 else np.stack([scanned] * 3, axis=2)
    cleaned = seen.attempt.grey if seen.attempt is not None else np.rot90(seen.cleaned.grey, turn)
    left = _reduced(scanned)
    right = _reduced(np.stack([cleaned] * 3, axis=2), left.shape[1])
    for word in seen.reading.words:
        sure = float(np.clip((word.confidence - 0.4) / 0.6, 0, 1))
        colour = tuple(int(v) for v in sure * _SURE + (1 - sure) * _UNSURE)
        _frame(right, word.box, colour, 1)
    for block in seen.reading.blocks:
        if block.kind in {"stamp", "corner", "handwriting", "table"}:
            _frame(right, block.box, _SPECIAL, 3)
    return Image.fromarray(np.ascontiguousarray(np.hstack([left, right])))


def describe(seen: Look) -> dict[str, Any]:
    """The same in words: what was measured, what was done, what was found."""
    reading = seen.reading
    found = [f"{b.kind} {b.stamp or ''} {b.text or ''}".strip() for b in reading.blocks if b.kind != "text"]
    page = seen.page
    measured = f"{page.width} × {page.height} px at {page.dpi} dpi, paper noise σ {seen.cleaned.noise:.1f}"
    missed = []
    if seen.attempt is not None:
        unread, hidden = reading.extra["unread"], reading.extra["hidden"]
        missed = [f"ink in no word: {unread:.1%}; words lost inside lines: {hidden:.1%} of their length"]
    return {
        "notes": [measured, *reading.notes, *missed, *(f"block {line}" for line in found)],
        "tool": reading.tool, "confidence": reading.confidence, "rotation": reading.rotation,
        "is_blank": reading.is_blank, "text": reading.text,
    }  # fmt: skip


def _reduced(pixels: NDArray[Any], width: int | None = None) -> NDArray[Any]:
    size = (width or max(1, round(pixels.shape[1] * HEIGHT / pixels.shape[0])), HEIGHT)
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA))


def _frame(pixels: NDArray[Any], box: Box, colour: tuple[int, ...], thickness: int) -> None:
    height, width = pixels.shape[:2]
    first = (int(box[0] * width), int(box[1] * height))
    last = (int((box[0] + box[2]) * width), int((box[1] + box[3]) * height))
    cv2.rectangle(pixels, first, last, colour, thickness)
