"""Purposes of presentations and the rules they begin with; data in ``config/data/presentation_purposes.toml``."""

from dataclasses import dataclass
from functools import cache

from config import data_entries, document_types, folders
from config.errors import DataFileError

FILE = "presentation_purposes.toml"
ALLOW, ASK, NEVER = "allow", "ask", "never"
RULES = frozenset({ALLOW, ASK, NEVER})


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a presentation is for; the rules are only a first guess that a person changes. ``minutes``: usual limit."""

    code: str
    name: str
    name_en: str
    presentable: str
    other: str
    internal: str
    minutes: int
    folder_exceptions: dict[str, str]
    type_exceptions: dict[str, str]

    def folder_rule(self, code: str) -> str:
        """First guess for a folder of the taxonomy; a folder of the office's own is asked about."""
        if code in self.folder_exceptions:
            return self.folder_exceptions[code]
        folder = folders.folders().get(code)
        if folder is None:
            return ASK
        if folder.internal:
            return self.internal
        return self.presentable if folder.presentable else self.other


def _exceptions(entry_name: str, values: object, known: object) -> dict[str, str]:
    if not isinstance(values, dict):
        raise DataFileError(file=FILE, place=entry_name, why="phải là bảng (must be a table)")
    for code, rule in values.items():
        if code not in known:  # type: ignore[operator]
            raise DataFileError(file=FILE, place=f"{entry_name}.{code}", why="không có mã này (unknown code)")
        if rule not in RULES:
            raise DataFileError(file=FILE, place=f"{entry_name}.{code}", why=f"{rule!r}: allow, ask, never")
    return dict(values)


def _purpose(values: dict[str, object], index: int) -> Purpose:
    name = f"purpose[{values.get('code', index)}]"
    entry = data_entries.Entry(FILE, name, values)
    entry.only("code", "name", "name_en", "presentable", "other", "internal", "minutes", "folders", "types", "source")
    return Purpose(
        code=entry.text("code"), name=entry.text("name"), name_en=entry.text("name_en"),
        presentable=entry.choice("presentable", RULES), other=entry.choice("other", RULES),
        internal=entry.choice("internal", RULES), minutes=entry.number("minutes"),
        folder_exceptions=_exceptions(f"{name}.folders", values.get("folders", {}), folders.folders()),
        type_exceptions=_exceptions(f"{name}.types", values.get("types", {}), document_types.document_types()),
    )


@cache
def purposes() -> dict[str, Purpose]:
    """All purposes by code, in the order of the file. Raises DataFileError."""
    found = [_purpose(values, index) for index, values in enumerate(data_entries.load(FILE).get("purpose", []))]
    return {purpose.code: purpose for purpose in found}
