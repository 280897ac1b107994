"""What a view may use of the request it answers: the database, who is asking, the settings.

``db()`` opens one session on first use. A request that may change something (any method but GET, HEAD and OPTIONS)
runs in one ``BEGIN IMMEDIATE`` transaction: returning an answer below 400 commits it, anything else rolls it back
unless the view asked for ``keep_changes()``. A reading request that must leave a trace (viewing, printing) names it
with ``note_event``; the event is written in a short transaction of its own before the answer leaves.
"""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from config.settings import Settings
from storage import audit
from storage.access import Actor
from storage.database import Database
from storage.derived import DerivedStore
from storage.vault import Vault

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., Any])


def changes_nothing(view: View) -> View:
    """Mark a view that is sent a form but only answers (a preview): its session reads, and others go on writing."""
    view.changes_nothing = True  # type: ignore[attr-defined]
    return view


def _writes() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in READING_METHODS and not getattr(view, "changes_nothing", False)


def settings() -> Settings:
    """The settings this application was made with."""
    return cast(Settings, current_app.extensions["archive_settings"])


def database() -> Database:
    """The database; only for code that must outlive or precede the request's own session."""
    return cast(Database, current_app.extensions["archive_database"])


def vault() -> Vault:
    """The store of original bytes."""
    return Vault(settings().vault_folder)


def derived() -> DerivedStore:
    """The store of files that can be rebuilt."""
    return DerivedStore(settings().derived_folder)


def actor() -> Actor:
    """Who is asking. Only views that are not ``public`` may call this."""
    return cast(Actor, g.actor)


def db() -> Session:
    """The session of this request, opened on first use."""
    if "db" not in g:
        stack = ExitStack()
        g.db_writes = _writes()
        g.db = stack.enter_context(database().writer_session() if g.db_writes else database().read())
        g.db_stack = stack
    return cast(Session, g.db)


def keep_changes() -> None:
    """Commit although the answer is an error (a refused log-in must still be counted)."""
    g.keep_changes = True


def note_event(action: str, subject: str, **detail: Any) -> None:
    """Have ``action`` on ``subject`` written to the audit chain before the answer leaves."""
    g.setdefault("events", []).append((action, subject, detail))


def finish_transaction(response: Response) -> Response:
    """Commit or roll back, then write the events a reading request asked for."""
    stack = g.pop("db_stack", None)
    session = g.pop("db", None)
    if stack is not None:
        with stack:
            if g.db_writes and (response.status_code < 400 or g.get("keep_changes", False)):
                session.commit()
    events = g.pop("events", [])
    if events and response.status_code < 400:
        with database().write() as own:
            for action, subject, detail in events:
                audit.record(own, actor().name, action, subject, detail)
    return response


def abandon_transaction(_error: BaseException | None) -> None:
    """Roll back what is still open when the request ends without an answer (closing a session rolls it back)."""
    stack = g.pop("db_stack", None)
    g.pop("db", None)
    if stack is not None:
        stack.close()


def install(app: Flask, app_settings: Settings, app_database: Database) -> None:
    """Give ``app`` its settings, database and transaction rules."""
    app.extensions["archive_settings"] = app_settings
    app.extensions["archive_database"] = app_database
    app.after_request(finish_transaction)
    app.teardown_request(abandon_transaction)
