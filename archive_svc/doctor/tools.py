"""Programs, models, fonts and files of others that the archive needs on this machine."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version
from PIL import ImageFont

from archive_svc.demo.drawing import FontMissing, font
from archive_svc.doctor.finding import Finding, bad, good, warn
from archive_svc.speech import Said
from config.settings import Settings
from ingest.recognise.options import tessdata_folder
from viewer import vendor

INSTALL = "make install"
#: command, argument that prints its version, oldest version that is known to work, what is lost without it
TOOLS = (
    ("tesseract", "--version", "5.0", None),
    ("gs", "--version", "10.0", None),
    ("ffmpeg", "-version", "5.0", Said("bản ghi hình, ghi âm vẫn được lưu nhưng không có ảnh xem trước",
                                       "videos and recordings are kept, but shown without a picture")),
)
#: a letter that fonts for western languages lack; both its marks must be drawn
TEST_LETTER = "ệ"


def check_python() -> Iterator[Finding]:
    """The interpreter and every package the project names, in a version it accepts."""
    yield good("python", f"{sys.version.split()[0]} ({sys.prefix})")
    wrong: list[Said] = []
    for text in requires("archive-svc") or []:
        need = Requirement(text)
        if need.marker and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            have = version(need.name)
        except PackageNotFoundError:
            wrong.append(Said(f"thiếu {need.name}", f"{need.name} is missing"))
            continue
        if not need.specifier.contains(have, prereleases=True):
            wrong.append(Said(f"{need.name} là {have}, cần {need.specifier}",
                              f"{need.name} is {have}, needed is {need.specifier}"))
    if wrong:
        told = Said("; ".join(said.vi for said in wrong), "; ".join(said.en for said in wrong))
        yield bad("python packages", told, INSTALL)
    else:
        yield good("python packages", Said("đủ", "all there"))


def check_programs() -> Iterator[Finding]:
    """Tesseract, Ghostscript and ffmpeg."""
    for command, argument, oldest, without in TOOLS:
        found = tool_version(command, argument)
        package = "ghostscript" if command == "gs" else command
        mend = Said(f"{INSTALL}   (hoặc: apt-get install {package})", f"{INSTALL}   (or: apt-get install {package})")
        if found is None and without:
            yield warn(command, Said(f"chưa cài: {without.vi}", f"missing: {without.en}"), mend)
        elif found is None:
            yield bad(command, Said("chưa cài", "missing"), mend)
        elif Version(found) < Version(oldest):
            yield bad(command, Said(f"{found} cũ hơn {oldest}", f"{found} is older than {oldest}"), mend)
        else:
            yield good(command, found)


def tool_version(command: str, argument: str) -> str | None:
    """What a program says its version is; None when it is not there or does not start."""
    path = shutil.which(command)
    if path is None:
        return None
    try:
        done = subprocess.run([path, argument], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found.group() if found else None


def check_models(settings: Settings) -> Iterator[Finding]:
    """The language model that will be used, and the one that tells how a page is turned."""
    folder = tessdata_folder(settings)
    for name, what in (("vie", Said("đọc chữ tiếng Việt", "reading Vietnamese")),
                       ("osd", Said("xoay trang cho đúng chiều", "setting turned pages upright"))):
        path = folder / f"{name}.traineddata"
        if path.is_file() and path.stat().st_size > 10_000:
            yield good(f"model {name}", str(path))
        else:
            yield bad(f"model {name}", Said(f"thiếu {path}, cần để {what.vi}",
                                            f"{path} is missing, needed for {what.en}"), INSTALL)
    if settings.ocr_model == "best" and settings.tessdata == Path() and folder != vendor.MODEL_DIR:
        yield warn("model vie", Said("chưa cài bộ chữ tốt hơn; đang đọc bằng bộ chữ của Debian",
                                     "the better model is not installed; pages are read with Debian's"), INSTALL)


def check_fonts() -> Iterator[Finding]:
    """A font in which Vietnamese letters are more than an empty box (Debian's older Liberation has none)."""
    try:
        face = font(12)
    except FontMissing:
        yield bad("fonts", Said("thiếu Liberation Serif; bản in sẽ hiện ô trống",
                                "Liberation Serif is missing; printed sheets would show empty boxes"), INSTALL)
        return
    name = face.getname()[0]
    if has_letter(face, TEST_LETTER):
        yield good("fonts", Said(f"{name} có chữ tiếng Việt", f"{name} with Vietnamese letters"))
    else:
        yield bad("fonts", Said(f"{name} không có chữ tiếng Việt", f"{name} holds no Vietnamese letters"),
                  "apt-get install fonts-liberation2")


def has_letter(face: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the font draws this letter other than a letter that surely is in no font."""
    return bytes(face.getmask(letter)) != bytes(face.getmask("\U0010fffe"))


def check_assets() -> Iterator[Finding]:
    """Browser scripts of other projects, each exactly the reviewed one."""
    wrong = vendor.missing_or_changed(vendor.read_assets(), vendor.STATIC_DIR, vendor.MODEL_DIR)
    static = [asset for asset in wrong if asset.kind == "static"]
    if static:
        names = ", ".join(asset.target for asset in static)
        yield bad("browser scripts", Said(f"thiếu hoặc bị sửa: {names}", f"missing or changed: {names}"), INSTALL)
    else:
        yield good("browser scripts", str(vendor.STATIC_DIR))
