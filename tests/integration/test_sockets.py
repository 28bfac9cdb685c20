"""What the tests with real sockets stand on."""

import socket

import pytest

from tests.integration import sockets
from tests.integration.sockets import LOOPBACK, free_port


def test_a_free_port_is_none_that_somebody_listens_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even if there is no other."""
    port = free_port()
    monkeypatch.setattr(sockets, "PORTS", range(port, port + 1))
    with (
        socket.create_server((LOOPBACK, port)),
        pytest.raises(OSError, match=f"all ports from {port} to {port} are taken"),
    ):
        free_port()
    assert free_port() == port
