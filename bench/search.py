"""Search: speed, relevance, memory and safety, on generated archives. Prints one JSON document.

``python -m bench.search --pages 5000 --engine whoosh`` builds, asks, adds documents and reads during commits; each of
these steps, ``known`` (relevance) and ``kill`` can also be run alone (``--step``). Times are of the clock and (``cpu``)
of the processor: on a busy machine only the second means something, and the share of a bare engine query in the same
run is what can be compared between machines. Only pages that are shown have their
readings in the database (the others are in the index alone), so SQLite's file is smaller than a real one's.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

# run as a script this folder comes first on the path, and its modules would hide the packages of the same names
sys.path[0] = str(Path(__file__).resolve().parents[1])

# ruff: noqa: E402
import psutil
from sqlalchemy import insert, select

from bench.search_archive import CASE_PAGES, PHRASES, SYLLABLES, MadePage, document, heading, make, pages
from config.settings import Settings, load_settings
from search import schema
from search.engine import open_engine
from search.folder import IndexFolder
from search.library import library
from search.pages import head_terms
from search.ranking import Ranking
from search.schema import IndexPage
from search.service import SearchRequest, search
from search.tokens import body_terms, person_terms
from storage.access import CaseScope
from storage.database import Database
from storage.migrate import upgrade
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, PageText, Scan
from storage.reading import PageReading, Word
from storage.vietnamese import fold

EVERYTHING = CaseScope(True, frozenset(), True, None)
KINDS = ("term", "rare", "and", "phrase", "prefix", "fuzzy", "case", "many_cases", "dates_facets", "snippets")


def reading_of(made: MadePage) -> PageReading:
    """The page's text as a recogniser gives it, words spread evenly over their lines."""
    words = []
    lines = made.text.split("\n")
    for row, line in enumerate(lines):
        parts = line.split()
        for at, part in enumerate(parts):
            box = (0.1 + 0.8 * at / len(parts), 0.05 + 0.9 * row / len(lines), 0.7 / len(parts), 0.015)
            words.append(Word(part, box, 0.9, row, 0))
    return PageReading("bench-1", 1654, 2339, 0, 0.9, tuple(words))


def index_page(made: MadePage) -> IndexPage:
    """What the index holds of a page, by the same functions the writer uses."""
    terms = body_terms(made.text, () if made.position else (made.head,))
    terms |= {
        schema.HEAD: list(head_terms(made.head)),
        schema.PERSON: [t for name in made.persons[:2] for t in person_terms(name)],
        schema.ACCESS: [schema.case_access(made.case_id)], schema.FOLDER: [f"HS0{made.document_id % 6 + 1}"],
        schema.KIND: [made.kind], schema.FLAGS: [],
    }  # fmt: skip
    year, month, day = made.date
    return IndexPage(made.page_id, terms, {
        "page": made.page_id, "document": made.document_id, "scan": made.document_id, "case": made.case_id,
        "date": year * 10000 + month * 100 + day, "year": year, "but_luc": made.page_id % CASE_PAGES * 100 + 100,
        "confidence": 90, "order": made.page_id, "length": len(terms["body"]),
    })  # fmt: skip


def settings_of(folder: Path, engine: str = "auto") -> Settings:
    """Settings of a bench archive."""
    return load_settings(folder, environment={}, search_engine=engine)


def make_records(database: Database, count: int) -> None:
    """Cases, scans, pages and documents of ``count`` generated pages, without readings."""
    cases = (count - 1) // CASE_PAGES + 1
    documents = (count - 1) // 4 + 1
    with database.write() as session:
        session.execute(insert(Case), [{"id": n, "kind": "hinh_su", "name": f"Vụ {n}"} for n in range(1, cases + 1)])
        session.execute(
            insert(Batch),
            [
                {"id": n, "name": "b", "case_id": n, "source": "bench", "secret_state": "clear"}
                for n in range(1, cases + 1)
            ],
        )
        for start in range(1, documents + 1, 5000):
            ids = range(start, min(start + 5000, documents + 1))
            session.execute(
                insert(Scan), [{"id": n, "batch_id": (n - 1) * 4 // CASE_PAGES + 1, "name": f"{n}.pdf"} for n in ids]
            )
            known = {n: document(n) for n in ids}
            session.execute(insert(Document), [
                {"id": n, "case_id": (n - 1) * 4 // CASE_PAGES + 1, "batch_id": (n - 1) * 4 // CASE_PAGES + 1,
                 "title": heading(n, kind).split(" ¶ ")[0], "type_code": kind, "folder_code": f"HS0{n % 6 + 1}",
                 "date": date(*day), "state": "confirmed", "version": 1, "case_state": "confirmed"}
                for n, (kind, day) in known.items()
            ])  # fmt: skip
            page_ids = range((ids[0] - 1) * 4 + 1, min(ids[-1] * 4, count) + 1)
            session.execute(insert(Page), [
                {"id": n, "scan_id": (n - 1) // 4 + 1, "number": (n - 1) % 4 + 1, "width": 1654, "height": 2339,
                 "header_checked": True, "ocr_state": "done", "confidence": 0.9, "kind": "document",
                 "but_luc": str(n % CASE_PAGES + 1)} for n in page_ids
            ])  # fmt: skip
            session.execute(
                insert(DocumentPage),
                [{"page_id": n, "document_id": (n - 1) // 4 + 1, "position": (n - 1) % 4} for n in page_ids],
            )


def store_texts(database: Database, page_ids: Sequence[int]) -> None:
    """Readings of these pages, where they have none yet."""
    with database.write() as session:
        known = set(session.scalars(select(PageText.page_id).where(PageText.page_id.in_(page_ids))))
        rows = []
        for page_id in set(page_ids) - known:
            reading = reading_of(make(page_id))
            rows.append({"page_id": page_id, "tool": reading.tool, "text": reading.text, "reading": reading.pack(),
                         "confidence": 0.9})  # fmt: skip
        if rows:
            session.execute(insert(PageText), rows)


def build(folder: Path, count: int, engine: str) -> dict[str, Any]:
    """Records and index of a generated archive; how quickly the index was made."""
    settings = settings_of(folder, engine)
    with Database(settings.database) as database:
        upgrade(database)
        make_records(database, count)
    index = IndexFolder(settings.index_folder)
    target = index.new(engine)  # type: ignore[arg-type]
    opened = open_engine(target.engine, target.folder)
    own = opened.writer()
    spent = 0.0
    step = 5000
    for start in range(1, count + 1, step):
        made = [make(n) for n in range(start, min(start + step, count + 1))]
        began = time.process_time()
        own.put([index_page(page) for page in made])
        if engine == "whoosh":
            own.commit()
        spent += time.process_time() - began
    began = time.process_time()
    own.commit()
    own.close()
    spent += time.process_time() - began
    index.switch(target)
    size = sum(file.stat().st_size for file in target.folder.rglob("*") if file.is_file())
    return {
        "pages": count,
        "engine": engine,
        "pages_per_cpu_second": round(count / spent),
        "index_mb": round(size / 2**20, 1),
    }


# -- queries


def queries(count: int, seed: int = 5) -> list[tuple[str, SearchRequest, CaseScope]]:
    """Two hundred searches of ten kinds; half typed without marks."""
    dice = random.Random(seed)
    cases = (count - 1) // CASE_PAGES + 1
    made = []
    for at in range(200):
        kind = KINDS[at % len(KINDS)]
        page = make(dice.randint(1, count))
        phrase = dice.choice([p for p in PHRASES if 2 <= p.count(" ") + 1 <= 4])
        text, more, scope = phrase, {"facets": False, "snippets": False}, EVERYTHING
        if kind == "term":
            text = dice.choice(["tòa", "bị", "hình", "sản", "điều", "ngày", "của", "nhân", "hợp", "giám"])
        elif kind == "rare":
            text = dice.choice(page.own.split())
        elif kind == "and":
            text = " ".join(dice.sample([w for p in PHRASES for w in p.split()], 3))
        elif kind == "phrase":
            text = f'"{phrase}"'
        elif kind == "prefix":
            text = dice.choice(["ngh*", "th*", "khở*", "tr*", "chu*", "ph*"]) + " " + phrase
        elif kind == "fuzzy":
            word = dice.choice(SYLLABLES[:2000])
            text = f"~{word}z"
        elif kind == "case":
            more["case"] = dice.randint(1, cases)
        elif kind == "many_cases":
            scope = CaseScope(
                False, frozenset(dice.sample(range(1, 40_000), 1900)) | frozenset(range(1, 101)), False, 1
            )
        elif kind == "dates_facets":
            more |= {"facets": True, "date_from": date(2018, 1, 1), "date_to": date(2021, 12, 31)}
        elif kind == "snippets":
            more |= {"facets": True, "snippets": True}
        if at % 20 >= 10:
            text = fold(text)
        made.append((kind, SearchRequest(text, **more), scope))  # type: ignore[arg-type]
    return made


class Timer:
    """Adds up what a method takes: seconds by the clock, and of the processor in whatever thread."""

    def __init__(self) -> None:
        self.spent = self.spent_cpu = 0.0

    def around(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            began, began_cpu = time.perf_counter(), time.thread_time()
            try:
                return method(*given, **named)
            finally:
                self.spent += time.perf_counter() - began
                self.spent_cpu += time.thread_time() - began_cpu

        return timed


def ask(folder: Path, count: int) -> dict[str, Any]:
    """Ask everything twice (first touch, then warm), the second time each beside a bare engine query; and how much
    memory that took."""
    settings = settings_of(folder)
    asked = queries(count)
    with Database(settings.database) as database:
        with database.read() as session:
            shown = [h.page_id for _, request, scope in asked if request.snippets
                     for h in search(session, settings, scope, request).hits]  # fmt: skip
        store_texts(database, shown)
        library(settings.index_folder).close()
        with library(settings.index_folder).reader() as reader:
            assert reader is not None
            reader_class = type(reader)
            library(settings.index_folder).words(reader)
        with _timed(Ranking, "part") as whole, _timed(reader_class, "search") as engine:
            timers = Timers(whole, engine)
            first = _timed_run(database, settings, asked, timers)
            rss = psutil.Process().memory_info().rss / 2**20
            bare_queries = Bare(settings)
            warm = _timed_run(database, settings, asked, timers, bare_queries)
    bare = figures([seconds for seconds, _ in bare_queries.taken]) if bare_queries.taken else {}
    bare_cpu = figures([cpu for _, cpu in bare_queries.taken]) if bare_queries.taken else {}
    return {
        "pages": count, "engine_ms": figures([t.engine for t in warm]),
        "engine_cpu_ms": figures([t.engine_cpu for t in warm]), "api_ms": figures([t.api for t in warm]),
        "api_cpu_ms": figures([t.api_cpu for t in warm]),
        "first_touch_engine_cpu_ms": figures([t.engine_cpu for t in first]),
        "kinds_cpu_p50_p95_ms": {
            kind: [percentile([t.api_cpu for t in warm if t.kind == kind], share) for share in (50, 95)]
            for kind in KINDS
        },
        "kinds_engine_cpu_p50_p95_ms": {
            kind: [percentile([t.engine_cpu for t in warm if t.kind == kind], share) for share in (50, 95)]
            for kind in KINDS
        },
        "bare_ms": bare, "bare_cpu_ms": bare_cpu,
        "ratio_p50": _ratio([t.engine for t in warm], bare),
        "ratio_p50_cpu": _ratio([t.engine_cpu for t in warm], bare_cpu),
        "rss_mb": round(rss),
    }  # fmt: skip


def _ratio(taken: Sequence[float], bare: dict[str, float]) -> float | None:
    return round(percentile(taken, 50) / bare["p50"], 2) if bare else None


@contextmanager
def _timed(owner: type, method: str) -> Iterator[Timer]:
    """A timer around a method, while the block runs."""
    timer, original = Timer(), getattr(owner, method)
    setattr(owner, method, timer.around(original))
    try:
        yield timer
    finally:
        setattr(owner, method, original)


class Timers(NamedTuple):
    """Of the part of a search that asks the engine, which may ask it twice at once: its time by the clock is that of
    the whole, its processor time that of all that the engine was asked."""

    whole: Timer
    engine: Timer


@dataclass(frozen=True, slots=True)
class Taken:
    """What one search took, in milliseconds: in the engine and in all, by the clock and of the processor."""

    kind: str
    engine: float
    engine_cpu: float
    api: float
    api_cpu: float


def _timed_run(
    database: Database, settings: Settings, asked: Any, timers: Timers, bare: "Bare | None" = None
) -> list[Taken]:
    taken = []
    for kind, request, scope in asked:
        timers.whole.spent = timers.engine.spent_cpu = 0.0
        began, began_cpu = time.perf_counter(), time.thread_time()
        with database.read() as session:
            json.dumps(search(session, settings, scope, request).as_api())
        spent, spent_cpu = time.perf_counter() - began, time.thread_time() - began_cpu
        in_engine, engine_cpu = timers.whole.spent * 1000, timers.engine.spent_cpu * 1000
        taken.append(Taken(kind, in_engine, engine_cpu, spent * 1000, spent_cpu * 1000))
        if bare is not None:
            bare.ask(fold(request.query.strip('"~*').split()[0]))
    return taken


class Bare:
    """One-term queries put straight to Tantivy, without anything of ours; nothing with another engine. Each is asked
    right after the search whose first word it is, so that both find processor and memory in the same state."""

    def __init__(self, settings: Settings) -> None:
        #: milliseconds by the clock and of the processor
        self.taken: list[tuple[float, float]] = []
        self._searcher: Any = None
        current = IndexFolder(settings.index_folder).current()
        if current is not None and current.engine == "tantivy":
            import tantivy

            index = tantivy.Index.open(str(current.folder))
            self._schema = index.schema
            self._searcher = index.searcher()
            self._term_query = tantivy.Query.term_query

    def ask(self, term: str) -> None:
        """The twenty best pages holding the term, and how many there are."""
        if self._searcher is None:
            return
        began, began_cpu = time.perf_counter(), time.thread_time()
        self._searcher.search(self._term_query(self._schema, "body", term, "freq"), limit=20)
        self.taken.append(((time.perf_counter() - began) * 1000, (time.thread_time() - began_cpu) * 1000))


def percentile(values: Sequence[float], share: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 2)


def figures(values: Sequence[float]) -> dict[str, float]:
    return {
        "p50": percentile(values, 50),
        "p95": percentile(values, 95),
        "p99": percentile(values, 99),
        "max": round(max(values), 2),
    }


# -- relevance


def known_items(folder: Path, count: int, engine: str, errors: float) -> dict[str, Any]:
    """A hundred pages, each asked for by five neighbouring words of the sentence only it has."""
    settings = settings_of(folder, engine)
    with Database(settings.database) as database:
        upgrade(database)
        make_records(database, count)
        index = IndexFolder(settings.index_folder)
        target = index.new(engine)  # type: ignore[arg-type]
        opened = open_engine(target.engine, target.folder)
        own = opened.writer()
        own.put([index_page(page) for page in pages(count, errors=errors)])
        own.commit()
        own.close()
        index.switch(target)
        dice = random.Random(11)
        chosen = dice.sample(range(1, count + 1), 100)
        ranks: dict[str, list[float]] = {"with_marks": [], "without_marks": []}
        with database.read() as session:
            for page_id in chosen:
                words = make(page_id).own.split()
                at = dice.randint(0, len(words) - 5)
                text = " ".join(words[at : at + 5])
                for name, typed in (("with_marks", text), ("without_marks", fold(text))):
                    request = SearchRequest(typed, facets=False, snippets=False)
                    found = [h.page_id for h in search(session, settings, EVERYTHING, request).hits]
                    ranks[name].append(1 / (found.index(page_id) + 1) if page_id in found else 0.0)
    return {name: round(sum(values) / len(values), 3) for name, values in ranks.items()}


def in_own_process(*arguments: str) -> dict[str, Any]:
    """Run a step in a process of its own, so that its memory is its own."""
    done = subprocess.run([sys.executable, "-m", "bench.search", *arguments], check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def everything(count: int, engine: str, root: Path) -> dict[str, Any]:
    """All steps for one size and engine."""
    folder = root / f"{engine}-{count}"
    folder.mkdir(parents=True, exist_ok=True)
    report = {"build": in_own_process("--step", "build", str(folder), "--pages", str(count), "--engine", engine)}
    report["ask"] = in_own_process("--step", "ask", str(folder), "--pages", str(count))
    report["add_document_ms"] = in_own_process("--step", "adding", str(folder))
    report["reading_while_writing"] = in_own_process("--step", "reading", str(folder), "--pages", str(count))
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--engine", choices=["whoosh", "tantivy"], default="whoosh")
    parser.add_argument(
        "--step", choices=["build", "ask", "adding", "reading", "known", "kill", "everything"], default="everything"
    )
    parser.add_argument("--errors", type=float, default=0.0)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="bench-search-"))
    from bench import search_writing

    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "build": lambda: build(folder, given.pages, given.engine), "ask": lambda: ask(folder, given.pages),
        "adding": lambda: search_writing.adding(folder),
        "reading": lambda: search_writing.reading_while_writing(folder, given.pages),
        "known": lambda: known_items(folder, given.pages, given.engine, given.errors),
        "kill": lambda: search_writing.killing(folder, given.engine),
        "everything": lambda: everything(given.pages, given.engine, folder),
    }  # fmt: skip
    report = steps[given.step]()
    report["machine"] = {
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
