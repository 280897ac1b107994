"""Stage *recognise*: the words of one page, from its own text layer or from its image, checked for secrecy first."""

import io
from dataclasses import replace

from PIL import Image
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import formats, progress, secrecy
from ingest.filing.codes import with_codes
from ingest.jobs import Claimed
from ingest.page_images import REPAIRED, Original
from ingest.page_source import PageSource
from ingest.recognise.errors import PageUnreadable
from ingest.recognise.options import TREATMENTS, ReadOptions
from ingest.workshop import Workshop, original_of
from storage import pages
from storage.corrections import case_names
from storage.models.base import now
from storage.models.scans import OcrState, Page, PageKind, Scan, SecretState
from storage.reading import PageReading
from storage.turning import turned_reading


def run(shop: Workshop, job: Claimed) -> None:
    """Read a page and store its words; index, progress and secrecy follow in the same transaction."""
    with shop.database.read() as session:
        page = session.get_one(Page, job.page_id)
        number, original = page.number, original_of(session.get_one(Scan, job.scan_id))
        turn = page.rotation if page.rotation_confirmed else None
        case_id = page.scan.batch.case_id
        names = case_names(session, case_id) if case_id is not None else ()
    with shop.images.open(original) as source:
        reading = _read(shop, original, source, number, names, turn, is_first_try=job.attempts == 1)
    _store(shop, job, reading)


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """The page is marked unread with its reason; failed is not blank, and the other pages go on.

    A page that has words already keeps them: it was only to be read anew.
    """
    page = session.get_one(Page, job.page_id)
    if page.ocr_state == OcrState.DONE:
        return
    pages.mark_failed(session, page, error.message("vi"))
    progress.after_page(session, page.scan.batch, now())


def _read(
    shop: Workshop, original: Original, source: PageSource, number: int, names: tuple[str, ...], turn: int | None, *,
    is_first_try: bool,
) -> PageReading:
    """Read one page.

    :param turn: clockwise degrees by which a person set the page upright; None while only the machine has looked.
    """
    shape = source.shape(number)
    if source.has_text(number):
        own = _own_text(shop, original, number)
        if own is not None:
            return turned_reading(replace(own, width=shape.width, height=shape.height), turn or 0)
    image, scale = None if turn else source.encoded(number), 1.0
    if image is None:
        picture = source.picture(number)
        scale = picture.width / max(shape.width, 1)
        image = _lossless(picture.rotate(-turn, expand=True) if turn else picture)
    dpi = round(shape.dpi * scale) if shape.dpi else None
    options = ReadOptions.from_settings(shop.settings, dpi=dpi, names=names)
    if not is_first_try:  # what hung or crashed the recogniser once is given to it as it was scanned
        options = options.without(*TREATMENTS, "second_try")
    if turn is not None:
        options = options.without("orient")
    reading = shop.reader.read(image, options, what=f"{number} ({original.name})")
    return with_codes(reading if turn is None else replace(reading, rotation=turn), image)


def _own_text(shop: Workshop, original: Original, number: int) -> PageReading | None:
    from ingest.recognise.born_digital import read_text_page

    if original.media_type != formats.PDF.media_type:
        return None
    repaired = shop.derived.path(original.sha256, REPAIRED)
    try:
        return read_text_page(repaired if repaired.is_file() else shop.vault.path(original.sha256), number)
    except PageUnreadable:
        return None  # the text layer cannot be read; the page's picture can


def _lossless(picture: Image.Image) -> bytes:
    """A picture as PNM: no time is spent on packing what is unpacked again at once."""
    stream = io.BytesIO()
    picture.save(stream, "PPM")
    return stream.getvalue()


def _store(shop: Workshop, job: Claimed, reading: PageReading) -> None:
    mark = None if shop.settings.allow_secret else secrecy.mark_of(reading)
    removed: list[str] = []
    with shop.finishing(job) as session:
        page = session.get_one(Page, job.page_id)
        batch = page.scan.batch
        if mark is not None and batch.secret_state != SecretState.RELEASED:
            secrecy.halt(session, shop.actor, page, mark, now(), job_id=job.id)
            removed = secrecy.hashes_of(session, batch.id)
        else:
            is_first = page.ocr_state != OcrState.DONE
            pages.store_reading(session, page, reading)
            page.header_checked = True
            if is_first:  # a page read anew changes nothing people have looked through already but its words
                _mark_kind(page, reading)
                progress.after_page(session, batch, now())
    secrecy.remove_derived(shop.derived, removed)


def _mark_kind(page: Page, reading: PageReading) -> None:
    """What shows at once; the cut, which sees the whole batch, decides later."""
    if page.kind_confirmed:
        return
    if reading.is_blank:
        page.kind = PageKind.BLANK
    elif reading.extra.get("skipped") == "picture":
        page.kind = PageKind.PHOTO
