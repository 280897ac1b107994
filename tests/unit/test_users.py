"""Accounts: passwords, log-ins that end, tokens that can be revoked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid
from storage import users
from storage.access import SERVICE
from storage.models.people import ApiToken, Role, User, UserSession
from tests.conftest import PASSWORD

MakeUser = Callable[..., User]


def test_password_is_checked_and_never_stored(session: Session, make_user: MakeUser) -> None:
    user = make_user(session, "hoa")
    assert PASSWORD not in user.password_hash
    assert users.check_password(session, " HOA ", PASSWORD) is user
    assert users.check_password(session, "hoa", PASSWORD + "x") is None
    assert users.check_password(session, "nobody", PASSWORD) is None


def test_disabled_account_gets_in_by_no_way(session: Session, make_user: MakeUser) -> None:
    user = make_user(session, "hoa")
    cookie = users.start_session(session, user, "10.0.0.5")
    token = users.create_token(session, "user:hoa", user, "may quet")
    assert users.session_user(session, cookie, hours=1, idle_minutes=1) and users.token_user(session, token) is user
    users.disable_user(session, SERVICE.name, user)
    session.expire_all()
    assert users.session_user(session, cookie, hours=1, idle_minutes=1) is None
    assert users.token_user(session, token) is None
    assert users.check_password(session, "hoa", PASSWORD) is None


@pytest.mark.parametrize(
    ("age", "idle"), [(timedelta(hours=11), timedelta()), (timedelta(hours=2), timedelta(hours=2))]
)
def test_a_log_in_ends_by_age_and_by_idleness(
    session: Session, make_user: MakeUser, age: timedelta, idle: timedelta
) -> None:
    cookie = users.start_session(session, make_user(session, "hoa"), "")
    row = session.scalars(select(UserSession)).one()
    assert cookie != row.token_hash
    row.created_at -= age
    row.seen_at -= idle
    assert users.session_user(session, cookie, hours=10, idle_minutes=60) is None


def test_changing_the_password_ends_every_log_in(session: Session, make_user: MakeUser) -> None:
    user = make_user(session, "hoa")
    cookie = users.start_session(session, user, "")
    users.set_password(session, "user:hoa", user, "mot mat khau khac")
    session.expire_all()
    assert users.session_user(session, cookie, hours=10, idle_minutes=60) is None


def test_revoked_token_is_useless(session: Session, make_user: MakeUser) -> None:
    user = make_user(session, "hoa")
    token = users.create_token(session, "user:hoa", user, "may quet")
    row = session.scalars(select(ApiToken)).one()
    assert token not in row.token_hash
    users.revoke_token(session, "user:hoa", row.id, user)
    assert users.token_user(session, token) is None


@pytest.mark.parametrize("login", ["", "a", "hoa nguyen", "../x", "hòa", "hoa"])
def test_bad_or_taken_log_in_names_are_refused(session: Session, make_user: MakeUser, login: str) -> None:
    make_user(session, "hoa")
    with pytest.raises(Invalid):
        users.create_user(session, "t", login=login, name="x", role=Role.CLERK, password=PASSWORD)


def test_generated_passwords_differ_and_are_long_enough() -> None:
    made = {users.generate_password() for _ in range(50)}
    assert len(made) == 50 and all(len(p) >= users.MIN_PASSWORD for p in made)
