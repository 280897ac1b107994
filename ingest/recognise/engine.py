"""The recogniser in process: one Tesseract object per process, never shared between threads (it crashes)."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tesserocr

from ingest.recognise.errors import LanguageMissing
from ingest.recognise.pixels import Grey

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # its threads cost more than they bring on a page; processes scale

#: page segmentation modes by what they are for
AUTO, COLUMN, BLOCK, LINE, SPARSE = 3, 4, 6, 7, 11


@dataclass(frozen=True, slots=True)
class Found:
    """One word as the engine gives it: box in pixels (left, top, right, bottom), confidence 0..100, and the
    running numbers of its line and block; ``height`` is its line's height in pixels."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: int
    block: int
    #: the engine's own text, where it was changed
    raw: str | None = None

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top


class Engine:
    """A loaded model. Make one per process and model, use it for many pages."""

    def __init__(self, tessdata: str, language: str) -> None:
        folder = Path(tessdata)
        model = folder / f"{language}.traineddata"
        if not model.is_file() or model.stat().st_size < 10_000:
            raise LanguageMissing(folder=str(folder))
        try:
            self._api = tesserocr.PyTessBaseAPI(path=f"{folder}{os.sep}", lang=language, psm=AUTO)
        except RuntimeError as error:
            raise LanguageMissing(folder=str(folder)) from error
        # colour and paper are dealt with before, and debug lines would mix with the answer on stdout
        self._api.SetVariable("debug_file", os.devnull)
        # no second reading of doubtful lines as white print: white_print.py has seen to that
        self._api.SetVariable("invert_threshold", "0")

    def read(self, grey: Grey, dpi: int, mode: int = AUTO, only: str | None = None) -> list[Found]:
        """Words of a grey page in the engine's reading order. ``only`` restricts the letters (digits, say)."""
        height, width = grey.shape
        if height < 3 or width < 3:  # the engine refuses such images with an error on stderr
            return []
        self._look_at(grey, dpi, mode)
        self._api.SetVariable("tessedit_char_whitelist", only or "")
        try:
            self._api.Recognize()
            return list(self._words())
        finally:
            self._api.Clear()

    def count_lines(self, grey: Grey, dpi: int, mode: int) -> int:
        """How many lines the layout analysis finds on a page; about a twentieth of what reading it costs."""
        self._look_at(grey, dpi, mode)
        try:
            layout = self._api.AnalyseLayout()
            return 0 if layout is None else sum(1 for _ in tesserocr.iterate_level(layout, tesserocr.RIL.TEXTLINE))
        finally:
            self._api.Clear()

    def _look_at(self, grey: Grey, dpi: int, mode: int) -> None:
        height, width = grey.shape
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(grey.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(max(70, dpi))

    def _words(self) -> Iterator[Found]:
        level = tesserocr.RIL
        iterator = self._api.GetIterator()
        if iterator is None:
            return
        line = block = -1
        for word in tesserocr.iterate_level(iterator, level.WORD):
            if word.IsAtBeginningOf(level.BLOCK):
                block += 1
            if word.IsAtBeginningOf(level.TEXTLINE):
                line += 1
            with contextlib.suppress(RuntimeError):  # "no text returned": the engine's way to say an empty word
                text = word.GetUTF8Text(level.WORD).strip()
                box = word.BoundingBox(level.WORD)
                if text and box:
                    left, top, right, bottom = box
                    yield Found(text, left, top, right, bottom, word.Confidence(level.WORD), line, block)


class Orienter:
    """Finds how a page is turned, by Tesseract's ``osd`` model."""

    def __init__(self, tessdata: str) -> None:
        folder = Path(tessdata)
        if not (folder / "osd.traineddata").is_file():
            raise LanguageMissing(folder=str(folder))
        self._api = tesserocr.PyTessBaseAPI(path=f"{folder}{os.sep}", lang="osd", psm=0)
        self._api.SetVariable("debug_file", os.devnull)

    def turn(self, grey: Grey, dpi: int) -> tuple[int, float]:
        """Clockwise degrees (0, 90, 180, 270) that set the page upright, and the engine's confidence in it."""
        height, width = grey.shape
        self._api.SetImageBytes(grey.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(max(70, dpi))
        try:
            found = self._api.DetectOrientationScript()
        finally:
            self._api.Clear()
        if not found:
            return 0, 0.0
        return int(found["orient_deg"]) % 360, float(found["orient_conf"])
