"""Recordings, films, photos and other files kept as evidence of a case without being a page of any document."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.settings import Settings
from ingest.page_images import Size, image_name
from storage.access import Actor, case_scope, visible_batches
from storage.derived import DerivedStore
from storage.models.documents import DocumentPage
from storage.models.scans import Batch, Page, PageKind, Scan, ScanState

#: kinds of files that are kept as they are, never cut into documents by the machine
KEPT = ("photo", "audio", "video", "office", "other")
_REFUSED = (ScanState.QUARANTINED, ScanState.FAILED, ScanState.CANCELLED)


def files(session: Session, actor: Actor, case_id: int) -> list[Scan]:
    """Kept files of the case that the actor may see and that lie in no document, in the order they came."""
    in_document = select(Page.scan_id).join(DocumentPage, DocumentPage.page_id == Page.id)
    photos = select(Page.scan_id).where(Page.kind == PageKind.PHOTO)
    query = (
        select(Scan)
        .join(Batch, Batch.id == Scan.batch_id)
        .where(
            Batch.case_id == case_id, visible_batches(case_scope(session, actor)), Scan.state.not_in(_REFUSED),
            Scan.duplicate_of_id.is_(None), Scan.sha256.is_not(None), Scan.id.not_in(in_document),
            or_(Scan.kind.in_(KEPT), Scan.id.in_(photos)),
        )
        .order_by(Scan.id)
    )
    return list(session.scalars(query))


def film_thumbnail(settings: Settings, scan: Scan) -> bytes | None:
    """The small picture taken from a film when it was received; None where there is none."""
    if scan.kind != "video" or scan.sha256 is None:
        return None
    path = DerivedStore(settings.derived_folder).path(scan.sha256, image_name(1, Size.THUMB, 0))
    return path.read_bytes() if path.is_file() else None
