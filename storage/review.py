"""What a person may do to the cuts of a batch: split, join, move a cut, mark pages, set fields, file, confirm, undo.

Each operation is one undoable step (storage.review_steps). After any sequence of them every page of the batch stands in
exactly one document or is of a kind that belongs to none (blank, cover, document list, separator), and every bút lục
number is where it was unless it was set itself.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from config import document_types
from config import folders as folder_data
from config.errors import Invalid, NotFound
from storage import but_luc, documents
from storage.access import Actor, require_case
from storage.batch_pages import ordered_pages
from storage.models.cases import Case, Right
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, PageKind
from storage.review_steps import step, writable_batch
from storage.turning import turn_page

#: kinds of pages that belong to no document
LOOSE_KINDS = frozenset({PageKind.BLANK, PageKind.COVER, PageKind.DOCUMENT_LIST, PageKind.SEPARATOR})
KIND_NAMES = {
    PageKind.BLANK: "trang trắng", PageKind.COVER: "bìa", PageKind.DOCUMENT_LIST: "bảng thống kê tài liệu",
    PageKind.SEPARATOR: "tờ ngăn", PageKind.DOCUMENT: "trang tài liệu", PageKind.PHOTO: "trang ảnh",
}  # fmt: skip


def split_here(session: Session, actor: Actor, batch_id: int, page_id: int) -> int:
    """Begin a new document at a page; gives its id (that of its document when it begins one already)."""
    batch = writable_batch(session, actor, batch_id)
    document, place = _place(session, batch, page_id)
    if place == 0:
        return document.id
    with step(session, actor, batch, f"cắt trước {_page_name(session, page_id)}", "document.split"):
        held = [link.page_id for link in document.page_links]
        fresh = Document(batch_id=batch.id, case_id=document.case_id, case_state=document.case_state,
                         position=document.position)
        session.add(fresh)
        session.flush()
        _hold(session, document, held[:place])
        _hold(session, fresh, held[place:])
        documents.mark_set_by_person(fresh, actor, ["cut"])
        documents.mark_set_by_person(document, actor, ["cut"])
        _tidy(session, batch)
    return fresh.id


def join_before(session: Session, actor: Actor, batch_id: int, document_id: int) -> int:
    """Join a document to the one before it in the batch; gives the id of the joined one.

    :raises Invalid: it is the first of the batch.
    """
    batch = writable_batch(session, actor, batch_id)
    document = _document(session, batch, document_id)
    before = _neighbour(session, batch, document, -1)
    if before is None:
        raise Invalid(what="ghép tài liệu", why="đây là tài liệu đầu tiên của đợt quét")
    with step(session, actor, batch, f"ghép vào “{_name(before)}”", "document.joined"):
        own = [link.page_id for link in document.page_links]
        whole = [link.page_id for link in before.page_links] + own
        _hold(session, document, [])
        session.delete(document)
        session.flush()
        _hold(session, before, whole)
        documents.mark_set_by_person(before, actor, ["cut"])
        _unconfirm(before)
        _tidy(session, batch)
    return before.id


def move_cut(session: Session, actor: Actor, batch_id: int, document_id: int, pages: int) -> int:
    """Let a document begin some pages later (positive) or earlier (negative); gives the id of the document there.

    :raises Invalid: nothing would be left of one of the two documents.
    """
    batch = writable_batch(session, actor, batch_id)
    document = _document(session, batch, document_id)
    before = _neighbour(session, batch, document, -1)
    if before is None:
        raise Invalid(what="dời chỗ cắt", why="đây là tài liệu đầu tiên của đợt quét")
    own = [link.page_id for link in document.page_links]
    earlier = [link.page_id for link in before.page_links]
    if not (-len(earlier) < pages < len(own)):
        raise Invalid(what="dời chỗ cắt", why="một trong hai tài liệu sẽ không còn trang nào; hãy ghép lại")
    if pages == 0:
        return document.id
    whole, place = earlier + own, len(earlier) + pages
    label = f"dời chỗ cắt {abs(pages)} trang {'về sau' if pages > 0 else 'về trước'}"
    with step(session, actor, batch, label, "document.cut_moved"):
        _hold(session, document, [])
        _hold(session, before, whole[:place])
        _hold(session, document, whole[place:])
        for touched in (before, document):
            documents.mark_set_by_person(touched, actor, ["cut"])
            _unconfirm(touched)
        _tidy(session, batch)
    return document.id


def mark_pages(session: Session, actor: Actor, batch_id: int, page_ids: Sequence[int], kind: str) -> None:
    """Say what pages are. A blank, cover, list or separator leaves its document; a document page goes back into one.

    :raises Invalid: no such kind.
    """
    batch = writable_batch(session, actor, batch_id)
    if kind not in KIND_NAMES:
        raise Invalid(what=f"loại trang {kind}", why="không có loại này")
    order = ordered_pages(session, batch)
    chosen = [page for page in order if page.id in set(page_ids)]
    if len(chosen) != len(set(page_ids)):
        raise NotFound(what="trang")
    with step(session, actor, batch, f"đánh dấu {KIND_NAMES[PageKind(kind)]}", "page.kind_set"):
        for page in chosen:
            page.kind, page.kind_confirmed = kind, True
            link = session.get(DocumentPage, page.id)
            if kind in LOOSE_KINDS and link is not None:
                _take_out(session, actor, link)
            elif kind not in LOOSE_KINDS and link is None:
                _put_back(session, actor, batch, order, page)
        _tidy(session, batch)


def rotate(session: Session, actor: Actor, batch_id: int, page_ids: Sequence[int], degrees: int = 90) -> None:
    """Turn pages clockwise; a person's word, so no later reading turns them back."""
    batch = writable_batch(session, actor, batch_id)
    with step(session, actor, batch, "xoay trang", "page.rotated"):
        for page in _pages(session, batch, page_ids):
            turn_page(session, page, degrees)
            page.rotation_confirmed = True


def set_fields(session: Session, actor: Actor, batch_id: int, document_id: int, changes: dict[str, Any],
               version: int | None = None) -> None:
    """Set type, title, number, date or issuer of a document. A new type brings its folder unless one was set by hand.

    :raises Conflict: the document was changed since ``version``.
    """
    batch = writable_batch(session, actor, batch_id)
    document = _document(session, batch, document_id)
    with step(session, actor, batch, f"sửa “{_name(document)}”", "document.set"):
        documents.edit(session, actor, document, changes, version=version)
        if "type_code" in changes and "by" not in (document.fields or {}).get("folder", {}):
            _follow_type(session, document)


def file_batch(session: Session, actor: Actor, batch_id: int, case: Case) -> int:
    """Put a whole batch into a case: all its documents, and with it its covers and lists; gives how many."""
    batch = writable_batch(session, actor, batch_id)
    require_case(session, actor, case.id, Right.WRITE)
    ids = list(session.scalars(select(Document.id).where(Document.batch_id == batch_id)))
    with step(session, actor, batch, f"xếp cả đợt vào {case.number}", "batch.filed"):
        batch.case_id = case.id
        _file_each(session, actor, [_document(session, batch, document_id) for document_id in ids], case, None)
    return len(ids)


def file_documents(session: Session, actor: Actor, batch_id: int, document_ids: Sequence[int], case: Case | None,
                   folder_code: str | None = None) -> None:
    """Put documents into a case (None: out of any) and folder; without a folder each keeps the one of its type."""
    batch = writable_batch(session, actor, batch_id)
    chosen = [_document(session, batch, document_id) for document_id in document_ids]
    label = f"xếp {len(chosen)} tài liệu vào {case.number}" if case else "đưa ra ngoài hồ sơ"
    with step(session, actor, batch, label, "document.filed"):
        _file_each(session, actor, chosen, case, folder_code)


def _file_each(session: Session, actor: Actor, chosen: Sequence[Document], case: Case | None,
               folder_code: str | None) -> None:
    known = {folder.code for folder in case.folders} if case else set()
    for document in chosen:
        home = folder_code or (document.folder_code if case else None)
        documents.file_to_case(session, actor, document, case, home if home in known or folder_code else None)
        if case and document.folder_code is None:
            _follow_type(session, document)


def set_folder(session: Session, actor: Actor, batch_id: int, document_id: int, folder_code: str) -> None:
    """Choose the folder of one document, in its case or (while it has none) in the taxonomy."""
    batch = writable_batch(session, actor, batch_id)
    document = _document(session, batch, document_id)
    if document.case is not None:
        file_documents(session, actor, batch_id, [document_id], document.case, folder_code)
        return
    if folder_code not in folder_data.folders():
        raise Invalid(what=f"nhóm tài liệu {folder_code}", why="không có trong danh mục")
    with step(session, actor, batch, f"xếp vào nhóm {folder_data.by_code(folder_code).name}", "document.filed"):
        document.folder_code = folder_code
        documents.mark_set_by_person(document, actor, ["folder"])


def confirm(session: Session, actor: Actor, batch_id: int, document_ids: Sequence[int]) -> None:
    """Vouch for documents as they stand."""
    batch = writable_batch(session, actor, batch_id)
    chosen = [_document(session, batch, document_id) for document_id in document_ids]
    label = f"duyệt “{_name(chosen[0])}”" if len(chosen) == 1 else f"duyệt {len(chosen)} tài liệu"
    with step(session, actor, batch, label, "document.vouched"):
        for document in chosen:
            documents.confirm(session, actor, document)


def number_pages(session: Session, actor: Actor, batch_id: int, numbers: Mapping[int, str | None],
                 volume: str | None = None) -> None:
    """Set and confirm bút lục numbers of pages (None: the page has none), and the ranges of their documents.

    :raises Invalid: something is no bút lục number.
    """
    batch = writable_batch(session, actor, batch_id)
    clean: dict[int, str | None] = {}
    for page_id, text in numbers.items():
        parsed = but_luc.parse(text) if text else None
        if text and parsed is None:
            raise Invalid(what=f"bút lục “{text}”", why="phải là số, có thể kèm một chữ (45a)")
        clean[page_id] = str(parsed) if parsed else None
    with step(session, actor, batch, f"đánh số bút lục {len(clean)} trang", "page.numbered"):
        for page in _pages(session, batch, list(clean)):
            page.but_luc, page.but_luc_state, page.but_luc_confidence = clean[page.id], "confirmed", 1.0
            if volume is not None:
                page.but_luc_volume = volume or None
        session.flush()
        _tidy(session, batch)


def _document(session: Session, batch: Batch, document_id: int) -> Document:
    document = session.get(Document, document_id)
    if document is None or document.batch_id != batch.id:
        raise NotFound(what=f"tài liệu {document_id}")
    return document


def _pages(session: Session, batch: Batch, page_ids: Sequence[int]) -> list[Page]:
    found = [page for page in ordered_pages(session, batch) if page.id in set(page_ids)]
    if len(found) != len(set(page_ids)):
        raise NotFound(what="trang")
    return found


def _place(session: Session, batch: Batch, page_id: int) -> tuple[Document, int]:
    link = session.get(DocumentPage, page_id)
    if link is None:
        page = _pages(session, batch, [page_id])[0]
        raise Invalid(what=_page_name(session, page.id), why="không thuộc tài liệu nào nên không cắt được ở đây")
    document = _document(session, batch, link.document_id)
    return document, [other.page_id for other in document.page_links].index(page_id)


def _neighbour(session: Session, batch: Batch, document: Document, step_by: int) -> Document | None:
    order = list(session.scalars(select(Document).where(Document.batch_id == batch.id)
                                 .order_by(Document.position, Document.id)))
    place = [d.id for d in order].index(document.id) + step_by
    return order[place] if 0 <= place < len(order) else None


def _hold(session: Session, document: Document, page_ids: Sequence[int]) -> None:
    """Make a document hold exactly these pages, in this order (they must be free or its own, or are taken over)."""
    wanted = set(page_ids)
    for link in session.scalars(select(DocumentPage).where(DocumentPage.document_id == document.id)):
        if link.page_id not in wanted:
            session.delete(link)
    session.flush()
    for place, page_id in enumerate(page_ids):
        held = session.get(DocumentPage, page_id)
        if held is None:
            session.add(DocumentPage(page_id=page_id, document_id=document.id, position=place))
        else:
            held.document_id, held.position = document.id, place
    session.flush()
    session.expire(document, ["page_links"])


def _take_out(session: Session, actor: Actor, link: DocumentPage) -> None:
    document = link.document
    rest = [other.page_id for other in document.page_links if other.page_id != link.page_id]
    if rest:
        _hold(session, document, rest)
        documents.mark_set_by_person(document, actor, ["cut"])
        _unconfirm(document)
        return
    _hold(session, document, [])
    session.delete(document)
    session.flush()


def _put_back(session: Session, actor: Actor, batch: Batch, order: Sequence[Page], page: Page) -> None:
    """A page that belongs to a document after all joins the document of the page before it, else makes its own."""
    place = [p.id for p in order].index(page.id)
    for earlier in reversed(order[:place]):
        link = session.get(DocumentPage, earlier.id)
        if link is not None:
            document = link.document
            held = [other.page_id for other in document.page_links]
            at = held.index(earlier.id) + 1
            _hold(session, document, [*held[:at], page.id, *held[at:]])
            documents.mark_set_by_person(document, actor, ["cut"])
            _unconfirm(document)
            return
    fresh = Document(batch_id=batch.id, case_id=batch.case_id,
                     case_state="confirmed" if batch.case_id else "unassigned")
    session.add(fresh)
    session.flush()
    _hold(session, fresh, [page.id])
    documents.mark_set_by_person(fresh, actor, ["cut"])


def _unconfirm(document: Document) -> None:
    """A document whose pages changed must be looked at again."""
    document.state, document.confirmed_by_id, document.confirmed_at = "proposed", None, None
    document.needs_review = True


def _follow_type(session: Session, document: Document) -> None:
    known = document_types.document_types().get(document.type_code or "")
    kind = document.case.kind if document.case else None
    code = known.folder(kind) if known else None
    if code is None:
        return
    document.folder_code = code
    folder = next((f for f in document.case.folders if f.code == code), None) if document.case else None
    document.folder_id = folder.id if folder else None
    session.flush()


def _tidy(session: Session, batch: Batch) -> None:
    """Positions follow the first pages, bút lục ranges follow the pages."""
    session.expire_all()
    place = {page.id: index for index, page in enumerate(ordered_pages(session, batch))}
    whole = select(Document).where(Document.batch_id == batch.id).options(
        selectinload(Document.page_links).joinedload(DocumentPage.page))  # fmt: skip
    held = list(session.scalars(whole))
    held.sort(key=lambda d: (min((place.get(link.page_id, len(place)) for link in d.page_links), default=0), d.id))
    for position, document in enumerate(held):
        document.position = position
        numbers = sorted((p.but_luc for p in document.pages if p.but_luc), key=but_luc.sort_key)
        document.but_luc_first = numbers[0] if numbers else None
        document.but_luc_last = numbers[-1] if numbers else None
    session.flush()


def _name(document: Document) -> str:
    return (document.title or f"tài liệu {document.position + 1}")[:60]


def _page_name(session: Session, page_id: int) -> str:
    page = session.get(Page, page_id)
    if page is None:
        raise NotFound(what=f"trang {page_id}")
    return f"trang {page.number}"
