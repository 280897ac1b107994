"""Logged in without the form: one test fills the form in, the others have better things to wait for."""

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from storage import users
from storage.database import Database
from storage.models.people import User
from viewer.auth import COOKIE_KEY

NAME = "archive"


def cookie_of(app: Flask, database: Database, login: str) -> str:
    """The value of the cookie that a log-in of this person would leave in the browser."""
    with database.write() as session:
        user = session.scalars(select(User).where(User.login == login)).one()
        token = users.start_session(session, user, "127.0.0.1")
    serializer = app.session_interface.get_signing_serializer(app)
    assert app.config["SESSION_COOKIE_NAME"] == NAME
    return serializer.dumps({COOKIE_KEY: token})


def bring(context: BrowserContext, address: str, cookie: str) -> None:
    """Give a browser context the cookie."""
    context.add_cookies([{"name": NAME, "value": cookie, "url": address, "httpOnly": True, "sameSite": "Lax"}])
