"""The address the screens are served at, tried before anything is started."""

import socket

from config.errors import EXIT_UNABLE, ArchiveError
from config.settings import Settings


class AddressUnusable(ArchiveError):
    """Nobody can listen on the address of the screens: mostly because an archive, or another program, already does."""

    code = "ADDRESS"
    vi = ("Không mở được cổng {port} ở địa chỉ {host} ({why}). Thường là kho lưu trữ đang chạy rồi, hoặc chương trình "
          "khác dùng cổng này. Dữ liệu vẫn nguyên. Hãy mở địa chỉ đó trong trình duyệt, hoặc đặt `port` khác trong "
          "settings.toml rồi chạy lại.")  # fmt: skip
    en = ("Port {port} of {host} cannot be opened ({why}). Mostly the archive runs already, or another program has the "
          "port. The data is whole. Open that address in a browser, or set another `port` in settings.toml and start "
          "again.")  # fmt: skip
    exit_code = EXIT_UNABLE


def check(settings: Settings) -> None:
    """Try to listen.

    :raises AddressUnusable: the machine does not let us.
    """
    why = why_not_free(settings.host, settings.port)
    if why:
        raise AddressUnusable(host=settings.host, port=settings.port, why=why)


def why_not_free(host: str, port: int) -> str:
    """Empty when we could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror or str(error)
    return ""
