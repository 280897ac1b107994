"""The Flask application: ``create_app`` puts the parts together; each part lives in a module of its own."""

import secrets
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Protocol

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.routing import IntegerConverter, Map

from config.settings import Settings
from storage.database import Database
from storage.vault import durable_replacement
from viewer import context, error_pages, formats, languages, navigation, roles, security, static_files
from viewer.blueprints.registry import BLUEPRINTS
from viewer.uploads import UploadRequest

SECRET_BYTES = 32
#: the largest number that JSON and every database carry exactly
LARGEST_ID = 2**53 - 1
#: a form field other than a file is never larger
MAX_FORM_BYTES = 2 * 1024 * 1024


class Id(IntegerConverter):
    """An id in an address. Numbers no database can hold are no address of ours, rather than an error."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = None) -> None:
        super().__init__(map, fixed_digits, min, LARGEST_ID if max is None else max)


class CookieSessions(SecureCookieSessionInterface):
    """The log-in's cookie; one that was given over TLS never travels on a plain line (the server may speak both)."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether this answer goes over TLS."""
        return request.is_secure


class Finding(Protocol):
    """A result of looking the machine over."""

    @property
    def label(self) -> str:
        """What was looked at."""

    @property
    def state(self) -> str:
        """``ok``, ``warn`` or ``bad``."""

    @property
    def text(self) -> str:
        """What was found."""

    @property
    def mend(self) -> str:
        """What puts it right."""


#: language → findings in it
Health = Callable[[str], Iterable[Finding]]


def create_app(settings: Settings, database: Database | None = None, health: Health | None = None) -> Flask:
    """The web application of the archive in ``settings.data``.

    :param database: an open database to use (tests); by default the one the settings name.
    :param health: looks the machine over for the administrator's page; None where nobody can (tests).
    """
    app = Flask("viewer", static_folder="static", static_url_path=static_files.address(), template_folder="templates")
    app.config.update(
        SECRET_KEY=secret_key(settings.secret_key_file),
        SESSION_COOKIE_NAME="archive",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_file_mb * 1024 * 1024 * 2,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the log-in
        WTF_CSRF_SSL_STRICT=True,
    )
    app.url_map.converters["int"] = Id
    app.request_class = UploadRequest
    app.session_interface = CookieSessions()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    context.install(app, settings, database or Database(settings.database))
    app.extensions["archive_health"] = health or (lambda _language: ())
    security.install(app)
    languages.install(app)
    formats.install(app)
    roles.install(app)
    navigation.install(app)
    error_pages.install(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"viewer.blueprints.{name}").blueprint)
    return app


def secret_key(path: Path) -> bytes:
    """The key that signs cookies; made at first use, readable by the service's account only."""
    if path.exists():
        return path.read_bytes()
    with durable_replacement(path) as out:
        out.write(secrets.token_bytes(SECRET_BYTES))
    path.chmod(0o600)
    return path.read_bytes()
