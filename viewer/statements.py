"""Which other paper of a case to lay beside one: the same person's other statement first."""

from datetime import date

from sqlalchemy.orm import Session

from storage.access import Actor
from storage.models.documents import Document
from viewer import queries


def others(session: Session, actor: Actor, document: Document) -> tuple[list[Document], set[int]]:
    """Every other document of its case (or batch), the likeliest to compare first, and those of the same person."""
    if document.case_id is not None:
        found = queries.documents_of(session, actor, document.case_id)
    else:
        found = queries.documents_of_batch(session, actor, document.batch_id)
    keys = {person.key for person in document.persons}
    rest = [one for one in found if one.id != document.id]
    related = {one.id for one in rest if keys & {person.key for person in one.persons}}
    rest.sort(key=lambda one: (one.id not in related, one.type_code != document.type_code, _days(one, document)))
    return rest, related


def same_person(session: Session, actor: Actor, document: Document) -> Document | None:
    """The other paper of the same kind about the same person, the nearest in time; None when there is none."""
    rest, related = others(session, actor, document)
    return next((one for one in rest if one.id in related and one.type_code == document.type_code), None)


def in_order_of_time(*documents: Document) -> list[Document]:
    """The earlier statement on the left; without dates, as they lie in the file."""
    return sorted(documents, key=lambda one: (one.date or date.max, queries.file_order(one)))


def _days(one: Document, other: Document) -> int:
    return abs((one.date - other.date).days) if one.date and other.date else 10**6
