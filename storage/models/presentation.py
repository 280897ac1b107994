"""Presentations (bài trình chiếu): situations, cues, saved treatments, frozen pictures, the log of what was shown."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, now
from storage.models.cases import Case
from storage.models.people import User
from storage.models.scans import Page, Scan


class PresentationState(StrEnum):
    """``draft`` may be changed; ``locked`` is frozen for the hearing; ``closed`` is kept for its log."""

    DRAFT = "draft"
    LOCKED = "locked"
    CLOSED = "closed"


class CueKind(StrEnum):
    """What a cue (mục chiếu) puts on the stage."""

    PICTURE = "picture"
    PAIR = "pair"
    TEXT = "text"
    CLIP = "clip"


class MarkType(StrEnum):
    """Marks laid over a picture; the picture itself is never altered."""

    HIGHLIGHT = "highlight"
    CALLOUT = "callout"
    REDACTION = "redaction"
    LINE = "line"


class Presentation(Base):
    """What a prosecutor will show in one hearing or meeting.

    ``folder_rules`` and ``type_rules`` map codes of folders and document types to ``allow``, ``ask`` or ``never``.
    """

    __tablename__ = "presentation"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=PresentationState.DRAFT)
    minutes: Mapped[int] = mapped_column(default=10)
    folder_rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    type_rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: running text (luận tội) as pasted or imported; its citations are cues
    speech: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    locked_at: Mapped[datetime | None]
    #: SHA-256 over the frozen pictures and cues; tells one lock from another
    lock_hash: Mapped[str | None] = mapped_column(String(64))

    case: Mapped[Case] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    locked_by: Mapped[User | None] = relationship(foreign_keys=[locked_by_id])
    situations: Mapped[list["Situation"]] = relationship(
        back_populates="presentation", order_by="Situation.position", cascade="all, delete-orphan"
    )

    @property
    def cues(self) -> list["Cue"]:
        """All cues in the order they are walked through."""
        return [cue for situation in self.situations for cue in situation.cues]

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == PresentationState.DRAFT


class Situation(Base):
    """A foreseen situation (tình huống dự kiến): "nếu bị cáo chối…", with the cues that answer it."""

    __tablename__ = "situation"

    id: Mapped[int] = mapped_column(primary_key=True)
    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")

    presentation: Mapped[Presentation] = relationship(back_populates="situations")
    cues: Mapped[list["Cue"]] = relationship(
        back_populates="situation", order_by="Cue.position", cascade="all, delete-orphan"
    )


class Cue(Base):
    """One thing to show (mục chiếu), with the question to ask and private notes that the court never sees."""

    __tablename__ = "cue"

    id: Mapped[int] = mapped_column(primary_key=True)
    situation_id: Mapped[int] = mapped_column(ForeignKey("situation.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    caption: Mapped[str] = mapped_column(String(200), default="")
    question: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    text_title: Mapped[str] = mapped_column(String(300), default="")
    text_body: Mapped[str] = mapped_column(Text, default="")
    #: the recording of a clip, and its part in seconds
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    clip_start: Mapped[float | None]
    clip_end: Mapped[float | None]
    #: character of the presentation's running text where the citation stands that this cue was made from
    speech_at: Mapped[int | None]
    #: who decided that it may be shown although its folder asks first
    allowed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: who decided that the name of a person under 18 on it may be shown
    minor_allowed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    situation: Mapped[Situation] = relationship(back_populates="cues")
    scan: Mapped[Scan | None] = relationship()
    panes: Mapped[list["CuePane"]] = relationship(
        back_populates="cue", order_by="CuePane.position", cascade="all, delete-orphan"
    )


class CuePane(Base):
    """One picture of a cue: a page of the case or a picture brought in, the part to show, and marks over it.

    ``region`` is ``[x, y, width, height]`` in fractions of the upright page, None = the whole; ``marks`` are
    ``{"type": MarkType, "box": [x, y, w, h]}``.
    """

    __tablename__ = "cue_pane"

    id: Mapped[int] = mapped_column(primary_key=True)
    cue_id: Mapped[int] = mapped_column(ForeignKey("cue.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    page_id: Mapped[int | None] = mapped_column(ForeignKey("page.id"), index=True)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("brought_picture.id"))
    region: Mapped[list[Any] | None]
    marks: Mapped[list[Any]] = mapped_column(default=list)

    cue: Mapped[Cue] = relationship(back_populates="panes")
    page: Mapped[Page | None] = relationship()
    picture: Mapped["BroughtPicture | None"] = relationship()

    @property
    def key(self) -> str:
        """Name of its picture in the locked presentation."""
        return f"p{self.page_id}" if self.page_id is not None else f"a{self.picture_id}"


class Treatment(Base):
    """A saved treatment of a page (vùng và dấu đã lưu), to be used again in any presentation of the case."""

    __tablename__ = "treatment"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    region: Mapped[list[Any] | None]
    marks: Mapped[list[Any]] = mapped_column(default=list)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class BroughtPicture(Base):
    """A picture brought in from outside the case file (a mind map, a page of slides); its bytes lie in the vault."""

    __tablename__ = "brought_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class FrozenPicture(Base):
    """A picture as it will be shown, fixed by its hash when the presentation was locked; coverings are burned in."""

    __tablename__ = "frozen_picture"
    __table_args__ = (UniqueConstraint("presentation_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id", ondelete="CASCADE"))
    #: ``p12`` page 12, ``a3`` brought picture 3, ``m5`` recording of scan 5
    key: Mapped[str] = mapped_column(String(20))
    #: SHA-256 of the picture as shown; its bytes lie in the store of frozen pictures, not in the vault of originals;
    #: empty where no picture could be made: such a page can be neither shown nor recalled
    content_hash: Mapped[str] = mapped_column(String(64))
    #: what it was made from (page, turn, size, coverings); another recipe means that it must be made again
    recipe: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(60))
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    #: boxes of the lines of text, which marks drawn in court snap to
    lines: Mapped[list[Any]] = mapped_column(default=list)


class ShownEntry(Base):
    """A line of the log of what was shown (nhật ký trình chiếu). ``entry_id`` is given by the window that showed it."""

    __tablename__ = "shown_entry"
    __table_args__ = (UniqueConstraint("presentation_id", "entry_id"), Index("ix_shown_entry_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    presentation_id: Mapped[int] = mapped_column(ForeignKey("presentation.id", ondelete="CASCADE"))
    entry_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=now)
    #: ``shown``, ``black`` or ``start``
    kind: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(300), default="")
    pictures: Mapped[list[Any]] = mapped_column(default=list)
    actor: Mapped[str] = mapped_column(String(100))
    #: ``online`` or ``folder``
    source: Mapped[str] = mapped_column(String(10))
