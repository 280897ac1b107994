"""Cases, their numbers, parties and folders, and who is assigned to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, now
from storage.models.people import User


class Right(StrEnum):
    """What an assignment to a case allows; each includes the ones before it."""

    READ = "read"
    WRITE = "write"
    LEAD = "lead"


#: Kind of the shared collection of laws and guidance, which everybody may read.
LAW_COLLECTION = "phap_luat"


class Case(Base):
    """A case file (hồ sơ vụ án, vụ việc)."""

    __tablename__ = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10), default="open")
    confidentiality: Mapped[str] = mapped_column(String(20), default="normal")
    unit: Mapped[str] = mapped_column(String(200), default="")
    #: whether the stamped number counts pages or sheets: ``page`` or ``sheet``
    but_luc_unit: Mapped[str] = mapped_column(String(10), default="page")
    #: name of the case's folder in the inbox
    inbox_name: Mapped[str | None] = mapped_column(String(255), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]

    numbers: Mapped[list["CaseNumber"]] = relationship(back_populates="case", order_by="CaseNumber.id")
    parties: Mapped[list["CaseParty"]] = relationship(back_populates="case", order_by="CaseParty.id")
    folders: Mapped[list["EvidenceFolder"]] = relationship(back_populates="case", order_by="EvidenceFolder.position")
    grants: Mapped[list["Grant"]] = relationship(back_populates="case")

    @property
    def number(self) -> str:
        """The number the case is shown with: the first it was given, else its name."""
        return self.numbers[0].number if self.numbers else self.name


class CaseNumber(Base):
    """One of the many numbers of a case; any of them finds it and files to it. ``key`` is the normalised form."""

    __tablename__ = "case_number"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(100), index=True)
    issuer: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[str] = mapped_column(String(50), default="")
    date: Mapped[date | None]

    case: Mapped[Case] = relationship(back_populates="numbers")


class CaseParty(Base):
    """A person or body taking part in a case; ``key`` is the folded name."""

    __tablename__ = "case_party"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), index=True)
    role: Mapped[str] = mapped_column(String(100), default="")
    birth_year: Mapped[int | None]
    is_minor: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case] = relationship(back_populates="parties")


class CaseLink(Base):
    """A tie between cases: ``origin`` (nguồn tin → vụ án → thi hành án), ``merged`` (nhập), ``split`` (tách)."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "other_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))


class Grant(Base):
    """An assignment (phân công): the right of one person on one case, from ``since`` until ``until``."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_user_id_until", "user_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    right: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")

    case: Mapped[Case] = relationship(back_populates="grants")
    user: Mapped[User] = relationship()


class EvidenceFolder(Base):
    """A folder (nhóm tài liệu) of a case, from the taxonomy of its kind, editable per case."""

    __tablename__ = "evidence_folder"
    __table_args__ = (UniqueConstraint("case_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    case: Mapped[Case] = relationship(back_populates="folders")
