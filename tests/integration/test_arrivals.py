"""A file just seen is told to the workers, who make ready while it is still being looked at."""

from datetime import timedelta

from ingest import arrivals
from ingest.arrivals import Arrivals
from ingest.workshop import Workshop
from storage.models.base import now
from tests import scan_files as files
from tests.integration.conftest import Line


def test_each_worker_is_told_of_an_arrival_once(line: Line) -> None:
    early, late = Arrivals(line.shop.database), Arrivals(line.shop.database)
    assert not early.is_new()
    files.write(line.inbox, "moi.png", files.image_bytes("PNG"))
    line.watcher.tick(1000.0)
    assert early.is_new()
    assert not early.is_new()
    assert late.is_new()
    assert not Arrivals(line.shop.database).is_new(), "one that starts later has nothing to make ready for"


def test_a_file_known_already_and_an_empty_inbox_are_no_arrival(line: Line) -> None:
    seen = Arrivals(line.shop.database)
    line.watcher.tick(1000.0)
    assert not seen.is_new()
    files.write(line.inbox, "moi.png.part", files.image_bytes("PNG"))
    line.watcher.tick(1001.0)
    assert seen.is_new()
    line.watcher.tick(2000.0)
    assert not seen.is_new()


def test_an_arrival_of_long_ago_is_no_reason_to_make_ready(line: Line) -> None:
    seen = Arrivals(line.shop.database)
    with line.shop.database.write() as session:
        arrivals.announce(session, now() - timedelta(minutes=1))
    assert not seen.is_new()


def test_a_workshop_made_ready_has_its_reader_running(line: Line) -> None:
    shop = Workshop(line.shop.settings, line.shop.database)
    try:
        shop.make_ready()
        process = shop.reader._process
        assert process is not None
        assert process.poll() is None
    finally:
        shop.rest()
    assert process.poll() is not None
