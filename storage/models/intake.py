"""Records of the service's own running: processes, files on their way out of the share, what lies in the way."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, now


class ServiceProcess(Base):
    """A running process of the service, on any machine. One that was not seen for a while is dead."""

    __tablename__ = "service_process"

    #: ``host:pid:start`` – a process number that was given to somebody else later is not the same process
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    host: Mapped[str] = mapped_column(String(64))
    pid: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime] = mapped_column(default=now)


class IncomingFile(Base):
    """A file of the inbox whose copy is committed: what still has to be done in the share.

    ``state``: ``taken`` (the source may still lie in the share), ``moved`` (it lies in the server-only folder; the
    biên nhận is not written yet), ``aside`` (it was refused, and its copy with the LÝ DO lies in the share), ``told``
    (the biên nhận is written), ``reported`` (the biên nhận also says what is missing, doubled or blurred in its batch).
    """

    __tablename__ = "incoming_file"
    __table_args__ = (UniqueConstraint("path", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: relative to the inbox
    path: Mapped[str] = mapped_column(Text)
    #: device, inode, size and time of the source: tells this file from a later one of the same name
    identity: Mapped[str] = mapped_column(String(120))
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="taken", index=True)
    taken_at: Mapped[datetime] = mapped_column(default=now)


class InboxProblem(Base):
    """Something in the way of intake that is no scan: a link, a pipe, an unreadable file, a full disk."""

    __tablename__ = "inbox_problem"

    #: relative to the inbox; empty for the inbox as a whole
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    code: Mapped[str] = mapped_column(String(50))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    since: Mapped[datetime] = mapped_column(default=now)
