"""Settings: layers, origins, and the refusal of anything unknown."""

from pathlib import Path

import pytest

from config.errors import SettingError
from config.settings import HELP, KEYS, load_settings


def test_each_layer_wins_over_the_one_below_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('port = 9001\nhost = "0.0.0.0"\noffice_name = "VKS khu vực 7"\n', "utf-8")
    settings = load_settings(tmp_path, environment={"ARCHIVE_PORT": "9002", "HOME": "/x"}, host="127.0.0.1")
    assert (settings.port, settings.host, settings.office_name) == (9002, "127.0.0.1", "VKS khu vực 7")
    assert settings.origins["port"] == "environment"
    assert settings.origins["host"] == "flag"
    assert settings.origins["office_name"] == str(tmp_path / "settings.toml")
    assert settings.origins["workers"] == "default"


def test_unknown_key_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("prot = 9001\n")
    with pytest.raises(SettingError, match="did you mean port"):
        load_settings(tmp_path, environment={})


@pytest.mark.parametrize("line", ['port = "many"', "port = true", "port = -1", 'office_kind = "tand"', "port = ["])
def test_wrong_value_is_refused_and_says_where(tmp_path: Path, line: str) -> None:
    (tmp_path / "settings.toml").write_text(line + "\n")
    with pytest.raises(SettingError, match=r"settings\.toml"):
        load_settings(tmp_path, environment={})


def test_every_setting_explains_itself() -> None:
    assert all(HELP[language][key] for key in KEYS for language in ("vi", "en"))
