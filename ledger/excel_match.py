"""Which column of a workbook is which field: by its headings, tolerant of abbreviations, marks and word order."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from config.errors import Invalid
from config.ledger_books import Book
from ledger.excel_read import HEADING_DEPTH, HEADING_ROWS, Grid, Table, column_letters, table_at
from storage.vietnamese import fold

#: below this a heading is left to the person; measured on the abbreviations offices use, not on any one workbook
GOOD = 86.0
#: heading above the columns an export adds; never read back
COMPUTED_GROUP = "Máy tính thời hạn"
_SHORT = {
    "tb": "thong bao",
    "tbtl": "thong bao thu ly",
    "qd": "quyet dinh",
    "tl": "thu ly",
    "vks": "vien kiem sat",
    "vksnd": "vien kiem sat",
    "ta": "toa an",
    "tand": "toa an",
    "toa": "toa an",
    "hs": "ho so",
    "tha": "thi hanh an",
    "thads": "thi hanh an dan su",
    "ksv": "kiem sat vien",
    "ktv": "kiem tra vien",
    "dtv": "dieu tra vien",
    "chv": "chap hanh vien",
    "ba": "ban an",
    "cqdt": "co quan dieu tra",
    "kn": "kien nghi",
    "xx": "xet xu",
    "dc": "dinh chi",
    "tdc": "tam dinh chi",
    "cnstt": "cong nhan su thoa thuan",
    "ph": "phien hop",
    "pt": "phien toa",
    "nd": "nguyen don",
    "bd": "bi don",
    "kldt": "ket luan dieu tra",
    "xlhc": "xu ly hanh chinh",
    "va": "vu an",
    "tbtlva": "thong bao thu ly vu an",
    "qdmph": "quyet dinh mo phien hop",
    "qdst": "quyet dinh so tham",
    "bpxlhc": "bien phap xu ly hanh chinh",
    "vkskv": "vien kiem sat",
    "takv": "toa an",
    "tandkv": "toa an",
    "cqctha": "co quan thi hanh an",
}
_NOISE = {"so", "ngay"}
#: words that say nothing about which column it is; a match found without them is a little less certain
_FILLERS = (
    "bien phap xu ly hanh chinh", "nhan dan", "khu vuc", "vien kiem sat", "toa an", "ho so", "ap dung", "ban hanh",
    "phap luat", "doi tuong", "vu an", "cho", "den", "duoc", "cua", "ve", "viec", "bi", "cung cap",
)  # fmt: skip
_WITHOUT_FILLERS = 90.0
#: a column of its own for a number or a day is surer than half a column
_HALF = 88.0


@dataclass(frozen=True, slots=True)
class Match:
    """A column (0-based) taken to be a field, with how sure that is (0–100). ``part``: of a column that holds a number
    and its day in one cell, which of the two."""

    column: int
    field: str
    score: float
    part: str = ""


@lru_cache(maxsize=16384)
def simple(text: str) -> str:
    """A heading reduced to folded words with abbreviations written out and "toa an an" repaired."""
    words: list[str] = []
    for word in re.findall(r"[a-z0-9]+", fold(re.sub(r"\([^)]*\)", " ", text)) or fold(text)):
        words += _SHORT.get(word, word).split()
    text = re.sub(r"\btoa an an\b", "toa an", " ".join(words))
    return re.sub(r"\bngay thang( nam)?\b", "ngay", text)


@lru_cache(maxsize=16384)
def core(heading: str) -> str:
    """A simplified heading without filler words; a heading made of nothing else keeps its last ones."""
    for filler in _FILLERS:
        left = " ".join(re.sub(rf"\b{filler}\b", " ", heading).split())
        heading = left or heading
    return heading


@lru_cache(maxsize=64)
def _names(book: Book) -> tuple[tuple[str, tuple[str, ...]], ...]:
    groups = {g.id: g.name for g in book.groups}
    named = []
    for field in book.fields:
        own = [field.name, *field.aliases]
        named.append((field.id, tuple(dict.fromkeys(simple(n) for n in [*own, f"{groups[field.group]} {field.name}"]))))
    return tuple(named)


@lru_cache(maxsize=65536)
def _score(heading: str, names: tuple[str, ...]) -> float:
    if not heading:
        return 0.0
    if heading in names:
        return 100.0
    words = sorted(core(heading).split())
    best = _WITHOUT_FILLERS if any(sorted(core(name).split()) == words for name in names) else 0.0
    for name in names:
        ratio = fuzz.token_sort_ratio(heading, name)
        # a heading that only adds or drops "số"/"ngày" is another column, not a misspelling
        if set(heading.split()) ^ set(name.split()) <= _NOISE and heading.split() != name.split():
            ratio = min(ratio, 99.0 if sorted(heading.split()) == sorted(name.split()) else 60.0)
        elif (("ngay" in heading.split()) != ("ngay" in name.split())) or ("so" in heading.split()) != (
            "so" in name.split()
        ):
            ratio = min(ratio, 70.0)
        best = max(best, ratio)
    return best


def is_combined(path: tuple[str, ...]) -> bool:
    """Whether a heading announces a number and its day in one cell: "Số, ngày thụ lý", "Bản án › Số/ngày"."""
    return any({"so", "ngay"} <= set(simple(part).split()) for part in path)


def _path_score(path: tuple[str, ...], names: tuple[str, ...]) -> float:
    # the whole path says more than its last word: "Quyết định › Ngày gửi" is not just any "Ngày gửi"
    whole, leaf = simple(" ".join(path)), simple(path[-1])
    return max(_score(whole, names), _score(leaf, names) - (2.0 if len(path) > 1 else 0.0))


def _candidates(book: Book, column: int, path: tuple[str, ...]) -> list[Match]:
    scored = [Match(column, field_id, _path_score(path, names)) for field_id, names in _names(book)]
    good = [m for m in scored if m.score >= GOOD]
    if good or not is_combined(path):
        return good
    for field_id, names in _names(book):
        is_day = book.by_id[field_id].type in ("date", "moment")
        if is_day or book.by_id[field_id].type == "text":
            half = _without(" ".join(path), "so" if is_day else "ngay")
            # half a heading is little to go by: only the very words of a field count
            if any(sorted(core(name).split()) == sorted(core(half).split()) for name in names):
                good.append(Match(column, field_id, _HALF, "day" if is_day else "number"))
    return good


def _without(heading: str, word: str) -> str:
    return " ".join(w for w in simple(heading).split() if w != word)


def match_headings(book: Book, table: Table) -> list[Match]:
    """The best one-to-one assignment of columns (or halves of combined ones) to fields, most certain first."""
    candidates = []
    for column, path in enumerate(table.headings):
        if path and path[0] != COMPUTED_GROUP:
            candidates += _candidates(book, column, path)
    chosen: list[Match] = []
    taken: set[tuple[int, str]] = set()
    fields: set[str] = set()
    for match in sorted(candidates, key=lambda m: (-m.score, m.column)):
        if (match.column, match.part) not in taken and match.field not in fields:
            chosen.append(match)
            taken.add((match.column, match.part))
            fields.add(match.field)
    return chosen


def column_named(table: Table, wanted: str) -> int:
    """The column a map means: by its letter, its whole heading or its lowest heading.

    :raises Invalid: there is not exactly one such column.
    """
    if wanted in table.letters:
        return table.letters.index(wanted)
    whole = [simple(" ".join(path)) for path in table.headings]
    leaves = [simple(path[-1]) if path else "" for path in table.headings]
    for names in (whole, leaves):
        if names.count(simple(wanted)) == 1:
            return names.index(simple(wanted))
    raise Invalid(what=f"cột “{wanted}”", why="không có đúng một cột như vậy trong tệp")


def _mapped(table: Table, wanted: tuple[str, ...]) -> int:
    """How many columns of a map stand in these headings; a letter counts where its column has a heading."""
    count = 0
    for name in wanted:
        try:
            count += bool(table.headings[column_named(table, name)])
        except Invalid:
            continue
    return count


def find_table(book: Book, grids: list[Grid], wanted: tuple[str, ...] = ()) -> tuple[Table, list[Match]] | None:
    """The sheet and heading rows that fit the book best, or a map's ``wanted`` columns; None when nothing fits."""
    best: tuple[float, Table, list[Match]] | None = None
    words = {word for _, names in _names(book) for name in names for word in name.split()}
    for grid in grids:
        for last in range(min(HEADING_ROWS, len(grid.cells))):
            texts = [simple(c).split() for c in grid.cells[last] if isinstance(c, str)]
            # headings are made of the words of headings; rows of names and numbers need no closer look
            if not wanted and sum(bool(t) and words.issuperset(t) for t in texts) < 2:
                continue
            for depth in range(1, min(HEADING_DEPTH, last + 1) + 1):
                headings = Table(grid.name, table_headings(grid, last, depth), column_letters(grid), [], 0)
                matches = match_headings(book, headings)
                mapped = _mapped(headings, wanted)
                value = sum(m.score for m in matches) + 100 * mapped - depth
                if max(len(matches), mapped) >= 2 and (best is None or value > best[0]):
                    best = (value, table_at(grid, last, depth), matches)
    return (best[1], best[2]) if best else None


def table_headings(grid: Grid, last: int, depth: int) -> list[tuple[str, ...]]:
    """Heading paths only, without the rows (cheap)."""
    small = Grid(grid.name, grid.cells[: last + 1])
    return table_at(small, last, depth).headings


def signature(table: Table) -> str:
    """What a remembered map is found by: the headings, however the file is called."""
    text = "\n".join(" › ".join(simple(p) for p in path) for path in table.headings)
    return hashlib.sha256(text.encode()).hexdigest()
