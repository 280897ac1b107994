"""The documentation is true: what it names exists, and what exists is named."""

import importlib
import inspect
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from archive_svc.main import group
from config.errors import ArchiveError
from config.settings import KEYS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive_svc", "config", "storage", "search", "ingest", "ledger", "viewer")
#: modules that are programs of their own: importing them is running them
PROGRAMS = re.compile(r"storage\.migrations\..*|.*\.__main__")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TEXT_SUFFIXES = {".md", ".py", ".toml", ".sh", ".js", ".json", ".css", ".html", ".lock", ".in", ".cfg", ".txt", ""}


def tracked() -> list[Path]:
    """Every file that git tracks here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def modules() -> Iterator[ModuleType]:
    """Every module of ours."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not PROGRAMS.fullmatch(found.name):
                yield importlib.import_module(found.name)


def error_classes() -> dict[str, type[ArchiveError]]:
    """Every error of ours that has a code of its own."""
    found = {}
    for module in modules():
        for thing in vars(module).values():
            if inspect.isclass(thing) and issubclass(thing, ArchiveError) and "code" in vars(thing):
                found[thing.code] = thing
    return found


def test_every_error_code_has_a_section_and_no_section_is_without_one() -> None:
    sections = set(re.findall(r"^## ([A-Z0-9-]+)$", (ROOT / "docs/errors.md").read_text("utf-8"), re.MULTILINE))
    codes = set(error_classes()) - {ArchiveError.code}
    assert (sorted(codes - sections), sorted(sections - codes)) == ([], [])


def test_every_error_speaks_both_languages_and_takes_the_same_words_in_both() -> None:
    names = re.compile(r"{(\w+)[^}]*}")
    for code, error in error_classes().items():
        assert error.vi != ArchiveError.vi or code == ArchiveError.code, code
        assert set(names.findall(error.vi)) <= set(names.findall(error.en)) | {"name", "what"}, code


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/setup.md").read_text("utf-8")
    assert [key for key in KEYS if f"| `{key}` |" not in text] == []
    assert [key for key in re.findall(r"^\| `(\w+)` \| `", text, re.MULTILINE) if key not in KEYS] == []


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8")))
        named |= set(re.findall(r"^(?:sudo )?make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, page


def commands(command: click.Command, path: str = "archive") -> Iterator[str]:
    """Every command path: ``archive user add``."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from commands(found, f"{path} {name}")


def test_archive_commands_that_are_named_exist() -> None:
    known = set(commands(group))
    for page in PAGES:
        text = page.read_text("utf-8")
        blocks = "\n".join(text.split("```")[1::2])
        in_blocks = re.findall(r"^(archive [a-z].*)", blocks, re.MULTILINE)
        for line in [*re.findall(r"`(archive [a-z][^`\n]*)`", text), *in_blocks]:
            words = line.split()
            assert any(" ".join(words[:length]) in known for length in (2, 3)), f"{page.name}: {line}"


def test_every_command_has_a_help_text() -> None:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        assert command.get_short_help_str(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_readme_shows_exactly_two_commands_to_start() -> None:
    start = (ROOT / "README.md").read_text("utf-8").split("## Start")[1].split("```")[1]
    assert re.findall(r"^make (\w+)", start, re.MULTILINE) == ["run", "test"]


def test_nothing_committed_names_a_registry_or_this_workplace() -> None:
    """Whoever installs this has registries of their own, and no path of ours."""
    unwanted = re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "deb" + r"\.debian\.org",
                  "/work" + "/", r"\.library" + "/", "egress" + "-ca"])
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix in TEXT_SUFFIXES and path.is_file()
        for match in [unwanted.search(path.read_text("utf-8", errors="replace"))]
        if match
    ]
    assert found == []


def test_lock_files_pin_by_hash_and_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-node.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text, name
        pinned = re.findall(r"^[a-z0-9][^\s=]*==\S+( \\)?$", text, re.MULTILINE)
        assert pinned, name
        assert all(continued for continued in pinned), f"{name}: a version without a hash"


def test_init_files_are_empty() -> None:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]
    assert [str(path) for path in found if path.read_bytes()] == []


def test_files_stay_short() -> None:
    """A file is split before 500 lines; data of the field and locks are not code."""
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in tracked()
        if path.suffix in {".py", ".js", ".css", ".html"} and path.is_file()
        for lines in [len(path.read_text("utf-8").splitlines())]
        if lines > 500
    ]
    assert long == []
