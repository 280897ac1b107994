"""Accounts: making them, checking passwords, log-in sessions and API tokens.

Passwords are hashed with argon2id. Cookies and tokens are random; only their SHA-256 is stored, so that the database
alone lets nobody in.
"""

import hashlib
import re
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.errors import Invalid, NotFound
from storage import audit
from storage.models.base import now
from storage.models.people import ApiToken, Role, User, UserSession

_hasher = PasswordHasher()
#: A real hash of nothing anyone knows: checking against it makes an unknown log-in take as long as a known one.
_DUMMY_HASH = _hasher.hash(secrets.token_hex(16))
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
MIN_PASSWORD = 8
TOKEN_PREFIX = "arc_"  # noqa: S105 - a prefix that makes tokens recognisable, not a secret


def create_user(
    session: Session, actor: str, *, login: str, name: str, role: Role, password: str,
    must_change_password: bool = True, secrecy_officer: bool = False,
) -> User:
    """Make an account.

    :raises Invalid: the log-in name is taken or malformed, or the password too short.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Invalid(what=f"tên đăng nhập {login}", why="chỉ dùng chữ không dấu, số, dấu chấm, gạch; ít nhất 2 ký tự")
    if session.scalar(select(User.id).where(User.login == login)):
        raise Invalid(what=f"tên đăng nhập {login}", why="đã có người dùng tên này")
    user = User(
        login=login, name=name.strip() or login, role=role, password_hash=hash_password(password),
        must_change_password=must_change_password, secrecy_officer=secrecy_officer,
    )
    session.add(user)
    session.flush()
    audit.record(session, actor, "user.created", f"user:{user.id}", {"login": login, "role": role})
    return user


def hash_password(password: str) -> str:
    """Hash a password for storing.

    :raises Invalid: it is shorter than the minimum.
    """
    if len(password) < MIN_PASSWORD:
        raise Invalid(what="mật khẩu", why=f"cần ít nhất {MIN_PASSWORD} ký tự")
    return _hasher.hash(password)


def generate_password() -> str:
    """A password to be shown once: four groups of easily told letters and digits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def set_password(session: Session, actor: str, user: User, password: str, *, must_change: bool = False) -> None:
    """Change a password and end every log-in of that person."""
    user.password_hash = hash_password(password)
    user.must_change_password = must_change
    end_sessions(session, user)
    audit.record(session, actor, "user.password_changed", f"user:{user.id}")


def disable_user(session: Session, actor: str, user: User) -> None:
    """Close an account: no log-in, no token works any more; what the person did stays recorded."""
    user.disabled_at = now()
    end_sessions(session, user)
    session.execute(
        update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)).values(revoked_at=now())
    )
    audit.record(session, actor, "user.disabled", f"user:{user.id}")


def enable_user(session: Session, actor: str, user: User) -> None:
    """Open a closed account again."""
    user.disabled_at = None
    audit.record(session, actor, "user.enabled", f"user:{user.id}")


def by_login(session: Session, login: str) -> User:
    """The account of that log-in name.

    :raises NotFound: there is none.
    """
    user = session.scalar(select(User).where(User.login == login.strip().lower()))
    if user is None:
        raise NotFound(what=f"tài khoản {login}")
    return user


def check_password(session: Session, login: str, password: str) -> User | None:
    """The person with this log-in and password, or None; takes as long for an unknown log-in as for a known one."""
    user = session.scalar(select(User).where(User.login == login.strip().lower(), User.disabled_at.is_(None)))
    try:
        _hasher.verify(user.password_hash if user else _DUMMY_HASH, password)
    except (VerificationError, InvalidHashError):
        return None
    if user and _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    return user


def start_session(session: Session, user: User, address: str) -> str:
    """Begin a log-in; returns the cookie's value, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(UserSession(user_id=user.id, token_hash=_digest(token), address=address[:64]))
    audit.record(session, f"user:{user.login}", "user.logged_in", f"user:{user.id}", {"address": address})
    return token


def session_user(session: Session, token: str, *, hours: float, idle_minutes: float) -> tuple[User, UserSession] | None:
    """Who is logged in with this cookie, unless the log-in has ended, timed out, or the account was disabled."""
    row = session.scalar(select(UserSession).where(UserSession.token_hash == _digest(token)))
    if row is None or row.ended_at is not None or row.user.disabled_at is not None:
        return None
    moment = now()
    if moment - row.created_at > timedelta(hours=hours) or moment - row.seen_at > timedelta(minutes=idle_minutes):
        return None
    return row.user, row


def end_sessions(session: Session, user: User) -> None:
    """End every log-in of a person."""
    session.execute(
        update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None)).values(ended_at=now())
    )


def create_token(session: Session, actor: str, user: User, name: str) -> str:
    """Make an API token; it is shown once and stored hashed."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(user_id=user.id, name=name.strip()[:100] or "token", token_hash=_digest(token))
    session.add(row)
    session.flush()
    audit.record(session, actor, "token.created", f"token:{row.id}", {"user": user.login, "name": row.name})
    return token


def token_user(session: Session, token: str) -> User | None:
    """Who this API token belongs to, or None if it is unknown, revoked, or the account disabled."""
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == _digest(token)))
    if row is None or row.revoked_at is not None or row.user.disabled_at is not None:
        return None
    return row.user


def revoke_token(session: Session, actor: str, token_id: int, user: User) -> None:
    """Make a token useless.

    :raises NotFound: this person has no such token.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.user_id != user.id:
        raise NotFound(what="mã truy cập")
    row.revoked_at = now()
    audit.record(session, actor, "token.revoked", f"token:{row.id}")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
