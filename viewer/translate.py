"""The English catalogue: collecting strings, compiling, saying what is missing.

``python -m viewer.translate extract`` collects every ``_()`` of the screens into ``translations/en``, keeping what is
translated; ``compile`` makes the ``.mo`` the running application reads; ``missing`` lists strings without English and
ends with 1 when there are any.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
LINE_WIDTH = 120
HEADER = "# English of the screens. Made by python -m viewer.translate extract; the English is written by hand."
#: the file says nothing about when it was written, so that a change shows only what changed
FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def extract() -> Catalog:
    """The catalogue with every string now in use; unused translations are dropped."""
    template = Catalog(charset="utf-8")
    options = {"templates/**.html": {"silent": "false"}}
    found = extract_from_dir(str(HERE), METHODS, keywords=KEYWORDS, options_map=options)
    for file, line, message, comments, context in found:
        template.add(message, None, [(f"viewer/{file}", line)], auto_comments=comments, context=context)
    known = read()
    known.update(template, no_fuzzy_matching=True)
    known.obsolete.clear()
    return known


def read() -> Catalog:
    """The catalogue as it lies in the repository; an empty one where there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", charset="utf-8", project="archive_svc")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def write(catalogue: Catalog) -> None:
    """Write the catalogue sorted by string, without dates, so that a change shows only what changed."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = HEADER
    catalogue.fuzzy = False  # a catalogue marked so is skipped by compilers
    catalogue.creation_date = catalogue.revision_date = FIXED_DATE
    catalogue.last_translator = catalogue.language_team = catalogue.msgid_bugs_address = "archive_svc"
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=LINE_WIDTH, sort_output=True, omit_header=False, include_lineno=False)


def compile_catalogue() -> Path:
    """Make the ``.mo`` beside the catalogue."""
    target = CATALOGUE.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, read())
    return target


def missing(catalogue: Catalog) -> list[str]:
    """Strings without English."""
    return sorted(str(message.id) for message in catalogue if message.id and not _is_whole(message.string))


def _is_whole(english: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a string, or each form of a plural, has English."""
    return all(english) if isinstance(english, tuple | list) else bool(english)


def main(arguments: list[str]) -> int:
    """Run one of the three commands."""
    command = arguments[0] if arguments else ""
    if command == "extract":
        catalogue = extract()
        write(catalogue)
        print(f"{len(catalogue)} strings, {len(missing(catalogue))} without English")
    elif command == "compile":
        print(compile_catalogue())
    elif command == "missing":
        without = missing(extract())
        print("\n".join(without))
        return 1 if without else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
