"""Tests of each fix-up by itself: which fields a message keeps, and how long its body is then.

What becomes of them on the wire is tested in `test_header_fixups`. In: an event, and what is known
of the peer. Out: the same event if nothing is to be changed, else a copy (RFC 9110 section 8.6, RFC
9112 section 6).
"""

from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given

from h11 import InformationalResponse, Request, Response
from h11._header_fixups import frame_request, frame_response, in_our_version, without_framing
from h11_parser import BodyLength, Unbounded
from tests.h11.conversations import CHUNKED, CLOSE, Line, informational, length, request, response
from tests.strategies import header_lists

A: Final[Line] = ("A", "b")
Z: Final[Line] = ("z-Z", "y")


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ([length(5), A], [A]),
        ([A, CHUNKED, Z], [A, Z]),
        ([("content-LENGTH", "0"), A, ("TRANSFER-encoding", "Chunked"), Z], [A, Z]),
        ([length(5), length(5)], []),
    ],
    ids=["length", "chunked", "both", "repeated"],
)
def test_an_informational_response_loses_its_framing(lines: list[Line], kept: list[Line]) -> None:
    """It has no body; all other fields stay in their order and casing."""
    event = informational(103, *lines, reason="Early Hints")
    changed = without_framing(event)
    assert changed == informational(103, *kept, reason="Early Hints")
    assert changed.headers.raw_items() == informational(103, *kept).headers.raw_items()


@given(header_lists().map(lambda lines: InformationalResponse(status_code=103, headers=lines)))
def test_an_informational_response_without_framing_stays_itself(
    event: InformationalResponse,
) -> None:
    """No copy is made where there is nothing to leave out."""
    assert without_framing(event) is event


@pytest.mark.parametrize(
    "lines", [[length(3), A, CHUNKED], [CHUNKED, A, ("content-length", "3")]], ids=["first", "last"]
)
def test_a_chunked_request_loses_its_length(lines: list[Line]) -> None:
    """Content-Length may not stand beside Transfer-Encoding (RFC 9112 section 6.2)."""
    event = request(*lines, method="PUT", target="/a")
    rest = [line for line in lines if line[0].lower() != "content-length"]
    changed = frame_request(event)
    assert changed == request(*rest, method="PUT", target="/a")
    assert changed.headers.raw_items() == request(*rest).headers.raw_items()
    assert event == request(*lines, method="PUT", target="/a")


def test_a_chunked_request_without_a_length_stays_itself() -> None:
    """No copy is made where there is nothing to leave out."""
    event = request(A, CHUNKED, Z)
    assert frame_request(event) is event


@pytest.mark.parametrize("name", ["Transfer-Encoding", "transfer-encoding", "TRANSFER-encoding"])
def test_the_coding_is_sent_in_lower_case(name: str) -> None:
    """However the user spells it, no recipient has to know that its case does not matter."""
    event = request(A, (name, "cHUNKED"), Z)
    changed = frame_request(event)
    assert changed == event
    assert changed.headers.raw_items() == request(A, (name, "chunked"), Z).headers.raw_items()
    assert frame_request(changed) is changed


@pytest.mark.parametrize(
    "make",
    [
        lambda lines: Request(method="PUT", target="/a", headers=lines),
        lambda lines: InformationalResponse(status_code=103, headers=lines, reason="Hints"),
        lambda lines: Response(status_code=404, headers=lines, reason="Not Found"),
    ],
    ids=["request", "informational", "response"],
)
def test_host_is_put_first(make: Callable[[list[Line]], Request]) -> None:
    """Only the order of the field lines is another (RFC 9110 section 7.2)."""
    changed = in_our_version(make([A, ("hOsT", "a"), Z]))
    assert changed == make([("hOsT", "a"), A, Z])
    assert changed.headers.raw_items() == [(b"hOsT", b"a"), (b"A", b"b"), (b"z-Z", b"y")]
    assert in_our_version(changed) is changed


WITHOUT_BODY: Final[dict[str, tuple[str, str, int, list[Line], list[Line]]]] = {
    "204 with length": ("GET", "1.1", 204, [length(5), A], [A]),
    "204 with length 0": ("GET", "1.1", 204, [length(0)], []),
    "204 with chunks": ("GET", "1.1", 204, [A, CHUNKED, Z], [A, Z]),
    "204 with both": ("GET", "1.1", 204, [length(5), CHUNKED, Z], [Z]),
    "204 to HEAD": ("HEAD", "1.1", 204, [length(5), A], [A]),
    "204 for 1.0": ("GET", "1.0", 204, [length(5), CHUNKED, A], [A]),
    "200 to CONNECT": ("CONNECT", "1.1", 200, [length(5), CHUNKED, A], [A]),
    "299 to CONNECT": ("CONNECT", "1.1", 299, [length(0), A], [A]),
    "200 to CONNECT for 1.0": ("CONNECT", "1.0", 200, [CHUNKED, A], [A]),
    "304 with length": ("GET", "1.1", 304, [length(5), A], [length(5), A]),
    "304 with chunks": ("GET", "1.1", 304, [CHUNKED, A], [CHUNKED, A]),
    "304 with both": ("GET", "1.1", 304, [length(5), CHUNKED, A], [CHUNKED, A]),
    "304 to HEAD with both": ("HEAD", "1.1", 304, [length(5), CHUNKED, A], [CHUNKED, A]),
    "304 for 1.0 with chunks": ("GET", "1.0", 304, [CHUNKED, A], [A]),
    "304 for 1.0 with both": ("GET", "1.0", 304, [length(5), CHUNKED, A], [length(5), A]),
    "200 with length 0": ("GET", "1.1", 200, [length(0), A], [length(0), A]),
    "200 for 1.0 with length 0": ("GET", "1.0", 200, [length(0), A], [length(0), A]),
}
"""For each case: what is answered, the status, the field lines before and after."""


@pytest.mark.parametrize(
    ("method", "version", "status", "lines", "kept"), WITHOUT_BODY.values(), ids=WITHOUT_BODY
)
def test_a_response_without_a_body_keeps_the_framing_that_means_something(
    method: str, version: str, status: int, lines: list[Line], kept: list[Line]
) -> None:
    """Of what GET would have had: the length, or the coding if the recipient knows codings."""
    event = response(*lines, status=status, reason="So")
    framed, body = frame_response(event, method.encode(), version.encode(), keep_alive=True)
    assert framed == response(*kept, status=status, reason="So")
    assert framed.headers.raw_items() == response(*kept).headers.raw_items()
    assert body == 0
    assert (framed is event) is (lines == kept)


@pytest.mark.parametrize(
    ("method", "version", "status", "lines", "kept"), WITHOUT_BODY.values(), ids=WITHOUT_BODY
)
def test_close_is_added_behind_what_is_kept(
    method: str, version: str, status: int, lines: list[Line], kept: list[Line]
) -> None:
    """Whatever becomes of the framing, the last response says so (RFC 9112 section 9.6)."""
    event = response(*lines, status=status)
    framed, body = frame_response(event, method.encode(), version.encode(), keep_alive=False)
    assert framed == response(*kept, CLOSE, status=status)
    assert body == 0


WITH_BODY: Final[dict[str, tuple[str | None, list[Line], list[Line], BodyLength]]] = {
    "length": ("1.1", [A, length(5), Z], [A, length(5), Z], 5),
    "nothing": ("1.1", [A], [A, CHUNKED], Unbounded.CHUNKED),
    "chunks": ("1.1", [CHUNKED, A], [A, CHUNKED], Unbounded.CHUNKED),
    "both": ("1.1", [length(5), A, CHUNKED], [A, CHUNKED], Unbounded.CHUNKED),
    "length for 1.0": ("1.0", [length(5), A], [length(5), A], 5),
    "nothing for 1.0": ("1.0", [A], [A, CLOSE], Unbounded.UNTIL_CLOSE),
    "both for 1.0": ("1.0", [length(5), A, CHUNKED], [A, CLOSE], Unbounded.UNTIL_CLOSE),
    "chunks for nobody": (None, [A, CHUNKED], [A, CLOSE], Unbounded.UNTIL_CLOSE),
}
"""For each case: the version of the recipient, the field lines before and after, the length."""


@pytest.mark.parametrize(("version", "lines", "kept", "body"), WITH_BODY.values(), ids=WITH_BODY)
def test_a_response_is_framed_as_its_recipient_understands(
    version: str | None, lines: list[Line], kept: list[Line], body: BodyLength
) -> None:
    """Without a length: in chunks, or up to the close if nothing is known of chunks."""
    peer = None if version is None else version.encode()
    assert frame_response(response(*lines), b"GET", peer, keep_alive=True) == (
        response(*kept),
        body,
    )


def test_a_response_to_head_is_framed_as_one_to_get() -> None:
    """Only that none of its body follows (RFC 9110 section 9.3.2)."""
    for version, lines, kept, _ in WITH_BODY.values():
        if version is not None:
            framed, body = frame_response(response(*lines), b"HEAD", version.encode(), True)
            assert framed == response(*[line for line in kept if line != CLOSE])
            assert body == 0
