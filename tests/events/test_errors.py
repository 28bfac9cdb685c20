"""Errors say whose fault it is, what went wrong, and which status code would answer it."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import (
    LocalProtocolError,
    ProtocolError,
    RemoteProtocolError,
    first_octets,
    last_octets,
)

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
    ("octets", "beginning", "end"),
    [
        pytest.param(b"", b"", b"", id="nothing"),
        pytest.param(b"GET", b"GET", b"GET", id="few"),
        pytest.param(b"\r\n\x00", b"\r\n\x00", b"\r\n\x00", id="as-they-were"),
        pytest.param(b"a" * 99 + b"z", b"a" * 99 + b"z", b"a" * 99 + b"z", id="just-enough"),
        pytest.param(
            b"abcd" * 25 + b"z",
            b"abcd" * 24 + b"a...",
            b"..." + b"abcd" * 24 + b"z",
            id="one-too-many",
        ),
        pytest.param(b"a" * 500 + b"z" * 500, b"a" * 97 + b"...", b"..." + b"z" * 97, id="many"),
    ],
)
def test_shown_octets(octets: bytes, beginning: bytes, end: bytes) -> None:
    """Up to 100 octets are shown; of more, one end, and an ellipsis where the others were."""
    for given_as in (octets, bytearray(octets)):
        for shown, expected in ((first_octets(given_as), beginning), (last_octets(given_as), end)):
            assert shown == expected
            assert type(shown) is bytes


@given(octets=st.binary(max_size=300))
def test_shown_octets_are_of_the_end_that_is_asked_for(octets: bytes) -> None:
    """Whatever a peer sent, no more than 100 octets are shown, and those are of one end."""
    beginning, end = first_octets(octets), last_octets(octets)

    assert len(beginning) == len(end) == min(len(octets), 100)
    assert octets.startswith(beginning[:97])
    assert octets.endswith(end[-97:])
    assert first_octets(beginning) == beginning
    assert last_octets(end) == end


@given(octets=st.binary(max_size=300))
def test_shown_octets_are_safe_in_a_log(octets: bytes) -> None:
    """What an error says of them is one short line of printable ASCII."""
    for shown in (repr(first_octets(octets)), repr(last_octets(octets))):
        assert shown.isascii()
        assert shown.isprintable()
        assert len(shown) <= len("b''") + 100 * len(r"\x00")
