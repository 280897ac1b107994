"""Reading an editable TOML data file so that a mistake is told with its file, its line and the reason.

``tomllib`` forgets where a value stood; this keeps the text and finds the line of a table and of a key in it again.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from config.errors import DataFileError

SHIPPED = Path(__file__).parent / "data"
_AT_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One parsed file with its text, for messages."""

    path: Path
    text: str
    content: dict[str, Any]

    def fail(self, why: str, table: str = "", position: int = 0, key: str = "") -> NoReturn:
        """Refuse the file because of ``key`` in the ``position``-th ``[[table]]``.

        :raises DataFileError: always.
        """
        place = f"dòng {self.line_of(table, position, key)}"
        raise DataFileError(file=str(self.path), place=place, why=why)

    def line_of(self, table: str, position: int, key: str) -> int:
        """1-based line of a key in the n-th array table (of the table itself when the key is not written there)."""
        seen, start = -1, 1
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if table and stripped.startswith(f"[[{table}]]"):
                seen += 1
                if seen > position:
                    break
                start = number
            elif table and seen == position and stripped.startswith("["):
                break
            if key and (not table or seen == position) and re.match(rf"{re.escape(key)}\s*=", stripped):
                return number
        return start


def read_data_file(path: Path) -> DataFile:
    """Parse a TOML file.

    :raises DataFileError: when it cannot be read or is not TOML; names the line.
    """
    try:
        text = path.read_text("utf-8")
        return parse_data_file(path, text)
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(file=str(path), place="dòng 1", why=str(error)) from error


def parse_data_file(path: Path, text: str) -> DataFile:
    """Parse TOML text that will be (or was) stored at ``path``.

    :raises DataFileError: when it is not TOML; names the line.
    """
    try:
        return DataFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        place = f"dòng {found.group(1)}" if found else "cuối tệp"
        raise DataFileError(file=str(path), place=place, why=str(error)) from error


def check_keys(file: DataFile, row: dict[str, Any], known: Iterable[str], table: str, position: int) -> None:
    """Refuse keys nobody reads: a misspelt one would otherwise be silently ignored."""
    for key in row:
        if key not in known:
            file.fail(f"không có mục {key!r} / unknown key {key!r}", table, position, key)


def data_files(pattern: str, office_folder: Path | None) -> list[Path]:
    """Shipped files first, then the office's own, which win row by row."""
    found = sorted(SHIPPED.glob(pattern))
    if office_folder is not None and office_folder.is_dir():
        found += sorted(office_folder.glob(pattern))
    return found
