"""Court mode: the presenter's window, the stage, and what they fetch before the hearing."""

import re
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, send_file, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from config.errors import ArchiveError
from storage import presentations, shown_log
from storage.models.cases import Right
from storage.models.presentation import FrozenPicture, Presentation, PresentationState
from viewer import court_deck
from viewer.context import actor, db, note_event, settings
from viewer.court_pictures import CourtPictures
from viewer.court_words import SCRIPTS, STAGE_MODULES, STYLES, court_words, key_help
from viewer.security import passive

blueprint = Blueprint("court", __name__, url_prefix="/court")

#: one log delivery is never larger
MAX_LOG_BYTES = 2_000_000
#: a browser that holds pictures of more presentations than this gives up the rest
MAX_COPIES = 100
COPY = re.compile(r"(?P<presentation>[0-9]{1,15})/(?P<lock>[0-9a-f]{64})")


class PresentationOpen(ArchiveError):
    """Court mode was asked for a presentation that is not locked yet."""

    code = "PRESENTATION-OPEN"
    vi = "Bài trình chiếu {what} chưa khóa nên chưa vào được phiên tòa. Hãy kiểm tra và khóa bài trước."
    en = "Presentation {what} is not locked, so court mode cannot start. Check and lock it first."
    status = 409


def locked(presentation_id: int) -> Presentation:
    """The presentation, locked, for whoever may read its case.

    :raises PresentationOpen: it is still a draft.
    """
    presentation = presentations.require(db(), actor(), presentation_id)
    if presentation.state != PresentationState.LOCKED:
        raise PresentationOpen(what=presentation.name)
    return presentation


@blueprint.get("/<int:presentation_id>")
def console(presentation_id: int) -> str:
    """The presenter's window."""
    presentation = locked(presentation_id)
    note_event("presentation.opened", f"presentation:{presentation.id}", case=presentation.case_id)
    return _console(presentation, rehearsal=False)


@blueprint.get("/<int:presentation_id>/rehearsal")
def rehearsal(presentation_id: int) -> str:
    """The presenter's window to practise with: timed, nothing is logged."""
    return _console(locked(presentation_id), rehearsal=True)


def _console(presentation: Presentation, *, rehearsal: bool) -> str:
    kept = [url_for("static", filename=name) for name in (*STYLES, *SCRIPTS)]
    stage_url = url_for(".stage", presentation_id=presentation.id, lock=(presentation.lock_hash or "")[:12])
    kept += [stage_url, url_for(".deck", presentation_id=presentation.id)]
    return render_template(
        "court/console.html", presentation=presentation, words=court_words(), key_help=key_help(), rehearsal=rehearsal,
        folder=False, kept=kept, stage_url=stage_url,
    )


@blueprint.get("/<int:presentation_id>/stage")
def stage(presentation_id: int) -> str:
    """The stage: a black page. It carries the presentation's number and nothing else."""
    return render_template("court/stage.html", presentation=locked(presentation_id), modules=STAGE_MODULES)


@blueprint.get("/<int:presentation_id>/deck")
@passive
def deck(presentation_id: int) -> Response:
    """Everything the presenter needs, as JSON."""
    return jsonify(court_deck.build(db(), locked(presentation_id), settings().office_name))


@blueprint.get("/<int:presentation_id>/pictures/<key>")
@passive
def picture(presentation_id: int, key: str) -> Response:
    """A frozen picture or recording."""
    presentation = locked(presentation_id)
    found = db().scalar(
        select(FrozenPicture).where(FrozenPicture.presentation_id == presentation.id, FrozenPicture.key == key)
    )
    if found is None or not found.content_hash:
        abort(404)
    path = CourtPictures(settings()).path(db(), presentation, found)
    return send_file(path, mimetype=found.media_type, conditional=True, etag=found.content_hash)


@blueprint.get("/<int:presentation_id>/token")
@passive
def token(presentation_id: int) -> Response:
    """A fresh form token for a window that has been open, or offline, for long."""
    locked(presentation_id)
    return jsonify(token=generate_csrf())


@blueprint.post("/<int:presentation_id>/log")
@passive
def log(presentation_id: int) -> Response:
    """Take in what was shown; answers with the ids that are now in the archive."""
    presentation = presentations.require(db(), actor(), presentation_id, Right.READ)
    if (request.content_length or 0) > MAX_LOG_BYTES:
        abort(413)
    body: Any = request.get_json()
    entries = body.get("entries") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        abort(422)
    taken, _new = shown_log.take_in(db(), actor(), presentation, entries, source="online")
    return jsonify(taken=taken)


@blueprint.get("/copies")
@passive
def copies() -> Response:
    """Which copies of pictures a browser may go on holding: ``copy`` names each as ID/LOCK, as often as needed."""
    return jsonify(keep=[name for name in request.args.getlist("copy")[:MAX_COPIES] if _is_current(name)])


def _is_current(copy: str) -> bool:
    found = COPY.fullmatch(copy)
    try:
        return found is not None and locked(int(found["presentation"])).lock_hash == found["lock"]
    except ArchiveError:
        return False


@blueprint.get("/worker.js")
def worker() -> Response:
    """The service worker: served from here so that its scope is court mode and nothing else."""
    answer = current_app.send_static_file("js/present/court_worker.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
