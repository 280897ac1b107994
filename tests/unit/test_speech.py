"""The command speaks Vietnamese; a setting or a switch makes it English; sentences for programs have both."""

import json
import re
from pathlib import Path

import pytest
from click import Command, Context, Group, Option
from click.testing import CliRunner, Result

from archive_svc import help_words
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


def explained(command: Command, name: str) -> dict[str, set[str]]:
    """Every command and its options that explain themselves in English."""
    options = {help_words.long_name(one) for one in command.params
               if isinstance(one, Option) and one.help and not one.hidden}
    found = {name: options}
    if isinstance(command, Group):
        context = Context(command)
        for inner in command.list_commands(context):
            found |= explained(command.get_command(context, inner), f"{name} {inner}")
    return found


def test_every_command_and_option_explains_itself_in_vietnamese_too() -> None:
    with Context(group) as context:
        context.meta["archive.language.flag"] = "en"
        english = explained(group, "archive")
    words = help_words.words()
    every = set(words[help_words.EVERY])
    assert set(words) - {help_words.EVERY} == set(english)
    for name, options in english.items():
        own = set(words[name]) - {help_words.ABOUT}
        assert options <= own | every, name
        assert own <= options, name
    assert every <= set.union(*english.values())


def test_help_follows_the_language() -> None:
    assert "hiện trợ giúp này" in run("user", "add", "-h").output
    assert "thư mục dữ liệu của kho" in run("serve", "--help").output
    assert "Make an account" in run("--language", "en", "user", "add", "-h").output
    assert "Show this message and exit." in run("--language", "en", "--help").output
    assert "Sao lưu kho" in run("--help").output


#: words of click that must not stand on a Vietnamese page
ENGLISH = re.compile(
    r"Usage:|Options:|Commands:|\[OPTIONS\]|COMMAND|\[required\]|\[default|Show this|TEXT|INTEGER|DIRECTORY|%Y"
)


def commands(command: Command, path: list[str]) -> list[list[str]]:
    """The arguments that reach every command."""
    found = [path]
    if isinstance(command, Group):
        context = Context(command)
        for inner in command.list_commands(context):
            found += commands(command.get_command(context, inner), [*path, inner])
    return found


def test_no_help_page_keeps_words_of_click_in_english() -> None:
    for path in commands(group, []):
        told = run(*path, "--help").output
        assert told.startswith("Cách dùng: "), path
        assert not ENGLISH.search(told), (path, ENGLISH.search(told))


def test_help_in_english_is_as_click_writes_it() -> None:
    told = run("--language", "en", "user", "add", "--help").output
    assert told.startswith("Usage: ") and "[required]" in told and "--name TEXT" in told and "Options:" in told


@pytest.mark.parametrize(("arguments", "said"), [
    (["--nope"], "không có tùy chọn --nope"),
    (["nope"], "không có lệnh nope"),
    (["text", "--jsn", "1"], "không có tùy chọn --jsn; có phải --json?"),
    (["user", "add", "x"], "thiếu tùy chọn '--name'"),
    (["user", "add", "x", "--name", "y", "--role", "z"], "giá trị của tùy chọn '--role' không dùng được: z; chọn một"),
    (["search", "q", "--limit", "nhiều"], "không dùng được: nhiều; phải là số nguyên trong khoảng cho phép"),
    (["search", "q", "--from", "hôm qua"], "không dùng được: hôm qua; phải là ngày viết như 2024-03-31"),
    (["search", "--limit"], "dùng tùy chọn --limit chưa đúng"),
    (["ingest", "/khong/co"], "không dùng được: /khong/co; không có, hoặc không đúng loại"),
    (["text", "1", "2", "3"], "thừa: 2 3"),
])
def test_a_command_line_that_cannot_be_is_refused_in_vietnamese(arguments: list[str], said: str) -> None:
    told = run(*arguments)
    assert told.exit_code == 2
    assert said in told.output.partition("Lỗi: ")[2]
    assert not re.search("Error|Try|Usage|Missing|Invalid|COMMAND|Got unexpected", told.output)


def test_the_same_in_english_by_the_switch() -> None:
    told = run("--language", "en", "text", "1", "2", "3")
    assert told.exit_code == 2
    assert "Usage: " in told.output and "Error: Got unexpected extra arguments (2 3)" in told.output


def test_a_group_without_a_command_shows_its_help() -> None:
    assert "Lệnh:" in run("user").output
