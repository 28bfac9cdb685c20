"""Errors say whose fault it is, what went wrong, and which status code would answer it."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import LocalProtocolError, ProtocolError, RemoteProtocolError, excerpt

SIDES = [LocalProtocolError, RemoteProtocolError]


def test_protocol_error_itself_cannot_be_made() -> None:
    """The base class says not whose fault it is, so it is refused."""
    with pytest.raises(TypeError):
        ProtocolError("whose?")


@pytest.mark.parametrize("side", SIDES)
def test_status_hint_is_400_unless_told(side: type[ProtocolError]) -> None:
    """Most violations are answered with 400 (Bad Request)."""
    error = side("wrong")

    assert str(error) == "wrong"
    assert error.error_status_hint == 400


@pytest.mark.parametrize("side", SIDES)
def test_status_hint_by_position_and_by_keyword(side: type[ProtocolError]) -> None:
    """The hint is the second argument, with or without its name."""
    assert side("too large", 431).error_status_hint == 431
    assert side("no such coding", error_status_hint=501).error_status_hint == 501


@pytest.mark.parametrize("side", SIDES)
def test_one_handler_catches_both_sides(side: type[ProtocolError]) -> None:
    """Both errors are protocol errors and ordinary exceptions."""
    with pytest.raises(ProtocolError, match="wrong"):
        raise side("wrong")
    assert issubclass(side, Exception)


def test_the_two_sides_are_never_mistaken_for_each_other() -> None:
    """Neither class is a subclass of the other, so a handler for one leaves the other alone."""
    assert not issubclass(LocalProtocolError, RemoteProtocolError)
    assert not issubclass(RemoteProtocolError, LocalProtocolError)


def test_a_program_can_extend_the_errors() -> None:
    """A subclass of either side is made like its base."""

    class TooManyRequestsError(LocalProtocolError):
        """We asked more often than we may."""

    error = TooManyRequestsError("slow down", 429)

    assert isinstance(error, LocalProtocolError)
    assert error.error_status_hint == 429


def test_blame_turns_to_the_peer_with_the_same_complaint() -> None:
    """What was found while a peer's octets were judged becomes a new error of the peer's."""
    ours = LocalProtocolError("bad Content-Length", 501)
    theirs = RemoteProtocolError.from_local(ours)

    assert type(theirs) is RemoteProtocolError
    assert str(theirs) == "bad Content-Length"
    assert theirs.error_status_hint == 501
    assert type(ours) is LocalProtocolError


@pytest.mark.parametrize("side", SIDES)
def test_copies_and_pickles_keep_message_and_hint(side: type[ProtocolError]) -> None:
    """An error that went to another process says the same there."""
    error = side("too large", 431)

    for twin in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is side
        assert (str(twin), twin.error_status_hint) == ("too large", 431)


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        pytest.param(b"GET", "b'GET'", id="bytes"),
        pytest.param(bytearray(b"GET"), "b'GET'", id="bytearray"),
        pytest.param(b"", "b''", id="nothing"),
        pytest.param(b"a\r\nSet-Cookie: b", r"b'a\r\nSet-Cookie: b'", id="line-break"),
        pytest.param(b"a" * 100, repr(b"a" * 100), id="just-short-enough"),
        pytest.param(b"a" * 101, repr(b"a" * 100) + "...", id="one-too-long"),
    ],
)
def test_excerpt_shows_octets_as_their_repr(octets: bytes | bytearray, shown: str) -> None:
    """Octets are shown as a bytes literal, and shortened with an ellipsis."""
    assert excerpt(octets) == shown


@given(st.binary(max_size=300))
def test_excerpt_is_one_short_printable_line(octets: bytes) -> None:
    """Whatever a peer sent, what goes into a log is printable ASCII of bounded length."""
    shown = excerpt(octets)

    assert shown.isascii()
    assert shown.isprintable()
    assert len(shown) <= 100 * len(r"\x00") + len("b''...")
