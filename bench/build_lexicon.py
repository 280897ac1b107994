"""Count Vietnamese syllables and pairs for the language model: ``python -m bench.build_lexicon``.

Source: the project's own data files (``config/data``: titles and wordings of papers, folders, deadlines, books), the
fixed wording of official papers, and the Vietnamese screen texts of the viewer. All of it is this project's, under its
licence; no foreign corpus is in it. It is small, so the model knows the language of papers and little of stories.
"""

import gzip
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.recognise.language_model import MODEL
from ingest.recognise.repair import FORMULAS
from storage.vietnamese import nfc
from storage.vietnamese_syllable import is_possible

ROOT = Path(__file__).parent.parent
SOURCE = "config/data, formulas.txt and screen texts of this project; licence as the project (MPL-2.0)"
_BREAK = re.compile(r"[^\w\s-]+")
_SCREEN_TEXT = re.compile(r"""_\(\s*["']([^"']{6,})["']""")
_MARKED = re.compile(r"[^\x00-\x7f]")


def texts() -> Iterator[str]:
    """Every Vietnamese sentence or phrase of the sources."""
    for path in sorted((ROOT / "config" / "data").rglob("*.toml")):
        yield from _strings(tomllib.loads(path.read_text(encoding="utf-8")))
    yield from (line for line in FORMULAS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for path in sorted((ROOT / "viewer" / "templates").rglob("*.html")):
        yield from _SCREEN_TEXT.findall(path.read_text(encoding="utf-8"))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _MARKED.search(value):
            yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def count() -> tuple[Counter[str], Counter[str]]:
    """Syllables and neighbouring pairs inside a phrase; what cannot be Vietnamese is left out."""
    singles: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts():
        for phrase in _BREAK.split(nfc(text).lower()):
            words = [w.strip("-") for w in phrase.split()]
            good = [w if w.isalpha() and is_possible(w) else "" for w in words]
            singles.update(w for w in good if w)
            pairs.update(f"{a} {b}" for a, b in pairwise(good) if a and b)
    return singles, pairs


def main() -> None:
    """Write the counts."""
    singles, pairs = count()
    stored = {"source": SOURCE, "singles": dict(sorted(singles.items())), "pairs": dict(sorted(pairs.items()))}
    packed = json.dumps(stored, ensure_ascii=False, separators=(",", ":")).encode()
    MODEL.write_bytes(gzip.compress(packed, 9, mtime=0))
    print(f"{len(singles)} syllables, {len(pairs)} pairs, {singles.total()} counted, {MODEL.stat().st_size} bytes")


if __name__ == "__main__":
    main()
