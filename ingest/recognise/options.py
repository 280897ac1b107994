"""What a page may be told to the reader: one immutable value, so that reading stays a pure function of bytes and it."""

import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from config.settings import Settings

#: clean-up steps that can be switched off one by one (bench/read.py measures what each is worth)
TREATMENTS = (
    "desaturate", "white_print", "flatten", "denoise", "stretch", "seals", "dedot", "zero", "rules", "streaks",
)  # fmt: skip
#: steps after recognition, switchable for the same reason
STEPS = ("orient", "second_try", "signature", "layout", "corner", "stamps", "repair", "skip")

#: where `make install` puts the better model (viewer/vendor.toml), with a link to Debian's `osd` beside it
ASSET_TESSDATA = Path(sys.prefix) / "share" / "archive-svc" / "tessdata"
DEBIAN_TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read one page.

    ``dpi`` is the resolution of the image as scanned (None: taken from the image, else guessed from its size);
    ``names`` are names known in the case, which repair may correct towards; ``tessdata`` is the folder that holds
    ``<language>.traineddata``; ``switched_off`` names treatments or steps to leave out.
    """

    language: str = "vie"
    tessdata: str = ""
    dpi: int | None = None
    names: tuple[str, ...] = ()
    max_megapixels: int = 120
    switched_off: frozenset[str] = frozenset()

    def wants(self, step: str) -> bool:
        """Whether a treatment or step is on."""
        return step not in self.switched_off

    def without(self, *steps: str) -> "ReadOptions":
        """The same options with some treatments or steps switched off."""
        return replace(self, switched_off=self.switched_off | frozenset(steps))

    def to_json(self) -> str:
        """One line for the reader process; ``from_json`` is its inverse."""
        return json.dumps({**asdict(self), "switched_off": sorted(self.switched_off)}, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "ReadOptions":
        """Read what ``to_json`` wrote."""
        raw: dict[str, Any] = json.loads(text)
        raw["names"] = tuple(raw["names"])
        raw["switched_off"] = frozenset(raw["switched_off"])
        return ReadOptions(**raw)

    @staticmethod
    def from_settings(settings: Settings, *, dpi: int | None = None, names: tuple[str, ...] = ()) -> "ReadOptions":
        """The options the service reads with."""
        return ReadOptions(
            tessdata=str(tessdata_folder(settings)), dpi=dpi, names=names, max_megapixels=settings.max_page_megapixels
        )


def tessdata_folder(settings: Settings) -> Path:
    """Folder of the wanted model: the setting, else our own asset (best), else Debian's package (fast)."""
    if settings.tessdata != Path():
        return settings.tessdata
    if settings.ocr_model == "best" and (ASSET_TESSDATA / "vie.traineddata").is_file():
        return ASSET_TESSDATA
    return DEBIAN_TESSDATA
