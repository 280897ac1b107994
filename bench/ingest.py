"""How fast and how small intake is, as JSON: drop scans into a running service and compare with the bare tools.

``python -m bench.ingest SCANS… [--pages N] [--memory-pages 1000] [--idle 30] [--skip-ocrmypdf]``

In one run, on the same pages: the floor (``tesseract`` with as many processes as cores, one thread each), ``ocrmypdf -l
vie -j CORES``, and the archive from drop to searchable. Memory is PSS over all our processes, sampled.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# run as a script this folder comes first on the path, and its modules would hide the packages of the same names
sys.path[0] = str(Path(__file__).resolve().parents[1])

# ruff: noqa: E402
import pikepdf
import psutil
import pypdfium2
from sqlalchemy import func, select

from config.settings import load_settings
from storage.database import Database
from storage.models.intake import ServiceProcess
from storage.models.records import OutboxEntry
from storage.models.scans import OcrState, Page, Scan

CORES = len(os.sched_getaffinity(0))
#: seconds between two looks at the service: each costs some 10 to 30 ms of the processor it is measured on
MEMORY_EVERY, PAGES_EVERY, ONE_PAGE_EVERY = 2.0, 0.2, 0.05
ARCHIVE = [sys.executable, "-m", "archive_svc.main"]


@dataclass
class Service:
    """A running ``archive serve`` on a data folder of its own."""

    data: Path
    process: subprocess.Popen[bytes]
    peak_pss: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.settings = load_settings(self.data)
        self.database = Database(self.settings.database)
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self) -> None:
        while not self._stop.wait(MEMORY_EVERY):
            self.peak_pss = max(self.peak_pss, self.pss())

    def tree(self) -> list[psutil.Process]:
        """The service's processes."""
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self.process.pid)
            return [root, *root.children(recursive=True)]
        return []

    def pss(self) -> int:
        """Proportional memory of all processes together, in bytes."""
        total = 0
        for process in self.tree():
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total

    def cpu_seconds(self) -> float:
        """CPU used so far by the processes that live now."""
        total = 0.0
        for process in self.tree():
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def searchable(self, name: str | None = None) -> set[int]:
        """Ids of the pages, of one file or of all, whose words as last stored are in the index."""
        waiting = select(OutboxEntry.id).where(OutboxEntry.page_id == Page.id).exists()
        done = Page.ocr_state.not_in((OcrState.PENDING, OcrState.RUNNING))
        query = select(Page.id).join(Scan).where(done, ~waiting)
        with self.database.read() as session:
            return set(session.scalars(query if name is None else query.where(Scan.name == name)))

    def wait_until_it_works(self, workers: int, seconds: float = 120) -> None:
        """Wait until the watcher and every worker say that they live, and then a little for the web server."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.database.read() as session:
                living = session.scalar(select(func.count()).select_from(ServiceProcess)) or 0
            if living >= workers + 1:
                time.sleep(3)
                return
            time.sleep(0.1)
        raise TimeoutError(f"the service did not start in {seconds} s")

    def wait_for(self, pages: int, every: float, seconds: float = 3600, name: str | None = None) -> float:
        """Wait until this many pages, of one file or of all, have become searchable; returns when (monotonic).

        A page stays found while it is indexed once more (its document was cut), so it counts from its first time.
        """
        end = time.monotonic() + seconds
        found: set[int] = set()
        while time.monotonic() < end:
            found |= self.searchable(name)
            if len(found) >= pages:
                return time.monotonic()
            time.sleep(every)
        raise TimeoutError(f"only {len(found)} of {pages} pages after {seconds} s")

    def drop(self, source: Path, name: str) -> float:
        """Copy a file into the inbox; returns when it was there."""
        shutil.copyfile(source, self.settings.inbox_folder / name)
        return time.monotonic()

    def end(self) -> None:
        """Stop the service."""
        self._stop.set()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.database.close()


@contextlib.contextmanager
def service(workers: int) -> Iterator[Service]:
    """A service on a fresh data folder."""
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder:
        data = Path(folder) / "data"
        subprocess.run([*ARCHIVE, "init", "--data", str(data)], check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [*ARCHIVE, "serve", "--data", str(data), "--port", str(port), "--workers", str(workers)]
        with (Path(folder) / "serve.log").open("wb") as log:
            running = Service(data, subprocess.Popen(command, stdout=log, stderr=log))
            try:
                running.wait_until_it_works(workers)
                yield running
            finally:
                running.end()


def page_pngs(scans: list[Path], folder: Path) -> list[Path]:
    """Every page as an image at its own resolution, for the floor."""
    made = []
    for scan in scans:
        if scan.suffix.lower() != ".pdf":
            made.append(scan)
            continue
        pdf = pypdfium2.PdfDocument(scan)
        for number, page in enumerate(pdf, start=1):
            image = next(iter(page.get_objects(max_depth=1)))
            path = folder / f"{scan.stem}-{number:04d}"
            image.extract(str(path))
            made += folder.glob(f"{path.name}.*")
    return made


def floor(images: list[Path]) -> tuple[float, list[float]]:
    """Seconds for all pages through bare ``tesseract`` on every core, and each page's own seconds."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def one(image: Path) -> float:
        begun = time.monotonic()
        command = ["tesseract", str(image), "-", "-l", "vie"]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.monotonic() - begun

    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        each = list(pool.map(one, images))
    return time.monotonic() - begun, each


def ocrmypdf_seconds(scans: list[Path], folder: Path) -> float:
    """Seconds for all scans through ``ocrmypdf -l vie -j CORES``, one after the other."""
    begun = time.monotonic()
    for scan in scans:
        command = [sys.executable, "-m", "ocrmypdf", "-q", "-l", "vie", "-j", str(CORES)]
        command += ["--image-dpi", "300"] if scan.suffix.lower() != ".pdf" else []
        subprocess.run([*command, str(scan), str(folder / "out.pdf")], check=True)
    return time.monotonic() - begun


def throughput(scans: list[Path], pages: int) -> dict[str, float]:
    """Pages per minute from drop to searchable, and the peak memory while at it."""
    with service(CORES) as running:
        begun = time.monotonic()
        for number, scan in enumerate(scans):
            running.drop(scan, f"{number}-{scan.name}")
        ended = running.wait_for(pages, PAGES_EVERY)
        return {"pages_per_minute": pages / (ended - begun) * 60, "peak_pss_mb": running.peak_pss / 2**20}


def one_page(image: Path, times: int) -> dict[str, float]:
    """Seconds from drop to searchable for one page, against its own reading time alone."""
    alone = statistics.median(floor([image])[0] for _ in range(3))
    with service(CORES) as running:
        took = [seconds_until_found(running, image, f"mot-{number}{image.suffix}") for number in range(times)]
    return {
        "seconds": statistics.median(took), "first_seconds": took[0], "ocr_seconds": alone, "allowed": 1.3 * alone + 2,
    }  # fmt: skip


def seconds_until_found(running: Service, image: Path, name: str) -> float:
    """Drop a page and wait until its words are in the index; other bytes each time, the same picture."""
    source = running.data / "copy"
    source.write_bytes(image.read_bytes() + name.encode())
    begun = running.drop(source, name)
    return running.wait_for(1, ONE_PAGE_EVERY, name=name) - begun


def overtaking(long_scan: Path, image: Path, times: int) -> dict[str, object]:
    """One page dropped several times while a long scan is being read, against the same page alone; all go into one
    folder, so that they are of one batch."""
    with service(CORES) as running:
        alone = [seconds_until_found(running, image, f"mot-{number}{image.suffix}") for number in range(times)]
        running.drop(long_scan, "dai.pdf")
        time.sleep(12)
        busy = [seconds_until_found(running, image, f"hai-{number}{image.suffix}") for number in range(times)]
    return {
        "alone_seconds": [round(one, 2) for one in alone], "while_busy_seconds": [round(one, 2) for one in busy],
        "ratio": statistics.median(busy) / statistics.median(alone),
    }  # fmt: skip


def idle(seconds: int) -> dict[str, float]:
    """Memory and CPU while nothing happens."""
    with service(CORES) as running:
        time.sleep(10)
        before, begun = running.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        share = (running.cpu_seconds() - before) / (time.monotonic() - begun)
        return {"pss_mb": running.pss() / 2**20, "cpu_percent": share * 100}


def repeated(scans: list[Path], pages: int, target: Path) -> Path:
    """One PDF of this many pages, the scans' pages over and over."""
    with pikepdf.new() as long:
        sources = [pikepdf.open(scan) for scan in scans if scan.suffix.lower() == ".pdf"]
        every = [page for source in sources for page in source.pages]
        for number in range(pages):
            long.pages.append(every[number % len(every)])
        long.save(target)
    return target


def memory(scans: list[Path], pages: int, *, until: int) -> dict[str, float]:
    """Peak memory for one long scan on two workers, over its first ``until`` pages and its cutting if it ends."""
    with tempfile.TemporaryDirectory() as folder, service(2) as running:
        source = repeated(scans, pages, Path(folder) / "long.pdf")
        running.drop(source, "dai.pdf")
        running.wait_for(until, PAGES_EVERY, seconds=6 * 3600)
        return {"pages": pages, "read": until, "peak_pss_mb": running.peak_pss / 2**20}


def main() -> None:
    """Run the asked measurements and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scans", nargs="+", type=Path)
    parser.add_argument("--only", nargs="*", default=["throughput", "one", "overtake", "idle"])
    parser.add_argument("--times", type=int, default=5, help="one-page drops")
    parser.add_argument("--idle", type=int, default=30, help="seconds of idleness")
    parser.add_argument("--memory-pages", type=int, default=1000)
    parser.add_argument("--memory-until", type=int, default=1000)
    parser.add_argument("--skip-ocrmypdf", action="store_true")
    asked = parser.parse_args()
    result: dict[str, object] = {"cores": CORES}
    with tempfile.TemporaryDirectory(prefix="bench-floor-") as folder:
        images = page_pngs(asked.scans, Path(folder))
        result["pages"] = len(images)
        if "throughput" in asked.only:
            before, _ = floor(images)
            ours = throughput(asked.scans, len(images))
            after, _ = floor(images)  # a machine's speed changes from minute to minute
            result |= ours
            result["floor_pages_per_minute"] = [len(images) / seconds * 60 for seconds in (before, after)]
            result["ratio_to_floor"] = ours["pages_per_minute"] / (len(images) / ((before + after) / 2) * 60)
            if not asked.skip_ocrmypdf:
                spent = ocrmypdf_seconds(asked.scans, Path(folder))
                result["ocrmypdf_pages_per_minute"] = len(images) / spent * 60
        if "one" in asked.only:
            result["one_page"] = one_page(images[0], asked.times)
        if "overtake" in asked.only:
            long_scan = repeated(asked.scans, 300, Path(folder) / "300.pdf")
            result["overtaking"] = overtaking(long_scan, images[0], asked.times)
        if "idle" in asked.only:
            result["idle"] = idle(asked.idle)
        if "memory" in asked.only:
            result["memory"] = memory(asked.scans, asked.memory_pages, until=asked.memory_until)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
