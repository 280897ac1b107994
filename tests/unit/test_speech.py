"""The command speaks Vietnamese; a setting or a switch makes it English; sentences for programs have both."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive_svc.main import group
from archive_svc.setup import set_up


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


@pytest.fixture
def data(tmp_path: Path) -> str:
    """An archive after its first run."""
    return str(set_up(tmp_path / "kho").settings.data)


def test_vietnamese_comes_first_and_english_by_a_switch(data: str) -> None:
    assert "Đang chạy: không có gì" in run("status", "--data", data).output
    assert "running: nothing" in run("--language", "en", "status", "--data", data).output


def test_the_setting_decides_where_no_switch_is_given(data: str) -> None:
    (Path(data) / "settings.toml").write_text('language = "en"\n')
    assert "everything is whole" in run("verify", "--data", data).output
    assert "tất cả nguyên vẹn" in run("--language", "vi", "verify", "--data", data).output


def test_a_known_error_is_one_line_in_the_same_language(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "khong-co")
    told = run("status", "--data", nowhere)
    assert told.exit_code == 3
    assert told.output == f"Chưa có thư mục dữ liệu {nowhere}. Hãy chạy: archive init --data {nowhere} [DATA-MISSING]\n"
    assert "There is no data folder" in run("--language", "en", "status", "--data", nowhere).output


def test_what_is_wrong_with_a_setting_is_told_in_the_same_language(data: str) -> None:
    (Path(data) / "settings.toml").write_text("prot = 9\n")
    assert "không có mục prot; có phải port?" in run("config", "show", "--data", data).output
    assert "unknown key prot; did you mean port?" in run("--language", "en", "config", "show", "--data", data).output


def test_a_password_is_told_in_words_an_administrator_understands(data: str) -> None:
    made = run("user", "add", "hoa", "--name", "Nguyễn Thị Hòa", "--role", "clerk", "--data", data)
    assert made.output.startswith("hoa: ")
    assert "chỉ hiện lần này" in made.output


def test_what_programs_read_keeps_its_names(data: str) -> None:
    for language in ("vi", "en"):
        told = json.loads(run("--language", language, "doctor", "--json", "--data", data).stdout)
        assert {"python", "database", "disk"} <= {finding["name"] for finding in told["findings"]}
