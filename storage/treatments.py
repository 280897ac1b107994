"""Saved treatments of pages (vùng và dấu đã lưu): to be used again in any presentation of the case."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid, NotFound
from storage import audit
from storage.access import Actor, require_page
from storage.models.cases import Right
from storage.models.presentation import Treatment
from storage.presentations import check_box, check_marks
from storage.vietnamese import nfc


def save(
    session: Session, actor: Actor, page_id: int, *, name: str, region: list[float] | None, marks: list[Any]
) -> Treatment:
    """Save a region and marks of a page under a name.

    :raises Invalid: no name, or nothing to save.
    """
    page = require_page(session, actor, page_id, Right.WRITE)
    name = nfc(name).strip()[:120]
    if not name or (region is None and not marks):
        raise Invalid(what="vùng và dấu", why="chưa có tên hoặc chưa có gì để lưu")
    made = Treatment(page_id=page.id, name=name, region=check_box(region), marks=check_marks(marks),
                     created_by_id=actor.user_id)
    session.add(made)
    session.flush()
    audit.record(session, actor.name, "treatment.saved", f"page:{page.id}", {"treatment": made.id, "name": name})
    return made


def of_page(session: Session, page_id: int) -> list[Treatment]:
    """Treatments of a page, oldest first."""
    return list(session.scalars(select(Treatment).where(Treatment.page_id == page_id).order_by(Treatment.id)))


def remove(session: Session, actor: Actor, treatment_id: int) -> None:
    """Forget a treatment; cues made with it keep their marks. Raises NotFound."""
    found = session.get(Treatment, treatment_id)
    if found is None:
        raise NotFound(what=f"vùng và dấu {treatment_id}")
    require_page(session, actor, found.page_id, Right.WRITE)
    audit.record(session, actor.name, "treatment.removed", f"page:{found.page_id}", {"name": found.name})
    session.delete(found)
    session.flush()
