"""Asking ``storage.access`` without being refused: for buttons that should only be there for those who may press."""

from sqlalchemy.orm import Session

from config.errors import ArchiveError
from storage.access import Actor, require_case
from storage.models.cases import Right
from storage.models.people import Role


def may(session: Session, actor: Actor, case_id: int | None, right: Right) -> bool:
    """Whether the actor has the right on the case now (a closed case takes no writes)."""
    if case_id is None:
        return True
    try:
        require_case(session, actor, case_id, right)
    except ArchiveError:
        return False
    return True


def may_create_cases(actor: Actor) -> bool:
    """Everybody who works on cases may open one; the administrator of the system does not."""
    return actor.role is not None and actor.role != Role.ADMIN
