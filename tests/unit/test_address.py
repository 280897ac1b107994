"""The address of the screens is tried before anything starts."""

import socket

import pytest

from archive_svc.address import AddressUnusable, check
from config.settings import Settings


def test_a_taken_port_is_told_and_a_free_one_is_not(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        object.__setattr__(settings, "port", other.getsockname()[1])
        with pytest.raises(AddressUnusable) as refused:
            check(settings)
        assert str(settings.port) in refused.value.message("vi")
    check(settings)
