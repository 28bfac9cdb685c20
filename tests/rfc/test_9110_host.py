"""Host: in every request, and before all other fields (RFC 9110 section 7.2).

In: requests with and without Host. Out: what can be sent, in which order.
"""

import pytest

from h11 import ErrorCode, Request
from tests.h11.conversations import client, say
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines


@pytest.mark.rfc("9110/7.2/host-sent")
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "CONNECT"])
def test_no_request_is_sent_without_host(method: str) -> None:
    """A request without Host cannot be made, whatever its method and target."""
    target = "example.com:443" if method == "CONNECT" else "/"
    code = wire.mistake(Request, method=method, target=target, headers=[("X", "y")]).code
    assert code is ErrorCode.BAD_HOST


@pytest.mark.rfc("9110/7.2/host-sent")
def test_even_an_absolute_target_needs_host() -> None:
    """A target that names the host itself does not replace the field."""
    target = "http://example.com/"
    assert wire.mistake(Request, method="GET", target=target, headers=[]).code is ErrorCode.BAD_HOST


@pytest.mark.rfc("9110/7.2/host-sent")
@pytest.mark.parametrize("value", ["example.com", "example.com:8080", "[::1]:80", "10.0.0.1", ""])
def test_host_is_sent_as_given(value: str) -> None:
    """A host with or without port, and an empty value where the target has none, go through."""
    sent = say(client(), Request(method="GET", target="/", headers=[("Host", value)]))
    assert field_lines(sent) == [f"Host: {value}".encode()]


@pytest.mark.rfc("9110/7.2/host-first")
@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_host_is_sent_first(place: int) -> None:
    """Host stands before all other fields, which keep their order."""
    headers = [("A", "1"), ("B", "2"), ("a", "3")]
    headers.insert(place, ("HOST", "example.com"))
    sent = say(client(), Request(method="GET", target="/", headers=headers))
    assert field_lines(sent) == [b"HOST: example.com", b"A: 1", b"B: 2", b"a: 3"]
