"""IIIF: pages as images (Image API 3), documents and cases as manifests (Presentation 3), search inside (Search 2).

``image_blueprint`` makes the image routes for any source of pictures, so that a test can run the public validator
against exactly these routes; the archive's own are closed by default and check rights for every image.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from config import document_types
from storage import access, corrections
from storage.models.documents import Document
from storage.models.scans import Page
from viewer import find, formats, queries
from viewer.context import actor, db, note_event, settings
from viewer.iiif import images, presentation
from viewer.iiif.images import Pictures
from viewer.iiif.pages import PagePicture, PagePictures
from viewer.iiif.parameters import FORMATS, BadParameter, parse
from viewer.iiif.presentation import Addresses, Canvas

IMAGE = "/iiif/image/3"
JSON_LD = 'application/ld+json;profile="{context}"'
COMPLIANCE = '<http://iiif.io/api/image/3/level2.json>;rel="profile"'

PicturesOf = Callable[[str], Pictures]


def image_blueprint(name: str, prefix: str, pictures_of: PicturesOf) -> Blueprint:
    """The routes of the Image API under ``prefix``; ``pictures_of`` raises NotFound for what may not be seen."""
    routes = Blueprint(name, __name__, url_prefix=prefix)

    @routes.get("/<identifier>")
    def base(identifier: str) -> BaseResponse:
        return redirect(f"{_address(prefix, identifier)}/info.json", 303)

    @routes.get("/<identifier>/info.json")
    def info(identifier: str) -> Response:
        try:
            size = pictures_of(identifier).size(identifier)
        except KeyError:
            return _problem(404, "no such image")
        answer = jsonify(images.info(_address(prefix, identifier), size))
        answer.mimetype = "application/json"
        if "application/ld+json" in request.headers.get("Accept", ""):
            answer.content_type = JSON_LD.format(context=images.CONTEXT)
        answer.headers["Link"] = COMPLIANCE
        answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    @routes.get("/<identifier>/<region>/<size>/<rotation>/<quality>.<format>")
    def image(identifier: str, region: str, size: str, rotation: str, quality: str, format: str) -> BaseResponse:
        pictures = pictures_of(identifier)
        try:
            wanted = parse(region, size, rotation, quality, format, pictures.size(identifier))
        except KeyError:
            return _problem(404, "no such image")
        except BadParameter as error:
            return _problem(400, str(error))
        data = images.answer(pictures, identifier, wanted)
        answer = Response(data, mimetype=FORMATS[format][1])
        answer.headers["Link"] = COMPLIANCE
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.add_etag()
        return answer.make_conditional(request)

    return routes


def _address(prefix: str, identifier: str) -> str:
    return f"{request.url_root.rstrip('/')}{prefix}/{quote(identifier, safe='')}"


def _problem(status: int, why: str) -> Response:
    return Response(why, status=status, mimetype="text/plain")


def _page_pictures(identifier: str) -> Pictures:
    if not identifier.isdecimal() or len(identifier) > 15:
        raise KeyError(identifier)
    page = access.require_page(db(), actor(), int(identifier))
    return PagePictures(settings(), PagePicture.of(page))


blueprint = Blueprint("iiif", __name__)
blueprint.register_blueprint(image_blueprint("image", IMAGE, _page_pictures))


def _addresses() -> Addresses:
    root = request.url_root.rstrip("/")
    return Addresses(
        image=lambda page: f"{root}{IMAGE}/{page}",
        manifest=lambda one: url_for("iiif.manifest", document_id=one, _external=True),
        canvas=lambda one, page: f"{root}/iiif/presentation/3/document/{one}/canvas/{page}",
        search=lambda one: url_for("iiif.search", document_id=one, _external=True),
    )


def _canvases(document: Document) -> list[Canvas]:
    return [
        Canvas(page.id, page_label(page, place), page.width or 1000, page.height or 1414)
        for place, page in enumerate(document.pages, start=1)
    ]


def page_label(page: Page, place: int) -> str:
    """How people call a page: its bút lục where it has one, else its place in the document."""
    return formats.but_luc(page.but_luc, None, page.but_luc_volume) or f"Trang {place}"


@blueprint.get("/iiif/presentation/3/document/<int:document_id>/manifest")
def manifest(document_id: int) -> Response:
    """The manifest of a document."""
    document = access.require_document(db(), actor(), document_id)
    note_event("document.viewed", f"document:{document.id}", by="iiif")
    facts = [
        ("Hồ sơ", document.case.number if document.case else ""),
        ("Loại tài liệu", document_types.name_of(document.type_code) if document.type_code else ""),
        ("Số", document.number or ""),
        ("Ngày", formats.day(document.date)),
        ("Bút lục", formats.but_luc(document.but_luc_first, document.but_luc_last)),
    ]
    return _ld(presentation.manifest(
        document.id, document.title or f"Tài liệu {document.id}", facts, _canvases(document), _addresses()
    ))


@blueprint.get("/iiif/presentation/3/case/<int:case_id>/collection")
def collection(case_id: int) -> Response:
    """The documents of a case."""
    case = access.require_case(db(), actor(), case_id)
    documents = [(one.id, one.title or f"Tài liệu {one.id}") for one in queries.documents_of(db(), actor(), case.id)]
    return _ld(presentation.collection(request.base_url, f"{case.number} – {case.name}", documents, _addresses()))


@blueprint.get("/iiif/search/2/document/<int:document_id>")
def search(document_id: int) -> Response:
    """Where words stand in a document."""
    document = access.require_document(db(), actor(), document_id)
    query = request.args.get("q", "")[:500]
    hits = []
    for canvas in _canvases(document):
        access.require_page(db(), actor(), canvas.page_id)
        reading = corrections.displayed_reading(db(), canvas.page_id)
        for match in find.find(reading.words, query) if reading else []:
            hits.append((canvas, match.text, list(match.boxes)))
    return _ld(presentation.search_answer(request.url, document.id, hits, _addresses()))


def _ld(value: dict[str, Any]) -> Response:
    answer = jsonify(value)
    answer.content_type = JSON_LD.format(context=value["@context"])
    return answer
