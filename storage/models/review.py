"""What reviewing a batch keeps beside the documents: the machine's opinion of the whole batch, and steps to undo."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, now


class BatchOpinion(Base):
    """What the machine says of a batch as a whole; rewritten by each cut.

    ``order`` is ``as_scanned``, ``pages_reversed`` or ``documents_reversed``; ``differences`` to the scan's own list of
    documents, in Vietnamese; ``case_numbers`` read in it, each ``[number, weight]``, most weighty first.
    """

    __tablename__ = "batch_opinion"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True)
    case_kind: Mapped[str | None] = mapped_column(String(20))
    order: Mapped[str] = mapped_column(String(20), default="as_scanned")
    differences: Mapped[list[Any]] = mapped_column(default=list)
    case_numbers: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime] = mapped_column(default=now)


class ReviewStep(Base):
    """One change a person made to a batch, with what was there before, so that it can be undone.

    ``before`` holds ``{"documents": {id: values or null}, "pages": {id: values}}`` for what the step touched only;
    null means that the document was not there.
    """

    __tablename__ = "review_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: what was done, in Vietnamese, shown on the undo button
    label: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]
