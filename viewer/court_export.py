"""The court folder: a presentation that opens from a USB stick in any browser, without network or installation.

A page opened from a disk may neither load modules nor fetch, so the scripts are joined into one classic script and
each picture lies base64-coded in a script of its own. Only what may be shown is in it, coverings burned in.
With a password everything but the program itself is encrypted: AES-256-GCM, the key by PBKDF2-HMAC-SHA256.
"""

import base64
import hashlib
import json
import os
import re
import secrets
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from flask import render_template
from sqlalchemy.orm import Session

from config.errors import EXIT_USAGE, ArchiveError, Invalid
from config.settings import Settings
from storage.models.presentation import Presentation
from storage.presentation_lock import frozen_pictures
from viewer import court_deck, static_files
from viewer.court_pictures import CourtPictures
from viewer.court_words import MODULES, court_words, key_help

PRESENT = static_files.FOLDER / "js" / "present"
CONSOLE_PAGE, STAGE_PAGE, FOLDER = "MO-BAI-TRINH-CHIEU.html", "man-chieu.html", "tep"
#: OWASP's recommendation of 2023 for PBKDF2 with SHA-256
ITERATIONS = 600_000
SHORTEST_PASSWORD = 8
#: bytes in one script; browsers keep a script's text in memory while it runs
PIECE = 6 * 1024 * 1024
_IMPORT = re.compile(r"^import\s[^;]*;\s*$\n?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)
FOLDER_MODULES = (*MODULES, "folder", "folder_main")


class CourtFolderTarget(ArchiveError):
    """The court folder was to be written where something lies already."""

    code = "COURT-FOLDER-TARGET"
    vi = "Thư mục {path} đã có nên chưa chép thư mục phiên tòa. Không có gì thay đổi. Hãy chọn tên khác."
    en = "{path} is there already, so the court folder was not written. Nothing was changed. Choose another name."
    exit_code = EXIT_USAGE


@dataclass(frozen=True, slots=True)
class Secret:
    """Key of a protected folder and what the browser needs to derive it again from the password."""

    key: bytes
    salt: bytes

    @staticmethod
    def of(password: str) -> "Secret":
        """Derive a fresh key. Raises Invalid for a password that is too short."""
        if len(password) < SHORTEST_PASSWORD:
            raise Invalid(what="mật khẩu", why=f"cần ít nhất {SHORTEST_PASSWORD} ký tự")
        salt = secrets.token_bytes(16)
        derive = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=salt, iterations=ITERATIONS)
        return Secret(derive.derive(unicodedata.normalize("NFC", password).encode()), salt)

    def seal(self, name: str, data: bytes) -> bytes:
        """Encrypt a piece; its name is bound to it, so that pieces cannot be exchanged unnoticed."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self.key).encrypt(nonce, data, name.encode())


def joined_script() -> str:
    """All modules of court mode as one classic script, in order of dependence. Pure text work, no bundler."""
    parts = []
    for name in FOLDER_MODULES:
        source = (PRESENT / f"{name}.js").read_text("utf-8")
        source = _EXPORT.sub("", _IMPORT.sub("", source))
        if re.search(r"^\s*(?:import|export)\b", source, re.MULTILINE):
            raise ValueError(f"{name}.js has an import or export that cannot be joined")
        parts.append(f"// ---- {name}.js\n{source}")
    return '(function () {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def files(
    session: Session, settings: Settings, presentation: Presentation, password: str | None
) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder: path and bytes. Must run inside a request (its pages are templates)."""
    secret = Secret.of(password) if password else None
    deck = court_deck.build(session, presentation, settings.office_name)
    pictures, store = frozen_pictures(session, presentation.id), CourtPictures(settings)
    facts: dict[str, dict[str, Any]] = {}
    for picture in pictures:
        data = store.path(session, presentation, picture).read_bytes()
        pieces = [data[start : start + PIECE] for start in range(0, len(data), PIECE)] or [b""]
        # a sealed piece proves itself; the hash of what is in it would tell whoever has that picture elsewhere
        shown_hash = None if secret else picture.content_hash
        facts[picture.key] = {"sha256": shown_hash, "type": picture.media_type, "pieces": len(pieces)}
        for number, piece in enumerate(pieces):
            yield _script(f"{picture.key}-{number}", piece, secret)
    deck_bytes = json.dumps(deck, ensure_ascii=False, separators=(",", ":")).encode()
    yield _script("deck-0", deck_bytes, secret)
    yield f"{FOLDER}/hinh.js", _facts(presentation, facts, deck_bytes, secret)
    yield f"{FOLDER}/court.js", joined_script().encode()
    yield f"{FOLDER}/court.css", (static_files.FOLDER / "css" / "court.css").read_bytes()
    yield CONSOLE_PAGE, _page("court/folder_console.html")
    yield STAGE_PAGE, _page("court/folder_stage.html")


def _script(name: str, data: bytes, secret: Secret | None) -> tuple[str, bytes]:
    sealed = secret.seal(name, data) if secret else data
    text = f'courtFolder.put("{name}","{base64.b64encode(sealed).decode()}");\n'
    return f"{FOLDER}/{name}.js", text.encode()


def _facts(presentation: Presentation, facts: dict[str, Any], deck: bytes, secret: Secret | None) -> bytes:
    content = {
        "presentation": str(presentation.id), "lock": presentation.lock_hash, "pictures": facts,
        "deck": None if secret else hashlib.sha256(deck).hexdigest(),
        "protection": {"salt": base64.b64encode(secret.salt).decode(), "iterations": ITERATIONS} if secret else None,
    }
    return f"courtFolder.facts({json.dumps(content, separators=(',', ':'))});\n".encode()


def _page(template: str) -> bytes:
    return render_template(template, words=court_words(), key_help=key_help(), rehearsal=False, folder=True,
                           presentation={"name": "", "case": {"name": ""}}).encode()


def as_folder(
    session: Session, settings: Settings, presentation: Presentation, password: str | None, target: Path
) -> None:
    """Write the folder to a disk or stick; what lies at ``target`` afterwards is complete. Reads the archive only.

    :raises CourtFolderTarget: ``target`` is there already.
    """
    if target.exists():
        raise CourtFolderTarget(path=target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".phien-toa-") as unfinished:
        made = Path(unfinished) / target.name
        (made / FOLDER).mkdir(parents=True)
        for name, data in files(session, settings, presentation, password):
            (made / name).write_bytes(data)
        made.rename(target)


def as_zip(
    session: Session, settings: Settings, presentation: Presentation, password: str | None
) -> IO[bytes]:
    """The folder as an open ZIP file that vanishes when closed. Reads only; the caller notes that it was taken."""
    package_file = tempfile.TemporaryFile(dir=settings.data)  # noqa: SIM115 - the caller closes it
    try:
        with zipfile.ZipFile(package_file, "w", zipfile.ZIP_STORED) as package:
            for name, data in files(session, settings, presentation, password):
                package.writestr(f"phien-toa-{presentation.id}/{name}", data)
    except BaseException:
        package_file.close()
        raise
    package_file.seek(0)
    return package_file
