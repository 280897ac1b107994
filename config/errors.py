"""The one base class of everything that can go wrong in a known way.

A known error is told to a person in one line: what happened to which file, what is safe, what to do next. The message
exists in Vietnamese (screen) and English (console and log). Each class carries a stable code that ``docs/errors.md``
explains, an exit code for the command line, an HTTP status for the web, and whether trying again can help.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_UNABLE = 3


@dataclass(frozen=True, slots=True)
class Words:
    """A detail of an error that is itself a few words, in both languages."""

    vi: str
    en: str


class ArchiveError(Exception):
    """Base of known errors. Subclasses set the class attributes; keyword arguments fill the templates.

    ``vi`` and ``en`` are ``str.format`` templates over the keyword arguments given to the constructor; of those that
    are ``Words`` each takes its own language.
    """

    code: ClassVar[str] = "ARCHIVE"
    vi: ClassVar[str] = "Có lỗi khi xử lý {what}."
    en: ClassVar[str] = "Something went wrong with {what}."
    exit_code: ClassVar[int] = EXIT_REFUSED
    status: ClassVar[int] = 400
    retryable: ClassVar[bool] = False

    def __init__(self, **detail: Any) -> None:
        super().__init__(detail)
        self.detail = detail

    def message(self, language: str = "vi") -> str:
        """The sentence for a person, with the code small and last."""
        template, of_words = (self.vi, attrgetter("vi")) if language == "vi" else (self.en, attrgetter("en"))
        detail = {key: of_words(value) if isinstance(value, Words) else value for key, value in self.detail.items()}
        return f"{template.format(**detail)} [{self.code}]"

    def __str__(self) -> str:
        return self.message("en")


class NotFound(ArchiveError):
    """The thing does not exist, or the actor may not know that it does: the answer is the same on purpose."""

    code = "NOT-FOUND"
    vi = "Không tìm thấy {what}, hoặc anh/chị không được phân công xem. Hãy hỏi người phụ trách hồ sơ."
    en = "{what} does not exist, or you have no right to see it. Ask whoever is in charge of the case."
    status = 404


class Forbidden(ArchiveError):
    """The actor may see the thing but not do this to it."""

    code = "FORBIDDEN"
    vi = "Anh/chị không có quyền {what}. Chưa có gì thay đổi. Hãy nhờ người phụ trách hoặc quản trị."
    en = "You may not {what}. Nothing was changed. Ask whoever is in charge, or the administrator."
    status = 403


class Invalid(ArchiveError):
    """A value given by a person cannot be taken as it is."""

    code = "INVALID"
    vi = "{what} chưa hợp lệ: {why}. Chưa có gì thay đổi."
    en = "{what} is not valid: {why}. Nothing was changed."
    status = 422


class Conflict(ArchiveError):
    """Somebody else changed the thing since it was read."""

    code = "CONFLICT"
    vi = "{what} vừa được người khác sửa. Bản của anh/chị chưa được lưu; hãy xem bản mới rồi sửa lại."
    en = "{what} was changed by somebody else meanwhile. Yours was not saved; look at theirs and try again."
    status = 409


class CaseClosed(ArchiveError):
    """A closed case rejects writes."""

    code = "CASE-CLOSED"
    vi = "Hồ sơ {what} đã đóng nên không sửa được nữa. Chưa có gì thay đổi. Lãnh đạo có thể mở lại hồ sơ."
    en = "Case {what} is closed and takes no changes. Nothing was changed. A leader can reopen it."
    status = 409


class SettingError(ArchiveError):
    """A settings file or environment variable holds an unknown key or a value of the wrong type."""

    code = "SETTING"
    vi = "Cấu hình sai ở {origin}: {why}. Dịch vụ chưa khởi động; dữ liệu không bị ảnh hưởng."
    en = "Wrong setting in {origin}: {why}. The service did not start; no data was touched."
    exit_code = EXIT_USAGE


class DataFileError(ArchiveError):
    """A data file of the field (folders, types, deadlines, a book) has a mistake; names file, place and reason."""

    code = "DATA-FILE"
    vi = "Tệp dữ liệu {file} sai ở {place}: {why}. Bản đang dùng được giữ nguyên."
    en = "Data file {file} is wrong at {place}: {why}. The version in use stays."
    exit_code = EXIT_USAGE


class DataFolderMissing(ArchiveError):
    """The data folder was not set up yet."""

    code = "DATA-MISSING"
    vi = "Chưa có thư mục dữ liệu {path}. Hãy chạy: archive init --data {path}"
    en = "There is no data folder at {path}. Run: archive init --data {path}"
    exit_code = EXIT_UNABLE
    status = 503


class DiskFull(ArchiveError):
    """The disk has less room than the service needs to work safely."""

    code = "DISK-FULL"
    vi = (
        "Ổ đĩa chứa {path} sắp đầy (còn {free_mb} MB). Tệp gốc vẫn an toàn; "
        "dịch vụ tạm ngừng nhận và tự chạy tiếp khi có chỗ."
    )
    en = (
        "The disk holding {path} is nearly full ({free_mb} MB left). Originals are safe; "
        "intake resumes when there is room."
    )
    exit_code = EXIT_UNABLE
    status = 507
    retryable = True
