"""Documents (tài liệu): ordered pages of one case, with what is known of them and why."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, now
from storage.models.cases import Case, EvidenceFolder
from storage.models.people import User
from storage.models.scans import Batch, Page


class Document(Base):
    """One document. Every field a machine set carries its reason and confidence in ``fields``.

    ``fields`` maps a field's name to ``{"confidence", "reason", "page_id", "box", "repaired_from"}``; a field a person
    set has ``{"by": user id}`` instead. ``needs_review`` speaks of cut, type, number, date and folder only; whether the
    case is sure is ``case_state``: ``confirmed``, ``proposed`` or ``unassigned``.
    """

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    case_state: Mapped[str] = mapped_column(String(12), default="unassigned")
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    folder_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_folder.id", ondelete="SET NULL"), index=True)
    #: folder of the taxonomy, also while no case (and so no EvidenceFolder) is known
    folder_code: Mapped[str | None] = mapped_column(String(20))
    type_code: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str | None] = mapped_column(String(100))
    number_key: Mapped[str | None] = mapped_column(String(100), index=True)
    date: Mapped[date | None]
    issuer: Mapped[str | None] = mapped_column(String(300))
    #: order within its batch, and so within a case before bút lục are known
    position: Mapped[int] = mapped_column(default=0)
    but_luc_first: Mapped[str | None] = mapped_column(String(10))
    but_luc_last: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
    needs_review: Mapped[bool] = mapped_column(default=True)
    confidence: Mapped[float] = mapped_column(default=0.0)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: number a person saw when changing it; a change based on an older one is refused
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    case: Mapped[Case | None] = relationship()
    batch: Mapped[Batch] = relationship()
    folder: Mapped[EvidenceFolder | None] = relationship()
    confirmed_by: Mapped[User | None] = relationship()
    page_links: Mapped[list["DocumentPage"]] = relationship(
        back_populates="document", order_by="DocumentPage.position", cascade="all, delete-orphan"
    )
    persons: Mapped[list["DocumentPerson"]] = relationship(
        back_populates="document", order_by="DocumentPerson.id", cascade="all, delete-orphan"
    )

    @property
    def pages(self) -> list[Page]:
        """Pages in order."""
        return [link.page for link in self.page_links]

    @property
    def features(self) -> str:
        """What kind of copy it is (đặc điểm tài liệu: bản chính, bản sao …); empty while nobody said."""
        return str((self.fields or {}).get("features", {}).get("value") or "")


class DocumentPage(Base):
    """Places a page in a document. The page is the key: no page can stand in two documents."""

    __tablename__ = "document_page"

    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]

    document: Mapped[Document] = relationship(back_populates="page_links")
    page: Mapped[Page] = relationship()


class DocumentPerson(Base):
    """A person named in a document's head or closing, with the role it gives them; ``key`` is the folded name."""

    __tablename__ = "document_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), index=True)
    role: Mapped[str] = mapped_column(String(100), default="")
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id", ondelete="SET NULL"))
    box: Mapped[list[Any] | None]
    confidence: Mapped[float] = mapped_column(default=0.0)

    document: Mapped[Document] = relationship(back_populates="persons")
