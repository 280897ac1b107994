"""Messages between the service and a reader process: a length, a JSON head, a body."""

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct(">IQ")
#: no page image is larger; a damaged length must not make the reader allocate it
LARGEST = 2**31


def write_frame(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write one message and flush it."""
    encoded = json.dumps(head, ensure_ascii=False).encode()
    stream.write(_LENGTHS.pack(len(encoded), len(body)))
    stream.write(encoded)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next message, or None when the other side is gone."""
    lengths = _exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    if head_size > LARGEST or body_size > LARGEST:
        raise ValueError(f"frame of {head_size} + {body_size} bytes")
    head = _exactly(stream, head_size)
    body = _exactly(stream, body_size)
    if head is None or body is None:
        return None
    return json.loads(head), body


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts, missing = [], size
    while missing:
        part = stream.read(missing)
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
