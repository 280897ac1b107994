"""How well and how cheaply pages are read: ``bench/read.py PAGES… [--peers] [--ablation] [--rotation]``.

PAGES are folders with a ``truth.json`` beside page images or beside a ``bundle.pdf`` of images, or single images of
such a folder. Scores are explained in ``read_score.py``; ``--peers`` reads the same pages with the ``tesseract`` and
``ocrmypdf`` commands too (``read_peers.py``). Reading runs in this process, one page after another; CPU figures are of
this process and its children, so a busy machine changes them little. Prints one JSON document.
"""

import argparse
import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean
from typing import Any

# run as a script this folder comes first on the path, and its modules would hide the packages of the same names
sys.path[0] = str(Path(__file__).resolve().parents[1])

# ruff: noqa: E402
import numpy as np

from bench.read_score import Score, nearest_truth, normal, score
from config.settings import load_settings
from ingest.recognise.options import DEBIAN_TESSDATA, STEPS, TREATMENTS, ReadOptions
from ingest.recognise.pixels import decode
from ingest.recognise.preview import page_image
from ingest.recognise.reader import recognise
from ingest.secrecy import mark_of
from storage.reading import PageReading

#: a page with a higher error rate (per cent) should be flagged for review
BAD_CER = 5.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with its truth."""

    name: str
    image: bytes
    dpi: int | None
    truth: dict[str, Any]

    def read(self, options: ReadOptions) -> PageReading:
        """The page read with these options, at the resolution its file says."""
        return recognise(self.image, options if self.dpi is None else replace(options, dpi=self.dpi))


@dataclass(frozen=True, slots=True)
class Measured:
    """A page that was read, with its score and CPU-seconds."""

    sample: Sample
    reading: PageReading
    score: Score
    cpu: float

    @property
    def cer(self) -> float:
        """Letters wrong, in per cent."""
        return self.score.rates()["cer"]


def samples(places: Sequence[Path]) -> Iterator[Sample]:
    """Pages of the folders, one by one."""
    for place in places:
        folder = place.parent if place.is_file() else place
        stored = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        bundle = folder / "bundle.pdf"
        pages = stored["pages"] if isinstance(stored, dict) else stored
        for number, truth in enumerate(pages, start=1):
            if bundle.exists():
                image = page_image(bundle, number, 120)
                yield Sample(f"{folder.name}/{number}", image.data, image.dpi, truth)
            elif place.is_dir() or truth["file"] == place.name:
                yield Sample(f"{folder.name}/{truth['file']}", (folder / truth["file"]).read_bytes(), None, truth)


def cpu() -> float:
    """CPU-seconds of this process and its children so far."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measured(found: Sequence[Sample], options: ReadOptions) -> list[Measured]:
    """Every page read and scored."""
    pages = []
    for sample in found:
        before = cpu()
        reading = sample.read(options)
        pages.append(Measured(sample, reading, score(reading.text, sample.truth["blocks"]), cpu() - before))
    return pages


def accuracy(pages: Sequence[Measured], flag_below: float) -> dict[str, Any]:
    """Scores per level, calibration of words, orientation, corner numbers, flags, blank pages, marks, CPU."""
    return {
        "levels": _levels(pages), "orientation": _orientation(pages), "corner": _corners(pages),
        "flags": _flags(pages, flag_below), "blank": _blank(pages), "calibration": _calibration(pages),
        "secrecy_invented": [p.sample.name for p in pages if mark_of(p.reading) is not None],
        "read_twice": sum(p.reading.extra.get("tries", 0) > 1 for p in pages),
        "pages": [_page(p) for p in pages],
    }  # fmt: skip


def _levels(pages: Sequence[Measured]) -> dict[str, Any]:
    """Blank pages hold nothing that could be read wrong and are not counted."""
    sums: dict[str, Score] = defaultdict(Score)
    seconds: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        level = page.sample.truth["level"]
        sums[level].add(page.score)
        if page.sample.truth["kind"] != "blank":
            seconds[level].append(page.cpu)
    return {
        level: {**sums[level].rates(), "pages": len(spent), "cpu": round(mean(spent), 2)}
        for level, spent in seconds.items()
    }


def _page(page: Measured) -> dict[str, Any]:
    truth, reading = page.sample.truth, page.reading
    return {
        "name": page.sample.name, "level": truth["level"], "kind": truth["kind"], "effects": truth["effects"],
        "rotation": truth["rotation"], "turned": reading.rotation, "confidence": reading.confidence,
        "corner": _corner(reading), "cpu": round(page.cpu, 2), "extra": reading.extra,
        "notes": list(reading.notes), **page.score.rates(),
    }  # fmt: skip


def _corner(reading: PageReading) -> str | None:
    return next((b.text for b in reading.blocks if b.kind == "corner"), None)


def _orientation(pages: Sequence[Measured]) -> dict[str, int]:
    read = [(p.sample.truth["rotation"], p.reading.rotation) for p in pages if p.sample.truth["kind"] != "blank"]
    return {
        "turned": sum(lies != 0 for lies, _ in read),
        "set_upright": sum(lies != 0 and turned == -lies % 360 for lies, turned in read),
        "upright": sum(lies == 0 for lies, _ in read),
        "turned_wrongly": sum(lies == 0 and turned != 0 for lies, turned in read),
    }


def _corners(pages: Sequence[Measured]) -> dict[str, Any]:
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for page in pages:
        if "but_luc" not in page.sample.truth:
            continue
        wanted, got = page.sample.truth["but_luc"], _corner(page.reading)
        counts = right[page.sample.truth.get("but_luc_style") or "none"]
        counts[0] += got is None if wanted is None else (got or "").lstrip("0") == str(wanted)
        counts[1] += 1
    return {style: {"right": a, "of": b} for style, (a, b) in right.items()}


def _flags(pages: Sequence[Measured], below: float) -> dict[str, Any]:
    read = [p for p in pages if not p.reading.is_blank and p.sample.truth["kind"] != "blank"]
    bad, good = [p for p in read if p.cer > BAD_CER], [p for p in read if p.cer <= BAD_CER]
    return {
        "below": below, "bad": len(bad), "bad_flagged": sum(p.reading.confidence < below for p in bad),
        "good": len(good), "good_flagged": sum(p.reading.confidence < below for p in good),
        "missed": [p.sample.name for p in bad if p.reading.confidence >= below],
    }  # fmt: skip


def _blank(pages: Sequence[Measured]) -> dict[str, int]:
    both = [(p.sample.truth["kind"] == "blank", p.reading.is_blank) for p in pages]
    return {
        "blank": sum(is_blank for is_blank, _ in both), "found": sum(is_blank and said for is_blank, said in both),
        "wrongly": sum(said and not is_blank for is_blank, said in both),
    }  # fmt: skip


def _calibration(pages: Sequence[Measured]) -> list[dict[str, float]]:
    """How often a word is right by the confidence it was given: said and true chance should agree."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for page in pages:
        read = [normal(word.text) for word in page.reading.words]
        truth = nearest_truth(" ".join(read), page.sample.truth["blocks"]).split()
        right = [False] * len(read)
        for _, at, length in SequenceMatcher(None, truth, read, autojunk=False).get_matching_blocks():
            right[at : at + length] = [True] * length
        for word, is_right in zip(page.reading.words, right, strict=True):
            bins[int(word.confidence * 20)].append((word.confidence, is_right))
    return [
        {"words": len(words), "said": round(mean(s for s, _ in words), 3), "true": round(mean(t for _, t in words), 3)}
        for _, words in sorted(bins.items())
    ]


def ablation(found: Sequence[Sample], options: ReadOptions, steps: Sequence[str]) -> dict[str, Any]:
    """What each treatment and step is worth: scores without it."""
    table = {}
    for step in ("", *steps):
        levels = _levels(measured(found, options.without(step) if step else options))
        table[step or "all on"] = {k: {m: v[m] for m in ("cer", "recall", "cpu")} for k, v in levels.items()}
        print("ablation", step or "all on", table[step or "all on"], file=sys.stderr, flush=True)
    return table


def rotation(found: Sequence[Sample], options: ReadOptions) -> dict[str, Any]:
    """Pages turned by 90, 180 and 270 degrees: how many come out upright."""
    right: dict[int, list[int]] = {90: [0, 0], 180: [0, 0], 270: [0, 0]}
    for sample in found:
        page = decode(sample.image, 120, sample.dpi)
        upright = np.rot90(page.pixels, k=sample.truth["rotation"] // 90)
        for turn, count in right.items():
            turned = np.ascontiguousarray(np.rot90(upright, k=-(turn // 90)))
            count[0] += recognise(turned, replace(options, dpi=page.dpi)).rotation == 360 - turn
            count[1] += 1
    return {str(turn): {"right": a, "of": b} for turn, (a, b) in right.items()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--fast", action="store_true", help="Debian's model instead of the better one")
    parser.add_argument("--level", action="append", help="only pages of this level")
    parser.add_argument("--limit", type=int, default=0, help="only so many pages")
    parser.add_argument("--every", type=int, default=1, help="only every so many-th page")
    parser.add_argument("--peers", action="store_true", help="the same pages by tesseract and ocrmypdf, and all CPU")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--without", action="append", help="with --ablation: only these treatments or steps")
    parser.add_argument("--rotation", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Run what was asked for and print JSON."""
    arguments = _arguments()
    settings = load_settings(None)
    options = ReadOptions.from_settings(settings)
    if arguments.fast:
        options = replace(options, tessdata=str(DEBIAN_TESSDATA))
    found = [s for s in samples(arguments.pages) if not arguments.level or s.truth["level"] in arguments.level]
    found = found[:: arguments.every]
    found = found[: arguments.limit] if arguments.limit else found
    result: dict[str, Any] = {}
    if arguments.ablation:
        result["ablation"] = ablation(found, options, arguments.without or (*TREATMENTS, *STEPS))
    if arguments.rotation:
        result["rotation"] = rotation(found, options)
    if not result:
        result = accuracy(measured(found, options), settings.review_confidence)
    if arguments.peers:
        from bench.read_peers import compared

        result["peers"] = compared(found, options)
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
