"""Pictures of a page as people see it: a thumbnail, a screen image, and the whole page upright.

Thumbnail and screen image are made for every page right after intake; the whole page is made when somebody zooms in.
All are derived: deleting any of them costs only the time to make it again, which ``PageImages.path`` does on demand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PIL import Image

from config.settings import Settings
from ingest.page_source import PageSource, open_pages
from storage.derived import DerivedStore
from storage.vault import Vault, durable_replacement

#: part of every name, so that a change of how pictures are made never serves an old one
VERSION = "v1"
REPAIRED = "repaired-v1.pdf"


class Size(Enum):
    """Which picture: its name, the length of its longer side in pixels, and the quality of its JPEG."""

    # an eighth and a half of A4 at 300 dpi: a JPEG decodes to just these without being whole in memory
    THUMB = ("thumb", 438, 72)
    SCREEN = ("screen", 1754, 80)
    FULL = ("full", None, 90)

    def __init__(self, label: str, side: int | None, quality: int) -> None:
        self.label = label
        #: longer side in pixels; None = as scanned
        self.side = side
        self.quality = quality


@dataclass(frozen=True, slots=True)
class Original:
    """What is needed to open a scan's bytes again."""

    sha256: str
    media_type: str
    name: str


def image_name(number: int, size: Size, rotation: int) -> str:
    """Name of a page's picture in the derived store."""
    return f"p{number:05d}-{size.label}-r{rotation}-{VERSION}.jpg"


class PageImages:
    """Makes and finds pictures of pages. ``rotation`` is ``Page.rotation``: clockwise degrees that set it upright."""

    def __init__(self, settings: Settings) -> None:
        self._vault = Vault(settings.vault_folder)
        self._derived = DerivedStore(settings.derived_folder)
        self._limit = settings.max_page_megapixels

    def path(self, original: Original, number: int, rotation: int, size: Size) -> Path:
        """The picture's file, made now if it is not there.

        :raises PageTooLarge, PageDamaged, InputDamaged: the page cannot be shown.
        """
        wanted = self._derived.path(original.sha256, image_name(number, size, rotation))
        if not wanted.is_file():
            with self.open(original) as source:
                self._make(source, original, number, rotation, [size])
        return wanted

    def make(self, original: Original, source: PageSource, number: int, rotation: int) -> None:
        """Make the thumbnail and the screen image, from one decoding, unless both are there."""
        sizes = [Size.SCREEN, Size.THUMB]
        missing = [
            size for size in sizes
            if not self._derived.path(original.sha256, image_name(number, size, rotation)).is_file()
        ]  # fmt: skip
        if missing:
            self._make(source, original, number, rotation, missing)

    def open(self, original: Original) -> "_Opened":
        """The original's pages, from the repaired copy where one had to be made."""
        repaired = self._derived.path(original.sha256, REPAIRED)
        path = repaired if repaired.is_file() else self._vault.path(original.sha256)
        return _Opened(path, original, self._limit)

    def _make(
        self, source: PageSource, original: Original, number: int, rotation: int, sizes: Iterable[Size]
    ) -> None:
        for size, data in _pictures(source, number, rotation, list(sizes)):
            with durable_replacement(self._derived.path(original.sha256, image_name(number, size, rotation))) as out:
                if isinstance(data, bytes):
                    out.write(data)
                else:
                    data.save(out, "JPEG", quality=size.quality)


class _Opened:
    """``with images.open(original) as source:``"""

    def __init__(self, path: Path, original: Original, limit: int) -> None:
        self._context = open_pages(path, original.media_type, name=original.name, max_megapixels=limit)

    def __enter__(self) -> PageSource:
        return self._context.__enter__()

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)  # type: ignore[arg-type]


def _pictures(
    source: PageSource, number: int, rotation: int, sizes: list[Size]
) -> Iterable[tuple[Size, bytes | Image.Image]]:
    stored = source.encoded(number) if Size.FULL in sizes and rotation == 0 else None
    if stored is not None:
        yield Size.FULL, stored
    wanted = [size for size in sizes if size is not Size.FULL or stored is None]
    if not wanted:
        return
    largest = None if Size.FULL in wanted else max(size.side or 0 for size in wanted)
    picture = source.picture(number, largest)
    if rotation:
        picture = picture.rotate(-rotation, expand=True)
    for size in wanted:
        yield size, picture if size.side is None else _reduced(picture, size.side)


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    longest = max(picture.size)
    if longest <= side:
        return picture
    scale = side / longest
    return picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
        Image.Resampling.BILINEAR, reducing_gap=1.5,
    )  # fmt: skip
