"""The kinds of paper in case files, the patterns of their numbers and the fixed words of first and last pages.

Data: ``document_types.toml`` (246 types), ``number_patterns.toml``, ``page_cues.toml`` in ``config/data``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from config import data_entries, folders
from config.errors import DataFileError

FILE = "document_types.toml"
NUMBERS_FILE = "number_patterns.toml"
CUES_FILE = "page_cues.toml"
HEADERS = frozenset({"agency", "national", "court_ba", "none"})
NO_NUMBER = "none"
#: fallbacks: what a paper is when only the first word of its title could be read
FALLBACKS = frozenset({"chung.cong_van", "chung.bien_ban_khac", "chung.quyet_dinh_khac", "hc.qd_hanh_chinh"})
#: types that are kinds of pages, never documents of their own
COVER = "chung.bia_ho_so"
DOCUMENT_LISTS = frozenset({"hs.thong_ke_tai_lieu", "chung.danh_muc_tai_lieu"})


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One kind of paper. ``folders`` maps a kind of case to the code of its home folder (ours where not prescribed)."""

    code: str
    name: str
    title: str
    wordings: tuple[str, ...]
    case_kinds: tuple[str, ...]
    folders: Mapping[str, str]
    issuers: tuple[str, ...]
    number: str
    header: str
    forms: tuple[str, ...]
    confidence: str
    note: str

    @property
    def titles(self) -> tuple[str, ...]:
        """The printed title and every other wording in use."""
        return (self.title, *self.wordings)

    @property
    def has_number(self) -> bool:
        """Whether the form carries a number at all (a biên bản, a đơn does not)."""
        return self.number != NO_NUMBER

    def folder(self, kind: str | None) -> str | None:
        """Code of the home folder in a kind of case; without a kind the folder of the type's first kind of case."""
        if kind is None:
            return self.folders[self.case_kinds[0]]
        return self.folders.get(kind)


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """How one kind of issuer writes numbers; ``expression`` runs on NFC text regardless of case."""

    code: str
    expression: re.Pattern[str]
    examples: tuple[str, ...]


def _type(values: dict[str, object], index: int) -> DocumentType:
    entry = data_entries.Entry(FILE, f"type[{values.get('code', index)}]", values)
    entry.only("code", "name", "title", "wordings", "case_kinds", "folders", "more_folders", "issuers", "number",
               "header", "forms", "confidence", "note")
    homes = entry.mapping("folders") | entry.mapping("more_folders")
    for kind, code in homes.items():
        home = folders.folders().get(code)
        if home is None or home.case_kind != kind:
            raise entry.fail("folders", f"{code!r} không phải nhóm tài liệu của {kind!r}")
    kinds = entry.texts("case_kinds")
    for kind in kinds:
        if kind not in homes:
            raise entry.fail("case_kinds", f"{kind!r} chưa có nhóm tài liệu (no folder)")
    number = entry.text("number")
    if number != NO_NUMBER and number not in number_patterns():
        raise entry.fail("number", f"{number!r} không có trong {NUMBERS_FILE}")
    return DocumentType(
        code=entry.text("code"), name=entry.text("name"), title=entry.text("title"), wordings=entry.texts("wordings"),
        case_kinds=kinds, folders=homes, issuers=entry.texts("issuers"), number=number,
        header=entry.choice("header", HEADERS), forms=entry.texts("forms"),
        confidence=entry.choice("confidence", folders.SOURCES), note=entry.text("note", ""),
    )


@cache
def document_types() -> dict[str, DocumentType]:
    """All types by code, in the order of the file. Raises DataFileError."""
    found: dict[str, DocumentType] = {}
    for index, values in enumerate(data_entries.load(FILE).get("type", [])):
        kind = _type(values, index)
        if kind.code in found:
            raise DataFileError(file=FILE, place=f"type[{kind.code}]", why="trùng mã (code used twice)")
        found[kind.code] = kind
    return found


def by_code(code: str) -> DocumentType:
    """The type with this code; KeyError when there is none."""
    return document_types()[code]


def name_of(code: str | None) -> str:
    """The Vietnamese name of a type; "Chưa rõ loại" when the type is unknown or unset."""
    kind = document_types().get(code or "")
    return kind.name if kind else "Chưa rõ loại"


@cache
def number_patterns() -> dict[str, NumberPattern]:
    """The number patterns by code. Raises DataFileError."""
    found: dict[str, NumberPattern] = {}
    for code, values in data_entries.load(NUMBERS_FILE).get("pattern", {}).items():
        entry = data_entries.Entry(NUMBERS_FILE, f"pattern.{code}", values)
        entry.only("expression", "examples")
        try:
            expression = re.compile(entry.text("expression"), re.IGNORECASE)
        except re.error as error:
            raise entry.fail("expression", str(error)) from error
        found[code] = NumberPattern(code, expression, entry.texts("examples"))
    return found


@cache
def cues() -> dict[str, tuple[str, ...]]:
    """Fixed words of first and last pages, by name (``quoc_hieu``, ``noi_nhan``, ``not_a_start`` …)."""
    content = data_entries.load(CUES_FILE)
    found: dict[str, tuple[str, ...]] = {}
    for part in ("first_page", "last_page"):
        entry = data_entries.Entry(CUES_FILE, part, content.get(part, {}))
        for name in entry.values:
            found[name] = entry.texts(name)
    return found
