"""Who may see what: the one place that decides, tried role by role."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from config.errors import CaseClosed, Forbidden, NotFound
from storage import batches, cases
from storage.access import (
    SERVICE,
    Actor,
    case_scope,
    require_batch,
    require_case,
    require_document,
    require_page,
    require_scan,
)
from storage.database import Database
from storage.models.cases import Case, Right
from storage.models.documents import Document, DocumentPage
from storage.models.people import Role, User
from storage.models.scans import Page, Scan, SecretState

MakeUser = Callable[..., User]
MakeCase = Callable[..., Case]


def add_document(session: Session, case: Case | None, owner: User | None = None) -> tuple[Document, Page, Scan]:
    batch = batches.open_batch(session, SERVICE, name="đợt", source="test", case=case, owner_id=owner and owner.id)
    scan = batches.add_scan(session, SERVICE, batch, name="a.pdf", sha256="a" * 64, size=1)
    page = Page(scan_id=scan.id, number=1, header_checked=True)
    document = Document(batch_id=batch.id, case_id=case.id if case else None)
    session.add_all([page, document])
    session.flush()
    session.add(DocumentPage(page_id=page.id, document_id=document.id, position=0))
    session.flush()
    return document, page, scan


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.LEADER, True), (Role.ADMIN, False), (Role.CLERK, False), (Role.PROSECUTOR, False), (Role.ASSISTANT, False)],
)
def test_without_an_assignment_only_leaders_see_a_case(
    session: Session, make_user: MakeUser, make_case: MakeCase, role: Role, sees: bool
) -> None:
    actor = Actor.of(make_user(session, "someone", role))
    case = make_case(session, "1/2026/HSST")
    document, page, scan = add_document(session, case)
    assert case_scope(session, actor).allows(case.id, None) is sees
    for require, thing in ((require_case, case), (require_document, document), (require_page, page),
                           (require_scan, scan), (require_batch, document.batch)):
        if sees:
            assert require(session, actor, thing.id) is thing  # type: ignore[operator]
        else:
            with pytest.raises(NotFound):
                require(session, actor, thing.id)  # type: ignore[operator]


def test_an_assignment_opens_the_case_and_its_end_closes_it_at_once(
    session: Session, make_user: MakeUser, make_case: MakeCase
) -> None:
    user = make_user(session, "hoa")
    actor = Actor.of(user)
    case = make_case(session, "2/2026/HSST", members={user: Right.READ})
    assert require_case(session, actor, case.id) is case
    with pytest.raises(Forbidden):
        require_case(session, actor, case.id, Right.WRITE)
    cases.assign(session, SERVICE, case, user, Right.WRITE)
    require_case(session, actor, case.id, Right.WRITE)
    cases.unassign(session, SERVICE, case, user)
    with pytest.raises(NotFound):
        require_case(session, actor, case.id)


def test_a_closed_case_rejects_writes_but_is_read(session: Session, make_user: MakeUser, make_case: MakeCase) -> None:
    user = make_user(session, "hoa")
    case = make_case(session, "3/2026/HSST", members={user: Right.LEAD})
    cases.close(session, SERVICE, case)
    require_case(session, Actor.of(user), case.id)
    with pytest.raises(CaseClosed):
        require_case(session, Actor.of(user), case.id, Right.WRITE)


def test_what_is_unassigned_is_seen_by_clerks_and_its_owner_only(session: Session, make_user: MakeUser) -> None:
    owner, other = make_user(session, "owner"), make_user(session, "other")
    clerk, admin = make_user(session, "clerk", Role.CLERK), make_user(session, "boss", Role.ADMIN)
    document, _page, _scan = add_document(session, None, owner)
    for user in (owner, clerk):
        assert require_document(session, Actor.of(user), document.id) is document
    for user in (other, admin):
        with pytest.raises(NotFound):
            require_document(session, Actor.of(user), document.id)


def test_a_page_whose_header_was_not_read_is_seen_by_owner_and_clerk_only(
    session: Session, make_user: MakeUser, make_case: MakeCase
) -> None:
    owner, leader = make_user(session, "owner"), make_user(session, "leader", Role.LEADER)
    case = make_case(session, "4/2026/HSST", members={owner: Right.READ})
    _document, page, _scan = add_document(session, case, owner)
    page.header_checked = False
    assert require_page(session, Actor.of(owner), page.id) is page
    clerk = make_user(session, "clerk", Role.CLERK)
    assert require_page(session, Actor.of(clerk), page.id) is page
    page.header_checked = True
    with pytest.raises(NotFound):
        require_page(session, Actor.of(clerk), page.id)
    page.header_checked = False
    with pytest.raises(NotFound):
        require_page(session, Actor.of(leader), page.id)


def test_nothing_of_a_halted_batch_is_given_to_anyone(session: Session, make_user: MakeUser) -> None:
    owner = make_user(session, "owner", Role.CLERK)
    document, page, scan = add_document(session, None, owner)
    document.batch.secret_state = SecretState.HALTED
    for require, thing in ((require_document, document), (require_page, page), (require_scan, scan)):
        for actor in (Actor.of(owner), SERVICE):
            with pytest.raises(NotFound):
                require(session, actor, thing.id)  # type: ignore[operator]


def test_a_scan_with_pages_of_a_second_case_is_not_given_whole(
    session: Session, make_user: MakeUser, make_case: MakeCase
) -> None:
    user = make_user(session, "hoa")
    mine = make_case(session, "5/2026/HSST", members={user: Right.WRITE})
    foreign = make_case(session, "6/2026/HSST")
    document, page, scan = add_document(session, mine, user)
    assert require_scan(session, Actor.of(user), scan.id) is scan
    document.case_id = foreign.id
    session.flush()
    for require, thing in ((require_scan, scan), (require_page, page), (require_document, document)):
        with pytest.raises(NotFound):
            require(session, Actor.of(user), thing.id)  # type: ignore[operator]


def test_everyone_reads_the_collection_of_laws(session: Session, make_user: MakeUser) -> None:
    laws = cases.law_collection(session, SERVICE)
    user = make_user(session, "hoa", Role.ASSISTANT)
    assert require_case(session, Actor.of(user), laws.id) is laws
    with pytest.raises(Forbidden):
        require_case(session, Actor.of(user), laws.id, Right.WRITE)
    assert cases.law_collection(session, SERVICE) is laws


def test_a_session_that_reads_asks_once_and_the_next_one_anew(
    database: Database, make_user: MakeUser, make_case: MakeCase
) -> None:
    with database.write() as session:
        user, case = make_user(session, "hoa", Role.PROSECUTOR), make_case(session, "1/2026/HSST")
        cases.assign(session, SERVICE, case, user, Right.READ)
        actor, case_id = Actor.of(user), case.id
    with database.read() as session:
        scope = case_scope(session, actor)
        assert scope.allows(case_id, None)
        assert case_scope(session, actor) is scope
    with database.write() as session:
        assert case_scope(session, actor).allows(case_id, None)
        cases.unassign(session, SERVICE, session.get_one(Case, case_id), session.get_one(User, actor.user_id))
        assert not case_scope(session, actor).allows(case_id, None), "whoever changes rights sees the change"
    with database.read() as session:
        assert not case_scope(session, actor).allows(case_id, None)
