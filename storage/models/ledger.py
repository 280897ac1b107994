"""Registers (sổ): entries (dòng), their history and papers, and who may enter what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, now
from storage.models.cases import Case
from storage.models.documents import Document
from storage.models.people import User
from storage.models.scans import Scan


class LedgerBookVersion(Base):
    """A version of a book's definition saved on screen: the whole text, by whom and when."""

    __tablename__ = "ledger_book_version"
    __table_args__ = (UniqueConstraint("book", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(String(300), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class LedgerCounter(Base):
    """The last number given in a book's period; raised in the same transaction that stores the entry."""

    __tablename__ = "ledger_counter"

    book: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    last: Mapped[int]


class LedgerEntry(Base):
    """A row of a book. ``data`` holds the fields by id; ``computed`` the graded deadlines that follow from them.

    A number the service gave (``is_imported`` false) is unique in its period; imported numbers stay as they were.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_book_period_number", "book", "period", "number"),
        Index("ix_ledger_entry_book_match_key", "book", "match_key"),
        Index("ix_ledger_entry_book_next_due", "book", "next_due"),
        Index("ix_ledger_entry_book_responsible_id", "book", "responsible_id"),
        Index(
            "uq_ledger_entry_given_number",
            "book",
            "period",
            "number",
            unique=True,
            sqlite_where=text("is_imported = 0 AND number IS NOT NULL"),
            postgresql_where=text("is_imported = false AND number IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(40))
    #: first day of the numbering year, ISO; numbers begin again in each
    period: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None]
    #: the number as written, "15a" included
    number_text: Mapped[str] = mapped_column(String(40), default="")
    is_imported: Mapped[bool] = mapped_column(default=False)
    #: key by which an import finds the row again
    match_key: Mapped[str] = mapped_column(String(300), default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: folded text of all fields, for the filter box
    search_text: Mapped[str] = mapped_column(Text, default="")
    next_due: Mapped[date | None]
    late_count: Mapped[int] = mapped_column(default=0)
    verify_count: Mapped[int] = mapped_column(default=0)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    #: a change based on an older version is refused
    version: Mapped[int] = mapped_column(default=1)
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    # the wide columns come last: a filter or count must not walk through them
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: folded text by field, for filters that ignore marks
    folded: Mapped[dict[str, Any]] = mapped_column(default=dict)
    computed: Mapped[list[Any]] = mapped_column(default=list)

    case: Mapped[Case | None] = relationship()
    responsible: Mapped[User | None] = relationship(foreign_keys=[responsible_id])
    attachments: Mapped[list["LedgerAttachment"]] = relationship(back_populates="entry", order_by="LedgerAttachment.id")


class LedgerChange(Base):
    """One change of an entry: which fields from what to what, by whom. Never removed."""

    __tablename__ = "ledger_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: where a value was read from: {field: {"document_id", "page_id", "box", "confidence"}}
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LedgerAttachment(Base):
    """A paper, page range, photo or clip of an entry; seen from both sides. Taking it off keeps the row."""

    __tablename__ = "ledger_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id", ondelete="SET NULL"), index=True)
    #: pages of the document, 1-based; None = the whole
    first_page: Mapped[int | None]
    last_page: Mapped[int | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"), index=True)
    label: Mapped[str] = mapped_column(String(300), default="")
    added_by: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]

    entry: Mapped[LedgerEntry] = relationship(back_populates="attachments")
    document: Mapped[Document | None] = relationship()
    scan: Mapped[Scan | None] = relationship()


class LedgerVerdict(Base):
    """What a person decided about one finding: agreed (vi phạm) or rejected; machine findings alone accuse nobody."""

    __tablename__ = "ledger_verdict"
    __table_args__ = (UniqueConstraint("entry_id", "check_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"))
    check_id: Mapped[str] = mapped_column(String(40))
    agreed: Mapped[bool]
    note: Mapped[str] = mapped_column(String(500), default="")
    #: the dates decided upon; when the entry changes afterwards the verdict no longer holds
    trigger_date: Mapped[str] = mapped_column(String(20))
    actual: Mapped[str] = mapped_column(String(20), default="")
    actor: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(default=now)
    drafted_at: Mapped[datetime | None]


class LedgerView(Base):
    """A saved view of a book: filters, order, columns. Without a user it is everybody's."""

    __tablename__ = "ledger_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(40), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    definition: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LedgerImportMap(Base):
    """How the columns of an office's own workbook go to a book's fields, remembered by the headings."""

    __tablename__ = "ledger_import_map"
    __table_args__ = (UniqueConstraint("book", "signature"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(40))
    signature: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(String(100))
    updated_at: Mapped[datetime] = mapped_column(default=now)


class LedgerRight(Base):
    """A right on a book for a person, a team or a role. ``groups`` limits it to column groups (empty = all).

    ``right``: ``view`` (all rows), ``enter`` (also fill), ``keep`` (also change columns, strike out, import).
    """

    __tablename__ = "ledger_right"

    id: Mapped[int] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(String(40), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    role: Mapped[str | None] = mapped_column(String(20))
    groups: Mapped[list[Any]] = mapped_column(default=list)
    right: Mapped[str] = mapped_column(String(10))
