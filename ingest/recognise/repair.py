"""Repairs of what was read, each marked and reversible: ``Word.raw`` keeps the reading as it was.

Displayed text is changed only where there is no doubt: letters Vietnamese does not have, the fixed wording of official
papers, and names known in the case, each time with the very letters that were read and only other marks (whole lines of
fixed wording a little more freely: ``fixed_lines.py``). What the language model thinks likely goes to
``Word.alternatives``, which search finds and nobody sees.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.recognise import language_model
from ingest.recognise.fixed_lines import with_fixed_lines
from storage.reading import Word
from storage.vietnamese import fold, normal

FORMULAS = Path(__file__).parent / "data" / "formulas.txt"
#: a run is put right only where at least one word is less sure than this
SURE = 0.985
_EDGES = ".,;:()[]\"'“”‘’!?"

Phrases = dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]


@functools.cache
def formulas() -> Phrases:
    """The fixed wording, by the folded first word, longest first."""
    lines = FORMULAS.read_text(encoding="utf-8").splitlines()
    return _by_first_word(line for line in lines if line and not line.startswith("#"))


def _by_first_word(phrases: Iterable[str]) -> Phrases:
    found: Phrases = {}
    for phrase in phrases:
        words = tuple(phrase.split())
        folded = tuple(fold(w.strip(_EDGES)) for w in words)
        if words:
            found.setdefault(folded[0], []).append((folded, words))
    for entries in found.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return found


def repaired(words: Sequence[Word], names: Sequence[str] = ()) -> tuple[Word, ...]:
    """The words with certain repairs made and likely other readings attached."""
    result = _with_phrases(with_fixed_lines(words, SURE), formulas())
    known = [name for name in names if len(name.split()) >= 2]
    if known:
        result = _with_phrases(result, _by_first_word(known))
    return language_model.with_alternatives(result)


def _with_phrases(words: list[Word], phrases: Phrases) -> list[Word]:
    folded = [fold(w.text.strip(_EDGES)) for w in words]
    position = 0
    while position < len(words):
        entry = _match(folded, position, phrases)
        if entry is None:
            position += 1
            continue
        run = words[position : position + len(entry)]
        if any(w.confidence < SURE for w in run):
            words[position : position + len(entry)] = [_as(w, t) for w, t in zip(run, entry, strict=True)]
        position += len(entry)
    return words


def _match(folded: Sequence[str], position: int, phrases: Phrases) -> tuple[str, ...] | None:
    for wanted, words in phrases.get(folded[position], ()):
        if tuple(folded[position : position + len(wanted)]) == wanted:
            return words
    return None


def _as(word: Word, wanted: str) -> Word:
    """The word with the wanted marks: its own case and punctuation stay."""
    core = word.text.strip(_EDGES)
    target = wanted.strip(_EDGES)
    if not core or len(core) != len(target):
        return word
    marked = "".join(t.upper() if c.isupper() else t.lower() for c, t in zip(core, target, strict=True))
    if normal(marked) == normal(core):  # HOÀ and HÒA are one word: the paper's own spelling stays
        return word
    start = word.text.index(core)
    text = word.text[:start] + marked + word.text[start + len(core) :]
    return replace(word, text=text, raw=word.raw or word.text)
