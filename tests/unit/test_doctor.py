"""The doctor names what is wrong and the command that mends it, and never calls a sound machine ill."""

import socket
from pathlib import Path

import pytest

from archive_svc.doctor import data, network, tools
from archive_svc.doctor.finding import Finding, State
from archive_svc.setup import set_up
from config.settings import Settings, load_settings


def states(findings: list[Finding]) -> dict[str, State]:
    return {finding.name: finding.state for finding in findings}


@pytest.fixture
def archive(tmp_path: Path) -> Settings:
    """Settings of an archive after its first run."""
    return set_up(tmp_path / "kho").settings


def test_sound_archive_has_nothing_bad(archive: Settings) -> None:
    findings = [*data.check_folders(archive), *data.check_disks(archive), *data.check_database(archive)]
    assert [finding for finding in findings if finding.state == State.BAD] == []
    assert states(findings)["database"] == State.OK


def test_everything_bad_names_what_mends_it(tmp_path: Path) -> None:
    nowhere = load_settings(tmp_path / "nowhere", environment={})
    findings = [*data.check_folders(nowhere), *data.check_database(nowhere)]
    assert findings
    assert all(finding.state == State.BAD and "archive init" in finding.told("vi").mend for finding in findings)


def test_inbox_around_the_data_folder_is_refused(archive: Settings) -> None:
    around = load_settings(archive.data, environment={}, inbox=archive.data.parent)
    assert any("inside the inbox" in finding.told("en").text for finding in data.check_folders(around))


def test_key_that_others_may_read_is_found(archive: Settings) -> None:
    archive.secret_key_file.write_bytes(b"key")
    archive.secret_key_file.chmod(0o644)
    assert states(list(data.check_folders(archive)))["secret key"] == State.BAD
    archive.secret_key_file.chmod(0o600)
    assert "secret key" not in states(list(data.check_folders(archive)))


def test_disk_that_stops_intake_is_bad(archive: Settings) -> None:
    full = load_settings(archive.data, environment={}, min_free_mb=10**9)
    assert states(list(data.check_disks(full)))["disk"] == State.BAD


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/srv/archive/data", "nfs4"), ("/srv/archived", "ext4"), ("/mnt/my disk/x", "cifs"), ("/etc", "ext4")],
)
def test_kind_of_disk_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    mounts = (
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 0:9 / /srv/archive rw shared:1 - nfs4 server:/x rw\n"
        "3 1 0:8 / /mnt/my\\040disk rw - cifs //server/x rw\n"
    )
    assert data.file_system(Path(path), mounts) == kind


def test_data_on_a_network_disk_is_bad(archive: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "file_system", lambda path: "cifs")
    assert states(list(data.check_disks(archive)))["data disk"] == State.BAD
    elsewhere = load_settings(archive.data, environment={}, database_url="postgresql://server/archive")
    assert states(list(data.check_disks(elsewhere)))["data disk"] == State.OK


def test_taken_port_is_told(archive: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = load_settings(archive.data, environment={}, port=other.getsockname()[1])
        assert states(list(network.check_web(taken)))["web port"] == State.BAD


LISTING = """[global]
\tworkgroup = WORKGROUP
[homes]
\tpath = /home
[quet]
\tpath = /srv/archive/inbox
\tread only = No
[print$]
\tpath = /var/lib/samba/printers
"""


@pytest.mark.parametrize(
    ("folder", "found"),
    [("/srv/archive/inbox", ("quet", False)), ("/home", ("homes", True)), ("/srv/archive", None)],
)
def test_share_of_the_inbox_is_found_in_what_samba_says(folder: str, found: tuple[str, bool] | None) -> None:
    assert network.share_of(LISTING, Path(folder)) == found


def test_old_and_missing_programs_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"tesseract": "4.1.1", "gs": None, "ffmpeg": None}
    monkeypatch.setattr(tools, "tool_version", lambda command, argument: versions[command])
    findings = list(tools.check_programs())
    assert states(findings) == {"tesseract": State.BAD, "gs": State.BAD, "ffmpeg": State.WARN}
    assert all(finding.told("vi").mend.startswith("make install") for finding in findings)


def test_every_finding_is_told_in_vietnamese_with_english_by_a_switch(archive: Settings) -> None:
    around = load_settings(archive.data, environment={}, inbox=archive.data.parent, min_free_mb=10**9)
    findings = [*data.check_folders(around), *data.check_disks(around), *network.check_web(around)]
    bad = [finding for finding in findings if finding.state != State.OK]
    assert {finding.name for finding in bad} >= {"inbox", "disk", "office network"}
    for finding in bad:
        vietnamese, english = finding.told("vi"), finding.told("en")
        assert vietnamese.name == english.name == english.label != vietnamese.label
        assert vietnamese.text != english.text
        assert not vietnamese.text.isascii()
        assert english.text.isascii()


@pytest.mark.tools
def test_this_machine_has_programs_fonts_models_and_assets(archive: Settings) -> None:
    findings = [*tools.check_python(), *tools.check_programs(), *tools.check_fonts(), *tools.check_assets(),
                *tools.check_models(archive)]
    assert [finding for finding in findings if finding.state != State.OK] == []
