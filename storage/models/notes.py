"""What people add to pages and recordings without changing them: notes on a region, moments of a recording."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.models.base import Base, now
from storage.models.people import User


class PageNote(Base):
    """A note on a page or a region of it. ``is_shared``: everybody who may read the case sees it; else its author."""

    __tablename__ = "page_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: (x, y, width, height) in fractions of the upright page; None = the whole page
    box: Mapped[list[Any] | None]
    text: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class MediaMoment(Base):
    """A marked moment of a recording: from ``start`` to ``end`` in seconds (``end`` None = a point), with a caption."""

    __tablename__ = "media_moment"

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    start: Mapped[float]
    end: Mapped[float | None]
    caption: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
