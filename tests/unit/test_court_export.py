"""Joining court mode's modules into one classic script, and the encryption of the court folder."""

import re
import shutil
import subprocess
from collections import Counter

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.errors import Invalid
from viewer.court_export import FOLDER_MODULES, PRESENT, Secret, joined_script
from viewer.court_words import SCRIPTS, STAGE_MODULES

TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let)\s+(\w+)", re.MULTILINE)


def test_joined_script_is_classic_and_keeps_names_apart(tmp_path) -> None:
    script = joined_script()
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    names = Counter(
        found for name in FOLDER_MODULES for found in TOP_LEVEL.findall((PRESENT / f"{name}.js").read_text("utf-8"))
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert script == joined_script(), "the same every time"
    node = shutil.which("node")
    if node:
        path = tmp_path / "court.cjs"
        path.write_text(script, "utf-8")
        subprocess.run([node, "--check", str(path)], check=True, timeout=30)


def test_every_import_is_of_an_earlier_module() -> None:
    seen: set[str] = set()
    for name in FOLDER_MODULES:
        wanted = imported(name)
        assert wanted <= seen, f"{name} needs {wanted - seen} before it"
        seen.add(name)


def imported(name: str) -> set[str]:
    """The modules a module needs, itself not among them."""
    found = set(re.findall(r'from "\./(\w+)\.js"', (PRESENT / f"{name}.js").read_text("utf-8")))
    return found.union(*map(imported, found))


def test_the_pages_name_every_module_they_need() -> None:
    assert imported("stage_main") == set(STAGE_MODULES)
    kept = {name.removeprefix("js/present/").removesuffix(".js") for name in SCRIPTS}
    assert imported("console_main") | imported("stage_main") | {"console_main", "stage_main"} == kept


def test_sealed_pieces_open_only_with_the_password_under_their_own_name() -> None:
    secret = Secret.of("mat-khau-dai")
    sealed = secret.seal("p1-0", b"picture")
    assert b"picture" not in sealed
    assert AESGCM(secret.key).decrypt(sealed[:12], sealed[12:], b"p1-0") == b"picture"
    with pytest.raises(InvalidTag):
        AESGCM(secret.key).decrypt(sealed[:12], sealed[12:], b"p2-0")
    assert Secret.of("mat-khau-dai").key != secret.key, "a fresh salt each time"
    with pytest.raises(Invalid):
        Secret.of("ngan")
