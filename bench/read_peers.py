"""The same pages by other programs in the same run: ``tesseract -l vie`` bare, and ``ocrmypdf -l vie`` two ways.

Ours is counted with everything a page costs: decoding, clean-up, reading, packing for the database, and the PDF/A.
Loading the model is paid once per process by the service and left out; the others start anew for each page.
"""

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.read import Sample, cpu
from bench.read_score import Score, score
from ingest.assemble import assemble_pdf
from ingest.recognise.options import ReadOptions
from ingest.recognise.pixels import decode

RAW, PLAIN, FULL = "tesseract", "ocrmypdf", "ocrmypdf --rotate-pages --deskew"
OURS, TWICE = "archive", "archive, pages read twice"


def compared(found: Sequence[Sample], options: ReadOptions) -> dict[str, Any]:
    """CPU-seconds a page, its ratio to bare tesseract, and scores per level, of us and of the others."""
    seconds: dict[str, list[float]] = defaultdict(list)
    scores: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(Score))
    raw_of_twice = []
    found[0].read(options)  # the model is loaded before anything is counted
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for sample in found:
            page = work / "page"
            page.write_bytes(sample.image)
            dpi = sample.dpi or decode(sample.image, 120).dpi
            texts, twice = {}, False
            before = cpu()
            texts[OURS], twice = _ours(sample, page, options, work)
            seconds[OURS].append(cpu() - before)
            for name, command in _commands(page, dpi, work).items():
                before = cpu()
                _run(command)
                seconds[name].append(cpu() - before)
                texts[name] = (work / "peer.txt").read_text(encoding="utf-8", errors="replace")
            if twice:
                seconds[TWICE].append(seconds[OURS][-1])
                raw_of_twice.append(seconds[RAW][-1])
            for name, text in texts.items():
                scores[name][sample.truth["level"]].add(score(text, sample.truth["blocks"]))
    raw = {**dict.fromkeys(seconds, seconds[RAW]), TWICE: raw_of_twice}
    return {
        name: {
            "pages": len(spent), "cpu": round(sum(spent) / len(spent), 3),
            "ratio": round(sum(spent) / sum(raw[name]), 3),
            "levels": {level: value.rates() for level, value in scores[name].items()},
        }
        for name, spent in seconds.items()
    }  # fmt: skip


def _ours(sample: Sample, page: Path, options: ReadOptions, work: Path) -> tuple[str, bool]:
    reading = sample.read(options)
    reading.pack()
    assemble_pdf(page, [reading], work / "ours.pdf", title="bench")
    return reading.text, reading.extra.get("tries", 1) > 1


def _commands(page: Path, dpi: int, work: Path) -> dict[str, list[str]]:
    ocrmypdf = [sys.executable, "-m", "ocrmypdf", "-l", "vie", "-j", "1", "-q", "--image-dpi", str(dpi),
                "--sidecar", str(work / "peer.txt")]  # fmt: skip
    ends = [str(page), str(work / "peer.pdf")]
    return {
        RAW: ["tesseract", str(page), str(work / "peer"), "-l", "vie", "--dpi", str(dpi)],
        PLAIN: [*ocrmypdf, *ends],
        FULL: [*ocrmypdf, "--rotate-pages", "--deskew", *ends],
    }


def _run(command: list[str]) -> None:
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=one_thread)
