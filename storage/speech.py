"""A speech (luận tội, phát biểu) as the running text of a presentation: each citation of bút lục becomes a cue.

The text comes pasted, or out of a Word file. Nothing is shown by it: its cues wait in the preview like all others.
"""

import io
import re
import zipfile
from dataclasses import dataclass

from docx import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from sqlalchemy.orm import Session

from config.errors import Invalid
from config.presentation_purposes import NEVER
from storage import audit, but_luc
from storage.access import Actor
from storage.citation_pages import cited_pages
from storage.models.presentation import CueKind, Presentation, Situation
from storage.presentation_rules import showable_pages
from storage.presentations import add_cue, add_situation
from storage.vietnamese import nfc

SITUATION = "Theo bài phát biểu"
MAX_CHARACTERS = 200_000
MAX_WORD_BYTES = 20 * 1024 * 1024
#: a Word file is a ZIP: more than this unpacked is refused before it is unpacked
MAX_UNPACKED = 200 * 1024 * 1024
#: a citation of more pages gives its first ones only; the rest is one key away
MOST_PAGES = 8
_SENTENCE_END = re.compile(r"[.;:!?]\s|\n")


@dataclass(frozen=True, slots=True)
class SpeechResult:
    """What came of a speech: cues made, and citations (as written) of which no page can be shown."""

    cues: int
    missing: list[str]


def word_text(data: bytes) -> str:
    """The text of a Word file (.docx), one line a paragraph.

    :raises Invalid: it is no Word file, or too large.
    """
    if len(data) > MAX_WORD_BYTES:
        raise Invalid(what="tệp Word", why="quá lớn")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED:
                raise Invalid(what="tệp Word", why="quá lớn")
        document = WordDocument(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise Invalid(what="tệp Word", why="không đọc được; hãy lưu lại dạng .docx") from error
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def set_speech(session: Session, actor: Actor, presentation: Presentation, text: str) -> SpeechResult:
    """Make ``text`` the running text and its citations the cues of a situation of their own.

    Cues made from an earlier text are replaced; cues made by hand stay.

    :raises Invalid: the text is too long.
    """
    text = nfc(text).replace("\r\n", "\n").strip()
    if len(text) > MAX_CHARACTERS:
        raise Invalid(what="bài phát biểu", why=f"dài quá {MAX_CHARACTERS} ký tự")
    _forget_old(presentation)
    presentation.speech = text
    session.flush()
    allowed = [one.page for one in showable_pages(session, presentation) if one.rule != NEVER and one.page.but_luc]
    situation: Situation | None = None
    cues, missing = 0, []
    for citation in but_luc.citations(text):
        pages = [page for cited in citation.ranges for page in cited_pages(allowed, cited, citation.volume)]
        if not pages:
            missing.append(text[citation.start : citation.end])
            continue
        situation = situation or add_situation(session, actor, presentation, SITUATION)
        for page in pages[:MOST_PAGES]:
            cue = add_cue(session, actor, situation, kind=CueKind.PICTURE, panes=[{"page_id": page.id}],
                          notes=sentence_around(text, citation.start, citation.end))
            cue.speech_at = citation.start
            cues += 1
    session.flush()
    audit.record(session, actor.name, "presentation.speech-set", f"presentation:{presentation.id}",
                 {"characters": len(text), "cues": cues, "missing": missing})
    return SpeechResult(cues, missing)


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence a citation stands in, so that the presenter sees what is being said."""
    before = [match.end() for match in _SENTENCE_END.finditer(text, 0, start)]
    after = _SENTENCE_END.search(text, end)
    return text[before[-1] if before else 0 : after.start() + 1 if after else len(text)].strip()


def _forget_old(presentation: Presentation) -> None:
    for situation in list(presentation.situations):
        for cue in [cue for cue in situation.cues if cue.speech_at is not None]:
            situation.cues.remove(cue)
        if situation.title == SITUATION and not situation.cues:
            presentation.situations.remove(situation)
    for position, situation in enumerate(presentation.situations):
        situation.position = position
