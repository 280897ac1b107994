"""Files that come through the browser or the API: the same intake as the watched folder.

The bytes go into the vault before a transaction begins, so that a slow line never holds the database.
"""

import tempfile
from datetime import timedelta
from typing import IO
from zoneinfo import ZoneInfo

from flask import Request, current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from config.errors import Invalid
from config.settings import Settings
from ingest import batching, intake
from ingest.intake import Received
from storage import cases
from storage.access import Actor, require_batch, require_case_for_filing
from storage.models.base import now
from storage.models.cases import Case, Right
from storage.models.scans import Batch, Scan
from storage.vault import Vault


class UploadRequest(Request):
    """A request whose uploaded files wait on the archive's own disk, not in a system folder that may be small."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        settings: Settings = current_app.extensions["archive_settings"]
        return tempfile.TemporaryFile("w+b", dir=settings.data)


def receive(settings: Settings, files: list[FileStorage]) -> list[Received]:
    """Store what was sent; touches no database.

    :raises Invalid: nothing was sent, or a file without a name.
    """
    named = [file for file in files if file.filename]
    if not named:
        raise Invalid(what=_("tệp gửi lên"), why=_("chưa chọn tệp nào"))
    vault = Vault(settings.vault_folder, min_free_bytes=settings.min_free_mb * 2**20)
    return [intake.receive(vault, file.stream, str(file.filename), settings) for file in named]


def usual_name(settings: Settings, received: list[Received]) -> str:
    """Name of a batch nobody gave a name: that of its only file, else when it came."""
    if len(received) == 1:
        return received[0].name
    return batching.name_by_time(now(), ZoneInfo(settings.timezone))


def case_from(session: Session, actor: Actor, text: str) -> Case | None:
    """The case that papers are to go into, by any of its numbers or its id; None for an empty text.

    :raises Invalid: no case, or more than one, bears this number.
    :raises NotFound, Forbidden, CaseClosed: the actor may not put papers into it.
    """
    text = text.strip()
    if not text:
        return None
    found = cases.find_by_number(session, text)
    if len(found) == 1:
        return require_case_for_filing(session, actor, found[0].id)
    if not found and text.isdecimal() and len(text) < 12:
        return require_case_for_filing(session, actor, int(text))
    raise Invalid(what=_("số hồ sơ %(text)s", text=text), why=_("không có hồ sơ nào, hoặc nhiều hồ sơ, mang số này"))


def register(
    session: Session, actor: Actor, received: list[Received], *, case: Case | None, name: str,
    folder_code: str | None = None, batch_id: int | None = None, source: str = "web",
) -> tuple[Batch, list[Scan]]:
    """Record received files as one batch (or in the open batch named) and queue their first jobs.

    :raises Invalid: the case has no such folder, or the batch takes no more files.
    """
    if case is not None and folder_code and cases.folder_of(session, case, folder_code) is None:
        raise Invalid(what=_("nhóm tài liệu %(code)s", code=folder_code), why=_("hồ sơ này không có nhóm đó"))
    moment = now()
    if batch_id is not None:
        batch = require_batch(session, actor, batch_id, Right.WRITE)
        if batch.state != "open":
            raise Invalid(what=_("đợt quét %(name)s", name=batch.name), why=_("đã đóng, không nhận thêm tệp"))
    else:
        batch = batching.batch_for(
            session, actor, source=f"{source}:{actor.user_id}:{moment.timestamp():.6f}", name=name, case=case,
            owner_id=actor.user_id, now=moment, pause=timedelta(0),
        )
        batch.folder_code = folder_code or None
    scans = [intake.register(session, actor, batch, one, now=moment, owner_id=actor.user_id) for one in received]
    if batch_id is None:
        batching.close(session, actor, batch)
    return batch, scans
