"""Cases: the list, and the pages of one case (documents, persons, diễn biến, bút lục, sổ, trình chiếu)."""

from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from config import folders
from ledger.office import load_office
from storage.access import case_scope, require_case
from storage.but_luc_report import report_of_case
from storage.models.cases import Case, Right
from storage.vietnamese import fold
from viewer import case_links, case_media, case_view, places, queries, rights
from viewer.context import actor, db, note_event, settings

blueprint = Blueprint("cases", __name__, url_prefix="/ho-so")

PER_PAGE = 30
#: the branch of the tree that holds recordings and photos; no folder of a case is called so
MEDIA = "anh-am-thanh-phim"
TABS = ("documents", "persons", "timeline", "numbers", "ledger", "presentations", "details")


@blueprint.get("/")
def index() -> str:
    """The list of cases one may see."""
    text, status, kind = (request.args.get(name, "") for name in ("q", "trang-thai", "loai"))
    page = max(1, request.args.get("trang", 1, type=int))
    if status not in ("", "open", "closed"):
        abort(404)
    total, found = queries.cases(
        db(), actor(), text=text[:200], status=status or None, kind=kind or None, limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
    )
    counts = queries.document_counts(db(), case_scope(db(), actor()), [case.id for case in found])

    def href(number: int) -> str:
        return f"{url_for('.index')}?{urlencode({'q': text, 'trang-thai': status, 'loai': kind, 'trang': number})}"

    return render_template(
        "cases/index.html", cases=found, total=total, counts=counts, text=text, status=status, kind=kind, page=page,
        pages=-(-total // PER_PAGE), href=href, kinds=_kinds(), may_create=rights.may_create_cases(actor()),
        kind_name=case_view.kind_name,
    )


def _kinds() -> list[tuple[str, str]]:
    return [(code, case_view.kind_name(code)) for code in folders.case_kinds()]


def open_case(case_id: int) -> Case:
    """The case, with a trace of having been opened."""
    case = require_case(db(), actor(), case_id)
    note_event("case.viewed", f"case:{case.id}")
    return case


def frame(case: Case, tab: str) -> dict[str, object]:
    """What every page of a case needs: its head, its tabs, and what the person may do."""
    return {
        "case": case, "tab": tab, "kind_name": case_view.kind_name,
        "may_write": rights.may(db(), actor(), case.id, Right.WRITE),
        "may_lead": rights.may(db(), actor(), case.id, Right.LEAD),
    }


@blueprint.get("/<int:case_id>")
def show(case_id: int) -> str:
    """Documents by evidence folder, in the order of the file."""
    case = open_case(case_id)
    rows = case_view.rows(db(), actor(), case.id)
    chosen = request.args.get("nhom")
    shown = rows if chosen is None else [row for row in rows if (row.document.folder_code or "") == chosen]
    kept = case_media.files(db(), actor(), case.id)
    words = request.args.get("q", "").strip()
    if words:
        wanted = fold(words)
        shown = [row for row in shown if wanted in fold(f"{row.document.title} {row.document.number or ''}")]
    return render_template(
        "cases/show.html", **frame(case, "documents"), rows=shown, total=len(rows), words=words, chosen=chosen,
        tree=case_view.tree(case, rows), as_pictures=request.args.get("xem") == "anh", media_code=MEDIA,
        media=[one for one in kept if fold(words) in fold(one.name)] if chosen in (None, MEDIA) else [],
        media_total=len(kept),
    )


@blueprint.get("/<int:case_id>/nguoi-tham-gia")
def persons(case_id: int) -> str:
    """Who the case names, and where."""
    case = open_case(case_id)
    rows = case_view.rows(db(), actor(), case.id)
    return render_template(
        "cases/persons.html", **frame(case, "persons"), persons=case_view.persons(db(), case, rows)
    )


@blueprint.get("/<int:case_id>/dien-bien")
def timeline(case_id: int) -> str:
    """The dated documents in the order of their dates."""
    case = open_case(case_id)
    rows = case_view.rows(db(), actor(), case.id)
    dated = sorted((row for row in rows if row.document.date), key=lambda row: (row.document.date, row.document.id))
    return render_template(
        "cases/timeline.html", **frame(case, "timeline"), rows=dated, undated=len(rows) - len(dated)
    )


@blueprint.get("/<int:case_id>/but-luc")
def numbers(case_id: int) -> str:
    """What is missing or doubled in the numbers."""
    case = open_case(case_id)
    return render_template(
        "cases/numbers.html", **frame(case, "numbers"), report=report_of_case(db(), case.id),
        gap_words=case_view.gap_words, batches=case_view.numbering_batches(db(), actor(), case.id),
    )


@blueprint.get("/<int:case_id>/so")
def ledger(case_id: int) -> str:
    """Ledger entries that point to this case."""
    case = open_case(case_id)
    return render_template(
        "cases/ledger.html", **frame(case, "ledger"), entries=case_links.ledger_entries(db(), actor(), case),
        names={book.id: book.name for book in load_office(settings()).kept()},
    )


@blueprint.get("/<int:case_id>/trinh-chieu")
def presentations(case_id: int) -> str:
    """Presentations prepared from this case."""
    case = open_case(case_id)
    return render_template(
        "cases/presentations.html", **frame(case, "presentations"), found=case_links.presentations(db(), case)
    )


@blueprint.get("/<int:case_id>/den")
def jump(case_id: int) -> Response:
    """Open the page that bears a bút lục: "45", "45a", "tập 2 45", "BL 112"."""
    return places.go_to_number(require_case(db(), actor(), case_id), request.args.get("bl", "")[:60])
