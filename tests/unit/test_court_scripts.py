"""Court mode's pure scripts, run by node: reducers, recall, keys, and the property test of the stage."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_court_scripts() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("node is missing; court mode's scripts cannot be tested")
        pytest.skip("node is not on this machine")
    files = sorted(str(p) for p in (ROOT / "tests/js/present").glob("*.test.mjs"))
    assert len(files) >= 3
    done = subprocess.run([node, "--test", *files], cwd=ROOT, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
