"""Errors kept with a scan or page, as sentences for people: the class is found again by its code."""

import string
from functools import cache

from flask_babel import gettext as _

import ingest.errors  # noqa: F401 - its classes must exist to be found
from config.errors import ArchiveError
from storage.models.scans import Scan
from viewer import languages


@cache
def _by_code() -> dict[str, type[ArchiveError]]:
    found: dict[str, type[ArchiveError]] = {}
    waiting = [ArchiveError]
    while waiting:
        known = waiting.pop()
        found[known.code] = known
        waiting += known.__subclasses__()
    return found


def sentence(code: str | None, detail: dict[str, object]) -> str:
    """What happened, what is safe and what to do, in the language of the screen, without the code."""
    known: type[ArchiveError] | None = _by_code().get(code or "")
    if known is None:
        return str(_("Có lỗi khi xử lý tệp này. Tệp gốc vẫn an toàn."))
    template = known.vi if languages.choose() == "vi" else known.en
    names = {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name}
    text: str = template.format(**{name: detail.get(name, "–") for name in names})
    return text


def of_scan(scan: Scan) -> str:
    """Why a scan could not be taken further; an empty text where nothing is wrong."""
    return sentence(scan.error_code, {"name": scan.name, **(scan.error_detail or {})}) if scan.error_code else ""
