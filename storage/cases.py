"""Cases: making, numbering, assigning, linking, closing. Each operation audits itself in the caller's transaction."""

import re
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import folders as folder_data
from config.errors import Conflict, Invalid
from storage import audit, outbox
from storage.access import Actor
from storage.models.base import now
from storage.models.cases import LAW_COLLECTION, Case, CaseLink, CaseNumber, CaseParty, EvidenceFolder, Grant, Right
from storage.models.documents import Document, DocumentPage
from storage.models.people import User
from storage.vietnamese import fold, name_key, nfc, number_key

LAW_COLLECTION_NAME = "Văn bản pháp luật, hướng dẫn"
LINK_KINDS = ("origin", "merged", "split", "enforcement")
_MAX_FOLDER_NAME = 120


def create_case(
    session: Session, actor: Actor, *, kind: str, name: str, numbers: Iterable[str] = (), unit: str = "",
    owner: User | None = None,
) -> Case:
    """Make a case with the folders of its kind and an inbox folder name of its own.

    :param owner: gets the right to lead the case; without it only leaders see it until somebody is assigned.
    :raises Invalid: unknown kind, no name, or a number that another case already has.
    """
    if kind != LAW_COLLECTION and kind not in folder_data.case_kinds():
        raise Invalid(what=f"loại hồ sơ {kind}", why="không có trong danh mục")
    name = nfc(name).strip()
    if not name:
        raise Invalid(what="tên gọi hồ sơ", why="chưa nhập")
    unit_of_number = "page" if kind == LAW_COLLECTION else folder_data.case_kind(kind).but_luc_unit
    case = Case(kind=kind, name=name, unit=unit, but_luc_unit="sheet" if unit_of_number == "sheet" else "page")
    session.add(case)
    session.flush()
    for number in numbers:
        add_number(session, actor, case, number, record=False)
    case.inbox_name = _inbox_name(session, case)
    add_taxonomy_folders(session, case)
    if owner:
        session.add(Grant(case_id=case.id, user_id=owner.id, right=Right.LEAD, reason="người lập hồ sơ"))
    session.flush()
    session.expire(case, ["numbers", "folders", "grants"])
    audit.record(session, actor.name, "case.created", f"case:{case.id}",
                 {"kind": kind, "name": name, "numbers": [n.number for n in case.numbers]})
    return case


def law_collection(session: Session, actor: Actor) -> Case:
    """The shared collection of laws and guidance; made when it is first needed."""
    found = session.scalar(select(Case).where(Case.kind == LAW_COLLECTION))
    return found or create_case(session, actor, kind=LAW_COLLECTION, name=LAW_COLLECTION_NAME)


def add_taxonomy_folders(session: Session, case: Case) -> None:
    """Give a case the folders of its kind that it does not have yet."""
    have = set(session.scalars(select(EvidenceFolder.code).where(EvidenceFolder.case_id == case.id)))
    kind_folders = () if case.kind == LAW_COLLECTION else folder_data.taxonomy(case.kind)
    for folder in kind_folders:
        if folder.code not in have:
            session.add(EvidenceFolder(case_id=case.id, code=folder.code, name=folder.name, position=folder.position))


def add_number(
    session: Session, actor: Actor, case: Case, number: str, *, issuer: str = "", stage: str = "",
    day: date | None = None, record: bool = True,
) -> CaseNumber:
    """Give a case one more number.

    :raises Invalid: the number is empty, or belongs to another case of the same kind already.
    """
    number = nfc(number).strip()
    key = number_key(number)
    if not key:
        raise Invalid(what="số hồ sơ", why="chưa nhập")
    same = session.scalar(
        select(Case).join(CaseNumber).where(CaseNumber.key == key, Case.kind == case.kind).limit(1)
    )
    if same is not None:
        raise Invalid(what=f"số {number}", why=f"đã thuộc hồ sơ {same.name}")
    row = CaseNumber(case_id=case.id, number=number, key=key, issuer=issuer, stage=stage, date=day)
    session.add(row)
    session.flush()
    if record:
        audit.record(session, actor.name, "case.numbered", f"case:{case.id}", {"number": number, "stage": stage})
    return row


def find_by_number(session: Session, number: str) -> list[Case]:
    """Every case one of whose numbers is this one, however it is spelled."""
    key = number_key(number)
    return list(session.scalars(select(Case).join(CaseNumber).where(CaseNumber.key == key).distinct())) if key else []


def add_party(
    session: Session, actor: Actor, case: Case, name: str, *, role: str = "", birth_year: int | None = None,
    is_minor: bool = False,
) -> CaseParty:
    """Name a person or body as taking part in a case."""
    name = " ".join(nfc(name).split())
    if not name:
        raise Invalid(what="họ tên", why="chưa nhập")
    party = CaseParty(
        case_id=case.id, name=name, key=name_key(name), role=role, birth_year=birth_year, is_minor=is_minor
    )
    session.add(party)
    session.flush()
    audit.record(session, actor.name, "case.party_added", f"case:{case.id}", {"name": name, "role": role})
    return party


def assign(
    session: Session, actor: Actor, case: Case, user: User, right: Right, *, reason: str = "phân công"
) -> Grant:
    """Assign a person to a case (phân công); an earlier assignment of the person to it ends now."""
    moment = now()
    _end_grants(session, case, user)
    grant = Grant(case_id=case.id, user_id=user.id, right=right, since=moment, reason=reason)
    session.add(grant)
    session.flush()
    audit.record(session, actor.name, "case.assigned", f"case:{case.id}",
                 {"user": user.login, "right": str(right), "reason": reason})
    return grant


def unassign(session: Session, actor: Actor, case: Case, user: User, *, reason: str = "") -> None:
    """End a person's assignment to a case; from the next query on the case is gone for them."""
    _end_grants(session, case, user)
    session.expire(case, ["grants"])
    audit.record(session, actor.name, "case.unassigned", f"case:{case.id}", {"user": user.login, "reason": reason})


def link(session: Session, actor: Actor, case: Case, other: Case, kind: str) -> CaseLink:
    """Tie two cases together (nguồn tin → vụ án → thi hành án, nhập, tách).

    :raises Invalid: unknown kind of tie, or a case tied to itself.
    :raises Conflict: they are tied that way already.
    """
    if kind not in LINK_KINDS or case.id == other.id:
        raise Invalid(what="liên kết hồ sơ", why="loại liên kết không có, hoặc tự liên kết với chính nó")
    if session.scalar(select(CaseLink.id).where(
            CaseLink.case_id == case.id, CaseLink.other_id == other.id, CaseLink.kind == kind)):
        raise Conflict(what="Liên kết hồ sơ")
    row = CaseLink(case_id=case.id, other_id=other.id, kind=kind)
    session.add(row)
    session.flush()
    audit.record(session, actor.name, "case.linked", f"case:{case.id}", {"other": other.id, "kind": kind})
    return row


def rename(session: Session, actor: Actor, case: Case, name: str) -> None:
    """Change the name people use for a case; the pages' index rows follow."""
    name = nfc(name).strip()
    if not name:
        raise Invalid(what="tên gọi hồ sơ", why="chưa nhập")
    before, case.name = case.name, name
    audit.record(session, actor.name, "case.renamed", f"case:{case.id}", {"before": before, "after": name})
    pages = select(DocumentPage.page_id).join(Document).where(Document.case_id == case.id)
    outbox.pages_changed(session, session.scalars(pages))


def close(session: Session, actor: Actor, case: Case) -> None:
    """Close a case: it rejects writes until it is opened again."""
    case.status, case.closed_at = "closed", now()
    audit.record(session, actor.name, "case.closed", f"case:{case.id}")


def reopen(session: Session, actor: Actor, case: Case) -> None:
    """Open a closed case again."""
    case.status, case.closed_at = "open", None
    audit.record(session, actor.name, "case.reopened", f"case:{case.id}")


def folder_of(session: Session, case: Case, code: str | None) -> EvidenceFolder | None:
    """The case's folder with this code, or None."""
    if code is None:
        return None
    return session.scalar(select(EvidenceFolder).where(EvidenceFolder.case_id == case.id, EvidenceFolder.code == code))


def _end_grants(session: Session, case: Case, user: User) -> None:
    in_force = (Grant.case_id == case.id, Grant.user_id == user.id, Grant.until.is_(None))
    session.execute(update(Grant).where(*in_force).values(until=now()))


def _inbox_name(session: Session, case: Case) -> str:
    """A folder name Windows accepts, from the case's number and name, not used by another case."""
    label = " ".join([*(n.number for n in case_numbers(session, case)[:1]), case.name])
    plain = re.sub(r"[^0-9A-Za-z]+", "-", fold(label)).strip("-")[:_MAX_FOLDER_NAME].rstrip("-") or f"ho-so-{case.id}"
    taken = session.scalar(select(Case.id).where(Case.inbox_name == plain, Case.id != case.id))
    return f"{plain}-{case.id}" if taken else plain


def case_numbers(session: Session, case: Case) -> list[CaseNumber]:
    """A case's numbers, oldest first."""
    return list(session.scalars(select(CaseNumber).where(CaseNumber.case_id == case.id).order_by(CaseNumber.id)))
