"""Typed settings: built-in defaults < TOML file < environment < flag, each value knowing where it came from.

The file is ``settings.toml`` in the data folder; environment variables are ``ARCHIVE_`` + the key in capitals. An
unknown key is refused, with the nearest known one named, so a misspelt setting can never be silently ignored.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from config.errors import SettingError, Words

ENVIRONMENT_PREFIX = "ARCHIVE_"
SETTINGS_FILE = "settings.toml"


def _setting(default: Any, english: str, vietnamese: str) -> Any:
    return field(default=default, metadata={"en": english, "vi": vietnamese})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the service. ``origins`` maps a key to where its value came from."""

    data: Path = _setting(Path("data"), "folder of the archive's own data", "thư mục dữ liệu của kho")
    office_name: str = _setting("Viện kiểm sát nhân dân", "name of the office, printed on sheets and lists",
                                "tên cơ quan, in trên giấy tờ và danh mục")
    office_kind: str = _setting(
        "vks", "vks or thads: selects roles, books and whose deadlines they are",
        "vks (viện kiểm sát) hoặc thads (thi hành án dân sự): quyết định vai trò, các sổ và thời hạn của ai",
    )
    office_place: str = _setting("", "place name printed before the date on drafted papers",
                                 "địa danh in trước ngày tháng trên giấy tờ soạn thảo")
    language: str = _setting("vi", "language of screens before a person chooses: vi or en",
                             "ngôn ngữ màn hình trước khi từng người chọn: vi hoặc en")
    timezone: str = _setting("Asia/Ho_Chi_Minh", "time zone of everything shown and of deadlines",
                             "múi giờ của mọi giờ hiện ra và của thời hạn")

    database_url: str = _setting("", "SQLAlchemy URL; empty = SQLite in the data folder",
                                 "địa chỉ SQLAlchemy của cơ sở dữ liệu; để trống = SQLite trong thư mục dữ liệu")
    inbox: Path = _setting(Path(), "watched folder (may be an SMB share); empty = DATA/inbox",
                           "thư mục quét (có thể là thư mục chia sẻ Windows); để trống = inbox trong thư mục dữ liệu")
    server_name: str = _setting("", "name by which other machines reach the server; empty = the host's name",
                                "tên mà máy khác dùng để mở máy chủ; để trống = tên của máy")
    host: str = _setting("127.0.0.1", "address the web server listens on",
                         "địa chỉ mạng để mở kho; 0.0.0.0 = mọi máy trong cơ quan")
    port: int = _setting(8080, "port of the web server", "cổng web")
    tls_port: int = _setting(8443, "port of the TLS web server; used once `archive tls` made a certificate",
                             "cổng web mã hóa; dùng khi đã chạy archive tls")
    allow_secret: bool = _setting(False, "true = this machine may hold state secrets; false stops and reports them",
                                  "true = máy này được chứa tài liệu mật; false = gặp dấu mật thì dừng và báo")

    workers: int = _setting(0, "reading processes; 0 = one per processor core, at most 8",
                            "số tiến trình nhận dạng; 0 = mỗi nhân một tiến trình, nhiều nhất 8")
    stable_seconds: float = _setting(0.3, "a complete file must be unchanged this long before it is taken in",
                                     "tệp đã trọn vẹn phải yên bấy nhiêu giây mới được nhận")
    unfinished_seconds: float = _setting(180.0, "a file whose end is missing is given this long to go on growing",
                                         "tệp còn thiếu phần cuối được chờ bấy nhiêu giây để chép tiếp")
    unmarked_seconds: float = _setting(10.0, "quiet time for formats whose end cannot be seen (MP3, old Word, unknown)",
                                       "số giây chờ với loại tệp không thấy được chỗ kết thúc (MP3, Word cũ, loại lạ)")
    rescan_seconds: float = _setting(5.0, "how often the inbox is looked through, events or not",
                                     "cứ bấy nhiêu giây xem lại thư mục quét một lần, kể cả khi không có báo hiệu")
    batch_pause_seconds: float = _setting(60.0, "files of one source within this pause are one batch",
                                          "các tệp cùng chỗ đến cách nhau không quá bấy nhiêu giây là một đợt quét")
    max_file_mb: int = _setting(4096, "largest file taken in", "tệp lớn nhất được nhận, MB")
    max_pages: int = _setting(5000, "most pages of one file", "số trang nhiều nhất của một tệp")
    max_page_megapixels: int = _setting(120, "largest page decoded, in millions of pixels",
                                        "trang lớn nhất được mở, triệu điểm ảnh")
    page_seconds: int = _setting(60, "longest time one page may take to read",
                                 "thời gian đọc lâu nhất cho một trang, giây")
    page_memory_mb: int = _setting(1500, "most memory one reading process may use",
                                   "bộ nhớ nhiều nhất cho một tiến trình nhận dạng, MB")
    min_free_mb: int = _setting(1024, "intake stops when less is free on the disk",
                                "ổ đĩa còn ít hơn bấy nhiêu MB thì tạm ngừng nhận")
    max_attempts: int = _setting(4, "times a job is tried before it is reported as failed",
                                 "số lần thử một việc trước khi báo hỏng")
    lease_seconds: int = _setting(90, "a job not renewed this long is given to another worker",
                                  "việc không có tin quá bấy nhiêu giây thì giao cho tiến trình khác")

    ocr_model: str = _setting("best", "best (npm's best_int), or fast (Debian's vie)",
                              "best = bộ chữ tốt hơn; fast = bộ chữ của Debian, nhanh hơn")
    tessdata: Path = _setting(Path(), "folder with the language models; empty = found by `archive doctor`",
                              "thư mục các bộ chữ; để trống = tự tìm, xem archive doctor")
    review_confidence: float = _setting(0.85, "pages read with less confidence go to the worst-first queue",
                                        "trang đọc kém chắc chắn hơn mức này (0–1) vào hàng chờ trang đọc kém")

    search_engine: str = _setting("auto", "auto, whoosh or tantivy", "bộ tìm kiếm: auto, whoosh hoặc tantivy")
    search_switch_pages: int = _setting(5000, "auto changes from Whoosh to Tantivy past this many pages",
                                        "auto đổi từ Whoosh sang Tantivy khi quá bấy nhiêu trang")

    criminal_days_roll: bool = _setting(
        True, "BLTTHS periods in days ending on a day off go on to the next workday",
        "true = thời hạn tính bằng ngày theo BLTTHS kết thúc vào ngày nghỉ thì lùi sang ngày làm việc kế tiếp",
    )

    session_hours: float = _setting(10.0, "a log-in ends after this long in any case",
                                    "phiên đăng nhập kết thúc sau bấy nhiêu giờ, dù đang dùng")
    session_idle_minutes: float = _setting(60.0, "a log-in ends after this long without use",
                                           "phiên đăng nhập kết thúc sau bấy nhiêu phút không dùng")
    login_limit: str = _setting("10 per minute; 60 per hour", "log-in attempts per address",
                                "số lần thử đăng nhập từ một địa chỉ")
    clerks_see_cases: bool = _setting(False, "true = văn thư may see all cases, not only those assigned to them",
                                      "true = văn thư xem được mọi hồ sơ, không chỉ hồ sơ được phân công")

    origins: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def database(self) -> str:
        """SQLAlchemy URL really used."""
        return self.database_url or f"sqlite:///{self.data / 'archive.sqlite3'}"

    @property
    def inbox_folder(self) -> Path:
        """The watched folder really used."""
        return self.inbox if self.inbox != Path() else self.data / "inbox"

    @property
    def vault_folder(self) -> Path:
        """Untouched originals, by content."""
        return self.data / "vault"

    @property
    def derived_folder(self) -> Path:
        """Everything that can be rebuilt from originals and records: images, tiles, PDFs."""
        return self.data / "derived"

    @property
    def index_folder(self) -> Path:
        """The search index; a cache that can be rebuilt."""
        return self.data / "index"

    @property
    def taken_in_folder(self) -> Path:
        """Server-only folder into which a source is moved after its verified copy is committed."""
        return self.data / "taken-in"

    @property
    def secret_key_file(self) -> Path:
        """Key that signs sessions; made at first run, never committed."""
        return self.data / "secret.key"


KEYS = tuple(f.name for f in fields(Settings) if f.name != "origins")
#: language → key → what the setting means
HELP = {
    language: {f.name: str(f.metadata[language]) for f in fields(Settings) if f.name != "origins"}
    for language in ("vi", "en")
}
#: type of a setting → what a person calls a value of it
_KINDS = {str: "chữ", int: "số nguyên", float: "số", bool: "true hoặc false", Path: "đường dẫn"}
_CHOICES = {
    "office_kind": ("vks", "thads"),
    "language": ("vi", "en"),
    "ocr_model": ("best", "fast"),
    "search_engine": ("auto", "whoosh", "tantivy"),
}


def _convert(key: str, value: Any, origin: str) -> Any:
    wanted = get_type_hints(Settings)[key]
    wanted = (get_args(wanted) or (wanted,))[0] if get_origin(wanted) else wanted
    shown = f"{key} = {value!r}"
    problem = SettingError(
        origin=origin, why=Words(f"{shown} không phải {_KINDS[wanted]}", f"{shown} should be {wanted.__name__}")
    )
    try:
        if wanted is bool:
            if isinstance(value, bool):
                return value
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]
        if isinstance(value, bool):
            raise problem
        converted = wanted(value)
    except (KeyError, ValueError, TypeError) as error:
        raise problem from error
    if key in _CHOICES and converted not in _CHOICES[key]:
        choices = ", ".join(_CHOICES[key])
        why = Words(f"{shown} phải là một trong: {choices}", f"{shown} should be one of {choices}")
        raise SettingError(origin=origin, why=why)
    if isinstance(converted, int | float) and converted < 0:
        raise SettingError(origin=origin, why=Words(f"{shown} là số âm", f"{shown} is negative"))
    return converted


def _check_keys(given: Mapping[str, Any], origin: str) -> None:
    for key in given:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint, hint_vi = (f"; did you mean {near[0]}?", f"; có phải {near[0]}?") if near else ("", "")
            raise SettingError(origin=origin, why=Words(f"không có mục {key}{hint_vi}", f"unknown key {key}{hint}"))


def load_settings(
    data: Path | None = None, *, environment: Mapping[str, str] | None = None, **flags: Any
) -> Settings:
    """Read the settings of the archive in ``data`` (or ``ARCHIVE_DATA``, or ``./data``).

    :raises SettingError: for an unknown key, a value of the wrong type or an unreadable file.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    origins: dict[str, str] = dict.fromkeys(KEYS, "default")
    folder = Path(data or environment.get(ENVIRONMENT_PREFIX + "DATA") or "data").absolute()

    file = folder / SETTINGS_FILE
    layers: list[tuple[str, Mapping[str, Any]]] = []
    if file.exists():
        try:
            layers.append((str(file), tomllib.loads(file.read_text("utf-8"))))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingError(origin=str(file), why=Words(f"không đọc được tệp ({error})", str(error))) from error
    from_environment = {
        key.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(ENVIRONMENT_PREFIX)
    }
    layers.append(("environment", from_environment))
    layers.append(("flag", {key: value for key, value in flags.items() if value is not None}))
    for origin, given in layers:
        _check_keys(given, origin)
        for key, value in given.items():
            values[key] = _convert(key, value, origin)
            origins[key] = origin
    values["data"] = folder
    if data is not None:
        origins["data"] = "flag"
    return Settings(**values, origins=origins)
