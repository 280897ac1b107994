"""Errors as people and programs read them: known ones in one sentence, unknown ones with a reference number."""

import logging
import secrets

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from config.errors import ArchiveError, Conflict
from viewer import languages, security

log = logging.getLogger(__name__)
Answer = Response | tuple[Response | str, int] | tuple[str, int, dict[str, str]]


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(ArchiveError, known)
    app.register_error_handler(StaleDataError, stale)
    app.register_error_handler(CSRFError, expired_form)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unknown)


def known(error: ArchiveError) -> Answer:
    """An error of ours: its own status, message and code."""
    return _answer(error.status, error.code, error.message(languages.choose()))


def stale(_error: StaleDataError) -> Answer:
    """Somebody else saved the same record first."""
    return known(Conflict(what=_("Mục này")))


def expired_form(_error: CSRFError) -> Answer:
    """A form without its proof of origin: usually one left open over a new log-in."""
    return _answer(400, "FORM-EXPIRED", _("Trang này đã mở quá lâu nên chưa lưu được. Hãy tải lại trang rồi làm lại."))


def http(error: HTTPException) -> Answer | HTTPException:
    """An error of the protocol (no such address, too large, too many attempts)."""
    if error.code is None or error.code < 400:
        return error
    sentences = {
        404: _("Không có trang này, hoặc anh/chị không được phân công xem."),
        405: _("Không thể làm việc này ở địa chỉ này."),
        413: _("Tệp lớn quá mức cho phép nên chưa được nhận. Tệp gốc trên máy anh/chị không bị ảnh hưởng."),
        429: _("Đã thử quá nhiều lần. Hãy chờ một phút rồi thử lại."),
    }
    return _answer(error.code, f"HTTP-{error.code}", sentences.get(error.code, _("Yêu cầu chưa thực hiện được.")))


def unknown(error: Exception) -> Answer:
    """A fault of the program: the traceback goes to the log under a number the person can name."""
    if current_app.testing:
        raise error
    reference = secrets.token_hex(4).upper()
    log.exception("unexpected error %s at %s %s", reference, request.method, request.path, exc_info=error)
    sentence = _(
        "Có lỗi ngoài dự kiến, thao tác chưa được lưu. Tệp gốc vẫn an toàn. Hãy báo quản trị số %(reference)s.",
        reference=reference,
    )
    return _answer(500, reference, sentence)


def _answer(status: int, code: str, message: str) -> Answer:
    if security.wants_json():
        return jsonify(error={"code": code, "message": message, "next": None}), status
    if request.headers.get("HX-Request"):
        body = render_template("error_fragment.html", message=message, code=code)
        return body, status, {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
    return render_template("error.html", status=status, code=code, message=message), status
