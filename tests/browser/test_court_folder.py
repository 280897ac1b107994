"""The court folder opened from a disk: same keys, checks itself, holds only what may be shown, brings its log back."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive_svc.commands.court_folder import command
from storage.models.presentation import Presentation
from tests.browser.court_world import is_black, open_windows, shows
from viewer import court_export
from viewer.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("court")]
PASSWORD = "mật khẩu dài"


def download(world, target: Path) -> Path:
    """Make the folder as the page does, and unpack it; then the line to the office is cut."""
    app = create_app(world.settings, world.database)
    with app.test_request_context("/"), world.database.read() as session:
        presentation = session.get(Presentation, world.presentation_id)
        package = court_export.as_zip(session, world.settings, presentation, None)
        with package, zipfile.ZipFile(io.BytesIO(package.read())) as unpack:
            unpack.extractall(target)
    world.server.stop()
    return target / f"phien-toa-{world.presentation_id}"


def write(world, target: Path, password: str | None = None) -> Path:
    """Make the folder by the command."""
    protected = ["--password-stdin"] if password else []
    folder, data = target / "USB" / "phien-toa", str(world.settings.data)
    arguments = [str(world.presentation_id), str(folder), "--data", data, *protected]
    done = CliRunner().invoke(command, arguments, input=f"{password}\n", catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with pytest.raises(court_export.CourtFolderTarget):
        CliRunner().invoke(command, arguments, input=f"{password}\n", catch_exceptions=False)
    assert list(folder.parent.iterdir()) == [folder], "nothing unfinished is left beside it"
    world.server.stop()
    return folder


def test_a_hearing_from_the_folder(world, context, tmp_path: Path) -> None:
    folder = download(world, tmp_path)
    desk = context.new_page()
    stage = open_windows(context, desk, (folder / court_export.CONSOLE_PAGE).as_uri())
    assert is_black(stage)
    assert "Vụ Nguyễn Văn Bảy" in desk.inner_text(".court-name")
    desk.keyboard.press("Enter")
    shows(stage, "1")
    desk.keyboard.press("PageDown")
    shows(stage, "2")
    for key in ("4", "Enter", "Enter"):
        desk.keyboard.press(key)
    if desk.evaluate("court.state.asking"):
        desk.keyboard.press("Enter")
    shows(stage, "3")
    stage.reload()
    shows(stage, "3")
    desk.reload()
    shows(stage, "black")
    desk.wait_for_function("() => document.body.dataset.ready === 'true'")
    desk.keyboard.press("Enter")
    stage.wait_for_function("() => document.querySelector('canvas').dataset.shows !== 'black'")
    desk.keyboard.press("b")
    shows(stage, "black")
    desk.click(".court-more summary")
    with desk.expect_download() as saved:
        desk.click("[data-save-log]")
    log = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert log["presentation"] == str(world.presentation_id)
    assert "BL 1" in [entry["label"] for entry in log["entries"]]


def test_a_protected_folder(world, context, tmp_path: Path) -> None:
    folder = write(world, tmp_path, PASSWORD)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for private in ("GHI CHÚ RIÊNG", "Nguyễn Văn Bảy", "Nếu bị cáo chối"):
        assert private.encode() not in everything
    desk = context.new_page()
    desk.goto((folder / court_export.CONSOLE_PAGE).as_uri())
    desk.fill("#gate-password", "sai mật khẩu")
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.querySelector('[data-gate-said]').textContent.includes('không đúng')")
    desk.fill("#gate-password", PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.body.dataset.ready === 'true'")
    with context.expect_page() as opened:
        desk.keyboard.press("i")
    stage = opened.value
    desk.wait_for_function("() => court.stage.alive")
    desk.bring_to_front()
    desk.keyboard.press("Enter")
    shows(stage, "1")
    assert not is_black(stage)


def test_a_damaged_picture_is_told_and_never_shown(world, context, tmp_path: Path) -> None:
    folder = write(world, tmp_path)
    broken = folder / "tep" / f"p{world.page_ids[0]}-0.js"
    text = broken.read_text()
    broken.write_text(text[:5000] + ("A" if text[5000] != "A" else "B") + text[5001:])
    desk = context.new_page()
    desk.goto((folder / court_export.CONSOLE_PAGE).as_uri())
    desk.wait_for_function("() => document.body.dataset.ready === 'false'")
    assert "HÌNH HỎNG" in desk.inner_text("[data-preload-said]")
    with context.expect_page() as opened:
        desk.keyboard.press("i")
    stage = opened.value
    desk.wait_for_function("() => court.stage.alive")
    desk.bring_to_front()
    desk.keyboard.press("Enter")
    desk.wait_for_function("() => document.querySelector('[data-state]').dataset.state === 'missing'")
    assert is_black(stage)
