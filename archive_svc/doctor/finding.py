"""What one look of the doctor says."""

from dataclasses import dataclass
from enum import StrEnum

from archive_svc.speech import Said


class State(StrEnum):
    """``BAD`` keeps the archive from working; ``WARN`` works, with a price that is named; ``OK`` needs nothing."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend`` is the command or act that puts it right; empty when nothing is to be done.

    Plain text (a path, a version, a command) is the same in every language.
    """

    name: str
    state: State
    text: Said | str
    mend: Said | str = ""

    def told(self, language: str) -> "Told":
        """The finding in one language."""
        label = _LABELS.get(self.name, self.name)
        return Told(self.name, label if language == "vi" else self.name, self.state, _plain(self.text, language),
                    _plain(self.mend, language))


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a person reads it; ``name`` never changes, ``label`` is what they see of it."""

    name: str
    label: str
    state: State
    text: str
    mend: str


#: Vietnamese names of what is looked at; the names of programs are the same everywhere
_LABELS = {
    "python": "Python",
    "python packages": "gói Python",
    "gs": "ghostscript",
    "fonts": "phông chữ",
    "browser scripts": "tệp cho trình duyệt",
    "settings": "cấu hình",
    "model vie": "bộ chữ tiếng Việt",
    "model osd": "bộ nhận hướng trang",
    "data folder": "thư mục dữ liệu",
    "inbox": "thư mục quét",
    "secret key": "khóa bí mật",
    "disk": "ổ đĩa",
    "data disk": "loại ổ đĩa",
    "moved sources": "tệp nguồn đã nhận",
    "database": "cơ sở dữ liệu",
    "clock": "đồng hồ máy",
    "web port": "cổng web",
    "office network": "mạng cơ quan",
    "windows share": "thư mục chia sẻ Windows",
}


def _plain(text: Said | str, language: str) -> str:
    return text.told(language) if isinstance(text, Said) else text


def good(name: str, text: Said | str) -> Finding:
    """Nothing to do."""
    return Finding(name, State.OK, text)


def warn(name: str, text: Said | str, mend: Said | str) -> Finding:
    """It works, but somebody should know."""
    return Finding(name, State.WARN, text, mend)


def bad(name: str, text: Said | str, mend: Said | str) -> Finding:
    """The archive cannot work, or not safely."""
    return Finding(name, State.BAD, text, mend)
