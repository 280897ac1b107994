"""The layout of the watched folder, and what a file's place in it says: who brought it, and into which case.

An SMB drop carries no user, so the service makes ``can-bo/LOGIN`` for every person and ``ho-so/NAME`` for every open
case. The names are plain ASCII because the address book of an office's scanner takes nothing else. Any other folder
whose name is a case's number or name belongs to that case too; any other folder at all is one đợt quét.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.names import readable
from storage import cases
from storage.models.cases import Case
from storage.models.people import User
from storage.vietnamese import fold

PEOPLE = "can-bo"
CASES = "ho-so"
#: where refused files lie, with the reason beside them
ASIDE = "cần xử lý"
#: where the share says what was taken in
RECEIPTS = "biên nhận"

OWN_FOLDERS = frozenset({ASIDE, RECEIPTS})
#: what operating systems leave behind in every folder
_JUNK = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".localized", ".directory"})
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download")


@dataclass(frozen=True, slots=True)
class Place:
    """What a place in the inbox means.

    :ivar source: names the source a batch is filled from, as kept in ``Batch.source``.
    :ivar label: for the batch's name; empty where the place says nothing but who or which case.
    """

    source: str
    label: str
    owner_id: int | None
    case: Case | None


def is_own(relative: PurePosixPath) -> bool:
    """Whether a path is the service's own (receipts, refused files) and so never taken in."""
    return any(unicodedata.normalize("NFC", part) in OWN_FOLDERS for part in relative.parts)


def is_junk(name: str) -> bool:
    """Files that operating systems and programs leave in folders, which nobody means to hand in."""
    return name.casefold() in _JUNK or name.startswith(("._", "~$"))


def is_unfinished_name(name: str) -> bool:
    """Names programs give to files they are still writing."""
    return name.startswith(".") or name.casefold().endswith(_UNFINISHED)


def place_of(session: Session, relative: PurePosixPath) -> Place:
    """What the folder ``relative`` of the inbox says about the files in it."""
    relative = PurePosixPath(readable(relative))
    parts = list(relative.parts)
    owner_id: int | None = None
    case: Case | None = None
    rest: list[str] = []
    if len(parts) >= 2 and parts[0].casefold() == PEOPLE:
        owner_id = session.scalar(select(User.id).where(User.login == parts[1].casefold()))
        parts = parts[2:]
    elif len(parts) >= 2 and parts[0].casefold() == CASES:
        case = session.scalar(select(Case).where(Case.inbox_name == parts[1]))
        parts = parts[2:] if case is not None else parts[1:]
    for part in parts:
        named = case_named(session, part) if case is None else None
        case = case or named
        if named is None:
            rest.append(part)
    if case is not None and case.status == "closed":
        case = None  # a closed case takes nothing; the scan waits unassigned and a person decides
    label = unicodedata.normalize("NFC", " / ".join(rest))
    return Place(f"inbox:{relative}"[:300], label, owner_id, case)


def case_named(session: Session, folder: str) -> Case | None:
    """The one case whose number or name a folder bears; None where there is none, or more than one."""
    name = unicodedata.normalize("NFC", folder).strip()
    by_number = cases.find_by_number(session, name)
    if len(by_number) == 1:
        return by_number[0]
    wanted = _plain(name)
    if not wanted or by_number:
        return None
    rows = session.execute(select(Case.id, Case.name, Case.inbox_name))
    found = [row.id for row in rows if wanted in (_plain(row.name), _plain(row.inbox_name or ""))]
    return session.get(Case, found[0]) if len(found) == 1 else None


def _plain(name: str) -> str:
    """Folded letters and digits, without the word "vụ" people put before a name."""
    words = "".join(c if c.isalnum() else " " for c in fold(name)).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "vu" else words)


def make_folders(session: Session, inbox: Path) -> None:
    """Make the folders of people and open cases that are missing."""
    (inbox / ASIDE).mkdir(parents=True, exist_ok=True)
    for login in session.scalars(select(User.login).where(User.disabled_at.is_(None))):
        (inbox / PEOPLE / login).mkdir(parents=True, exist_ok=True)
    names = select(Case.inbox_name).where(Case.status == "open", Case.inbox_name.is_not(None))
    for name in session.scalars(names):
        (inbox / CASES / str(name)).mkdir(parents=True, exist_ok=True)
