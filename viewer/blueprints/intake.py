"""Scans coming in: upload, batches under way, the unassigned tray, files that need a person, secrecy stops."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from config.errors import Forbidden, Invalid, NotFound
from ingest import again, inbox, jobs, priorities
from ingest import secrecy as ingest_secrecy
from ingest.jobs import NewJob
from storage import audit, cases, documents, notes
from storage.access import require_batch, require_case_for_filing, require_document, require_scan
from storage.models.base import now
from storage.models.cases import Case, Right
from storage.models.scans import Batch, ScanState, SecretState
from viewer import case_media, intake_view, media, places, queries, rights, security, uploads
from viewer.context import actor, db, note_event, settings
from viewer.forms import ids_of

blueprint = Blueprint("intake", __name__, url_prefix="/nhan-ban-quet")


@blueprint.get("/")
def index() -> str:
    """Add scans from this machine, and see what came in."""
    chosen = request.args.get("case", type=int)
    case = require_case_for_filing(db(), actor(), chosen) if chosen else None
    return render_template(
        "intake/index.html", case=case, batches=intake_view.recent(db(), actor()), choices=_writable_cases(),
        handed_over=intake_view.handed_over(db(), actor()),
        in_the_way=intake_view.in_the_way(db(), settings(), actor()),
        waiting=intake_view.waiting(db(), actor()), people_folder=inbox.PEOPLE, case_folder=inbox.CASES,
    )


def _writable_cases() -> list[Case]:
    _total, found = queries.cases(db(), actor(), status="open", limit=50)
    return [case for case in found if rights.may(db(), actor(), case.id, Right.WRITE)]


@blueprint.get("/dang-nhan")
@security.passive
def live() -> str:
    """The list of batches, refreshed by the page itself."""
    return render_template(
        "intake/batches.html", batches=intake_view.recent(db(), actor()),
        handed_over=intake_view.handed_over(db(), actor()),
        in_the_way=intake_view.in_the_way(db(), settings(), actor()),
    )


@blueprint.post("/tep")
def upload() -> BaseResponse:
    """Take files from the browser in as one batch."""
    received = uploads.receive(settings(), request.files.getlist("file"))
    case = uploads.case_from(db(), actor(), request.form.get("case", ""))
    name = request.form.get("name", "").strip()[:200] or uploads.usual_name(settings(), received)
    batch, scans = uploads.register(
        db(), actor(), received, case=case, name=name, folder_code=request.form.get("folder") or None
    )
    flash(_("Đã nhận %(n)s tệp. Máy đang đọc.", n=len(scans)), "good")  # the page's script opens it anew: said there
    if security.wants_json():
        return jsonify(batch=batch.id, scans=[scan.id for scan in scans])
    return redirect(url_for(".index"), 303)


@blueprint.get("/dot/<int:batch_id>")
def batch(batch_id: int) -> str:
    """One batch: its files, and the documents cut from it."""
    try:
        found = require_batch(db(), actor(), batch_id)
    except NotFound:
        handed = intake_view.handed_over(db(), actor(), batch_id)
        if not handed:
            raise
        return render_template("intake/handed_over.html", row=handed[0])
    return render_template(
        "intake/batch.html", batch=found, scans=intake_view.scans_of(db(), found),
        documents=queries.documents_of_batch(db(), actor(), found.id),
        may_write=rights.may(db(), actor(), found.case_id, Right.WRITE), choices=_writable_cases(),
    )


@blueprint.get("/tep/<int:scan_id>")
def scan(scan_id: int) -> str:
    """One file as it arrived: pages, or a player for recordings."""
    found = require_scan(db(), actor(), scan_id)
    note_event("scan.viewed", f"scan:{found.id}")
    shown = queries.documents_of_scan(db(), actor(), found)
    return render_template(
        "intake/scan.html", row=intake_view.scan_row(db(), found), scan=found,
        documents=shown, places=places.in_documents(db(), shown), playable=media.how_to_play(settings(), found),
        moments=notes.moments_of(db(), found.id),
        may_write=rights.may(db(), actor(), found.batch.case_id, Right.WRITE),
    )


@blueprint.post("/tep/<int:scan_id>/thu-lai")
def retry(scan_id: int) -> BaseResponse:
    """Try again what failed of a file."""
    found = require_scan(db(), actor(), scan_id, Right.WRITE)
    count = again.retry(db(), actor(), found, now())
    if count:
        flash(_("Đang thử lại."), "good")
    else:
        flash(_("Thử lại tệp này cũng sẽ cho kết quả như cũ. Hãy làm theo lời hướng dẫn rồi chép lại tệp."), "bad")
    target = request.form.get("next", "")
    return redirect(target if security.is_safe_target(target) else url_for(".problems"), 303)


@blueprint.post("/tep/<int:scan_id>/bo-qua")
def dismiss(scan_id: int) -> BaseResponse:
    """A person has dealt with a refused file: it leaves the list, its original stays."""
    found = require_scan(db(), actor(), scan_id, Right.WRITE)
    if found.state not in intake_view.REFUSED:
        raise Invalid(what=found.name, why=_("tệp này không nằm trong mục tệp cần xử lý"))
    found.state = ScanState.CANCELLED
    audit.record(db(), actor().name, "scan.dismissed", f"scan:{found.id}", {"code": found.error_code})
    flash(_("Đã xong với tệp này. Tệp gốc vẫn được giữ."), "good")
    return redirect(url_for(".problems"), 303)


@blueprint.get("/chua-xep")
def unassigned() -> str:
    """Documents that lie in no case yet."""
    return render_template(
        "intake/unassigned.html", documents=intake_view.unassigned(db(), actor()), choices=_writable_cases(),
        may_create=rights.may_create_cases(actor()),
    )


@blueprint.post("/chua-xep")
def assign() -> BaseResponse:
    """File chosen documents to a case."""
    chosen = ids_of(request.form.getlist("document"))
    case = uploads.case_from(db(), actor(), request.form.get("case", ""))
    if not chosen or case is None:
        raise Invalid(what=_("xếp vào hồ sơ"), why=_("chưa chọn tài liệu, hoặc chưa chọn hồ sơ"))
    for document_id in chosen:
        document = require_document(db(), actor(), document_id)
        code = document.folder_code if cases.folder_of(db(), case, document.folder_code) else None
        documents.file_to_case(db(), actor(), document, case, code)
    flash(_("Đã xếp %(n)s tài liệu vào hồ sơ %(name)s.", n=len(chosen), name=case.name), "good")
    return redirect(url_for(".unassigned"), 303)


@blueprint.get("/can-xu-ly")
def problems() -> str:
    """Files that could not be taken further, each with the reason and what helps."""
    return render_template("intake/problems.html", rows=intake_view.problems(db(), actor()))


def _secrecy_officer() -> None:
    if not actor().secrecy_officer:
        raise Forbidden(what=_("xem đợt quét bị dừng vì dấu mật"))


@blueprint.get("/bao-mat")
def secrecy() -> str:
    """Batches stopped for a mark of secrecy: which, whose, since when; never what is in them."""
    _secrecy_officer()
    return render_template("intake/secrecy.html", batches=intake_view.halted(db()))


@blueprint.post("/bao-mat/<int:batch_id>/cho-tiep")
def release(batch_id: int) -> BaseResponse:
    """The secrecy officer decides that a stopped batch goes on (the mark was misread, or this machine may)."""
    _secrecy_officer()
    found = db().get(Batch, batch_id)
    reason = request.form.get("reason", "").strip()
    if found is None or found.secret_state != SecretState.HALTED:
        raise Invalid(what=_("đợt quét"), why=_("không bị dừng"))
    if not reason:
        raise Invalid(what=_("lý do"), why=_("chưa nhập"))
    ingest_secrecy.release(db(), actor(), found, reason[:300], now())
    flash(_("Đã cho đợt quét %(name)s đi tiếp.", name=found.name), "good")
    return redirect(url_for(".secrecy"), 303)


@blueprint.get("/tep/<int:scan_id>/phat")
def play(scan_id: int) -> BaseResponse:
    """The recording itself, or its playable copy, for the player of the page; can be wound."""
    found = require_scan(db(), actor(), scan_id)
    return media.send(settings(), found)


@blueprint.get("/tep/<int:scan_id>/hinh.jpg")
def film_picture(scan_id: int) -> BaseResponse:
    """The small picture of a film; a plain one where none could be taken."""
    picture = case_media.film_thumbnail(settings(), require_scan(db(), actor(), scan_id))
    if picture is None:
        return redirect(url_for("static", filename="img/film.svg"))
    return Response(picture, mimetype="image/jpeg", headers={"Cache-Control": "private, no-cache"})


@blueprint.post("/tep/<int:scan_id>/ban-phat-duoc")
def make_playable(scan_id: int) -> BaseResponse:
    """Have a copy made that browsers can play."""
    found = require_scan(db(), actor(), scan_id)
    jobs.enqueue(db(), [NewJob("transcode", priorities.CUTTING, scan_id=found.id)], now())
    flash(_("Đang tạo bản phát được. Bản gốc không thay đổi."), "good")
    return redirect(url_for(".scan", scan_id=scan_id), 303)


@blueprint.post("/tep/<int:scan_id>/doan")
def add_moment(scan_id: int) -> BaseResponse:
    """Mark a moment of a recording."""
    form = request.form
    notes.add_moment(
        db(), actor(), scan_id, media.seconds_of(form.get("start", "")) or 0.0, media.seconds_of(form.get("end", "")),
        form.get("caption", ""),
    )
    flash(_("Đã đánh dấu đoạn."), "good")
    return redirect(url_for(".scan", scan_id=scan_id), 303)


@blueprint.post("/doan/<int:moment_id>/xoa")
def remove_moment(moment_id: int) -> BaseResponse:
    """Take one's own mark away."""
    moment = notes.remove_moment(db(), actor(), moment_id)
    return redirect(url_for(".scan", scan_id=moment.scan_id), 303)
