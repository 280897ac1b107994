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
    try:
        places = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _name, place in places:
            with socket.socket(family, kind, protocol) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(place)
    except OSError as error:
        raise AddressUnusable(host=settings.host, port=settings.port, why=error.strerror or str(error)) from error
