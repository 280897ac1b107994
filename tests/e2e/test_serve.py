"""The service as a whole: starting, restarting what dies, stopping, and what people drop meanwhile."""

import os
import signal
import time

import psutil
import pytest
from sqlalchemy import func, select

from storage.audit import check_chain
from storage.models.records import Job
from storage.models.scans import Batch, Page, PageText, Scan
from tests import scan_files as files
from tests.e2e.conftest import Office

pytestmark = [pytest.mark.tools, pytest.mark.xdist_group("serve")]

PAGE = (620, 877)
FILES = 60


def texts(count: int) -> list[str]:
    return [f"Trang số {number} của hồ sơ vụ án" for number in range(1, count + 1)]


def nothing_lost_nothing_doubled(office: Office, names: dict[str, int]) -> None:
    """Each file is one scan with all its pages, each page read once, and every record holds."""
    with office.database.read() as session:
        rows = session.execute(
            select(Scan.name, Scan.sha256, func.count(Page.id)).outerjoin(Page).group_by(Scan.id)
        ).all()
        assert sorted((row[0], row[2]) for row in rows) == sorted(names.items())
        assert session.scalar(select(func.count(PageText.id))) == sum(names.values())
        assert list(check_chain(session)) == []
        vault = office.settings.vault_folder
        for row in rows:
            assert (vault / row[1][:2] / row[1]).is_file()
    assert not [p for p in office.inbox.rglob("*") if p.is_file() and p.suffix != ".txt"]
    taken = [p.name.split("-", 1)[1] for p in office.settings.taken_in_folder.rglob("*") if p.is_file()]
    assert sorted(taken) == sorted(names)


def test_a_scan_dropped_before_the_start_is_found_and_a_clean_stop_leaves_nothing_running(office: Office) -> None:
    files.write(office.inbox, "truoc.pdf", files.scanned_pdf(texts(2), size=PAGE))
    office.serve()
    office.wait_for_pages(2)
    children = office.children()
    assert office.stop() == 0
    _gone, alive = psutil.wait_procs(children, 10)
    assert alive == []
    nothing_lost_nothing_doubled(office, {"truoc.pdf": 2})


def test_ctrl_c_stops_cleanly_even_while_it_starts(office: Office) -> None:
    office.serve()
    assert office.process is not None
    children = office.children()
    office.process.send_signal(signal.SIGINT)
    assert office.process.wait(60) == 0
    _gone, alive = psutil.wait_procs(children, 10)
    assert alive == []
    assert "did not stop in time" not in (office.data / "serve.out").read_text()


def test_every_killed_part_is_started_again_and_work_resumes_at_the_page(office: Office) -> None:
    office.serve()
    files.write(office.inbox, "dai.pdf", files.scanned_pdf(texts(12), size=PAGE))
    office.wait(lambda: office.pages()[1] >= 2, "reading has begun")
    read_before = office.pages()[1]
    for process in office.children():
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    assert office.pages()[1] >= read_before
    office.wait_for_pages(12)
    nothing_lost_nothing_doubled(office, {"dai.pdf": 12})


@pytest.mark.parametrize("delay", [0.9, 2.6])
def test_kill_9_of_everything_at_any_moment(office: Office, delay: float) -> None:
    """Two moments of the many that ``python -m bench.kill_sweep`` tries."""
    office.serve()
    files.write(office.inbox, "mot.pdf", files.scanned_pdf(texts(4), size=PAGE))
    files.write(office.inbox, "hai.jpg", files.image_bytes("JPEG", "Một trang khác"))
    time.sleep(delay)
    office.kill_all()
    office.serve()
    office.wait_for_pages(5)
    office.wait(lambda: set(office.scan_states().values()) <= {"done", "needs_review"}, "everything is cut")
    office.wait(lambda: not [p for p in office.inbox.iterdir() if p.suffix in (".pdf", ".jpg")], "the share is tidy")
    nothing_lost_nothing_doubled(office, {"mot.pdf": 4, "hai.jpg": 1})


def test_files_not_yet_whole_are_waited_for(office: Office) -> None:
    """One whose copy pauses longer than every quiet time but the last (a scanner may pause for half a minute), and one
    its program still holds open."""
    content = files.scanned_pdf(texts(2), size=PAGE)
    slow = office.inbox / "cham.pdf"
    office.serve()
    with (office.inbox / "mo.jpg").open("wb") as out:
        out.write(files.image_bytes("JPEG", "Trang"))
        out.flush()
        os.fsync(out.fileno())
        slow.write_bytes(content[: len(content) // 2])
        time.sleep(4)
        assert office.scan_states() == {}
    with slow.open("ab") as out:
        out.write(content[len(content) // 2 :])
    office.wait_for_pages(3)
    nothing_lost_nothing_doubled(office, {"cham.pdf": 2, "mo.jpg": 1})


def test_many_files_in_a_folder_at_once(office: Office) -> None:
    names = {}
    for number in range(FILES):
        name = f"tep {number}.png"
        files.write(office.inbox, f"ca thu muc/{name}", files.image_bytes("PNG", f"số {number}", size=(200, 280)))
        names[name] = 1
    office.serve()
    office.wait_for_pages(FILES, seconds=150)
    nothing_lost_nothing_doubled(office, names)
    with office.database.read() as session:
        assert session.scalar(select(func.count(Scan.batch_id.distinct()))) == 1
    office.wait(lambda: _is_closed(office), "the batch closes")
    with office.database.read() as session:
        ordered = session.scalars(select(Scan.name).order_by(Scan.position)).all()
        assert ordered == [f"tep {number}.png" for number in range(FILES)]
        failed = select(func.count(Job.id)).where(Job.state == "failed")
        assert session.scalar(failed) == 0


def _is_closed(office: Office) -> bool:
    with office.database.read() as session:
        return set(session.scalars(select(Batch.state))) == {"closed"}
