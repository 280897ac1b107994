"""First run: everything is made once, the administrator's password is known to nobody but who ran it."""

import tomllib
from pathlib import Path

import pytest

import config
from archive_svc.setup import set_up
from config.errors import SettingError
from config.settings import HELP, KEYS, Settings, load_settings
from storage import users
from storage.database import Database


def test_first_run_makes_everything_and_the_second_changes_nothing(tmp_path: Path) -> None:
    first = set_up(tmp_path / "kho")
    assert first.password is not None
    assert first.settings.inbox_folder.is_dir()
    with Database(first.settings.database) as database, database.write() as session:
        assert users.check_password(session, first.login, first.password) is not None
    assert set_up(tmp_path / "kho").password is None


def test_settings_file_holds_every_key_as_a_comment_with_its_default(tmp_path: Path) -> None:
    set_up(tmp_path / "kho")
    text = (tmp_path / "kho" / "settings.toml").read_text("utf-8")
    assert tomllib.loads(text) == {}
    uncommented = "\n".join(line[1:] for line in text.splitlines() if line.startswith("#") and " = " in line
                            and line[1:].split(" = ")[0] in KEYS)
    given = tomllib.loads(uncommented)
    assert set(given) == set(KEYS) - {"data"}
    defaults = Settings()
    for key, value in given.items():
        default = getattr(defaults, key)
        assert value == ("" if default == Path() else default), key


def test_existing_settings_file_is_kept_and_a_mistake_in_it_stops(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("prot = 9\n")
    with pytest.raises(SettingError, match="did you mean port"):
        set_up(tmp_path)
    assert file.read_text() == "prot = 9\n"
    assert not (tmp_path / "archive.sqlite3").exists()


def test_every_setting_says_what_it_means() -> None:
    assert [key for key in KEYS if not (HELP["vi"][key] and HELP["en"][key])] == []


def test_config_is_ours() -> None:
    """A foreign ``config`` folder in the working directory must not shadow ours."""
    here = Path(__file__).resolve().parents[2] / "config" / "__init__.py"
    assert Path(str(config.__file__)).resolve() == here


def test_port_of_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    set_up(tmp_path)
    (tmp_path / "settings.toml").write_text("port = 9001\n")
    loaded = load_settings(tmp_path, environment={"ARCHIVE_PORT": "9002"})
    assert (loaded.port, loaded.origins["port"]) == (9002, "environment")
