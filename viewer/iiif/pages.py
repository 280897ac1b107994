"""Pages of the archive as IIIF pictures: from the derived files, with every cut tile kept beside them."""

from dataclasses import dataclass

from PIL import Image

from config.settings import Settings
from ingest.page_images import Original, PageImages, Size
from storage.derived import DerivedStore
from storage.models.scans import Page
from storage.vault import durable_replacement
from viewer.iiif.images import TILE
from viewer.iiif.parameters import ImageRequest

#: part of every tile's name, so that a change of how tiles are cut never serves an old one
VERSION = "v1"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """What is needed of a page's record to show it; free of the database."""

    original: Original
    number: int
    rotation: int
    width: int
    height: int

    @staticmethod
    def of(page: Page) -> "PagePicture":
        """Copy it out of the records. ``KeyError`` where the page has no original in the vault."""
        scan = page.scan
        if scan.sha256 is None:
            raise KeyError(page.id)
        return PagePicture(
            Original(scan.sha256, scan.media_type, scan.name), page.number, page.rotation, page.width, page.height
        )


def _is_pyramid(wanted: ImageRequest) -> bool:
    """Whether the reduction is one by 1, 2, 4 …, as far as rounding lets it be seen."""
    return any(-(-wanted.region.width // factor) == wanted.width for factor in (1, 2, 4, 8, 16, 32))


class PagePictures:
    """The pictures of one request's page, whose rights were checked already."""

    def __init__(self, settings: Settings, page: PagePicture) -> None:
        self._images = PageImages(settings)
        self._derived = DerivedStore(settings.derived_folder)
        self._page = page

    def size(self, identifier: str) -> tuple[int, int]:
        """Size of the upright page; from the picture itself while the record does not know it yet."""
        if self._page.width and self._page.height:
            return self._page.width, self._page.height
        path = self._images.path(self._page.original, self._page.number, self._page.rotation, Size.FULL)
        with Image.open(path) as image:
            return image.size

    def picture(self, identifier: str, scale: float) -> Image.Image:
        """The screen image where it is large enough (it lies ready), else the whole page."""
        longest = max(self.size(identifier))
        screen = Size.SCREEN.side or longest
        size = Size.SCREEN if scale * longest <= screen < longest else Size.FULL
        path = self._images.path(self._page.original, self._page.number, self._page.rotation, size)
        with Image.open(path) as image:
            image.load()
            return image if image.mode in ("L", "RGB") else image.convert("RGB")

    def kept(self, identifier: str, wanted: ImageRequest) -> bytes | None:
        """A tile cut earlier."""
        path = self._derived.path(self._page.original.sha256, self._name(wanted))
        return path.read_bytes() if path.is_file() else None

    def keep(self, identifier: str, wanted: ImageRequest, data: bytes) -> None:
        """Keep a cut that belongs to a viewer's pyramid; odd cuts are made again when asked again."""
        if wanted.region.x % TILE or wanted.region.y % TILE or not _is_pyramid(wanted):
            return
        with durable_replacement(self._derived.path(self._page.original.sha256, self._name(wanted))) as out:
            out.write(data)

    def _name(self, wanted: ImageRequest) -> str:
        page, cut = self._page, wanted.region
        place = f"{cut.x}-{cut.y}-{cut.width}-{cut.height}-{wanted.width}-{wanted.height}"
        return f"p{page.number:05d}-tile-r{page.rotation}-{place}-{VERSION}.jpg"
