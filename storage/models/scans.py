"""What came in: batches, scans, pages, and what was read on them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, now
from storage.models.cases import Case
from storage.models.people import User


class SecretState(StrEnum):
    """Whether a batch may be seen: nothing of a halted batch is served to anyone but the secrecy officer."""

    UNKNOWN = "unknown"
    CLEAR = "clear"
    HALTED = "halted"
    RELEASED = "released"


class ScanState(StrEnum):
    """Where a scan stands."""

    WAITING = "waiting"
    RECEIVED = "received"
    READING = "reading"
    DONE = "done"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"


class PageKind(StrEnum):
    """What a page is. Only ``document`` pages (and ``photo`` pages inside a document) belong to documents."""

    UNKNOWN = "unknown"
    DOCUMENT = "document"
    BLANK = "blank"
    COVER = "cover"
    DOCUMENT_LIST = "document_list"
    SEPARATOR = "separator"
    PHOTO = "photo"


class OcrState(StrEnum):
    """State of a page's reading; failed is not blank."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Batch(Base):
    """What one person fed through the scanner at one go (đợt quét): an ordered set of scans."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    folder_code: Mapped[str | None] = mapped_column(String(20))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    #: where it came from: ``inbox:SUBFOLDER``, ``web``, ``api``, ``cli:NAME``
    source: Mapped[str] = mapped_column(String(300), index=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    first_but_luc: Mapped[str | None] = mapped_column(String(10))
    secret_state: Mapped[str] = mapped_column(String(10), default=SecretState.UNKNOWN)
    is_reversed: Mapped[bool] = mapped_column(default=False)
    is_interleaved: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(default=now)
    last_scan_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]

    case: Mapped[Case | None] = relationship()
    owner: Mapped[User | None] = relationship()
    scans: Mapped[list["Scan"]] = relationship(back_populates="batch", order_by="Scan.position, Scan.id")


class Scan(Base):
    """One file as it arrived (tệp quét). Its bytes lie in the vault under ``sha256`` and never change."""

    __tablename__ = "scan"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(300))
    #: None while the original is kept outside the vault (a refused file that could not be read)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(10), default="other")
    state: Mapped[str] = mapped_column(String(20), default=ScanState.RECEIVED, index=True)
    error_code: Mapped[str | None] = mapped_column(String(50))
    error_detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    page_count: Mapped[int | None]
    is_signed: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    source_path: Mapped[str] = mapped_column(Text, default="")
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    received_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]

    batch: Mapped[Batch] = relationship(back_populates="scans")
    owner: Mapped[User | None] = relationship()
    pages: Mapped[list["Page"]] = relationship(back_populates="scan", order_by="Page.number")


class Page(Base):
    """Page n of a scan (trang). Its identity never changes; moving it between documents costs no reading."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("scan_id", "number"), Index("ix_page_ocr_state", "ocr_state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"))
    number: Mapped[int]
    #: size of the upright image in pixels; 0 until it was rendered
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    dpi: Mapped[float | None]
    #: clockwise turn in degrees that sets the scanned image upright: 0, 90, 180, 270
    rotation: Mapped[int] = mapped_column(default=0)
    rotation_confirmed: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(20), default=PageKind.UNKNOWN)
    kind_confirmed: Mapped[bool] = mapped_column(default=False)
    ocr_state: Mapped[str] = mapped_column(String(10), default=OcrState.PENDING)
    ocr_error: Mapped[str | None] = mapped_column(String(300))
    confidence: Mapped[float | None]
    but_luc: Mapped[str | None] = mapped_column(String(10), index=True)
    but_luc_volume: Mapped[str | None] = mapped_column(String(10))
    but_luc_state: Mapped[str] = mapped_column(String(10), default="none")
    but_luc_confidence: Mapped[float | None]
    #: True once the page's header was read and shows no mark of secrecy
    header_checked: Mapped[bool] = mapped_column(default=False)
    #: a rescan replaces a page in view, never in the vault
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"))

    scan: Mapped[Scan] = relationship(back_populates="pages")
    texts: Mapped[list["PageText"]] = relationship(back_populates="page", order_by="PageText.id")
    corrections: Mapped[list["PageCorrection"]] = relationship(
        back_populates="page", order_by="PageCorrection.id", foreign_keys="PageCorrection.page_id"
    )


class PageText(Base):
    """A machine's reading of a page, by one version of the tools. ``reading`` is ``PageReading.pack()``."""

    __tablename__ = "page_text"
    __table_args__ = (UniqueConstraint("page_id", "tool"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"))
    tool: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    reading: Mapped[bytes] = mapped_column(LargeBinary)
    confidence: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=now)

    page: Mapped[Page] = relationship(back_populates="texts")


class PageCorrection(Base):
    """A person's correction of words on a page, kept apart from the machine's reading and laid over it.

    It is anchored by its box, so that a later reading by other tools does not lose it.
    """

    __tablename__ = "page_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    box: Mapped[list[Any]]
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]

    page: Mapped[Page] = relationship(back_populates="corrections", foreign_keys=[page_id])
