"""Puts the invented sample case into an archive: people, a case, and scans dropped into that case's inbox folder."""

import io
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_svc.demo.drawing import DPI, SampleDocument, draw_pages
from ingest import inbox
from storage import cases, users
from storage.access import Actor
from storage.database import Database
from storage.models.cases import Case, Right
from storage.models.people import Role, User
from storage.vault import durable_replacement

CONTENT = Path(__file__).with_name("case.toml")
JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Demo:
    """What was put in. ``password`` is that of the people made now, None when all were there before."""

    case_name: str
    scan: Path | None
    logins: list[str]
    password: str | None


def put_in(database: Database, actor: Actor, inbox_folder: Path) -> Demo:
    """Make the sample's people and case, draw its pages and drop them; a second call changes nothing.

    :raises FontMissing: this machine cannot draw Vietnamese letters.
    """
    content = tomllib.loads(CONTENT.read_text("utf-8"))
    password = users.generate_password()
    with database.read() as session:
        if cases.find_by_number(session, content["number"]):
            return Demo(content["name"], None, [person["login"] for person in content["users"]], None)
    scan_bytes = as_pdf(draw_pages([SampleDocument(**entry) for entry in content["documents"]]))
    with database.write() as session:
        case = cases.create_case(
            session, actor, kind=content["kind"], name=content["name"], numbers=[content["number"]]
        )
        made = [_person(session, actor, case, person, password) for person in content["users"]]
        inbox.make_folders(session, inbox_folder)
        target = inbox_folder / inbox.CASES / str(case.inbox_name) / content["file_name"]
    with durable_replacement(target) as out:
        out.write(scan_bytes)
    return Demo(content["name"], target, [person["login"] for person in content["users"]],
                password if any(made) else None)


def as_pdf(pages: list[Image.Image]) -> bytes:
    """The pages as one PDF of JPEG images, as office scanners write it."""
    buffer = io.BytesIO()
    pages[0].save(
        buffer, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=JPEG_QUALITY,
        title="", producer="",
    )
    return buffer.getvalue()


def _person(session: Session, actor: Actor, case: Case, person: dict[str, Any], password: str) -> bool:
    """Make the account if it is not there, and assign it; says whether it was made."""
    user = session.scalar(select(User).where(User.login == person["login"]))
    made = user is None
    if user is None:
        user = users.create_user(
            session, actor.name, login=person["login"], name=person["name"], role=Role(person["role"]),
            password=password, must_change_password=False,
        )
    if "right" in person:
        cases.assign(session, actor, case, user, Right(person["right"]))
    return made
