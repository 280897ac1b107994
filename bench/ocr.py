"""How well and how cheaply pages are read: ``python -m bench.ocr PAGES… [--ablation --cpu --rotation --words]``.

PAGES are folders with a ``truth.json`` beside page images, or beside a ``bundle.pdf`` of images. Scores are explained
in ``ocr_score.py``. Reading runs in this process, one page after another; CPU figures are of this process and its
children, so a busy machine changes them little.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from bench.ocr_score import Score, nearest_truth, normal, score
from config.settings import load_settings
from ingest.assemble import assemble_pdf
from ingest.recognise.options import DEBIAN_TESSDATA, STEPS, TREATMENTS, ReadOptions
from ingest.recognise.pixels import decode
from ingest.recognise.preview import page_image
from ingest.recognise.reader import recognise
from storage.reading import PageReading

#: a page with a higher error rate should be flagged for review; the line below which a reading is flagged
BAD_CER = 5.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with its truth."""

    name: str
    image: bytes
    dpi: int | None
    truth: dict[str, Any]


def samples(folders: list[Path]) -> Iterator[Sample]:
    """Pages of the folders, one by one."""
    for folder in folders:
        stored = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        bundle = folder / "bundle.pdf"
        pages = stored["pages"] if isinstance(stored, dict) else stored
        for number, truth in enumerate(pages, start=1):
            if bundle.exists():
                image = page_image(bundle, number, 120)
                yield Sample(f"{folder.name}/{number}", image.data, image.dpi, truth)
            else:
                yield Sample(f"{folder.name}/{truth['file']}", (folder / truth["file"]).read_bytes(), None, truth)


def cpu() -> float:
    """CPU-seconds of this process and its children so far."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def accuracy(found: list[Sample], options: ReadOptions, flag_below: float) -> dict[str, Any]:
    """Scores per level, orientation, corner numbers, flags, CPU."""
    levels: dict[str, Score] = defaultdict(Score)
    pages, seconds = [], defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for sample in found:
        before = cpu()
        reading = recognise(sample.image, options if sample.dpi is None else with_dpi(options, sample.dpi))
        spent = cpu() - before
        result = score(reading.text, sample.truth["blocks"])
        level = sample.truth["level"]
        levels[level].add(result)
        seconds[level] += spent
        counts[level] += 1
        pages.append(_page(sample, reading, result, spent))
    rates = {k: {**v.rates(), "pages": counts[k], "cpu": round(seconds[k] / counts[k], 2)} for k, v in levels.items()}
    return {
        "levels": rates, "orientation": _orientation(pages), "corner": _corners(found, pages),
        "flags": _flags(pages, flag_below), "blank": _blank(found, pages),
        "read_twice": sum(p["tries"] > 1 for p in pages), "pages": pages,
    }  # fmt: skip


def with_dpi(options: ReadOptions, dpi: int) -> ReadOptions:
    """The options for a page of known resolution."""
    return ReadOptions(options.language, options.tessdata, dpi, options.names, switched_off=options.switched_off)


def _page(sample: Sample, reading: PageReading, result: Score, spent: float) -> dict[str, Any]:
    corner = next((b.text for b in reading.blocks if b.kind == "corner"), None)
    return {
        "name": sample.name, "level": sample.truth["level"], "kind": sample.truth["kind"],
        "effects": sample.truth["effects"], "rotation": sample.truth["rotation"], "turned": reading.rotation,
        "confidence": reading.confidence, "blank": reading.is_blank, "corner": corner, "cpu": round(spent, 2),
        "tries": reading.extra.get("tries", 0), "notes": list(reading.notes), **result.rates(),
    }  # fmt: skip


def _orientation(pages: list[dict[str, Any]]) -> dict[str, int]:
    turned = [p for p in pages if p["rotation"] and p["kind"] != "blank"]
    upright = [p for p in pages if not p["rotation"]]
    return {
        "turned": len(turned), "set_upright": sum(p["turned"] == -p["rotation"] % 360 for p in turned),
        "upright": len(upright), "turned_wrongly": sum(p["turned"] != 0 for p in upright),
    }  # fmt: skip


def _corners(found: list[Sample], pages: list[dict[str, Any]]) -> dict[str, Any]:
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sample, page in zip(found, pages, strict=True):
        if "but_luc" not in sample.truth:
            continue
        wanted = sample.truth["but_luc"]
        style = sample.truth.get("but_luc_style") or "none"
        right[style][1] += 1
        got = page["corner"]
        right[style][0] += got is None if wanted is None else (got or "").lstrip("0") == str(wanted)
    return {style: {"right": a, "of": b} for style, (a, b) in right.items()}


def _flags(pages: list[dict[str, Any]], below: float) -> dict[str, Any]:
    read = [p for p in pages if not p["blank"] and p["kind"] != "blank"]
    bad = [p for p in read if p["cer"] > BAD_CER]
    good = [p for p in read if p["cer"] <= BAD_CER]
    return {
        "below": below, "bad": len(bad), "bad_flagged": sum(p["confidence"] < below for p in bad),
        "good": len(good), "good_flagged": sum(p["confidence"] < below for p in good),
    }  # fmt: skip


def _blank(found: list[Sample], pages: list[dict[str, Any]]) -> dict[str, int]:
    truth = [s.truth["kind"] == "blank" for s in found]
    return {
        "blank": sum(truth), "found": sum(t and p["blank"] for t, p in zip(truth, pages, strict=True)),
        "wrongly": sum(not t and p["blank"] for t, p in zip(truth, pages, strict=True)),
    }  # fmt: skip


def ablation(found: list[Sample], options: ReadOptions) -> dict[str, Any]:
    """What each treatment and step is worth: scores without it."""
    table = {}
    for step in ("", *TREATMENTS, *STEPS):
        levels: dict[str, Score] = defaultdict(Score)
        before = cpu()
        for sample in found:
            chosen = options if sample.dpi is None else with_dpi(options, sample.dpi)
            reading = recognise(sample.image, chosen.without(step) if step else chosen)
            levels[sample.truth["level"]].add(score(reading.text, sample.truth["blocks"]))
        table[step or "all on"] = {
            "cpu": round((cpu() - before) / len(found), 2),
            **{k: {"cer": v.rates()["cer"], "recall": v.rates()["recall"]} for k, v in levels.items()},
        }
        print("ablation", step or "all on", table[step or "all on"], file=sys.stderr, flush=True)
    return table


def cost(found: list[Sample], options: ReadOptions) -> dict[str, Any]:
    """CPU-seconds a page: ours with everything (reading, packing, PDF/A), raw ``tesseract``, ``ocrmypdf``."""
    sums: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        recognise(found[0].image, options)  # loading the model is paid once per process, not per page
        for sample in found:
            chosen = options if sample.dpi is None else with_dpi(options, sample.dpi)
            page = work / ("page.png" if sample.image[:4] == b"\x89PNG" else "page.jpg")
            page.write_bytes(sample.image)
            dpi = sample.dpi or decode(sample.image, 120).dpi
            before = cpu()
            reading = recognise(sample.image, chosen)
            reading.pack()
            sums["read"] += cpu() - before
            if reading.extra.get("tries", 1) > 1:
                sums["pages_read_twice"] += 1
            before = cpu()
            assemble_pdf(page, [reading], work / "ours.pdf", title="bench")
            sums["pdf"] += cpu() - before
            before = cpu()
            _run(["tesseract", str(page), str(work / "raw"), "-l", "vie", "--dpi", str(dpi)])
            sums["tesseract"] += cpu() - before
            before = cpu()
            _run([sys.executable, "-m", "ocrmypdf", "-l", "vie", "-j", "1", "--image-dpi", str(dpi), "-q", str(page),
                  str(work / "peer.pdf")])  # fmt: skip
            sums["ocrmypdf"] += cpu() - before
    result = {k: round(v / len(found), 3) for k, v in sums.items()}
    result["ours ÷ tesseract"] = round((sums["read"] + sums["pdf"]) / sums["tesseract"], 3)
    result["ocrmypdf ÷ tesseract"] = round(sums["ocrmypdf"] / sums["tesseract"], 3)
    return result


def _run(command: list[str]) -> None:
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=one_thread)


def words(found: list[Sample], options: ReadOptions) -> list[dict[str, float]]:
    """How often a word is right by the confidence it was given: said and true chance should agree."""
    bins: dict[int, list[float]] = defaultdict(list)
    said: dict[int, list[float]] = defaultdict(list)
    for sample in found:
        reading = recognise(sample.image, options if sample.dpi is None else with_dpi(options, sample.dpi))
        read = [normal(word.text) for word in reading.words]
        truth = nearest_truth(" ".join(read), sample.truth["blocks"]).split()
        right = [False] * len(read)
        for _, at, length in SequenceMatcher(None, truth, read, autojunk=False).get_matching_blocks():
            right[at : at + length] = [True] * length
        for word, is_right in zip(reading.words, right, strict=True):
            bins[int(word.confidence * 20)].append(is_right)
            said[int(word.confidence * 20)].append(word.confidence)
    return [
        {"words": len(bins[b]), "said": round(mean(said[b]), 3), "true": round(mean(bins[b]), 3)}
        for b in sorted(bins)
    ]


def rotation(found: list[Sample], options: ReadOptions) -> dict[str, Any]:
    """Upright pages turned by 90, 180 and 270 degrees: how many come out upright."""
    right: dict[int, list[int]] = {90: [0, 0], 180: [0, 0], 270: [0, 0]}
    for sample in found:
        page = decode(sample.image, 120, sample.dpi)
        base = np.rot90(page.pixels, k=sample.truth["rotation"] // 90)
        for turn, count in right.items():
            reading = recognise(np.ascontiguousarray(np.rot90(base, k=-(turn // 90))), with_dpi(options, page.dpi))
            count[0] += reading.rotation == 360 - turn
            count[1] += 1
    return {str(turn): {"right": a, "of": b} for turn, (a, b) in right.items()}


def main() -> None:
    """Run what was asked for and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--tessdata", type=Path, default=None)
    parser.add_argument("--fast", action="store_true", help="Debian's model instead of the better one")
    parser.add_argument("--level", action="append", help="only pages of this level")
    parser.add_argument("--limit", type=int, default=0, help="only so many pages")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--rotation", action="store_true")
    parser.add_argument("--words", action="store_true", help="calibration of word confidences")
    parser.add_argument("--json", type=Path, default=None)
    arguments = parser.parse_args()
    settings = load_settings(None)
    options = ReadOptions.from_settings(settings)
    if arguments.fast or arguments.tessdata:
        options = ReadOptions(tessdata=str(arguments.tessdata or DEBIAN_TESSDATA))
    found = [s for s in samples(arguments.pages) if not arguments.level or s.truth["level"] in arguments.level]
    found = found[: arguments.limit] if arguments.limit else found
    result: dict[str, Any] = {}
    if arguments.ablation:
        result["ablation"] = ablation(found, options)
    if arguments.cpu:
        result["cost"] = cost(found, options)
    if arguments.rotation:
        result["rotation"] = rotation(found, options)
    if arguments.words:
        result["words"] = words(found, options)
    if not result:
        result = accuracy(found, options, settings.review_confidence)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if arguments.json:
        arguments.json.write_text(text, encoding="utf-8")
        result.pop("pages", None)
    print(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
