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

from config.errors import SettingError

ENVIRONMENT_PREFIX = "ARCHIVE_"
SETTINGS_FILE = "settings.toml"


def _setting(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the service. ``origins`` maps a key to where its value came from."""

    data: Path = _setting(Path("data"), "folder of the archive's own data")
    office_name: str = _setting("Viện kiểm sát nhân dân", "name of the office, printed on sheets and lists")
    office_kind: str = _setting("vks", "vks or thads: selects roles, books and whose deadlines they are")
    office_place: str = _setting("", "place name printed before the date on drafted papers")
    language: str = _setting("vi", "language of screens before a person chooses: vi or en")
    timezone: str = _setting("Asia/Ho_Chi_Minh", "time zone of everything shown and of deadlines")

    database_url: str = _setting("", "SQLAlchemy URL; empty = SQLite in the data folder")
    inbox: Path = _setting(Path(), "watched folder (may be an SMB share); empty = DATA/inbox")
    server_name: str = _setting("", "name by which other machines reach the server; empty = the host's name")
    host: str = _setting("127.0.0.1", "address the web server listens on")
    port: int = _setting(8080, "port of the web server")
    tls_port: int = _setting(8443, "port of the TLS web server; used once `archive tls` made a certificate")
    allow_secret: bool = _setting(False, "true = this machine may hold state secrets; false stops and reports them")

    workers: int = _setting(0, "reading processes; 0 = one per processor core, at most 8")
    stable_seconds: float = _setting(0.3, "a complete file must be unchanged this long before it is taken in")
    unfinished_seconds: float = _setting(180.0, "a file whose end is missing is given this long to go on growing")
    unmarked_seconds: float = _setting(10.0, "quiet time for formats whose end cannot be seen (MP3, old Word, unknown)")
    rescan_seconds: float = _setting(5.0, "how often the inbox is looked through, events or not")
    batch_pause_seconds: float = _setting(60.0, "files of one source within this pause are one batch")
    max_file_mb: int = _setting(4096, "largest file taken in")
    max_pages: int = _setting(5000, "most pages of one file")
    max_page_megapixels: int = _setting(120, "largest page decoded, in millions of pixels")
    page_seconds: int = _setting(60, "longest time one page may take to read")
    page_memory_mb: int = _setting(1500, "most memory one reading process may use")
    min_free_mb: int = _setting(1024, "intake stops when less is free on the disk")
    max_attempts: int = _setting(4, "times a job is tried before it is reported as failed")
    lease_seconds: int = _setting(90, "a job not renewed this long is given to another worker")

    ocr_model: str = _setting("best", "best (npm's best_int), or fast (Debian's vie)")
    tessdata: Path = _setting(Path(), "folder with the language models; empty = found by `archive doctor`")
    review_confidence: float = _setting(0.85, "pages read with less confidence go to the worst-first queue")

    search_engine: str = _setting("auto", "auto, whoosh or tantivy")
    search_switch_pages: int = _setting(5000, "auto changes from Whoosh to Tantivy past this many pages")

    criminal_days_roll: bool = _setting(True, "BLTTHS periods in days ending on a day off go on to the next workday")

    session_hours: float = _setting(10.0, "a log-in ends after this long in any case")
    session_idle_minutes: float = _setting(60.0, "a log-in ends after this long without use")
    login_limit: str = _setting("10 per minute; 60 per hour", "log-in attempts per address")
    clerks_see_cases: bool = _setting(False, "true = văn thư may see all cases, not only those assigned to them")

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
HELP = {f.name: str(f.metadata.get("help", "")) for f in fields(Settings) if f.name != "origins"}
_CHOICES = {
    "office_kind": ("vks", "thads"),
    "language": ("vi", "en"),
    "ocr_model": ("best", "fast"),
    "search_engine": ("auto", "whoosh", "tantivy"),
}


def _convert(key: str, value: Any, origin: str) -> Any:
    wanted = get_type_hints(Settings)[key]
    wanted = (get_args(wanted) or (wanted,))[0] if get_origin(wanted) else wanted
    problem = SettingError(origin=origin, why=f"{key} = {value!r} should be {wanted.__name__}")
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
        raise SettingError(origin=origin, why=f"{key} = {value!r} should be one of {', '.join(_CHOICES[key])}")
    if isinstance(converted, int | float) and converted < 0:
        raise SettingError(origin=origin, why=f"{key} = {value!r} is negative")
    return converted


def _check_keys(given: Mapping[str, Any], origin: str) -> None:
    for key in given:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingError(origin=origin, why=f"unknown key {key}{hint}")


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
            raise SettingError(origin=str(file), why=str(error)) from error
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
