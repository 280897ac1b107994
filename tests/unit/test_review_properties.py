"""Any sequence of corrections keeps every page in exactly one document or of a loose kind, and loses no bút lục."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid
from storage import batches, review, review_steps
from storage.access import SERVICE
from storage.database import Database
from storage.migrate import upgrade
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Page, Scan

PAGES = 8


@contextmanager
def small_archive() -> Iterator[Session]:
    """A batch of eight numbered pages in three documents, in a database of its own."""
    with TemporaryDirectory() as folder, Database(f"sqlite:///{Path(folder) / 'a.sqlite3'}") as database:
        upgrade(database)
        with database.write() as session:
            batch = batches.open_batch(session, SERVICE, name="x", source="cli:x")
            scan = batches.add_scan(session, SERVICE, batch, name="x.pdf", sha256="0" * 64, size=1, kind="pdf")
            for number in range(1, PAGES + 1):
                session.add(Page(scan_id=scan.id, number=number, kind="document", but_luc=str(number)))
            session.flush()
            ids = list(session.scalars(select(Page.id).order_by(Page.number)))
            for position, held in enumerate((ids[:2], ids[2:3], ids[3:])):
                document = Document(batch_id=batch.id, position=position, title=f"tài liệu {position}")
                session.add(document)
                session.flush()
                session.add_all(
                    DocumentPage(page_id=p, document_id=document.id, position=n) for n, p in enumerate(held))
            session.flush()
            session.expire_all()
            yield session


class Corrections(RuleBasedStateMachine):
    """A clerk who does anything in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.archive = small_archive()
        self.session = self.archive.__enter__()
        self.batch_id = self.session.scalars(select(Scan.batch_id)).one()
        self.history: list[Any] = [self.state()]

    def teardown(self) -> None:
        self.archive.__exit__(None, None, None)

    def pages(self) -> list[int]:
        return list(self.session.scalars(select(Page.id).order_by(Page.number)))

    def documents(self) -> list[int]:
        return list(self.session.scalars(select(Document.id).order_by(Document.position, Document.id)))

    def state(self) -> Any:
        self.session.flush()
        self.session.expire_all()
        held = [(d.title, d.state, d.confirmed_at, d.fields, tuple(link.page_id for link in d.page_links))
                for d in self.session.scalars(select(Document).order_by(Document.position))]
        pages = self.session.scalars(select(Page).order_by(Page.number))
        return held, [(p.kind, p.kind_confirmed, p.rotation, p.but_luc) for p in pages]

    def attempt(self, operation: Any, *arguments: Any) -> None:
        try:
            operation(self.session, SERVICE, self.batch_id, *arguments)
        except Invalid:
            assert self.state() == self.history[-1], "a refused operation changes nothing"
            return
        now = self.state()
        if now != self.history[-1]:
            self.history.append(now)

    @rule(place=st.integers(0, PAGES - 1))
    def split(self, place: int) -> None:
        self.attempt(review.split_here, self.pages()[place])

    @precondition(lambda self: self.documents())
    @rule(place=st.integers(0, 99))
    def join(self, place: int) -> None:
        known = self.documents()
        self.attempt(review.join_before, known[place % len(known)])

    @precondition(lambda self: self.documents())
    @rule(place=st.integers(0, 99), by=st.integers(-3, 3))
    def move(self, place: int, by: int) -> None:
        known = self.documents()
        self.attempt(review.move_cut, known[place % len(known)], by)

    @rule(place=st.integers(0, PAGES - 1), kind=st.sampled_from(["blank", "document", "separator", "photo", "cover"]))
    def mark(self, place: int, kind: str) -> None:
        self.attempt(review.mark_pages, [self.pages()[place]], kind)

    @rule(place=st.integers(0, PAGES - 1))
    def turn(self, place: int) -> None:
        self.attempt(review.rotate, [self.pages()[place]])

    @precondition(lambda self: self.documents())
    @rule(place=st.integers(0, 99))
    def vouch(self, place: int) -> None:
        known = self.documents()
        self.attempt(review.confirm, [known[place % len(known)]])

    @precondition(lambda self: len(self.history) > 1)
    @rule()
    def undo(self) -> None:
        review_steps.undo(self.session, SERVICE, self.batch_id)
        self.history.pop()
        assert self.state() == self.history[-1]

    @invariant()
    def every_page_has_exactly_one_place(self) -> None:
        links = Counter(self.session.scalars(select(DocumentPage.page_id)))
        assert all(count == 1 for count in links.values())
        for page in self.session.scalars(select(Page)):
            assert (page.id in links) != (page.kind in review.LOOSE_KINDS), (page.number, page.kind)

    @invariant()
    def no_number_is_lost_and_no_document_is_empty(self) -> None:
        numbers = list(self.session.scalars(select(Page.but_luc).order_by(Page.number)))
        assert numbers == [str(n) for n in range(1, PAGES + 1)]
        for document in self.session.scalars(select(Document)):
            assert document.page_links
            assert [link.position for link in document.page_links] == list(range(len(document.page_links)))


Corrections.TestCase.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck))
TestCorrections = Corrections.TestCase
