"""Reading the field's own data files (TOML in ``config/data``) with errors that name the file and the entry."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from config.errors import DataFileError


def load(name: str) -> dict[str, Any]:
    """The parsed content of ``config/data/NAME``. Raises DataFileError naming the file and what is wrong."""
    try:
        text = (resources.files("config") / "data" / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataFileError(file=name, place="-", why="không có tệp này (missing)") from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(file=name, place="-", why=str(error)) from error
    if content.get("schema_version") != 1:
        raise DataFileError(file=name, place="schema_version", why=f"{content.get('schema_version')!r} ≠ 1")
    return content


class Entry:
    """One table of a data file, read field by field; every complaint names file, entry and field."""

    def __init__(self, file: str, place: str, values: Mapping[str, Any]) -> None:
        self.file, self.place, self.values = file, place, values

    def fail(self, field: str, why: str) -> DataFileError:
        """The error for one field of this entry (to be raised by the caller)."""
        return DataFileError(file=self.file, place=f"{self.place}.{field}", why=why)

    def only(self, *allowed: str) -> None:
        """Refuse a field that nobody reads: a misspelt one must not be silently ignored."""
        for field in self.values:
            if field not in allowed:
                raise self.fail(field, "không có mục này (unknown field)")

    def text(self, field: str, default: str | None = None) -> str:
        """A string; required unless a default is given."""
        value = self.values.get(field, default)
        if not isinstance(value, str):
            raise self.fail(field, "cần chuỗi ký tự (text expected)")
        return value

    def number(self, field: str) -> int:
        """A whole number, required."""
        value = self.values.get(field)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(field, "cần số nguyên (whole number expected)")
        return value

    def flag(self, field: str) -> bool:
        """True or false, required."""
        value = self.values.get(field)
        if not isinstance(value, bool):
            raise self.fail(field, "cần true/false")
        return value

    def choice(self, field: str, allowed: frozenset[str]) -> str:
        """A string out of a closed set."""
        value = self.text(field)
        if value not in allowed:
            raise self.fail(field, f"{value!r} không thuộc {sorted(allowed)}")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of strings; absent means empty."""
        value = self.values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(field, "cần danh sách chuỗi (list of texts expected)")
        return tuple(value)

    def mapping(self, field: str) -> dict[str, str]:
        """A table of strings; absent means empty."""
        value = self.values.get(field, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.fail(field, "cần bảng chuỗi (table of texts expected)")
        return dict(value)
