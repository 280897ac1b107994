"""One row as a form with its papers beside it: adding, changing, deciding on findings, papers, history, from a scan."""

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from config.errors import Invalid, NotFound
from config.ledger_books import Book, Field
from ledger import assess, entries, from_scan, handover, papers, rights, suggest
from ledger.entries import BadFields, EntryChanged
from ledger.values import show
from search.results import Hit
from search.service import SearchRequest, search
from storage.access import case_scope, require_document
from storage.models.documents import Document
from storage.models.ledger import LedgerEntry, LedgerVerdict
from storage.models.people import Role, User
from viewer import search_view
from viewer.context import actor, db, note_event, settings
from viewer.ledger import grid
from viewer.ledger.common import blueprint, common_values, office, open_book, open_entry, today

_MOST_QUERY, _MOST_HITS = 300, 40


@blueprint.get("/<book>/dong/<int:entry_id>")
def entry(book: str, entry_id: int) -> str:
    """The row."""
    chosen, access, found = open_entry(book, entry_id)
    note_event("ledger.viewed", f"ledger_entry:{found.id}")
    return _form_page(chosen, access, found, {f.id: found.data.get(f.id) for f in chosen.data_fields}, {})


@blueprint.get("/<book>/dong-moi")
def new_entry(book: str) -> str:
    """An empty form, or one filled from a scanned paper (``?tai-lieu=``)."""
    chosen, access = open_book(book)
    if not rights.may_add(access, chosen):
        raise NotFound(what=f"mẫu nhập của {chosen.short_name}")
    document = _document_asked()
    readings = from_scan.read_document(db(), chosen, document, today()) if document else []
    values = {r.field: r.value for r in readings}
    return render_template(
        "ledger/entry.html",
        **common_values(chosen, access),
        entry=None,
        values=values,
        problems={},
        findings=[],
        papers=[],
        history=[],
        suggestions=[],
        document=document,
        readings={r.field: r for r in readings},
        text_of=_text_of,
        people=_people(),
        verdicts={},
        explain=_explain,
    )


def _document_asked() -> Document | None:
    document_id = request.values.get("tai-lieu", type=int)
    return require_document(db(), actor(), document_id) if document_id else None


@blueprint.post("/<book>/dong-moi")
def create_entry(book: str) -> Response | tuple[str, int]:
    """Add the row; from a scan, with the place each accepted value was read from, and the paper attached."""
    chosen, access = open_book(book)
    document = _document_asked()
    raw = _form_values(chosen, {})
    readings = {r.field: r for r in from_scan.read_document(db(), chosen, document, today())} if document else {}
    try:
        made = entries.create(
            db(),
            actor(),
            chosen,
            office().engine,
            raw,
            case_id=document.case_id if document else None,
            sources={k: r.source() for k, r in readings.items() if k in raw},
        )
    except BadFields as error:
        page = render_template(
            "ledger/entry.html",
            **common_values(chosen, access),
            entry=None,
            values=raw,
            findings=[],
            papers=[],
            problems=error.detail["problems"],
            history=[],
            suggestions=[],
            document=document,
            readings=readings,
            text_of=_text_of,
            people=_people(),
            verdicts={},
            explain=_explain,
        )
        return page, error.status
    if document is not None:
        papers.attach(db(), actor(), chosen, made, document_id=document.id)
    flash(_("Đã ghi dòng số %(number)s.", number=made.number_text), "good")
    if request.form.get("next") == "again":
        return redirect(url_for("ledger.new_entry", book=chosen.id), 303)
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=made.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>")
def save_entry(book: str, entry_id: int) -> Response | tuple[str, int]:
    """Save the form; on a conflict both versions are shown."""
    chosen, access, found = open_entry(book, entry_id)
    raw = _form_values(chosen, found.data)
    try:
        entries.update(db(), actor(), chosen, office().engine, found, raw, request.form.get("version", 0, type=int))
    except BadFields as error:
        return _form_page(chosen, access, found, {**found.data, **raw}, error.detail["problems"]), error.status
    except EntryChanged as error:
        answer = grid.conflict(chosen, error)
        both = (answer[0] if isinstance(answer, tuple) else answer).get_json()["both"]
        page = render_template(
            "ledger/conflict.html", **common_values(chosen, access), entry=found, both=both, raw=raw, error=error
        )
        return page, 409
    flash(_("Đã lưu dòng số %(number)s.", number=found.number_text), "good")
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


def _form_page(book: Book, access: Any, found: LedgerEntry, values: dict[str, Any], problems: dict[str, str]) -> str:
    findings = assess.unpack(book, office().engine, found.computed, today())
    verdicts = db().scalars(select(LedgerVerdict).where(LedgerVerdict.entry_id == found.id))
    history = entries.history(db(), found)
    return render_template(
        "ledger/entry.html",
        **common_values(book, access),
        entry=found,
        values=values,
        problems=problems,
        findings=findings,
        papers=papers.of_entry(db(), actor(), found),
        history=history,
        suggestions=suggest.for_entry(db(), actor(), book, found),
        document=None,
        readings={},
        text_of=_text_of,
        people=_people(),
        verdicts={v.check_id: v for v in verdicts},
        explain=_explain,
        who={h.actor: entries.shown_name(db(), h.actor) for h in history},
    )


def _explain(finding: assess.Finding) -> Any:
    return assess.explain(office().engine, finding)


def _text_of(field: Field, value: Any) -> str:
    return value if isinstance(value, str) and field.type in ("date", "moment") and "/" in value else show(field, value)


def _people() -> list[User]:
    return list(
        db().scalars(select(User).where(User.disabled_at.is_(None), User.role != Role.ADMIN).order_by(User.name))
    )


def _form_values(book: Book, data: dict[str, Any]) -> dict[str, Any]:
    """Fields present in the form; a column the form did not show is not touched."""
    values: dict[str, Any] = {}
    for field in book.data_fields:
        if field.type == "repeat":
            if f"{field.id}__rows" in request.form:
                values[field.id] = _repeat_values(field)
        elif field.id in request.form:
            text = request.form[field.id]
            # what was shown and not touched is not sent as a change, whatever its spelling
            if text != show(field, data.get(field.id)):
                values[field.id] = text
    return values


def _repeat_values(field: Field) -> list[dict[str, str]]:
    columns = {c.id: request.form.getlist(f"{field.id}.{c.id}") for c in field.columns}
    count = max((len(v) for v in columns.values()), default=0)
    rows = [{k: v[i] for k, v in columns.items() if i < len(v) and v[i].strip()} for i in range(count)]
    return [r for r in rows if r]


@blueprint.post("/<book>/dong/<int:entry_id>/gach-bo")
def strike_entry(book: str, entry_id: int) -> Response:
    """Strike the row out, with a reason; it stays visible."""
    chosen, _access, found = open_entry(book, entry_id)
    entries.strike(db(), actor(), chosen, found, request.form.get("reason", ""))
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>/sua-so")
def correct_number(book: str, entry_id: int) -> Response:
    """Put an imported number right."""
    chosen, _access, found = open_entry(book, entry_id)
    version = request.form.get("version", 0, type=int)
    entries.correct_number(db(), actor(), chosen, office().engine, found, request.form.get("number", ""), version)
    flash(_("Đã sửa thành số %(number)s.", number=found.number_text), "good")
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>/khoi-phuc")
def restore_entry(book: str, entry_id: int) -> Response:
    """Take a striking out back."""
    chosen, _access, found = open_entry(book, entry_id)
    entries.restore(db(), actor(), chosen, found)
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>/ket-luan")
def decide(book: str, entry_id: int) -> Response:
    """Agree that a finding is a violation, or reject it."""
    chosen, _access, found = open_entry(book, entry_id)
    check = request.form.get("check", "")
    finding = next(
        (f for f in assess.unpack(chosen, office().engine, found.computed, today()) if f.check == check), None
    )
    if finding is None:
        raise NotFound(what="dấu hiệu vi phạm")
    entries.decide(
        db(), actor(), chosen, found, finding, request.form.get("agreed") == "1", request.form.get("note", "")
    )
    return redirect(request.form.get("back") or url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>/phan-cong")
def assign_entry(book: str, entry_id: int) -> Response:
    """Assign the row, and with it its case, to a person."""
    chosen, _access, found = open_entry(book, entry_id)
    user = db().get(User, request.form.get("user", 0, type=int))
    if user is None or user.disabled_at is not None:
        raise Invalid(what=_("người được phân công"), why=_("chưa chọn"))
    handover.assign(db(), actor(), office(), chosen, found, user, found.version)
    flash(_("Đã phân công %(name)s.", name=user.name), "good")
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>/dinh-kem")
def attach(book: str, entry_id: int) -> Response:
    """Attach a document (or pages of it) or a scan."""
    chosen, _access, found = open_entry(book, entry_id)
    made = papers.attach(
        db(),
        actor(),
        chosen,
        found,
        document_id=request.form.get("document", type=int),
        scan_id=request.form.get("scan", type=int),
        first_page=request.form.get("first", type=int),
        last_page=request.form.get("last", type=int),
        label=request.form.get("label", ""),
    )
    if request.accept_mimetypes.best == "application/json":
        return jsonify(id=made.id, papers=sum(a.removed_at is None for a in found.attachments))
    flash(_("Đã đính kèm."), "good")
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.post("/<book>/dong/<int:entry_id>/bo-dinh-kem/<int:attachment_id>")
def detach(book: str, entry_id: int, attachment_id: int) -> Response:
    """Take a paper off; the paper itself stays in the archive."""
    chosen, _access, found = open_entry(book, entry_id)
    papers.detach(db(), actor(), chosen, found, attachment_id)
    return redirect(url_for("ledger.entry", book=chosen.id, entry_id=found.id), 303)


@blueprint.get("/<book>/dong/<int:entry_id>/tim")
def find_papers(book: str, entry_id: int) -> str:
    """Papers of the archive with the words asked for, each to be attached to the row with one press."""
    chosen, _access, found = open_entry(book, entry_id)
    query = request.args.get("q", "").strip()[:_MOST_QUERY]
    hits: Sequence[Hit] = ()
    if query:
        answer = search(db(), settings(), case_scope(db(), actor()), SearchRequest(query, limit=_MOST_HITS))
        note_event("search.made", f"ledger_entry:{found.id}", query=query, total=answer.total)
        hits = answer.hits
    groups = [group for group in search_view.groups(hits) if group.document_id]
    return render_template("ledger/found_papers.html", book=chosen, entry=found, groups=groups)


@blueprint.get("/tu-tai-lieu/<int:document_id>")
def from_document(document_id: int) -> str:
    """A paper's side: rows it is attached to, rows it may belong to, and a new row from it."""
    document = require_document(db(), actor(), document_id)
    books = {b.id: b for b in office().kept()}
    access = {b.id: open_book(b.id)[1] for b in office().kept()}
    return render_template(
        "ledger/from_document.html",
        document=document,
        books=books,
        attached=papers.entries_of_document(db(), actor(), books, document.id),
        suggestions=suggest.for_document(db(), actor(), office(), document),
        may_add=[b for b in books.values() if rights.may_add(access[b.id], b)],
    )
