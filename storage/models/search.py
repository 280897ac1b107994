"""What belongs to searching and is not in the index: persons named on pages, and people's recent and saved searches."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, now


class PagePerson(Base):
    """A person named on a page, as a rule recognised it; ``key`` keeps marks, ``folded`` does not.

    Derived from the page's displayed text by the index's writer, so it can always be made again.
    """

    __tablename__ = "page_person"
    __table_args__ = (UniqueConstraint("page_id", "key", name="uq_page_person_page_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(200), index=True)
    folded: Mapped[str] = mapped_column(String(200), index=True)
    #: why it is taken for a person: ``title`` (ông, bị can… before it), ``surname`` (a known family name)
    reason: Mapped[str] = mapped_column(String(20))
    #: how often it stands on the page
    times: Mapped[int] = mapped_column(default=1)
    #: boxes of its first standing, fractions of the upright page
    boxes: Mapped[list[Any]] = mapped_column(default=list)


class RecentSearch(Base):
    """A search a person made; only his own screen shows it."""

    __tablename__ = "recent_search"
    __table_args__ = (UniqueConstraint("user_id", "query", name="uq_recent_search_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    query: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(default=now)


class SavedSearch(Base):
    """A search a person keeps under a name of his own, with its facets (``{"case": 3, "type": "…"}``)."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "name", name="uq_saved_search_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(String(300))
    narrowed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
