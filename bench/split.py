"""Score cutting and filing against exact truth: ``bench/split.py FOLDER…`` (each with bundle.pdf and truth.json).

Prints one JSON document: boundary precision, recall and F1; documents with both ends right; type, number, date and
folder of those; bút lục; how often the machine is sure and how often it is right then; seconds per 100 pages spent
outside reading. ``--made N`` scores N invented bundles (``made_bundles``) instead; ``--cache DIR`` keeps readings.
"""

import argparse
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# run as a script this folder comes first on the path, and its modules would hide the packages of the same names
sys.path[0] = str(Path(__file__).resolve().parents[1])

# ruff: noqa: E402
import pypdfium2 as pdfium

from bench.made_bundles import Maker
from config import document_types
from config.settings import load_settings
from ingest.filing.plan import BatchPlan, plan_batch
from ingest.recognise.options import ReadOptions
from ingest.recognise.reader import recognise
from ingest.split import catalogue
from ingest.split.page import PageView
from storage.reading import PageReading
from storage.vietnamese import fold, number_key


def type_codes(name: str) -> set[str]:
    """Types a Vietnamese name stands for: those it names in full, else the nearest."""
    bare = " ".join(catalogue.syllables(name))
    exact = {
        kind.code
        for kind in document_types.document_types().values()
        if any(" ".join(catalogue.syllables(title)) == bare for title in (kind.name, *kind.titles))
    }
    if exact:
        return exact
    found = catalogue.matches(name)
    return {match.type_code for match in found if match.score > found[0].score - 0.04} if found else set()


def kind_of_bundle(truth: dict[str, Any]) -> str | None:
    """Kind of case in our words, from what the truth says of the bundle."""
    told = fold(f"{truth.get('bundle_type', '')} {truth.get('case_name', '')}")
    for word, kind in (
        ("tha", "thads"),
        ("hs ", "hinh_su"),
        ("ds ", "dan_su"),
        ("hc ", "hanh_chinh"),
        ("nt ", "nguon_tin"),
        ("xl", "bpxlhc"),
        ("hinh su", "hinh_su"),
        ("thi hanh an", "thads"),
        ("hanh chinh", "hanh_chinh"),
        ("dan su", "dan_su"),
    ):
        if told.startswith(word) or (" " in word.strip() and word in told):
            return kind
    return None


def read_bundle(folder: Path, cache: Path | None) -> tuple[list[PageReading], float]:
    """Readings of a bundle's pages and the seconds it took."""
    settings = load_settings(Path("/nonexistent"), environment={})
    started = time.perf_counter()
    readings = []
    document = pdfium.PdfDocument(str(folder / "bundle.pdf"))
    for number in range(len(document)):
        kept = cache / folder.name / f"{number + 1:04d}.bin" if cache else None
        if kept and kept.is_file():
            readings.append(PageReading.unpack(kept.read_bytes()))
            continue
        page = document[number]
        pictures = [thing for thing in page.get_objects() if thing.type == 3]
        image = pictures[0].get_bitmap(render=False).to_pil() if pictures else page.render(scale=200 / 72).to_pil()
        stream = io.BytesIO()
        image.convert("RGB").save(stream, "PPM")
        dpi = round(image.width / (page.get_width() / 72))
        readings.append(recognise(stream.getvalue(), ReadOptions.from_settings(settings, dpi=dpi)))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(readings[-1].pack())
    return readings, time.perf_counter() - started


def sample(
    folder: Path, cache: Path | None
) -> tuple[list[PageReading | None], list[dict[str, Any]], dict[int, str], str | None, float]:
    """Readings, true documents, true bút lục by page index, kind of case, seconds of reading."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    readings, seconds = read_bundle(folder, cache)
    documents = [
        {
            "first": d["first_page"] - 1,
            "last": d["last_page"] - 1,
            "types": type_codes(d["doc_type_name"]),
            "number": d["number"],
            "date": d["date"],
        }
        for d in truth["documents"]
    ]
    numbers = {i: str(p["but_luc"]) for i, p in enumerate(truth["pages"]) if p.get("but_luc")}
    return list(readings), documents, numbers, kind_of_bundle(truth), seconds


def made(
    seed: int, noise: float
) -> tuple[list[PageReading | None], list[dict[str, Any]], dict[int, str], str | None, float]:
    """An invented bundle in the same form."""
    bundle = Maker(seed, noise).bundle()
    documents = [
        {"first": d.pages[0], "last": d.pages[-1], "types": {d.type_code}, "number": d.number, "date": d.date}
        for d in bundle.documents
    ]
    return bundle.readings, documents, {i: str(n) for i, n in bundle.but_luc.items()}, bundle.case_kind, 0.0


def score(
    plan: BatchPlan,
    documents: list[dict[str, Any]],
    numbers: dict[int, str],
    case_kind: str | None,
    count: Counter[str],
) -> None:
    """Add one bundle's hits to the count."""
    starts = {d["first"] for d in documents}
    mine = {d.proposed.pages[0] for d in plan.documents}
    count.update(
        true_cuts=len(starts & mine),
        false_cuts=len(mine - starts),
        missed_cuts=len(starts - mine),
        documents=len(documents),
        proposed=len(plan.documents),
    )
    by_ends = {(d["first"], d["last"]): d for d in documents}
    for planned in plan.documents:
        pages = planned.proposed.pages
        truth = by_ends.get((min(pages), max(pages)))
        right = truth is not None and _fields(planned, truth, case_kind, count)
        if not planned.needs_review:
            count.update(sure=1, sure_and_right=int(right))
    for index, number in numbers.items():
        found = plan.proposal.numbers.get(index)
        count.update(but_luc=1, but_luc_right=int(found is not None and found.number == number))


def _fields(planned: Any, truth: dict[str, Any], case_kind: str | None, count: Counter[str]) -> bool:
    told = planned.description
    number = told.number.value.text if told.number else None
    date = told.date.value.isoformat() if told.date else None
    type_right = told.kind.code in truth["types"]
    number_right = number_key(number or "") == number_key(truth["number"] or "")
    date_right = date == truth["date"]
    homes = {
        document_types.by_code(code).folder(case_kind) or document_types.by_code(code).folder(None)
        for code in truth["types"]
    }
    folder_right = planned.folder is not None and planned.folder.code in homes
    count.update(
        exact=1,
        type_right=int(type_right),
        folder_right=int(folder_right),
        numbered=int(truth["number"] is not None),
        number_right=int(truth["number"] is not None and number_right),
        dated=int(truth["date"] is not None),
        date_right=int(truth["date"] is not None and date_right),
    )
    return type_right and number_right and date_right and folder_right


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def summary(count: Counter[str], pages: int, seconds: float, reading: float) -> dict[str, Any]:
    """The figures of the issue."""
    precision = _share(count["true_cuts"], count["true_cuts"] + count["false_cuts"])
    recall = _share(count["true_cuts"], count["true_cuts"] + count["missed_cuts"])
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision and recall else 0.0
    return {
        "pages": pages,
        "documents": count["documents"],
        "boundary": {"precision": precision, "recall": recall, "f1": f1},
        "documents_exact": _share(count["exact"], count["documents"]),
        "type": _share(count["type_right"], count["exact"]),
        "number": _share(count["number_right"], count["numbered"]),
        "date": _share(count["date_right"], count["dated"]),
        "folder": _share(count["folder_right"], count["exact"]),
        "but_luc": _share(count["but_luc_right"], count["but_luc"]),
        "sure": _share(count["sure"], count["proposed"]),
        "right_when_sure": _share(count["sure_and_right"], count["sure"]),
        "seconds_per_100_pages_outside_reading": round(100 * seconds / max(1, pages), 3),
        "seconds_reading": round(reading, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "samples", nargs="*", type=Path, help="folders with bundle.pdf and truth.json, or folders of such"
    )
    parser.add_argument("--made", type=int, default=0, help="score this many invented bundles")
    parser.add_argument("--noise", type=float, default=0.4, help="how badly invented bundles are read, 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="folder to keep readings in")
    options = parser.parse_args()
    answer: dict[str, Any] = {"bundles": []}
    total: Counter[str] = Counter()
    pages, seconds, reading = 0, 0.0, 0.0
    for name, (readings, documents, numbers, kind, took) in _bundles(options):
        views = [PageView(index, page) for index, page in enumerate(readings)]
        started = time.perf_counter()
        plan = plan_batch(views)
        spent = time.perf_counter() - started
        count: Counter[str] = Counter()
        score(plan, documents, numbers, kind, count)
        answer["bundles"].append({"name": name, **summary(count, len(readings), spent, took)})
        total.update(count)
        pages, seconds, reading = pages + len(readings), seconds + spent, reading + took
    answer["total"] = summary(total, pages, seconds, reading)
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 0 if answer["bundles"] else 2


def _bundles(options: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    for folder in options.samples:
        found = (
            [folder] if (folder / "truth.json").is_file() else sorted(p.parent for p in folder.glob("**/truth.json"))
        )
        for bundle in found:
            if (bundle / "bundle.pdf").is_file():
                yield bundle.name, sample(bundle, options.cache)
    for seed in range(options.seed, options.seed + options.made):
        yield f"made-{seed}", made(seed, options.noise)


if __name__ == "__main__":
    sys.exit(main())
