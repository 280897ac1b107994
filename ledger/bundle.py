"""*Xuất sổ kèm hồ sơ*: a folder for a USB stick with the workbook, the papers by case, a list and hashes, readable with
Explorer and Excel on a PC without the service. Papers the actor may not see are left out, and said to be.
"""

import hashlib
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.errors import ArchiveError, Invalid
from config.ledger_books import Book
from config.settings import Settings
from ledger import excel_write, papers
from ledger.entries import office_today
from ledger.excel_write import Links
from ledger.office import Office
from storage.access import Actor
from storage.derived import DerivedStore
from storage.models.ledger import LedgerAttachment, LedgerEntry
from storage.vault import Vault
from storage.vietnamese import fold

LIST_FILE = "MỤC LỤC.txt"
HASH_FILE = "sha256.txt"
_LONGEST_NAME = 80


class TargetNotEmpty(ArchiveError):
    """The folder to write into already holds files."""

    code = "LEDGER-TARGET"
    vi = "Thư mục {path} đã có tệp nên chưa xuất. Không tệp nào bị đè. Hãy chọn thư mục trống."
    en = "The folder {path} already holds files; nothing was written or overwritten. Choose an empty folder."


@dataclass(frozen=True, slots=True)
class Made:
    """What lies in the folder: numbers of papers written, and of those left out with the reason."""

    papers: int
    missing: list[str]


def base_address(settings: Settings) -> str:
    """Address of the service as other machines reach it."""
    return f"http://{settings.server_name or socket.gethostname()}:{settings.port}"


def web_links(session: Session, book: Book, base: str) -> Links:
    """Links of an exported workbook to the entry's papers in the service."""
    counted = (
        select(LedgerAttachment.entry_id, func.count())
        .join(LedgerEntry)
        .where(LedgerEntry.book == book.id, LedgerAttachment.removed_at.is_(None))
        .group_by(LedgerAttachment.entry_id)
    )
    counts = {k: v for k, v in session.execute(counted)}  # noqa: C416 - rows are typed as tuples only when unpacked

    def link(entry: LedgerEntry) -> tuple[str, str] | None:
        number = counts.get(entry.id)
        return (f"{base}/so/{book.id}/dong/{entry.id}", f"{number} tài liệu") if number else None

    return Links(link)


def write_bundle(
    session: Session,
    actor: Actor,
    settings: Settings,
    office: Office,
    book: Book,
    rows: list[LedgerEntry],
    target: Path,
) -> Made:
    """Write the folder.

    :raises TargetNotEmpty: it exists and is not empty.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TargetNotEmpty(path=target)
    target.mkdir(parents=True, exist_ok=True)
    vault, derived = Vault(settings.vault_folder), DerivedStore(settings.derived_folder)
    lines = [book.name, office.name, f"Xuất ngày {office_today():%d/%m/%Y}. Bản quét, không thay bản gốc.", ""]
    folders: dict[int, str] = {}
    missing: list[str] = []
    written = 0
    for entry in rows:
        files, lacking = _write_papers(session, actor, vault, derived, book, entry, target)
        missing += lacking
        written += len(files)
        if files:
            folders[entry.id] = files[0].parent.relative_to(target).as_posix()
            lines.append(f"Số {entry.number_text}  {_title(book, entry)}")
            lines += [f"    {f.relative_to(target).as_posix()}" for f in files]
    links = Links(lambda e: (f"external:{folders[e.id]}", "mở hồ sơ") if e.id in folders else None)
    workbook = target / f"{_file_name(book.short_name)}.xlsx"
    excel_write.write_book(workbook, book, office.engine, rows, office=office.name, today=office_today(), links=links)
    if missing:
        lines += ["", "Không kèm theo:", *missing]
    (target / LIST_FILE).write_text("\r\n".join(lines) + "\r\n", "utf-8-sig")
    _write_hashes(target)
    return Made(written, missing)


def _write_papers(
    session: Session, actor: Actor, vault: Vault, derived: DerivedStore, book: Book, entry: LedgerEntry, target: Path
) -> tuple[list[Path], list[str]]:
    files: list[Path] = []
    missing: list[str] = []
    folder = target / "Hồ sơ" / _file_name(f"{entry.number_text} {_title(book, entry)}")
    for order, paper in enumerate(papers.of_entry(session, actor, entry), 1):
        if not paper.may_open:
            missing.append(f"số {entry.number_text}: một tài liệu anh/chị không được phân công xem")
            continue
        attachment = next(a for a in entry.attachments if a.id == paper.id)
        name = _file_name(f"{order:02} {paper.label}")
        try:
            if attachment.document is not None:
                content = papers.document_pdf(vault, derived, attachment.document, paper.first_page, paper.last_page)
                suffix = ".pdf"
            elif attachment.scan is not None and attachment.scan.sha256:
                with vault.open(attachment.scan.sha256) as stream:
                    content = stream.read()
                suffix = Path(attachment.scan.name).suffix[:10]
            else:
                continue
        except (Invalid, OSError, ArchiveError) as error:
            missing.append(f"số {entry.number_text}: {paper.label} ({error})")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name.removesuffix(suffix)}{suffix}"
        path.write_bytes(content)
        files.append(path)
    return files, missing


def _title(book: Book, entry: LedgerEntry) -> str:
    return " – ".join(str(entry.data[f]) for f in book.title_fields if entry.data.get(f))


def _file_name(text: str) -> str:
    """A name every Windows takes: no reserved signs, no marks that other machines show wrongly, not too long."""
    plain = re.sub(r"[^a-z0-9 ,._-]+", "-", fold(text)).strip(" .-")
    return re.sub(r"\s+", " ", plain)[:_LONGEST_NAME].rstrip(" .") or "khong ten"


def _write_hashes(target: Path) -> None:
    lines = []
    for path in sorted(p for p in target.rglob("*") if p.is_file()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(target).as_posix()}")
    (target / HASH_FILE).write_text("\n".join(lines) + "\n", "utf-8")
