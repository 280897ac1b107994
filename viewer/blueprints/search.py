"""Searching: one box, results by document with cuts of the page image, walking through hits, lists to take along."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from PIL import Image
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from config.errors import Invalid, NotFound
from ingest.page_images import PageImages, Size
from search import history
from search.case_persons import case_persons
from search.service import SearchRequest, search
from search.suggest import suggest
from storage import presentations
from storage.access import case_scope, require_case, require_page
from storage.models.cases import Right
from storage.models.documents import DocumentPage
from storage.models.presentation import CueKind, Presentation
from viewer import search_lists, search_view
from viewer.context import actor, db, note_event, settings
from viewer.iiif.pages import PagePicture

blueprint = Blueprint("search", __name__, url_prefix="/tim-kiem")

PER_PAGE = 30
MAX_QUERY = 300
MAX_PARTS = 10_000  # of a list of results
MAX_LISTED = 2_000
MAX_PRESENTED = 100
_CUT_WIDTH = 900
_NUMBERS = ("year", "document", "scan")
_MOST_DIGITS = 15
_SORTS = ("relevance", "newest", "oldest", "order")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the query and what it is narrowed to."""

    query: str
    narrowed: dict[str, str]
    page: int

    @staticmethod
    def of(values: MultiDict[str, str]) -> "Asked":
        """Read an address; what makes no sense is left out."""
        names = ("case", "folder", "type", "year", "person", "document", "scan", "sort", "exact")
        narrowed = {name: value.strip()[:200] for name in names if (value := values.get(name, "")).strip()}
        for name in _NUMBERS:
            if not narrowed.get(name, "0").isdecimal() or len(narrowed.get(name, "")) > _MOST_DIGITS:
                del narrowed[name]
        if narrowed.get("sort") not in _SORTS:
            narrowed.pop("sort", None)
        page = values.get("page", "1")
        part = int(page) if page.isdecimal() and len(page) <= _MOST_DIGITS else 1
        return Asked(values.get("q", "")[:MAX_QUERY], narrowed, max(1, min(part, MAX_PARTS)))

    def request(self, *, limit: int, offset: int = 0, facets: bool = False) -> SearchRequest:
        """The search to make."""
        n = self.narrowed
        sort = cast(Any, n.get("sort", "relevance"))
        return SearchRequest(
            self.query, case=n.get("case"), folder=n.get("folder"), type=n.get("type"), person=n.get("person"),
            year=self._number("year"), document_id=self._number("document"), scan_id=self._number("scan"), sort=sort,
            exact="exact" in n, limit=limit, offset=offset, facets=facets,
        )  # fmt: skip

    def _number(self, name: str) -> int | None:
        return int(self.narrowed[name]) if name in self.narrowed else None

    def address(self, endpoint: str = "search.index", *, without: str = "", **changed: Any) -> str:
        """The address of this search with something changed or left out."""
        values = {"q": self.query, **self.narrowed, **changed}
        values.pop(without, None)
        return url_for(endpoint, **{key: value for key, value in values.items() if value not in (None, "")})

    def page_address(self, page: int) -> str:
        """The address of another part of the results."""
        return self.address(page=page)


@blueprint.get("")
def index() -> str:
    """The search page with its results."""
    asked = Asked.of(request.args)
    user_id = actor().user_id
    known: dict[str, Any] = {"recent": [], "saved": []}
    if user_id is not None:
        known = {"recent": history.recent(db(), user_id), "saved": history.saved(db(), user_id)}
    if not asked.query.strip() and not asked.narrowed:
        return render_template("search/index.html", asked=asked, answer=None, **known)
    scope = case_scope(db(), actor())
    wanted = asked.request(limit=PER_PAGE, offset=(asked.page - 1) * PER_PAGE, facets=True)
    answer = search(db(), settings(), scope, wanted)
    note_event("search.made", "archive", query=asked.query, narrowed=asked.narrowed, total=answer.total)
    return render_template(
        "search/index.html", asked=asked, answer=answer, groups=search_view.groups(answer.hits), view=search_view,
        first=(asked.page - 1) * PER_PAGE, pages=-(-answer.total // PER_PAGE),
        query_for_document=search_view.plain_query(asked.query),
        labels=search_view.chosen_labels(answer, asked.narrowed), **known,
    )  # fmt: skip


@blueprint.get("/trang")
def hit() -> str | BaseResponse:
    """One hit of the search, its page large with the words boxed; the next and the one before are a key away."""
    asked = Asked.of(request.args)
    at = max(0, min(request.args.get("n", 0, type=int), MAX_PARTS * PER_PAGE))
    answer = search(db(), settings(), case_scope(db(), actor()), asked.request(limit=3, offset=max(0, at - 1)))
    place = 0 if at == 0 else 1
    if place >= len(answer.hits):
        return redirect(asked.address(), 303)
    found = answer.hits[place]
    note_event("page.viewed", f"page:{found.page_id}", by="search")
    return render_template(
        "search/hit.html", asked=asked, hit=found, at=at, part=at // PER_PAGE + 1, total=answer.total, view=search_view,
        has_next=place + 1 < len(answer.hits), query_for_document=search_view.plain_query(asked.query),
    )  # fmt: skip


@blueprint.get("/cat/<int:page_id>.jpg")
def cut(page_id: int) -> BaseResponse:
    """A strip of a page, cut from its screen image: ``?x=&y=&w=&h=`` in fractions of the page."""
    page = PagePicture.of(require_page(db(), actor(), page_id))
    try:
        x, y, w, h = (float(request.args[name]) for name in "xywh")
    except (KeyError, ValueError):
        raise NotFound(what=f"trang {page_id}") from None
    if not (0 <= x < 1 and 0 <= y < 1 and 0 < w <= 1 and 0 < h <= 1):  # also false for what is no number (NaN)
        raise NotFound(what=f"trang {page_id}")
    path = PageImages(settings()).path(page.original, page.number, page.rotation, Size.SCREEN)
    with Image.open(path) as image:
        left, top = int(x * image.width), int(y * image.height)
        right, bottom = min(image.width, int((x + w) * image.width)), min(image.height, int((y + h) * image.height))
        box = (left, top, max(right, left + 1), max(bottom, top + 1))
        strip = image.crop(box).convert("RGB")
    strip.thumbnail((_CUT_WIDTH, _CUT_WIDTH))
    data = io.BytesIO()
    strip.save(data, "JPEG", quality=78)
    answer = Response(data.getvalue(), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/goi-y")
def suggestions() -> Response:
    """What the person may be about to type."""
    typed = request.args.get("q", "")[:MAX_QUERY]
    offered = suggest(db(), settings(), case_scope(db(), actor()), typed, actor().user_id)
    return jsonify(suggestions=[{"text": one.text, "source": one.source} for one in offered])


@blueprint.post("/da-tim")
def remember() -> Response:
    """Note a search among the person's recent ones (the page asks for it once its results are read)."""
    user_id = actor().user_id
    if user_id is not None:
        history.remember(db(), user_id, request.form.get("q", "")[:MAX_QUERY])
    return Response(status=204)


@blueprint.post("/da-tim/xoa")
def forget() -> BaseResponse:
    """Forget the person's recent searches."""
    user_id = actor().user_id
    if user_id is not None:
        history.forget_recent(db(), user_id)
    return redirect(url_for("search.index"), 303)


@blueprint.post("/luu")
def save() -> BaseResponse:
    """Keep the search under a name."""
    asked = Asked.of(request.form)
    user_id = actor().user_id
    if user_id is not None:
        kept = history.save(db(), user_id, request.form.get("name", "") or asked.query, asked.query, asked.narrowed)
        flash(_("Đã lưu tìm kiếm “%(name)s”.", name=kept.name), "good")
    return redirect(asked.address(), 303)


@blueprint.post("/luu/<int:saved_id>/xoa")
def remove_saved(saved_id: int) -> BaseResponse:
    """Forget a saved search."""
    user_id = actor().user_id
    if user_id is not None:
        history.remove_saved(db(), user_id, saved_id)
    return redirect(url_for("search.index"), 303)


@blueprint.post("/xuat/<form>")
def export(form: str) -> BaseResponse:
    """The whole list of results as a file: ``excel`` or ``pdf``; ``chon`` keeps the chosen pages only."""
    asked = Asked.of(request.form)
    answer = search(db(), settings(), case_scope(db(), actor()), asked.request(limit=MAX_LISTED))
    chosen = {int(value) for value in request.form.getlist("chon") if value.isdecimal()}
    hits = [one for one in answer.hits if not chosen or one.page_id in chosen]
    writers = {"excel": search_lists.excel, "pdf": search_lists.pdf}
    if form not in writers:
        raise NotFound(what=form)
    title = _("Kết quả tìm kiếm: %(query)s", query=asked.query) if asked.query else _("Kết quả tìm kiếm")
    lines = search_view.lines(hits)
    listed = search_lists.Listed(title, settings().office_name, answer.total, lines, datetime.now(UTC))
    data, mimetype, name = writers[form](listed)
    note_event("search.exported", "archive", query=asked.query, form=form, pages=len(hits))
    return send_file(io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name)


@blueprint.post("/trinh-chieu")
def present() -> BaseResponse:
    """Put the chosen pages, in the order listed, into the draft presentation last worked on of their case."""
    asked = Asked.of(request.form)
    chosen = [int(value) for value in request.form.getlist("chon") if value.isdecimal()][:MAX_PRESENTED]
    if not chosen:
        flash(_("Chưa chọn trang nào. Hãy đánh dấu vào ô trước các trang muốn trình chiếu."), "warn")
        return redirect(asked.address(), 303)
    drafts: dict[int, Presentation] = {}
    for page_id in chosen:
        page = require_page(db(), actor(), page_id, Right.WRITE)
        link = db().get(DocumentPage, page.id)
        if link is None or link.document.case_id is None:
            raise Invalid(what=_("Trang %(number)s", number=page.number), why=_("chưa xếp vào hồ sơ nào"))
        case = require_case(db(), actor(), link.document.case_id, Right.WRITE)
        draft = drafts.setdefault(case.id, presentations.current_draft(db(), actor(), case))
        pane = {"page_id": page.id, "region": None}
        presentations.add_cue(db(), actor(), draft.situations[-1], kind=CueKind.PICTURE, panes=[pane])
    for draft in drafts.values():
        flash(_("Đã đưa vào bài trình chiếu “%(name)s”.", name=draft.name), "good")
    return redirect(asked.address(), 303)


@blueprint.get("/nguoi/<int:case_id>")
def persons(case_id: int) -> str:
    """Who is named where in a case."""
    case = require_case(db(), actor(), case_id)
    found = case_persons(db(), case_scope(db(), actor()), case.id)
    return render_template("search/persons.html", case=case, persons=found, view=search_view)
