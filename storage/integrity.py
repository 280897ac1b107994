"""Proof that the archive is whole: every original re-hashed, every derived file and record accounted for, chain walked.

All findings are reported, not only the first. What is merely left over (an original that no record names because a
process was killed between file and row, a derived file whose original is gone) is told apart from what is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from storage import audit
from storage.schema import metadata
from storage.vault import Vault

#: every column of this name, in whatever table, holds the hash of an original in the vault
HASH_COLUMN = "sha256"


class Kind(StrEnum):
    """What is the matter. ``ORPHAN`` and ``STALE`` are left over and harmless; all others are faults."""

    MISSING = "missing"
    CHANGED = "changed"
    CHAIN = "chain"
    DATABASE = "database"
    INDEX = "index"
    ORPHAN = "orphan"
    STALE = "stale"

    @property
    def is_fault(self) -> bool:
        """Whether somebody must act."""
        return self not in (Kind.ORPHAN, Kind.STALE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: what kind, about what (``original:HASH``, ``event:SEQ``), and both languages' words for it."""

    kind: Kind
    subject: str
    vi: str
    en: str


def hash_tables() -> list[Table]:
    """Tables whose rows name originals of the vault."""
    return [table for table in metadata.sorted_tables if HASH_COLUMN in table.columns]


def named_originals(session: Session) -> dict[str, str]:
    """Hash of every original that a record names → where it is named first, ``scan:3``."""
    named: dict[str, str] = {}
    for table in hash_tables():
        column, key = table.c[HASH_COLUMN], next(iter(table.primary_key.columns))
        for sha256, row_id in session.execute(select(column, key).where(column.is_not(None)).order_by(key)):
            named.setdefault(sha256, f"{table.name}:{row_id}")
    return named


def check_original(vault: Vault, sha256: str, named_by: str) -> Finding | None:
    """Read one original and compare it with the hash it is named by."""
    path, subject = vault.path(sha256), f"original:{sha256}"
    if not path.is_file():
        return Finding(
            Kind.MISSING, subject, f"{path} không còn; bản gốc của {named_by}. Hãy lấy lại từ bản sao lưu",
            f"{path} is not there; it is named by {named_by}. Fetch it from a backup",
        )  # fmt: skip
    if not vault.verify(sha256):
        return Finding(
            Kind.CHANGED, subject,
            f"{path} không còn đúng như lúc lưu; bản gốc của {named_by}. Hãy lấy lại từ bản sao lưu",
            f"{path} is not what was stored; it is named by {named_by}. Fetch it from a backup",
        )  # fmt: skip
    return None


def check_leftovers(vault: Vault, derived_folder: Path, named: dict[str, str]) -> Iterator[Finding]:
    """Originals and derived files that no record names, and derived files that are empty."""
    for sha256 in vault.all_hashes():
        if sha256 not in named:
            yield Finding(
                Kind.ORPHAN, f"original:{sha256}",
                "không thuộc bản ghi nào, còn lại sau lần nhận bị ngắt; không ảnh hưởng",
                "no record names it; it was left by an interrupted intake and does no harm",
            )  # fmt: skip
    for folder in sorted(derived_folder.glob("[0-9a-f][0-9a-f]/*")):
        subject = f"derived:{folder.name}"
        if folder.name not in named:
            yield Finding(
                Kind.STALE, subject, f"{folder} không thuộc bản ghi nào; xóa được",
                f"{folder} belongs to no record; it may be deleted",
            )  # fmt: skip
            continue
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.stat().st_size == 0:
                yield Finding(
                    Kind.STALE, subject, f"{path} rỗng; hãy xóa, máy tự dựng lại",
                    f"{path} is empty; delete it, it is made again",
                )  # fmt: skip


def check_chain(session: Session, known_head: tuple[int, str] | None = None) -> Iterator[Finding]:
    """The audit chain, as findings."""
    for fault in audit.check_chain(session, known_head):
        yield Finding(
            Kind.CHAIN, f"event:{fault.seq}", f"nhật ký: {fault.vi}. Hãy giữ nguyên máy và báo lãnh đạo",
            f"{fault.kind}: {fault.en}. Leave the machine as it is and tell the head of the office",
        )  # fmt: skip


def check_database(session: Session) -> Iterator[Finding]:
    """SQLite's own look at its file: broken pages, indexes that disagree, rows that point nowhere."""
    if session.get_bind().dialect.name != "sqlite":
        return
    advice = "Hãy dừng dịch vụ và khôi phục từ bản sao lưu", "Stop the service and restore a backup"
    connection = session.connection()
    for (message,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if message != "ok":
            yield Finding(Kind.DATABASE, "database", f"cơ sở dữ liệu hỏng ({message}). {advice[0]}",
                          f"{message}. {advice[1]}")  # fmt: skip
    for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding(Kind.DATABASE, f"{table}:{row_id}", f"trỏ tới một dòng {parent} không còn. {advice[0]}",
                      f"it points to a row of {parent} that is gone. {advice[1]}")  # fmt: skip
