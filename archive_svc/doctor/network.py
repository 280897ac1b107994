"""Who can reach the archive: the web port, the office's network, the Windows share of the inbox."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser, Error
from pathlib import Path

from archive_svc.address import why_not_free
from archive_svc.doctor.finding import Finding, bad, good, warn
from archive_svc.speech import Said
from config.settings import Settings

SMB_PORT = 445
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check_web(settings: Settings) -> Iterator[Finding]:
    """The web port is free or already answered by us, and other machines can reach it if they are meant to."""
    address = f"{settings.host}:{settings.port}"
    if answers_as_archive(settings.host, settings.port):
        yield good("web port", Said(f"kho đang chạy ở {address}", f"the archive answers on {address}"))
    elif why := why_not_free(settings.host, settings.port):
        yield bad("web port", f"{address}: {why}", Said(
            "dừng chương trình đang chiếm cổng, hoặc đặt port khác trong settings.toml",
            "stop that program, or set another `port` in settings.toml",
        ))  # fmt: skip
    else:
        yield good("web port", Said(f"{address} còn trống", f"{address} is free"))
    if settings.host in _LOOPBACK:
        yield warn("office network", Said("chỉ máy này mở được kho", "only this machine can open the archive"),
                   Said('đặt host = "0.0.0.0" trong settings.toml, rồi chạy archive tls để có chứng thư',
                        'set host = "0.0.0.0" in settings.toml, then archive tls for a certificate'))


def answers_as_archive(host: str, port: int) -> bool:
    """Whether a web server is there that redirects to our log-in."""
    target = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared with, not bound to
    try:
        with socket.create_connection((target, port), timeout=2) as connection:
            connection.sendall(f"GET / HTTP/1.0\r\nHost: {target}\r\n\r\n".encode())
            answer = connection.recv(4096).decode("latin-1")
    except OSError:
        return False
    head = answer.partition("\r\n\r\n")[0].lower()
    return "content-security-policy:" in head and ("location: /login" in head or "location: /dang-nhap" in head)


def check_share(settings: Settings) -> Iterator[Finding]:
    """The inbox as a Windows share: whether Samba offers exactly this folder, and answers."""
    testparm = shutil.which("testparm") or "/usr/bin/testparm"
    if not Path(testparm).exists():
        yield warn("windows share", Said("chưa cài Samba nên máy quét và máy Windows chưa chép tệp vào được",
                                         "Samba is not installed, so scanners and Windows machines cannot drop files"),
                   Said("make share   (không cần nếu chỉ nộp tệp bằng trình duyệt)",
                        "make share   (not needed when people only upload in the browser)"))
        return
    done = subprocess.run([testparm, "-s"], capture_output=True, text=True, timeout=20, check=False)
    share = share_of(done.stdout, settings.inbox_folder)
    if share is None:
        yield warn("windows share", Said(f"Samba chưa chia sẻ thư mục {settings.inbox_folder}",
                                         f"Samba shares no folder {settings.inbox_folder}"), "make share")
    elif share[1]:
        yield warn("windows share", Said(f"thư mục chia sẻ [{share[0]}] chỉ cho đọc",
                                         f"the share [{share[0]}] is read-only"), "make share")
    elif not _listens(SMB_PORT):
        yield bad("windows share", Said(f"đã đặt [{share[0]}] nhưng Samba không trả lời",
                                        f"[{share[0]}] is set up but Samba does not answer"), "systemctl restart smbd")
    else:
        yield good("windows share", rf"\\{socket.gethostname()}\{share[0]} = {settings.inbox_folder}")


def share_of(listing: str, folder: Path) -> tuple[str, bool] | None:
    """Name of the share that offers the folder in what ``testparm -s`` prints, and whether it is read-only."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    try:
        parser.read_string(listing)
    except Error:
        return None
    for name in parser.sections():
        section = parser[name]
        if "path" in section and Path(section["path"]) == folder:
            return name, section.get("read only", "yes").lower() in ("yes", "true", "1")
    return None


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False
