"""Kills the service, or one of its processes, at many moments and checks that nothing is lost, nothing doubled.

``python -m bench.kill_sweep [--rounds 40] [--seed 1]``: each round drops scans into the inbox, kills with signal 9 at a
random moment (everything at once, or one random process, several times), starts again, waits until all is read, and
compares: every file one scan with all its pages, every page read exactly once, every original whole, the audit chain
unbroken, the share tidy. Prints one JSON document; exit 1 at the first round that does not hold.
"""

import argparse
import contextlib
import json
import random
import sys
import tempfile
import time
from pathlib import Path

import psutil
from sqlalchemy import func, select

from storage.audit import check_chain
from storage.models.scans import Page, PageText, Scan
from storage.vault import Vault
from tests import scan_files
from tests.e2e.conftest import Office, quick_settings


def check(office: Office, dropped: dict[str, int]) -> list[str]:
    """What does not hold; empty when all is well."""
    found = []
    with office.database.read() as session:
        rows = session.execute(select(Scan.name, Scan.sha256, func.count(Page.id)).outerjoin(Page).group_by(Scan.id))
        scans = [(row[0], row[1], row[2]) for row in rows]
        readings = session.scalar(select(func.count(PageText.id))) or 0
        found += [f"audit: {fault}" for fault in check_chain(session)]
    if sorted((name, pages) for name, _, pages in scans) != sorted(dropped.items()):
        found.append(f"scans: {sorted(scans)} instead of {sorted(dropped)}")
    if readings != sum(dropped.values()):
        found.append(f"readings: {readings} instead of {sum(dropped.values())}")
    vault = Vault(office.settings.vault_folder)
    found += [f"vault: {name}" for name, sha256, _ in scans if not vault.verify(str(sha256))]
    left = [str(path) for path in office.inbox.rglob("*") if path.is_file() and path.suffix != ".txt"]
    found += [f"left in the share: {path}" for path in left]
    return found


def drop(office: Office, number: int, dice: random.Random) -> dict[str, int]:
    """A few scans of one round, by name and number of pages."""
    pages = dice.randint(1, 4)
    texts = [f"Hồ sơ {number}, trang {page}" for page in range(1, pages + 1)]
    scan_files.write(office.inbox, f"{number}.pdf", scan_files.scanned_pdf(texts))
    scan_files.write(office.inbox, f"thu muc/{number}.png", scan_files.image_bytes("PNG", f"Ảnh {number}"))
    return {f"{number}.pdf": pages, f"{number}.png": 1}


def kill_one(office: Office, dice: random.Random) -> str:
    """Kill one process of the service; its name."""
    children = office.children()
    if not children:
        return "none"
    victim = dice.choice(children)
    with contextlib.suppress(psutil.Error):
        victim.kill()
    return str(victim.pid)


def sweep(rounds: int, seed: int) -> dict[str, object]:
    """Run the rounds on one archive, which grows; stops at the first fault."""
    dice = random.Random(seed)
    dropped: dict[str, int] = {}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kill-sweep-") as folder:
        office = Office(Path(folder) / "kho")
        quick_settings(office)
        office.serve()
        try:
            for number in range(1, rounds + 1):
                dropped |= drop(office, number, dice)
                for _ in range(dice.randint(1, 3)):
                    time.sleep(dice.uniform(0.05, 3.0))
                    if dice.random() < 0.5:
                        office.kill_all()
                        office.serve()
                    else:
                        kill_one(office, dice)
                office.wait_for_pages(sum(dropped.values()), seconds=180)
                wanted = dict(dropped)
                office.wait(lambda wanted=wanted: not check(office, wanted), "all is well again", seconds=30)
            return {"rounds": rounds, "seed": seed, "seconds": round(time.monotonic() - begun), "faults": []}
        except AssertionError as error:
            return {"rounds": number, "seed": seed, "faults": check(office, dropped), "error": str(error)[:2000]}
        finally:
            office.kill_all()
            office.database.close()


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    result = sweep(asked.rounds, asked.seed)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 1 if result["faults"] or "error" in result else 0


if __name__ == "__main__":
    sys.exit(main())
