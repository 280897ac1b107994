"""``archive ingest``, ``status``, ``retry`` and ``text`` as other programs use them."""

import json
from pathlib import Path

import pytest

from tests import scan_files as files
from tests.e2e.conftest import Office

pytestmark = [pytest.mark.tools, pytest.mark.xdist_group("serve")]

TITLE = "VIỆN KIỂM SÁT NHÂN DÂN\n\nQUYẾT ĐỊNH\nKHỞI TỐ VỤ ÁN HÌNH SỰ"
LARGE = (1240, 1754)


def test_alone_it_brings_its_own_workers_and_prints_what_became_of_each_file(office: Office, tmp_path: Path) -> None:
    good = files.write(tmp_path, "Quyết định.jpg", files.image_bytes("JPEG", TITLE, size=LARGE))
    locked = files.write(tmp_path, "mat khau.pdf", files.encrypted_pdf())
    damaged = files.write(tmp_path, "rac.pdf", b"%PDF-1.7\n" + b"\xfe" * 5000 + b"\n%%EOF\n")
    done = office.run("ingest", str(good), str(locked), str(damaged), "--wait", "--json", check=False)
    assert done.returncode == 1
    assert "INPUT-ENCRYPTED" in done.stderr
    assert "mat khau.pdf" in done.stderr
    first, second, third = json.loads(done.stdout)["scans"]
    assert (first["name"], first["pages"], first["error"]) == ("Quyết định.jpg", 1, None)
    assert first["state"] in ("done", "needs_review")
    (document,) = first["documents"]
    assert {
        "id", "type", "type_name", "title", "folder", "case_number", "number", "date", "first_page", "last_page",
        "confidence", "needs_review", "but_luc",
    } <= document.keys()  # fmt: skip
    assert (document["first_page"], document["last_page"]) == (1, 1)
    assert second["error"]["code"] == "INPUT-ENCRYPTED"
    assert second["documents"] == []

    text = office.json("text", str(first["id"]))
    assert [page["number"] for page in text["pages"]] == [1]
    assert "KHỞI TỐ VỤ ÁN HÌNH SỰ" in text["pages"][0]["text"]
    assert 0 < text["pages"][0]["confidence"] <= 1

    again = office.json("ingest", str(good), "--wait")["scans"][0]
    assert again["duplicate_of"] == first["id"]
    assert [d["id"] for d in again["documents"]] == [document["id"]]

    status = office.json("status")
    assert {scan["name"] for scan in status["scans"]} >= {"Quyết định.jpg", "mat khau.pdf"}
    assert office.json("retry", "--all")["retried"] == [{"scan": third["id"], "jobs": 1}]


def test_beside_a_running_service_its_workers_do_the_work(office: Office, tmp_path: Path) -> None:
    office.serve()
    paths = [
        files.write(tmp_path, f"{n}.jpg", files.image_bytes("JPEG", f"Trang số {n}", size=LARGE)) for n in (2, 10, 1)
    ]
    answer = office.json("ingest", *map(str, paths), "--batch", "--wait")
    assert [scan["name"] for scan in answer["scans"]] == ["2.jpg", "10.jpg", "1.jpg"]
    assert all(scan["error"] is None for scan in answer["scans"])
    assert "worker" in office.json("status")["processes"]


def test_a_case_that_is_not_there_is_refused_before_anything_is_recorded(office: Office, tmp_path: Path) -> None:
    path = files.write(tmp_path, "a.jpg", files.image_bytes("JPEG"))
    done = office.run("ingest", str(path), "--case", "99/2099/HSST", check=False)
    assert done.returncode == 1
    assert "99/2099/HSST" in done.stderr
    assert office.scan_states() == {}


def test_wrong_usage_and_a_missing_archive(office: Office, tmp_path: Path) -> None:
    assert office.run("ingest", str(tmp_path / "khong co.pdf"), check=False).returncode == 2
    assert office.run("retry", check=False).returncode == 2
    office.data = tmp_path / "khong co"
    assert office.run("status", check=False).returncode == 3
