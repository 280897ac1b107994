"""Kinds of case and the evidence folders (nhóm tài liệu) of each; data in ``config/data/folders.toml``."""

from dataclasses import dataclass
from functools import cache

from config import data_entries
from config.errors import DataFileError

FILE = "folders.toml"
ORDER_RULES = frozenset({"but_luc_asc", "date_asc", "date_asc_bottom_up", "date_order", "statutory_then_date_asc"})
BUT_LUC_UNITS = frozenset({"page", "sheet", "unspecified"})
SOURCES = frozenset({"V1", "V2", "V3", "M", "P"})


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case; ``but_luc_unit`` is what one number stands on, ``basis`` the legal source of both rules."""

    code: str
    name: str
    name_en: str
    order_rule: str
    but_luc_unit: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Folder:
    """An evidence folder of one kind of case. ``internal`` folders are the procuracy's own and never presentable."""

    code: str
    case_kind: str
    position: int
    name: str
    name_en: str
    typical: tuple[str, ...]
    internal: bool
    presentable: bool
    source: str

    @property
    def is_unclassified(self) -> bool:
        """True for the folder of papers nobody has sorted yet (…99)."""
        return self.code.endswith("99")


def _case_kind(values: dict[str, object], index: int) -> CaseKind:
    entry = data_entries.Entry(FILE, f"case_kind[{values.get('code', index)}]", values)
    entry.only("code", "name", "name_en", "order_rule", "but_luc_unit", "basis", "source")
    return CaseKind(
        code=entry.text("code"), name=entry.text("name"), name_en=entry.text("name_en"),
        order_rule=entry.choice("order_rule", ORDER_RULES), but_luc_unit=entry.choice("but_luc_unit", BUT_LUC_UNITS),
        basis=entry.text("basis"), source=entry.choice("source", SOURCES),
    )


def _folder(values: dict[str, object], index: int, kinds: dict[str, CaseKind]) -> Folder:
    entry = data_entries.Entry(FILE, f"folder[{values.get('code', index)}]", values)
    entry.only("case_kind", "code", "position", "name", "name_en", "typical", "internal", "presentable", "source")
    return Folder(
        code=entry.text("code"), case_kind=entry.choice("case_kind", frozenset(kinds)),
        position=entry.number("position"), name=entry.text("name"), name_en=entry.text("name_en"),
        typical=entry.texts("typical"), internal=entry.flag("internal"), presentable=entry.flag("presentable"),
        source=entry.choice("source", SOURCES),
    )


@cache
def case_kinds() -> dict[str, CaseKind]:
    """All kinds of case by code, in the order of the file. Raises DataFileError."""
    kinds: dict[str, CaseKind] = {}
    for index, values in enumerate(data_entries.load(FILE).get("case_kind", [])):
        kind = _case_kind(values, index)
        if kind.code in kinds:
            raise DataFileError(file=FILE, place=f"case_kind[{kind.code}]", why="trùng mã (code used twice)")
        kinds[kind.code] = kind
    return kinds


@cache
def folders() -> dict[str, Folder]:
    """All folders by code, each kind's in its order. Raises DataFileError."""
    kinds = case_kinds()
    found: dict[str, Folder] = {}
    for index, values in enumerate(data_entries.load(FILE).get("folder", [])):
        folder = _folder(values, index, kinds)
        if folder.code in found:
            raise DataFileError(file=FILE, place=f"folder[{folder.code}]", why="trùng mã (code used twice)")
        found[folder.code] = folder
    order = list(kinds)
    return dict(sorted(found.items(), key=lambda item: (order.index(item[1].case_kind), item[1].position)))


def case_kind(code: str) -> CaseKind:
    """The kind of case with this code; KeyError when there is none."""
    return case_kinds()[code]


@cache
def taxonomy(kind: str) -> tuple[Folder, ...]:
    """The folders of a kind of case, in order; KeyError for an unknown kind."""
    case_kind(kind)
    return tuple(folder for folder in folders().values() if folder.case_kind == kind)


def by_code(code: str) -> Folder:
    """The folder with this code; KeyError when there is none."""
    return folders()[code]


@cache
def unclassified(kind: str) -> Folder:
    """The folder of unsorted papers of a kind of case."""
    return next(folder for folder in taxonomy(kind) if folder.is_unclassified)
