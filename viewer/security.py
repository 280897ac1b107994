"""Closed by default, and everything around that: CSRF, rate limit, headers, host-safe redirects.

Every view needs a log-in unless it is marked ``@public``; the gate runs in ``before_request``, so a new view cannot
forget it. What a person may then see is decided by ``storage.access`` alone.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, redirect, request, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from viewer import auth, context, static_files

View = TypeVar("View", bound=Callable[..., Any])

#: Everything comes from this server; images may also be made in the page (a callout, a drawn highlight).
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
SECURE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
#: Views a person may reach while the password still is the one somebody else chose for them.
PASSWORD_CHANGE_VIEWS = frozenset({"auth.password", "auth.logout", "auth.language"})

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", strategy="moving-window", headers_enabled=True)


def public(view: View) -> View:
    """Mark ``view`` as open to everybody who reaches the server, logged in or not."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def limit_log_ins(view: View) -> View:
    """Slow down guessing: only so many attempts an address may make (setting ``login_limit``)."""
    limit = limiter.limit(lambda: context.settings().login_limit, methods=["POST"])
    return cast(View, limit(view))


def passive(view: View) -> View:
    """Mark ``view`` as one that a page calls by itself: it does not keep a log-in alive."""
    view.is_passive = True  # type: ignore[attr-defined]
    return view


def is_public(app: Flask, endpoint: str) -> bool:
    """Whether ``endpoint`` needs no log-in."""
    return endpoint == "static" or bool(getattr(app.view_functions[endpoint], "is_public", False))


def wants_json() -> bool:
    """Whether the caller is a program: the JSON API, IIIF, or a script asking for JSON."""
    return request.path.startswith(("/api/", "/iiif/")) or request.accept_mimetypes.best == "application/json"


def is_safe_target(target: str) -> bool:
    """Whether ``target`` is a path on this server, so that it may be redirected to."""
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))


def install(app: Flask) -> None:
    """Put the gate, the CSRF check, the log-in limiter and the headers around every view of ``app``."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the gate checks, because a token needs no second token
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_gate)
    app.after_request(_add_headers)


def _gate() -> BaseResponse | tuple[Response, int] | None:
    auth.load_person()
    endpoint = request.endpoint
    if endpoint is None:
        return None
    public_view = is_public(current_app, endpoint)
    if g.get("actor") is None and not public_view:
        if wants_json():
            answer = jsonify(error={"code": "LOGIN", "message": "Chưa đăng nhập.", "next": url_for("auth.login")})
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer, 401
        if request.headers.get("HX-Request"):
            return Response(status=401, headers={"HX-Redirect": url_for("auth.login")})
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("auth.login", next=target), 303)
    if request.method not in context.READING_METHODS and not g.get("by_token"):
        csrf.protect()
    if public_view:
        return None
    if g.account.must_change_password and endpoint not in PASSWORD_CHANGE_VIEWS and not g.get("by_token"):
        return redirect(url_for("auth.password"), 303)
    return None


def _add_headers(response: Response) -> Response:
    for name, value in SECURE_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        static_files.keep(response)
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    # No Strict-Transport-Security: it would turn http://server:8080 into https on the plain port, which speaks no TLS,
    # and would take away the way around a certificate that ran out while nobody was there to renew it.
    return response
