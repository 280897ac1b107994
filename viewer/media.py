"""Recordings in the browser: whether and how they play, sending them in parts so that they can be wound."""

import re
from typing import Literal

from flask import send_file
from sqlalchemy import select
from sqlalchemy.orm import object_session
from werkzeug.wrappers import Response

from config.errors import NotFound
from config.settings import Settings
from ingest import playable
from ingest.stages.transcode import PROBLEM
from storage.derived import DerivedStore
from storage.models.records import OPEN_STATES, Job
from storage.models.scans import Scan
from storage.vault import Vault

#: ``original`` plays as it is, ``copy`` by its derived copy; ``needed``: a copy must be made; ``making``: it is being
#: made; ``failed``: none can be
State = Literal["original", "copy", "needed", "making", "failed", "none"]
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)|(\d+(?:[.,]\d+)?)")


def how_to_play(settings: Settings, scan: Scan) -> State:
    """How a scan is played; ``none`` where it is no recording."""
    if scan.kind not in ("audio", "video") or scan.sha256 is None:
        return "none"
    if DerivedStore(settings.derived_folder).path(scan.sha256, playable.NAME).is_file():
        return "copy"
    if playable.browser_plays(Vault(settings.vault_folder).path(scan.sha256)):
        return "original"
    if _is_being_made(scan):
        return "making"
    return "failed" if PROBLEM in (scan.error_detail or {}) else "needed"


def _is_being_made(scan: Scan) -> bool:
    session = object_session(scan)
    if session is None:
        return False
    job = select(Job.id).where(Job.stage == "transcode", Job.scan_id == scan.id, Job.state.in_(OPEN_STATES))
    return session.scalar(job.limit(1)) is not None


def send(settings: Settings, scan: Scan) -> Response:
    """The bytes a player asks for, by ranges."""
    state = how_to_play(settings, scan)
    if state == "copy":
        path, kind = DerivedStore(settings.derived_folder).path(str(scan.sha256), playable.NAME), "video/mp4"
    elif state == "original":
        path, kind = Vault(settings.vault_folder).path(str(scan.sha256)), scan.media_type
    else:
        raise NotFound(what=scan.name)
    answer = send_file(path, mimetype=kind, conditional=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def seconds_of(text: str) -> float | None:
    """A place in a recording as people type it: ``1:02:03``, ``2:03``, ``75``; None for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, rest, plain = found.groups()
    if plain:
        return float(plain.replace(",", "."))
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
