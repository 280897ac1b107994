"""Pictures as the court sees them: made once, coverings burned in, kept by their hash, refused if they changed."""

import hashlib
import io
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from config.errors import ArchiveError, NotFound
from config.settings import Settings
from ingest import playable
from ingest.errors import InputDamaged, PageDamaged, PageTooLarge
from ingest.page_images import Original, PageImages, Size
from storage.corrections import displayed_reading
from storage.derived import DerivedStore
from storage.models.presentation import BroughtPicture, FrozenPicture, Presentation
from storage.models.scans import Page, Scan
from storage.presentation_lock import Wanted, freeze, wanted_pictures
from storage.reading_lines import line_boxes
from storage.vault import Vault
from viewer import media

log = logging.getLogger(__name__)

#: longer side of a cue's picture, in pixels: half a page still fills a projector of 1920 × 1080
FINE_SIDE = 2400
QUALITY = 80
JPEG = "image/jpeg"


class PictureChanged(ArchiveError):
    """A frozen picture is not what it was when the presentation was locked."""

    code = "PRESENTATION-CHANGED"
    vi = "Hình {what} không còn đúng như lúc khóa nên không chiếu. Tệp gốc còn nguyên. Hãy mở khóa rồi khóa lại bài."
    en = "Picture {what} is not what was locked, so it is not shown. The original is safe. Unlock and lock again."
    status = 409


class RecordingNotPlayable(ArchiveError):
    """No browser plays the recording, and it has no playable copy (yet)."""

    code = "PRESENTATION-CLIP"
    vi = "Chưa có bản phát được của {what} nên chưa khóa được bài. Hãy mở tệp đó và bấm tạo bản phát được."
    en = "There is no playable copy of {what} yet, so the presentation cannot be locked. Open the file and make one."
    status = 409


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture in the store, ready to be noted; made before any transaction begins, because it takes time."""

    content_hash: str
    size: int
    media_type: str
    width: int = 0
    height: int = 0
    lines: list[list[float]] | None = None


#: what is noted of a picture that cannot be made
NOT_MADE = Kept("", 0, JPEG)


@dataclass(frozen=True, slots=True)
class Made:
    """Bytes of a picture; width and height are 0 for recordings."""

    data: bytes
    width: int
    height: int


class CourtPictures:
    """Makes, keeps and gives the frozen pictures of presentations."""

    def __init__(self, settings: Settings) -> None:
        self._store = Vault(settings.data / "presented")
        self._vault = Vault(settings.vault_folder)
        self._derived = DerivedStore(settings.derived_folder)
        self._images = PageImages(settings)
        self._settings = settings

    def freeze(self, session: Session, presentation: Presentation, wanted: Wanted) -> FrozenPicture:
        """Make and keep a picture, and note it."""
        return freeze(session, presentation, wanted, **asdict(self.keep(session, wanted)))

    def keep(self, session: Session, wanted: Wanted) -> Kept:
        """Make a picture and keep its bytes; needs the session only for reading."""
        if wanted.key.startswith("m"):
            return self._keep_recording(session, wanted)
        made = self._make(session, wanted)
        stored = self._store.put(io.BytesIO(made.data), name=wanted.key)
        reading = displayed_reading(session, wanted.record_id) if wanted.key.startswith("p") else None
        return Kept(stored.sha256, stored.size, JPEG, made.width, made.height, line_boxes(reading) if reading else [])

    def keep_or_tell(self, session: Session, wanted: Wanted) -> Kept:
        """As ``keep``; a picture that cannot be made (original gone or damaged) is logged and gives ``NOT_MADE``."""
        try:
            return self.keep(session, wanted)
        except (NotFound, InputDamaged, PageDamaged, PageTooLarge, RecordingNotPlayable) as error:
            log.warning("picture %s of a presentation cannot be made: %s", wanted.key, error.code, exc_info=error)
            return NOT_MADE

    def path(self, session: Session, presentation: Presentation, picture: FrozenPicture) -> Path:
        """The file of a frozen picture, made again if it was lost.

        :raises PictureChanged: what can be made now is not what was locked.
        """
        if picture.key.startswith("m"):
            scan = session.get(Scan, int(picture.key[1:]))
            path, _ = self._recording(scan)
            return path
        if self._store.verify(picture.content_hash):
            return self._store.path(picture.content_hash)
        wanted = next((one for one in wanted_pictures(session, presentation) if one.key == picture.key), None)
        if wanted is None or wanted.recipe != picture.recipe:
            raise PictureChanged(what=picture.key)
        made = self._make(session, wanted)
        if hashlib.sha256(made.data).hexdigest() != picture.content_hash:
            raise PictureChanged(what=picture.key)
        self._store.put(io.BytesIO(made.data), name=picture.key)
        return self._store.path(picture.content_hash)

    def _make(self, session: Session, wanted: Wanted) -> Made:
        if wanted.key.startswith("a"):
            brought = session.get(BroughtPicture, wanted.record_id)
            if brought is None:
                raise NotFound(what=f"hình {wanted.key}")
            with self._vault.open(brought.sha256) as stream, Image.open(stream) as picture:
                return _encode(picture.convert("RGB"), wanted)
        page = session.get(Page, wanted.record_id)
        if page is None or page.scan.sha256 is None:
            raise NotFound(what=f"trang {wanted.record_id}")
        path = self.page_file(page, Size.FULL if wanted.fine else Size.SCREEN)
        if not wanted.fine and not wanted.covers:
            data = path.read_bytes()
            with Image.open(io.BytesIO(data)) as picture:
                return Made(data, picture.width, picture.height)
        with Image.open(path) as picture:
            picture.draft("RGB", (FINE_SIDE, FINE_SIDE))
            return _encode(picture.convert("RGB"), wanted)

    def brought_file(self, brought: BroughtPicture) -> Path:
        """The file of a picture that was brought in."""
        return self._vault.path(brought.sha256)

    def page_file(self, page: Page, size: Size) -> Path:
        """The derived picture of a page, made if it is not there."""
        original = Original(page.scan.sha256 or "", page.scan.media_type, page.scan.name)
        return self._images.path(original, page.number, page.rotation, size)

    def _keep_recording(self, session: Session, wanted: Wanted) -> Kept:
        scan = session.get(Scan, wanted.record_id)
        path, media_type = self._recording(scan)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Kept(digest, path.stat().st_size, media_type)

    def _recording(self, scan: Scan | None) -> tuple[Path, str]:
        if scan is None or scan.sha256 is None:
            raise NotFound(what="tệp ghi âm, ghi hình")
        state = media.how_to_play(self._settings, scan)
        if state == "copy":
            return self._derived.path(scan.sha256, playable.NAME), "video/mp4"
        if state == "original":
            return self._vault.path(scan.sha256), scan.media_type
        raise RecordingNotPlayable(what=scan.name)


def _encode(picture: Image.Image, wanted: Wanted) -> Made:
    side = FINE_SIDE if wanted.fine else max(picture.size)
    if max(picture.size) > side:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    draw = ImageDraw.Draw(picture)
    for x, y, w, h in wanted.covers:
        # a little more than asked, so that no edge of a letter is left
        draw.rectangle((x * picture.width - 2, y * picture.height - 2, (x + w) * picture.width + 2,
                        (y + h) * picture.height + 2), fill=(0, 0, 0))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return Made(out.getvalue(), picture.width, picture.height)
