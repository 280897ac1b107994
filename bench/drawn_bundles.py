"""Invented case files drawn as scans with exact truth: ``python -m bench.drawn_bundles OUT [--seed N] [CASE…]``.

Other kinds of case, fonts, wordings and layouts than any sample: the papers stand in ``bench/drawn_cases/*.toml``, the
seed decides font, spacing, wear, blank backs, stamps and how bút lục are written. Each folder of OUT holds
``bundle.pdf`` (images only) and ``truth.json`` as ``bench/split.py`` reads them.
"""

import argparse
import datetime
import io
import json
import random
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import img2pdf
from PIL import Image

from bench.drawn_papers import Desk, Paper, draw_cover, draw_list, draw_paper
from bench.drawn_wear import Wear, blank_back, mistreated, scanned
from config import document_types

CASES = Path(__file__).with_name("drawn_cases")
FONTS = ("LiberationSerif", "DejaVuSerif", "LiberationSans", "DejaVuSerifCondensed", "DejaVuSansCondensed",
         "LiberationMono")  # fmt: skip
FONT_CHANCES = (8, 3, 2, 3, 1, 1)


@dataclass
class Habits:
    """What is the same through one bundle: how its office numbers, prints and scans."""

    rng: random.Random
    numbered: bool = True
    per_sheet: bool = False
    duplex: bool = False
    stamp: str = "box"
    wear: Wear = field(default_factory=Wear)

    @classmethod
    def of(cls, rng: random.Random) -> "Habits":
        return cls(rng, rng.random() < 0.9, rng.random() < 0.25, rng.random() < 0.5,
                   rng.choice(["box", "printed", "written"]), Wear.of(rng))  # fmt: skip


@dataclass
class Bundle:
    """Pages in scan order with their truth."""

    images: list[bytes] = field(default_factory=list)
    pages: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)

    def add(self, image: Image.Image, habits: Habits, kind: str, but_luc: int | None = None) -> None:
        """One more page, worn as this office's scanner wears it."""
        turned = 180 if kind == "doc" and habits.rng.random() < 0.02 else 0
        worn, dpi = scanned(image, habits.wear, habits.rng, turned)
        stream = io.BytesIO()
        worn.save(stream, "JPEG", quality=habits.rng.randint(45, 80), dpi=(dpi, dpi))
        self.images.append(stream.getvalue())
        self.pages.append({"kind": kind, "dpi": dpi, "rotation": turned, "level": habits.wear.level,
                           **({"but_luc": but_luc} if but_luc else {})})  # fmt: skip


def cases() -> dict[str, dict[str, Any]]:
    """The invented cases by name of file."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(CASES.glob("*.toml"))}


def draw(case: dict[str, Any], seed: int, *, hard: bool = False) -> tuple[Bundle, Habits]:
    """A case file as this seed's office keeps it; ``hard``: pages also went through many hands."""
    harder = random.Random(seed + 1)
    rng = random.Random(seed)
    habits, bundle = Habits.of(rng), Bundle()
    desk = Desk(rng, case)
    papers = [Paper(**entry) for entry in case["papers"]]
    if "cover_title" in case:
        bundle.add(draw_cover(desk, _font(rng)), habits, "cover")
    drawn = [(paper, draw_paper(desk, paper, _font(rng))) for paper in papers]
    if "list_title" in case:
        bundle.add(draw_list(desk, _rows(drawn, habits)), habits, "toc")
    for paper, first, sheets in _numbered(drawn, habits):
        start = len(bundle.pages) + 1
        for place, sheet in enumerate(sheets):
            number = first + (place // 2 if habits.per_sheet else place) if habits.numbered else None
            if number is not None:
                sheet.but_luc(str(number), habits.stamp, rng)
            image = mistreated(sheet.image, harder, place == 0) if hard else sheet.image
            bundle.add(image, habits, "photo" if paper.layout == "photos" else "doc", number)
        bundle.documents.append(_truth(paper, start, len(bundle.pages), bundle.pages))
        if habits.duplex and len(sheets) % 2 and rng.random() < 0.7:
            bundle.add(blank_back(sheets[-1].image, rng), habits, "blank")
    return bundle, habits


def _font(rng: random.Random) -> str:
    return rng.choices(FONTS, FONT_CHANCES)[0]


def _numbered(drawn: list[tuple[Paper, list[Any]]], habits: Habits) -> Iterator[tuple[Paper, int, list[Any]]]:
    """Each paper with its first bút lục: every page counts, or every sheet of two sides."""
    at = 1
    for paper, sheets in drawn:
        yield paper, at, sheets
        at += (len(sheets) + 1) // 2 if habits.per_sheet else len(sheets)


def _rows(drawn: list[tuple[Paper, list[Any]]], habits: Habits) -> list[tuple[str, str, str]]:
    """The rows of the bundle's own list: name, number and date, bút lục."""
    found = []
    for paper, first, sheets in _numbered(drawn, habits):
        last = first + ((len(sheets) - 1) // 2 if habits.per_sheet else len(sheets) - 1)
        day = datetime.date.fromisoformat(paper.date) if paper.date else None
        number = ", ".join(filter(None, (paper.number, f"{day:%d/%m/%Y}" if day else None)))
        found.append((document_types.name_of(paper.type), number, str(first) if first == last else f"{first}-{last}"))
    return found


def _truth(paper: Paper, first: int, last: int, pages: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "first_page": first, "last_page": last, "type_code": paper.type,
        "doc_type_name": document_types.name_of(paper.type), "title": " ".join(paper.title) or paper.about,
        "number": paper.true_number, "date": paper.date,
        "but_luc_first": pages[first - 1].get("but_luc"), "but_luc_last": pages[last - 1].get("but_luc"),
    }  # fmt: skip


def write(folder: Path, case: dict[str, Any], seed: int, *, hard: bool = False) -> int:
    """Draw one bundle into a folder; the number of its pages."""
    bundle, _ = draw(case, seed, hard=hard)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bundle.pdf").write_bytes(img2pdf.convert(bundle.images))
    truth = {"bundle": folder.name, "bundle_type": case["bundle_type"], "case_kind": case["kind"],
             "case_name": case["name"], "case_number": case["number"], "documents": bundle.documents,
             "pages": bundle.pages}  # fmt: skip
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return len(bundle.pages)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the bundles")
    parser.add_argument("cases", nargs="*", help="names of cases; all when none is named")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hard", action="store_true", help="stamps over the head, strokes of a pen, specks")
    options = parser.parse_args()
    for place, (name, case) in enumerate(cases().items()):
        if not options.cases or name in options.cases:
            folder = options.out / f"{name}_{options.seed}{'_hard' if options.hard else ''}"
            pages = write(folder, case, options.seed * 100 + place, hard=options.hard)
            print(f"{name}: {pages} pages", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
