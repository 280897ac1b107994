"""A person's own recent and saved searches. Nobody else sees them; they hold queries, never results."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.errors import Invalid, NotFound
from storage.models.base import now
from storage.models.search import RecentSearch, SavedSearch

_KEPT: Final = 50
_MOST_SAVED: Final = 100
_LONGEST: Final = 300


def remember(session: Session, user_id: int, query: str) -> None:
    """Note that a person searched for this; the oldest beyond fifty are forgotten."""
    query = " ".join(query.split())[:_LONGEST]
    if not query:
        return
    known = session.scalar(select(RecentSearch).where(RecentSearch.user_id == user_id, RecentSearch.query == query))
    if known is None:
        session.add(RecentSearch(user_id=user_id, query=query))
    else:
        known.at = now()
    session.flush()
    kept = select(RecentSearch.id).where(RecentSearch.user_id == user_id).order_by(RecentSearch.at.desc()).limit(_KEPT)
    session.execute(
        delete(RecentSearch).where(RecentSearch.user_id == user_id, RecentSearch.id.not_in(list(session.scalars(kept))))
    )


def recent(session: Session, user_id: int, count: int = 10) -> Sequence[str]:
    """A person's last searches, newest first."""
    query = select(RecentSearch.query).where(RecentSearch.user_id == user_id)
    return session.scalars(query.order_by(RecentSearch.at.desc(), RecentSearch.id.desc()).limit(count)).all()


def forget_recent(session: Session, user_id: int) -> None:
    """Forget a person's recent searches."""
    session.execute(delete(RecentSearch).where(RecentSearch.user_id == user_id))


def save(session: Session, user_id: int, name: str, query: str, narrowed: Mapping[str, Any]) -> SavedSearch:
    """Keep a search under a name; the same name again replaces it.

    :raises Invalid: no name, or too many kept.
    """
    name = " ".join(name.split())[:100]
    if not name:
        raise Invalid(what="Tên của tìm kiếm", why="chưa có tên")
    own = saved(session, user_id)
    known = next((one for one in own if one.name == name), None)
    if known is None:
        if len(own) >= _MOST_SAVED:
            raise Invalid(what="Tìm kiếm đã lưu", why=f"đã có {_MOST_SAVED}, hãy xóa bớt")
        known = SavedSearch(user_id=user_id, name=name)
        session.add(known)
    known.query, known.narrowed, known.at = query[:_LONGEST], dict(narrowed), now()
    session.flush()
    return known


def saved(session: Session, user_id: int) -> Sequence[SavedSearch]:
    """A person's saved searches by name."""
    return session.scalars(select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.name)).all()


def remove_saved(session: Session, user_id: int, saved_id: int) -> None:
    """Forget a saved search of this person.

    :raises NotFound: he has none of that number.
    """
    known = session.get(SavedSearch, saved_id)
    if known is None or known.user_id != user_id:
        raise NotFound(what=f"tìm kiếm đã lưu {saved_id}")
    session.delete(known)
