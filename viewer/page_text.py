"""The text beside a page image: lines of words, weak ones marked, hits marked, citations of bút lục as links."""

from dataclasses import dataclass

from storage import but_luc
from storage.reading import Box, PageReading, Word
from viewer import find

#: below this a word is shown as weak: people look at it before they quote it
WEAK = 0.75


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word as the text panel shows it. ``cites``: the bút lục a click on it opens."""

    text: str
    box: Box
    weak: bool
    hit: bool
    corrected: bool
    cites: str | None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of words; ``starts_block`` leaves a gap above it."""

    words: list[ShownWord]
    starts_block: bool


def lines(reading: PageReading, query: str = "") -> list[ShownLine]:
    """The words of a page as lines."""
    words = reading.words
    hits = {index for match in find.find(words, query) for index in range(match.first, match.last + 1)}
    cited = _citations(words)
    shown: list[ShownLine] = []
    previous: Word | None = None
    for index, word in enumerate(words):
        if previous is None or (word.line, word.block) != (previous.line, previous.block):
            shown.append(ShownLine([], previous is not None and word.block != previous.block))
        shown[-1].words.append(
            ShownWord(
                word.text, word.box, word.confidence < WEAK, index in hits, word.confidence >= 1.0, cited.get(index)
            )
        )
        previous = word
    return shown


def _citations(words: tuple[Word, ...]) -> dict[int, str]:
    """Which words are part of a citation, and the first number it names."""
    starts: list[int] = []
    length = 0
    for word in words:
        starts.append(length)
        length += len(word.text) + 1
    text = " ".join(word.text for word in words)
    found: dict[int, str] = {}
    for citation in but_luc.citations(text):
        first = citation.ranges[0][0]
        target = f"tập {citation.volume} {first}" if citation.volume else str(first)
        for index, start in enumerate(starts):
            if start < citation.end and start + len(words[index].text) > citation.start:
                found[index] = target
    return found
