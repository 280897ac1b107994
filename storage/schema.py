"""Every table in one place, for migrations and tests: importing this module knows the whole schema."""

from storage.models import (
    cases,
    documents,
    intake,
    ledger,
    notes,
    people,
    presentation,
    reading,
    records,
    review,
    scans,
    search,
)
from storage.models.base import Base

TABLE_MODULES = (
    people, cases, scans, documents, records, intake, reading, presentation, ledger, review, search, notes,
)

metadata = Base.metadata
