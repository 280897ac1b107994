"""First run: data folder, settings file, database and the administrator whose password is shown once."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_svc.speech import VIETNAMESE
from config.settings import HELP, KEYS, SETTINGS_FILE, Settings, load_settings
from ingest import inbox
from storage import users
from storage.access import SERVICE
from storage.database import Database
from storage.migrate import is_current, upgrade
from storage.models.people import Role, User

ADMINISTRATOR = "quantri"
_NOT_IN_FILE = {"data"}


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What set-up did. ``password`` is the administrator's, known to nobody else, when the account was made now."""

    settings: Settings
    login: str
    password: str | None


def set_up(data: Path | None, login: str = ADMINISTRATOR) -> FirstRun:
    """Make whatever of the archive is not there yet; safe to call before every start.

    :raises SettingError: the settings file that is there already holds a mistake.
    """
    settings = load_settings(data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o750)
    _write_settings_file(settings.data / SETTINGS_FILE)
    for folder in (settings.vault_folder, settings.derived_folder):
        folder.mkdir(parents=True, exist_ok=True)
    with Database(settings.database) as database:
        if not is_current(database):
            upgrade(database)
        with database.write() as session:
            password = _first_administrator(session, login)
            inbox.make_folders(session, settings.inbox_folder)
    return FirstRun(settings, login, password)


def _first_administrator(session: Session, login: str) -> str | None:
    """Make the administrator and return the password, unless there is any account already."""
    if session.scalar(select(User.id).limit(1)) is not None:
        return None
    password = users.generate_password()
    users.create_user(session, SERVICE.name, login=login, name="Quản trị hệ thống", role=Role.ADMIN, password=password)
    return password


def _write_settings_file(path: Path) -> None:
    """A settings file in which every key stands as a comment, so that the administrator only takes a `#` away."""
    if path.exists():
        return
    defaults = Settings()
    lines = ["# Cấu hình của kho lưu trữ. Bỏ dấu # ở đầu dòng để đổi; xem giá trị đang dùng: archive config show", ""]
    for key in KEYS:
        if key not in _NOT_IN_FILE:
            lines += [f"# {HELP[VIETNAMESE][key]}", f"#{key} = {_toml(getattr(defaults, key))}", ""]
    path.write_text("\n".join(lines), "utf-8")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return f'"{"" if value == Path() else value}"'
