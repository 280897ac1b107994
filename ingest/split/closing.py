"""How a page ends: the closing block (Nơi nhận, signature, "Biên bản kết thúc hồi …"), or writing that runs on."""

import re
from dataclasses import dataclass

from ingest.split.fuzzy import cue, likeness, starts
from ingest.split.page import NOISE_CONFIDENCE, PageView, Piece

_SENTENCE_END = re.compile(r"[.!?:;…”\"]\W*$|[./]{2}\W*$")
#: labels over a signature, besides those of the data file
_SIGNED_BY = (
    "nguoi lam don",
    "nguoi viet don",
    "nguoi khoi kien",
    "nguoi khai",
    "nguoi lap",
    "nguoi viet",
    "nguoi giao",
    "nguoi nhan",
    "ben a",
    "ben b",
    "ben giao",
    "ben nhan",
    "ky, ghi ro ho ten",
    "ky va ghi ro ho ten",
    "giam dinh vien",
    "nguoi chung kien",
    "nguoi bi lap bien ban",
    "nguoi trinh bao",
    "nguoi khang cao",
    "can bo ghi bien ban",
    "truong phong",
    "giam doc",
    "thu ky",
    "nguoi cam doan",
    "nguoi uy quyen",
    "chu tich",
    "nguoi to giac",
    "nguoi yeu cau",
    "thu truong don vi",
    "nguoi duoc thi hanh an",
    "nguoi phai thi hanh an",
    "dai dien",
)


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes a page. ``place`` is how far down the first closing sign stands (1 when there is none)."""

    recipients: Piece | None
    signature: Piece | None
    read_out: Piece | None
    terminator: bool
    runs_on: bool
    place: float

    @property
    def strength(self) -> float:
        """How surely a document ends here, 0..1."""
        value = 0.0
        if self.recipients:
            value += 0.6
        if self.signature:
            value += 0.45
        if self.read_out:
            value += 0.2
        if self.terminator:
            value += 0.2
        return min(1.0, value)


def read_closing(page: PageView) -> Closing:
    """The closing signs of a page; cached on the page."""
    return page.remember("closing", _read_closing)


def is_signature_label(piece: Piece) -> bool:
    """KIỂM SÁT VIÊN, KT. THỦ TRƯỞNG, NGƯỜI LÀM ĐƠN …: short, in capitals, standing alone."""
    if len(piece.folded) > 46 or (piece.capitals < 0.6 and not piece.folded.startswith("(ky")):
        return False
    return any(starts(words, piece.folded) for words in cue("signature_title")) or any(
        likeness(words, piece.folded) for words in _SIGNED_BY
    )


def _read_closing(page: PageView) -> Closing:
    pieces = page.pieces
    recipients = next((p for p in pieces if starts("noi nhan", p.folded) and len(p.folded) < 24), None)
    below_head = [p for p in pieces if p.top > 0.3] or [p for p in pieces if p.top > 0.05]
    signature = next((p for p in reversed(below_head) if is_signature_label(p)), None)
    endings = cue("bien_ban_end")[:5]
    read_out = next((p for p in below_head if any(likeness(words, p.folded) for words in endings)), None)
    terminator = any(p.text.rstrip().endswith(("./.", "./", ".//")) for p in below_head)
    signs = [p.top for p in (recipients, signature) if p is not None]
    return Closing(recipients, signature, read_out, terminator, _runs_on(page), min(signs, default=1.0))


def _runs_on(page: PageView) -> bool:
    """The last full line of writing stops in the middle of a sentence at the foot of the page."""
    lines = [p for p in page.pieces if p.box[2] > 0.5 and p.confidence > NOISE_CONFIDENCE]
    if not lines or lines[-1].bottom < 0.78:
        return False
    return not _SENTENCE_END.search(lines[-1].text)


def begins_in_sentence(page: PageView) -> bool:
    """The first full line of writing begins with a small letter: it goes on from the page before."""
    for piece in page.pieces:
        if piece.top < 0.04 or len(piece.folded) < 14 or piece.confidence < NOISE_CONFIDENCE:
            continue
        if piece.top > 0.3:
            return False
        first = next((c for c in piece.text if c.isalpha()), "")
        return first.islower() and piece.words[0].confidence > 0.6 and piece.left < 0.2
    return False
