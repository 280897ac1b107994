"""The data folder, the inbox, the database and the disks they lie on."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from archive_svc.doctor.finding import Finding, bad, good, warn
from archive_svc.speech import Said
from config.settings import Settings
from storage.database import Database
from storage.migrate import is_current
from storage.models.base import now
from storage.models.records import AuditEvent

GIB = 2**30
#: file systems that live on another machine; SQLite's write-ahead log is not safe on them
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.glusterfs", "ceph"})
#: less than this left for scans is worth a warning
COMFORTABLE_GIB = 20


def check_folders(settings: Settings) -> Iterator[Finding]:
    """Data folder and inbox: there, writable, not inside each other the wrong way."""
    if not settings.data.is_dir():
        yield bad("data folder", Said(f"chưa có {settings.data}", f"{settings.data} is not there"),
                  f"archive init --data {settings.data}")
        return
    for name, folder in (("data folder", settings.data), ("inbox", settings.inbox_folder)):
        why = why_not_writable(folder)
        if why:
            yield bad(name, f"{folder}: {why}", f"chown -R {_account()} {folder} && chmod -R u+rwX {folder}")
        else:
            yield good(name, str(folder))
    data, inbox = settings.data.resolve(), settings.inbox_folder.resolve()
    if data.is_relative_to(inbox):
        yield bad("inbox", Said(f"thư mục dữ liệu {data} nằm trong thư mục quét, nơi mọi người ghi vào",
                                f"the data folder {data} lies inside the inbox, which people write into"),
                  Said("đặt thư mục quét khác: dòng inbox trong settings.toml",
                       "set another `inbox` in settings.toml"))
    key = settings.secret_key_file
    if key.exists() and key.stat().st_mode & 0o077:
        yield bad("secret key", Said(f"tài khoản khác trên máy đọc được {key}",
                                     f"{key} can be read by other accounts"), f"chmod 600 {key}")


def why_not_writable(folder: Path) -> str:
    """Empty when a file can be made, renamed and removed in the folder (on a share the rights shown do not tell)."""
    probe = folder / f".doctor-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        probe.write_bytes(b"probe")
        probe.rename(probe.with_suffix(".renamed")).unlink()
    except OSError as error:
        probe.unlink(missing_ok=True)
        return error.strerror or str(error)
    return ""


def check_disks(settings: Settings) -> Iterator[Finding]:
    """Room left, counted twice over: a scan lies in the vault and, until cleared, among the sources moved away."""
    if not settings.data.is_dir():
        return
    free = shutil.disk_usage(settings.data).free
    room = max(0, free - settings.min_free_mb * 2**20) / 2 / GIB
    text = Said(
        f"ổ chứa {settings.data} còn {free / GIB:.1f} GiB: đủ cho khoảng {room:.1f} GiB bản quét mới "
        "(mỗi tệp nằm hai nơi cho đến khi dọn tệp nguồn)",
        f"{free / GIB:.1f} GiB free on the disk of {settings.data}: room for about {room:.1f} GiB of new scans "
        "(each lies there twice until the moved sources are cleared)",
    )
    if free <= settings.min_free_mb * 2**20:
        yield bad("disk", Said(f"{text.vi}; đã tạm ngừng nhận tệp", f"{text.en}; taking in has stopped"),
                  Said("archive clear; không đủ thì chuyển thứ khác khỏi ổ này",
                       "archive clear; else move other things off this disk"))
    elif room < COMFORTABLE_GIB:
        yield warn("disk", text, Said(
            "archive clear (xóa tệp nguồn đã có bản gốc nguyên vẹn trong kho); nên tính ổ lớn hơn",
            "archive clear (deletes moved sources whose originals are whole); plan a larger disk",
        ))  # fmt: skip
    else:
        yield good("disk", text)
    kind = file_system(settings.data)
    if kind in NETWORK_FILE_SYSTEMS and not settings.database_url:
        where = f"{settings.data} ({kind})"
        yield bad("data disk", Said(f"{where} nằm trên ổ mạng; cơ sở dữ liệu ở đó có thể hỏng",
                                    f"{where} is on a network disk; the database may be damaged there"),
                  Said("chuyển thư mục dữ liệu về ổ của máy này, hoặc đặt database_url tới một máy chủ PostgreSQL",
                       "move the data folder to a disk of this machine, or set database_url to a PostgreSQL server"))
    else:
        yield good("data disk", kind or Said("không rõ loại", "kind unknown"))
    yield from _check_moved(settings)


def _check_moved(settings: Settings) -> Iterator[Finding]:
    if not settings.taken_in_folder.is_dir():
        return
    size = sum(path.stat().st_size for path in settings.taken_in_folder.rglob("*") if path.is_file())
    yield good("moved sources", Said(
        f"{size / GIB:.1f} GiB tệp nguồn đang giữ thêm trong {settings.taken_in_folder}",
        f"{size / GIB:.1f} GiB of sources kept beside the vault in {settings.taken_in_folder}",
    ))  # fmt: skip


def file_system(path: Path, mounts: str | None = None) -> str:
    """Kind of the file system a path lies on, from the kernel's list of mounts; empty where there is none."""
    if mounts is None:
        listing = Path("/proc/self/mountinfo")
        mounts = listing.read_text("utf-8") if listing.exists() else ""
    best, kind = "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = before.split()[4].replace("\\040", " ")
        inside = point == "/" or str(path.resolve()) == point or str(path.resolve()).startswith(f"{point}/")
        if inside and len(point) >= len(best):
            best, kind = point, after.split()[0]
    return kind


def check_database(settings: Settings) -> Iterator[Finding]:
    """Reachable, at this version's schema, and the clock not behind the last thing recorded."""
    if not settings.database_url and not (settings.data / "archive.sqlite3").exists():
        yield bad("database", Said(f"chưa có trong {settings.data}", f"there is none in {settings.data}"),
                  f"archive init --data {settings.data}")
        return
    try:
        with Database(settings.database) as database:
            if not is_current(database):
                yield warn("database", Said("do phiên bản cũ tạo; lần khởi động tới sẽ tự nâng lên",
                                            "made by an older version; it is brought up to date at the next start"),
                           Said("archive backup THƯ-MỤC, rồi khởi động dịch vụ",
                                "archive backup FOLDER, then start the service"))
                return
            with database.read() as session:
                last = session.scalar(select(AuditEvent.at).order_by(AuditEvent.seq.desc()).limit(1))
    except SQLAlchemyError as error:
        yield bad("database", str(error.__cause__ or error), Said(
            "archive restore BẢN-SAO-LƯU, hoặc khởi động máy chủ cơ sở dữ liệu",
            "archive restore BACKUP, or start the database server",
        ))  # fmt: skip
        return
    yield good("database", Said("mở được, đúng phiên bản", "reachable, schema up to date"))
    if last is not None and last > now():
        yield bad("clock", Said(f"đồng hồ chậm hơn lần ghi cuối cùng ({last:%Y-%m-%d %H:%M} UTC)",
                                f"the machine's clock is behind the last record ({last:%Y-%m-%d %H:%M} UTC)"),
                  "timedatectl set-time 'YYYY-MM-DD HH:MM'")
    else:
        yield good("clock", Said(f"{now():%Y-%m-%d %H:%M} UTC, sau lần ghi cuối cùng",
                                 f"{now():%Y-%m-%d %H:%M} UTC, after the last record"))


def _account() -> str:
    return str(os.getuid())
