"""Addresses of scripts, styles and icons: each carries a mark of what all these files hold, so browsers keep them.

A page uses some twenty such files. Asked for one by one whether they changed, they cost more than the page itself; an
address that changes with its content need never be asked about. Modules import one another by relative addresses and
so share the mark: a page never runs scripts of two versions.
"""

import functools
import hashlib
from pathlib import Path

from werkzeug.wrappers import Response

FOLDER = Path(__file__).parent / "static"
#: letters of the mark: enough that two releases never share one
MARK_LENGTH = 12


@functools.cache
def address() -> str:
    """The path all static files lie under, such as ``/static/3f9c0d11a2b4``."""
    digest = hashlib.sha256()
    for path in sorted(one for one in FOLDER.rglob("*") if one.is_file()):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return f"/static/{digest.hexdigest()[:MARK_LENGTH]}"


def keep(response: Response) -> None:
    """Let browsers keep a file for good; an error page not at all, as the file may be there at the next try."""
    good = response.status_code in (200, 206, 304)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if good else "no-store"
