"""What the case page shows: documents in the order of the file, folders, persons, dated documents, gaps."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from config import document_types, folders
from storage.access import Actor, case_scope, visible_batches, visible_documents
from storage.models.cases import LAW_COLLECTION, Case, CaseParty
from storage.models.documents import Document, DocumentPage, DocumentPerson
from storage.models.scans import Batch
from storage.vietnamese import fold
from viewer import formats, languages, queries


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list: how many pages, and the page whose picture stands for it."""

    document: Document
    pages: int
    first_page_id: int | None

    @property
    def type_name(self) -> str:
        """The name of its type, or an empty text."""
        return document_types.name_of(self.document.type_code) if self.document.type_code else ""

    @property
    def type_differs(self) -> bool:
        """Whether the type's name says more than the title as printed."""
        return bool(self.type_name) and fold(self.type_name) not in fold(self.document.title)


@dataclass(frozen=True, slots=True)
class FolderNode:
    """A branch of the evidence tree."""

    code: str
    name: str
    documents: int


@dataclass(slots=True)
class PersonNode:
    """Somebody a case names: as a party, and in which documents."""

    name: str
    roles: list[str] = field(default_factory=list)
    birth_year: int | None = None
    is_minor: bool = False
    documents: list[Document] = field(default_factory=list)


def rows(session: Session, actor: Actor, case_id: int) -> list[Row]:
    """The documents of a case in the order of the file; three queries however many there are."""
    query = (
        select(Document)
        .join(Batch, Batch.id == Document.batch_id)
        .where(Document.case_id == case_id, visible_documents(case_scope(session, actor)))
        .options(joinedload(Document.folder))
    )
    documents = sorted(session.scalars(query), key=queries.file_order)
    ids = [one.id for one in documents]
    counts = queries.page_counts(session, ids)
    firsts = select(DocumentPage.document_id, DocumentPage.page_id).where(
        DocumentPage.document_id.in_(ids), DocumentPage.position == 0
    )
    first = dict(session.execute(firsts).all())
    return [Row(one, counts.get(one.id, 0), first.get(one.id)) for one in documents]


def kind_name(kind: str) -> str:
    """The name of a kind of case, in the language of the screen."""
    if kind == LAW_COLLECTION:
        return languages.pick("Văn bản pháp luật", "Laws and guidance")
    known = folders.case_kind(kind)
    return languages.pick(known.name, known.name_en)


def tree(case: Case, documents: Iterable[Row]) -> list[FolderNode]:
    """The folders of a case with how many documents lie in each; last, those in none."""
    counts: dict[int | None, int] = {}
    for row in documents:
        counts[row.document.folder_id] = counts.get(row.document.folder_id, 0) + 1
    nodes = [FolderNode(folder.code, folder.name, counts.get(folder.id, 0)) for folder in case.folders]
    return nodes + ([FolderNode("", "", counts[None])] if None in counts else [])


def persons(session: Session, case: Case, documents: list[Row]) -> list[PersonNode]:
    """Parties and everybody a document names in its head, by name, with where."""
    by_id = {row.document.id: row.document for row in documents}
    nodes: dict[str, PersonNode] = {}
    for party in session.scalars(select(CaseParty).where(CaseParty.case_id == case.id).order_by(CaseParty.id)):
        node = nodes.setdefault(party.key, PersonNode(party.name))
        _add_role(node, party.role)
        node.birth_year, node.is_minor = party.birth_year, party.is_minor
    named = select(DocumentPerson).where(DocumentPerson.document_id.in_(by_id)).order_by(DocumentPerson.id)
    for person in session.scalars(named):
        node = nodes.setdefault(person.key, PersonNode(person.name))
        _add_role(node, person.role)
        if by_id[person.document_id] not in node.documents:
            node.documents.append(by_id[person.document_id])
    return list(nodes.values())


def _add_role(node: PersonNode, role: str) -> None:
    if role and role not in node.roles:
        node.roles.append(role)


def gap_words(gaps: Iterable[tuple[int, int]]) -> str:
    """``3–4, 7``: the missing numbers as people write them."""
    return ", ".join(formats.but_luc(str(low), str(high)).removeprefix("BL ") for low, high in gaps)


def numbering_batches(session: Session, actor: Actor, case_id: int) -> list[Batch]:
    """The batches the pages of a case came in with, oldest first: each has its strip of numbers."""
    held = select(Document.batch_id).where(Document.case_id == case_id)
    visible = visible_batches(case_scope(session, actor))
    return list(session.scalars(select(Batch).where(Batch.id.in_(held), visible).order_by(Batch.id)))


def document_total(session: Session, case_id: int) -> int:
    """How many documents a case has, whoever asks; for the people who lead it."""
    return session.scalar(select(func.count()).select_from(Document).where(Document.case_id == case_id)) or 0
