"""What produced a reading: engine, model and our own stage version. A stored reading is keyed by it."""

import functools
import hashlib
from pathlib import Path

import tesserocr

from ingest.recognise.errors import LanguageMissing

#: raised whenever our own part of the reading changes what comes out
STAGE_VERSION = 5


@functools.cache
def model_fingerprint(tessdata: str, language: str) -> str:
    """First eight hex digits of the model file's SHA-256. Raises ``LanguageMissing``."""
    try:
        with (Path(tessdata) / f"{language}.traineddata").open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:8]
    except OSError as error:
        raise LanguageMissing(folder=tessdata) from error


def engine_version() -> str:
    """Tesseract's version as bundled with tesserocr (it differs from the ``tesseract`` command's)."""
    return str(tesserocr.tesseract_version()).split()[1]


def tool(tessdata: str, language: str) -> str:
    """The stage key, e.g. ``read 5; tesseract 5.5.4; vie 112f6fd1``."""
    return f"{TOOL}; {language} {model_fingerprint(tessdata, language)}"


#: engine and stage without the model; the whole key of one reading is ``tool(…)``
TOOL = f"read {STAGE_VERSION}; tesseract {engine_version()}"
