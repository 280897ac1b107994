"""What a person may be about to type: words, names and his own earlier searches. Nothing he could not find himself."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from config.settings import Settings
from search import schema, tree
from search.history import recent
from search.service import OpenSearch, open_search
from search.tokens import tokens
from storage.access import CaseScope, visible_batches, visible_documents
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, Scan
from storage.models.search import PagePerson
from storage.vietnamese import fold, name_key

_WORDS: Final = 6
_NAMES: Final = 4
_EARLIER: Final = 4
_TRIED: Final = 24  # candidates looked up in the index before giving up


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query to offer, and where it comes from."""

    text: str
    source: Literal["earlier", "name", "word"]


def suggest(
    session: Session, settings: Settings, scope: CaseScope, typed: str, user_id: int | None = None
) -> list[Suggestion]:
    """Complete what was typed so far. Every word and name offered is found by this person with these rights."""
    earlier = [q for q in recent(session, user_id, 50) if fold(q).startswith(fold(typed.strip()))] if user_id else []
    offered = [Suggestion(query, "earlier") for query in earlier[:_EARLIER]]
    found = tokens(typed)
    if not found or not typed[-1:].isalnum():
        return offered
    with open_search(session, settings, scope) as opened:
        if opened is not None:
            offered += [Suggestion(name, "name") for name in _names(session, scope, opened, typed)]
            offered += [Suggestion(text, "word") for text in _completions(opened, typed)]
    seen: set[str] = set()
    return [one for one in offered if not (fold(one.text) in seen or seen.add(fold(one.text)))]  # type: ignore[func-returns-value]


def _completions(opened: OpenSearch, typed: str) -> list[str]:
    found = tokens(typed)
    last = found[-1]
    before = [tree.Term(schema.BODY, token.folded) for token in found[:-1]]
    texts: list[str] = []
    for word in opened.words.most_frequent(last.folded, _TRIED):
        if len(texts) == _WORDS:
            break
        if word == last.folded or word.isdigit() or not opened.count(*before, tree.Term(schema.BODY, word)):
            continue
        texts.append(typed[: last.start] + opened.with_marks(word, last.marked))
    return texts


def _names(session: Session, scope: CaseScope, opened: OpenSearch, typed: str) -> list[str]:
    start = fold(name_key(typed))
    if len(start) < 2:
        return []
    query = (
        select(func.min(PagePerson.name), PagePerson.key)
        .join(Page, Page.id == PagePerson.page_id)
        .join(Scan, Scan.id == Page.scan_id)
        .join(Batch, Batch.id == Scan.batch_id)
        .outerjoin(DocumentPage, DocumentPage.page_id == Page.id)
        .outerjoin(Document, Document.id == DocumentPage.document_id)
        .where(
            PagePerson.folded.startswith(start, autoescape=True),
            or_(visible_documents(scope), and_(Document.id.is_(None), visible_batches(scope))),
        )
        .group_by(PagePerson.key)
        .order_by(func.sum(PagePerson.times).desc())
        .limit(_TRIED)
    )
    names: list[str] = []
    for name, key in session.execute(query):
        if len(names) == _NAMES:
            break
        if opened.count(tree.Term(schema.PERSON, "_".join(t.marked for t in tokens(key)))):
            names.append(name)
    return names
