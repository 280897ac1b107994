"""The top band of a page only: a state-secret mark must be found before a page goes any further.

Levels and wording: Law on Protection of State Secrets 2018, article 8 (Mật, Tối mật, Tuyệt mật).
"""

import json
import unicodedata
from dataclasses import asdict, dataclass
from typing import Literal

from ingest.recognise.options import ReadOptions
from ingest.recognise.pixels import Picture
from storage.reading import Box

Secrecy = Literal["mat", "toi_mat", "tuyet_mat"]


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """What the top of a page says. ``secrecy`` is None where no mark was found; ``text`` is all that was read."""

    secrecy: Secrecy | None
    confidence: float
    text: str
    box: Box | None = None

    def pack(self) -> bytes:
        """Bytes for the reader process; ``unpack`` is its inverse."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @staticmethod
    def unpack(data: bytes) -> "HeaderReading":
        """Read what ``pack`` wrote."""
        raw = json.loads(data)
        return HeaderReading(raw["secrecy"], raw["confidence"], raw["text"], tuple(raw["box"]) if raw["box"] else None)


def read_header(image: bytes | Picture, options: ReadOptions) -> HeaderReading:
    """Read the top band of a page from its untouched colours."""
    from ingest.recognise.reader import recognise

    reading = recognise(image, options.without("second_try", "stamps", "corner", "repair"))
    return HeaderReading(secrecy_in(reading.text), reading.confidence, reading.text)


def secrecy_in(text: str) -> Secrecy | None:
    """The level a stand-alone mark in capitals names, or None."""
    for line in text.splitlines():
        words = unicodedata.normalize("NFC", line).strip(" .:-*[]|").upper()
        if words == "TUYỆT MẬT":
            return "tuyet_mat"
        if words == "TỐI MẬT":
            return "toi_mat"
        if words == "MẬT":
            return "mat"
    return None
