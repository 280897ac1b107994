"""Whole pictures of pages, as the archive's own screens use them: small, for the screen, and as scanned.

Rights are checked for every picture, also when the browser has it already: ``no-cache`` makes it ask, and a picture
that has not changed costs no bytes.
"""

from flask import Blueprint, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from ingest.errors import InputDamaged, PageDamaged, PageTooLarge
from ingest.page_images import PageImages, Size
from storage.access import require_page
from viewer.context import actor, db, settings
from viewer.iiif.pages import PagePicture

blueprint = Blueprint("images", __name__, url_prefix="/anh")


def picture(page_id: int, size: Size) -> BaseResponse:
    """One picture of a page the actor may see."""
    page = PagePicture.of(require_page(db(), actor(), page_id))
    path = PageImages(settings()).path(page.original, page.number, page.rotation, size)
    answer = send_file(path, mimetype="image/jpeg", conditional=True, etag=True, max_age=None)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@blueprint.get("/<int:page_id>/nho.jpg")
def thumb(page_id: int) -> BaseResponse:
    """The thumbnail; a plain one where the page cannot be shown (its own screen says why)."""
    try:
        return picture(page_id, Size.THUMB)
    except (PageDamaged, PageTooLarge, InputDamaged):
        return redirect(url_for("static", filename="img/no-picture.svg"))


@blueprint.get("/<int:page_id>/man-hinh.jpg")
def screen(page_id: int) -> BaseResponse:
    """The screen image."""
    return picture(page_id, Size.SCREEN)


@blueprint.get("/<int:page_id>/day-du.jpg")
def full(page_id: int) -> BaseResponse:
    """The page as scanned."""
    return picture(page_id, Size.FULL)
