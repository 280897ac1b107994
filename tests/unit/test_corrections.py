"""A person's correction wins, stays where it was made, and outlives every later reading."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from config.errors import Forbidden, Invalid, NotFound
from storage import corrections
from storage.access import SERVICE, Actor
from storage.models.cases import Case, Right
from storage.models.people import User
from storage.models.records import AuditEvent, OutboxEntry
from storage.models.scans import Batch, Page, Scan
from storage.pages import mark_failed, store_reading
from storage.reading import PageReading, Word


def reading(*texts: str, tool: str = "t1", confidence: float = 0.7) -> PageReading:
    """Words on one line, each a tenth of the page wide."""
    words = tuple(Word(t, (0.1 * i, 0.5, 0.08, 0.02), confidence, 0, 0) for i, t in enumerate(texts))
    return PageReading(tool, 1000, 1400, 0, confidence, words)


def new_page(session: Session, case: Case | None = None, number: int = 1) -> Page:
    batch = Batch(name="đợt", case_id=case.id if case else None, source="test")
    session.add(batch)
    session.flush()
    scan = Scan(batch_id=batch.id, name="a.pdf")
    session.add(scan)
    session.flush()
    page = Page(scan_id=scan.id, number=number, header_checked=True)
    session.add(page)
    session.flush()
    return page


def shown(session: Session, page: Page) -> str:
    result = corrections.displayed_reading(session, page.id)
    assert result is not None
    return result.text


def test_words_under_the_box_are_replaced_and_their_raw_reading_kept(session: Session) -> None:
    page = new_page(session)
    store_reading(session, page, reading("Nguyén", "Vän", "A", "sinh"))
    corrections.correct(session, SERVICE, page.id, (0.0, 0.49, 0.19, 0.04), "Nguyễn Văn")
    result = corrections.displayed_reading(session, page.id)
    assert result is not None
    assert result.text == "Nguyễn Văn A sinh"
    assert result.words[0].raw == "Nguyén Vän"
    assert result.words[0].confidence == 1.0
    assert shown_machine(session, page) == "Nguyén Vän A sinh"


def shown_machine(session: Session, page: Page) -> str:
    machine = corrections.machine_reading(session, page.id)
    assert machine is not None
    return machine.text


def test_a_later_reading_does_not_lose_the_correction(session: Session) -> None:
    page = new_page(session)
    store_reading(session, page, reading("Nguyén", "Vän", "A"))
    corrections.correct(session, SERVICE, page.id, (0.0, 0.49, 0.19, 0.04), "Nguyễn Văn")
    store_reading(session, page, reading("Ngayén", "Vàn", "A", "mới", tool="t2"))
    assert shown(session, page) == "Nguyễn Văn A mới"


def test_words_can_be_added_where_nothing_was_read_and_taken_away(session: Session) -> None:
    page = new_page(session)
    store_reading(session, page, reading("một", "rác"))
    corrections.correct(session, SERVICE, page.id, (0.1, 0.49, 0.09, 0.04), "")
    assert shown(session, page) == "một"
    corrections.correct(session, SERVICE, page.id, (0.3, 0.5, 0.1, 0.02), "hai ba")
    assert shown(session, page) == "một hai ba"
    corrections.correct(session, SERVICE, page.id, (0.1, 0.7, 0.1, 0.02), "dưới")
    assert shown(session, page) == "một hai ba\ndưới"


def test_a_second_correction_of_the_same_place_wins_and_undo_brings_the_first_back(session: Session) -> None:
    page = new_page(session)
    store_reading(session, page, reading("x", "y"))
    corrections.correct(session, SERVICE, page.id, (0.0, 0.49, 0.09, 0.04), "a")
    corrections.correct(session, SERVICE, page.id, (0.0, 0.49, 0.09, 0.04), "b")
    assert shown(session, page) == "b y"
    assert corrections.undo(session, SERVICE, page.id) is not None
    assert shown(session, page) == "a y"
    assert corrections.undo(session, SERVICE, page.id) is not None
    assert shown(session, page) == "x y"
    assert corrections.undo(session, SERVICE, page.id) is None


def test_each_change_is_audited_and_told_to_the_index(session: Session) -> None:
    page = new_page(session)
    store_reading(session, page, reading("x"))
    session.query(OutboxEntry).delete()
    corrections.correct(session, SERVICE, page.id, (0.0, 0.49, 0.09, 0.04), "y")
    corrections.undo(session, SERVICE, page.id)
    corrections.mark_proofread(session, SERVICE, page.id)
    actions = [event.action for event in session.query(AuditEvent).filter(AuditEvent.subject == f"page:{page.id}")]
    assert actions == ["page.corrected", "page.correction_undone", "page.proofread"]
    assert session.query(OutboxEntry).count() == 2


@pytest.mark.parametrize(
    "box", [(-0.1, 0.1, 0.1, 0.1), (0.1, 1.0, 0.1, 0.1), (0.1, 0.1, 0.0, 0.1), (0.1, 0.1, 2.0, 0.1)]
)
def test_a_box_off_the_page_is_refused(session: Session, box: tuple[float, float, float, float]) -> None:
    page = new_page(session)
    with pytest.raises(Invalid):
        corrections.correct(session, SERVICE, page.id, box, "y")


def test_only_who_may_change_the_case_corrects(
    session: Session, make_user: Callable[..., User], make_case: Callable[..., Case]
) -> None:
    reader, stranger = make_user(session, "doc"), make_user(session, "la")
    case = make_case(session, "1/2024/HSST", members={reader: Right.READ})
    page = new_page(session, case)
    store_reading(session, page, reading("x", confidence=0.2))
    with pytest.raises(Forbidden):
        corrections.correct(session, Actor.of(reader), page.id, (0.0, 0.49, 0.09, 0.04), "y")
    with pytest.raises(NotFound):
        corrections.correct(session, Actor.of(stranger), page.id, (0.0, 0.49, 0.09, 0.04), "y")
    assert [p.page_id for p in corrections.worst_first(session, Actor.of(reader), 0.85)] == [page.id]
    assert corrections.worst_first(session, Actor.of(stranger), 0.85) == []


def test_the_queue_is_worst_first_and_a_proofread_page_leaves_it(session: Session) -> None:
    pages = [new_page(session, number=n) for n in range(4)]
    for page, confidence in zip(pages[:3], (0.8, 0.3, 0.95), strict=True):
        store_reading(session, page, reading("x", confidence=confidence))
    mark_failed(session, pages[3], "hỏng")
    queue = [p.page_id for p in corrections.worst_first(session, SERVICE, 0.85)]
    assert queue == [pages[3].id, pages[1].id, pages[0].id]
    corrections.mark_proofread(session, SERVICE, pages[1].id)
    assert [p.page_id for p in corrections.worst_first(session, SERVICE, 0.85)] == [pages[3].id, pages[0].id]


def test_rereading_starts_with_the_worst_and_leaves_proofread_pages_alone(session: Session) -> None:
    pages = [new_page(session, number=n) for n in range(5)]
    tools = ("read 1; old", "read 1; old", "read 2; new", "read 1; old", "pdfplumber 1")
    for page, confidence, tool in zip(pages, (0.8, 0.3, 0.1, 0.2, 0.1), tools, strict=True):
        store_reading(session, page, reading("x", tool=tool, confidence=confidence))
        page.scan.sha256 = "0" * 64
    corrections.mark_proofread(session, SERVICE, pages[3].id)
    assert corrections.rereading_candidates(session, "read 2; new", 9) == [pages[1], pages[0]]
    assert corrections.rereading_candidates(session, "read 2; new", 1) == [pages[1]]
