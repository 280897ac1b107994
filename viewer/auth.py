"""Who is asking: by the log-in cookie of a browser or the token of a program.

The cookie carries a random value; the database knows its hash, when it was made and last used, and whether it was
ended. So a log-in ends by itself, at log-out, at a password change, and at once when the account is closed.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, g, request, session
from sqlalchemy import select

from storage import audit, users
from storage.access import Actor
from storage.models.base import now
from storage.models.people import ApiToken, User, UserSession
from viewer import context

COOKIE_KEY = "log-in"
BEARER = "Bearer "
#: "last used" is written at most this often, so that reading pages costs no writing transaction
SEEN_EVERY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Account:
    """The logged-in person, as templates need it; free of the database."""

    id: int
    login: str
    name: str
    role: str
    language: str
    must_change_password: bool
    secrecy_officer: bool

    @staticmethod
    def of(user: User) -> "Account":
        """Copy what is needed out of the record."""
        return Account(
            user.id, user.login, user.name, user.role, user.language, user.must_change_password, user.secrecy_officer
        )


def load_person() -> None:
    """Set ``g.actor`` and ``g.account`` from the request's token or cookie; leave both None for a stranger."""
    g.actor = g.account = None
    g.by_token = False
    if request.endpoint == "static":
        return
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith(BEARER):
        _by_token(authorization.removeprefix(BEARER).strip())
    elif COOKIE_KEY in session:
        _by_cookie(session[COOKIE_KEY])


def _by_token(token: str) -> None:
    with context.database().read() as own:
        user = users.token_user(own, token)
        if user is not None:
            _become(user)
            g.by_token = True


def _by_cookie(value: str) -> None:
    settings = context.settings()
    with context.database().read() as own:
        found = users.session_user(
            own, value, hours=settings.session_hours, idle_minutes=settings.session_idle_minutes
        )
        if found is None:
            session.pop(COOKIE_KEY, None)
            return
        user, row = found
        _become(user)
        session_id, stale = row.id, now() - row.seen_at > SEEN_EVERY
    if stale and not is_passive(request.endpoint):
        with context.database().write() as own:
            seen = own.get(UserSession, session_id)
            if seen is not None:
                seen.seen_at = now()


def _become(user: User) -> None:
    g.actor = Actor.of(user, clerks_see_cases=context.settings().clerks_see_cases)
    g.account = Account.of(user)


def log_in(user: User) -> None:
    """Begin a log-in inside the request's transaction and give the browser its cookie."""
    token = users.start_session(context.db(), user, request.remote_addr or "")
    session.clear()
    session[COOKIE_KEY] = token


def log_out() -> None:
    """End this log-in and forget the cookie."""
    found = users.session_user(context.db(), session.get(COOKIE_KEY, ""), hours=1e6, idle_minutes=1e6)
    if found is not None:
        user, row = found
        row.ended_at = now()
        audit.record(context.db(), context.actor().name, "user.logged_out", f"user:{user.id}")
    session.clear()


def is_passive(endpoint: str | None) -> bool:
    """Whether the view only refreshes a page by itself and so does not prove that somebody sits there."""
    return endpoint is not None and bool(getattr(current_app.view_functions.get(endpoint), "is_passive", False))


def tokens_of(user_id: int) -> list[ApiToken]:
    """The person's API tokens still in force, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    return list(context.db().scalars(query.order_by(ApiToken.id.desc())))
