import errno
import logging
from pathlib import Path
from typing import NoReturn

import pytest

from archive_svc.parts import LogFile


def refusing(error: Exception) -> type:
    """A stream whose every write fails."""

    class Stream:
        def write(self, _text: str) -> NoReturn:
            raise error

        def close(self) -> None: ...
        def flush(self) -> None: ...

    return Stream


@pytest.fixture
def log(tmp_path: Path) -> logging.Logger:
    """A log that goes to a file only."""
    logger = logging.Logger("kho")
    handler = LogFile(tmp_path / "worker.log")
    logger.addHandler(handler)
    yield logger
    handler.close()


def test_a_full_disk_does_not_bury_what_is_logged_under_tracebacks(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = log.handlers[0]
    handler.stream.close()
    handler.stream = refusing(OSError(errno.ENOSPC, "No space left on device"))()
    log.warning("trang 1")
    assert capsys.readouterr().err == ""


def test_any_other_fault_of_logging_is_told(log: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    log.warning("%d", "no number")
    assert "Logging error" in capsys.readouterr().err


def test_a_full_disk_does_not_keep_a_process_from_starting_anew(log: logging.Logger) -> None:
    """Whoever starts closes the log it inherited, whose last lines may not fit."""
    handler = log.handlers[0]
    handler.stream.close()
    handler.stream = unable_to_close = refusing(OSError(errno.ENOSPC, "No space left on device"))()
    unable_to_close.close = unable_to_close.flush = lambda: unable_to_close.write("")
    handler.close()
