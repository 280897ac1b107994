"""How hits are laid out on the screen: grouped by document, each with the strip of its page that shows the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from config import document_types, folders
from search.highlight import Span
from search.results import Hit, SearchAnswer
from storage.reading import Box
from viewer import formats

#: shown on the strip: a hand's breadth of the page; more would be a page, less would show words without their line
_STRIP = 0.13
_MARGIN = 0.035
_WIDTH = 1000

_WHY = {
    "marks": lazy_gettext("đúng dấu"), "spelling": lazy_gettext("cách viết khác của cùng một chữ"),
    "folded": lazy_gettext("không xét dấu"),
    "tolerant": lazy_gettext("gần giống, có thể do gõ hoặc nhận dạng sai"),
    "head": lazy_gettext("ở tên, số, người của tài liệu"),
    "token": lazy_gettext("số, ngày, điều khoản, dù viết cách nào"),
}  # fmt: skip


@dataclass(slots=True)
class Group:
    """Hits of one document (or, outside any document, of one scan), best first."""

    document_id: int | None
    hits: list[tuple[int, Hit]] = field(default_factory=list)

    @property
    def head(self) -> Hit:
        """The best hit, which the group is named after."""
        return self.hits[0][1]


def groups(hits: Sequence[Hit]) -> list[Group]:
    """Hits by document, in the order of each document's best; every hit keeps its place in the whole list."""
    made: dict[tuple[str, int], Group] = {}
    for at, hit in enumerate(hits):
        key = ("document", hit.document_id) if hit.document_id else ("scan", hit.scan_id)
        made.setdefault(key, Group(hit.document_id)).hits.append((at, hit))
    return list(made.values())


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip of a page and the boxes on it, in units of a drawing ``width`` wide and ``height`` high."""

    x: float
    y: float
    w: float
    h: float
    width: int
    height: int
    boxes: list[tuple[int, int, int, int]]


def strip(hit: Hit) -> Strip | None:
    """The strip round the first boxed words of a hit; None where nothing is boxed."""
    if not hit.boxes:
        return None
    top = min(hit.boxes, key=lambda box: box[1])[1]
    best = max(hit.boxes, key=lambda box: sum(b[2] for b in hit.boxes if box[1] <= b[1] < box[1] + _STRIP - _MARGIN))
    top = max(0.0, best[1] - _MARGIN)
    height = min(_STRIP, 1.0 - top)
    tall = round(_WIDTH * height * _ratio(hit))
    boxes = [_drawn(box, top, height, tall) for box in hit.boxes if box[1] + box[3] > top and box[1] < top + height]
    return Strip(0.0, round(top, 4), 1.0, round(height, 4), _WIDTH, max(tall, 1), boxes)


def whole(hit: Hit) -> Strip:
    """The whole page with all its boxes."""
    tall = round(_WIDTH * _ratio(hit))
    return Strip(0.0, 0.0, 1.0, 1.0, _WIDTH, tall, [_drawn(box, 0.0, 1.0, tall) for box in hit.boxes])


def _ratio(hit: Hit) -> float:
    return hit.height / hit.width if hit.width and hit.height else 297 / 210


def _drawn(box: Box, top: float, height: float, tall: int) -> tuple[int, int, int, int]:
    x, y, w, h = box
    pad = 3
    return (
        round(x * _WIDTH) - pad, round((y - top) / height * tall) - pad, round(w * _WIDTH) + 2 * pad,
        round(h / height * tall) + 2 * pad,
    )  # fmt: skip


def snippet(hit: Hit) -> Markup:
    """The snippet with the words found marked."""
    parts = []
    at = 0
    for start, end in hit.marks:
        parts += [escape(hit.snippet[at:start]), Markup("<mark>"), escape(hit.snippet[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*parts, escape(hit.snippet[at:])])


def why(hit: Hit) -> list[str]:
    """Why the page is there: words found in the same way, one after the other, in one line."""
    levels = [(level, [word for word, _ in words]) for level, words in groupby(hit.why, key=lambda one: one[1])]
    return [f"{' '.join(words)}: {_WHY[level]}" for level, words in levels]


def type_name(hit: Hit) -> str:
    """The document's type in words."""
    return document_types.name_of(hit.document_type) if hit.document_type else ""


def folder_name(code: str | None) -> str:
    """The evidence folder in words; a folder a case made for itself has its code only here."""
    known = folders.folders()
    return known[code].name if code in known else (code or "")


def title(hit: Hit) -> str:
    """What the document is called, or the scan while there is no document."""
    return hit.title or type_name(hit) or (_("Tài liệu chưa đặt tên") if hit.document_id else hit.scan_name)


def place(hit: Hit) -> str:
    """The page as people call it."""
    number = formats.but_luc(hit.but_luc, None, hit.but_luc_volume)
    page = _("trang %(page)s", page=hit.page_number or hit.scan_page)
    return f"{number}, {page}" if number else page.capitalize()


def day(text: str | None) -> str:
    """``05/03/2026`` of ``2026-03-05``."""
    return "/".join(reversed(text.split("-"))) if text else ""


def plain_query(query: str) -> str:
    """The query as a document's own page understands it: words without filters and signs."""
    words = [part for part in query.replace('"', " ").split() if ":" not in part and not part.startswith("-")]
    return " ".join(words).replace("*", "").replace("~", "")


def chosen_labels(answer: SearchAnswer, narrowed: Mapping[str, str]) -> dict[str, str]:
    """What the search is narrowed to, in words."""
    labels = {}
    for name, value in narrowed.items():
        if name in {"sort", "exact"}:
            continue
        known = [v.label for v in answer.facets.get(name, ()) if v.value == value]
        if name == "document":
            known = [title(hit) for hit in answer.hits[:1]] or [_("một tài liệu")]
        elif name == "scan":
            known = [hit.scan_name for hit in answer.hits[:1]] or [_("một tệp quét")]
        elif name in {"type", "folder"} and not known:  # nothing was found: there is nothing to count either
            known = [document_types.name_of(value) if name == "type" else folder_name(value)]
        labels[name] = known[0] if known else value
    return labels


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as a line of a list: its cells, the snippet last, and where in the snippet the words found stand."""

    cells: list[str]
    marks: tuple[Span, ...]


def lines(hits: Sequence[Hit]) -> list[Line]:
    """The hits as lines of a list: what a person files or reads out."""
    return [Line(_cells(at, hit), hit.marks) for at, hit in enumerate(hits, 1)]


def _cells(at: int, hit: Hit) -> list[str]:
    return [
        str(at), hit.case_number or "", hit.case_name or "", folder_name(hit.folder), title(hit), hit.number or "",
        day(hit.date), formats.but_luc(hit.but_luc, None, hit.but_luc_volume), str(hit.page_number or hit.scan_page),
        hit.snippet,
    ]  # fmt: skip
