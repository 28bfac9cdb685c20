"""Whether another cycle may follow where one side speaks HTTP/1.0, with `http10_keep_alive`.

It may, if both sides have said `Connection: keep-alive` and the end of both messages can be known
(RFC 9112 section 9.3 and appendix C.2.2; RFC 2068 section 19.7.1). What a field means for that is
written down beside it by hand.
"""

from itertools import product
from typing import Final, NamedTuple

import pytest

from h11_events import LocalProtocolError
from h11_statemachine import (
    CLIENT,
    DONE,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    ConnectionState,
    State,
)
from tests.statemachine.messages import (
    CLOSE,
    END,
    KEEP_ALIVE,
    PIECE,
    UPGRADING,
    Line,
    Turn,
    answering,
    asking,
    hear,
    informational,
    response,
    states,
)
from tests.statemachine.oracle import seen

EMPTY: Final[Line] = (b"Content-Length", b"0")
CHUNKED: Final[Line] = (b"Transfer-Encoding", b"chunked")


class Said(NamedTuple):
    """What the Connection field of a message says."""

    lines: list[Line]
    keeps: bool = False
    closes: bool = False


SAID: Final[dict[str, Said]] = {
    "nothing": Said([]),
    "keep-alive": Said([KEEP_ALIVE], keeps=True),
    "any case": Said([(b"connection", b"KEEP-Alive")], keeps=True),
    "in a list": Said([(b"Connection", b"te, ,Keep-Alive\t,x")], keeps=True),
    "in a second line": Said([(b"Connection", b"te"), KEEP_ALIVE], keeps=True),
    "with parameters beside": Said([KEEP_ALIVE, (b"Keep-Alive", b"timeout=5, max=9")], keeps=True),
    "close": Said([(b"Connection", b"close")], closes=True),
    "close as well": Said([(b"Connection", b"keep-alive, close")], keeps=True, closes=True),
    "close first": Said([(b"Connection", b"close"), KEEP_ALIVE], keeps=True, closes=True),
    "another option": Said([(b"Connection", b"te")]),
    "nearly": Said([(b"Connection", b"keep-alive;x, keepalive, keep alive")]),
    "Proxy-Connection": Said([(b"Proxy-Connection", b"keep-alive")]),
    "Keep-Alive": Said([(b"Keep-Alive", b"timeout=5")]),
}


class Framed(NamedTuple):
    """How the body of a response is framed."""

    lines: list[Line]
    has_length: bool = False
    has_coding: bool = False


FRAMED: Final[dict[str, Framed]] = {
    "no framing": Framed([]),
    "length": Framed([EMPTY], has_length=True),
    "chunked": Framed([CHUNKED], has_coding=True),
    "both": Framed([EMPTY, CHUNKED], has_length=True, has_coding=True),
}


class Answer(NamedTuple):
    """What is asked, and with which status it is answered."""

    method: bytes
    status: int
    has_body: bool


ANSWERS: Final = [
    Answer(b"GET", 200, has_body=True),
    Answer(b"POST", 205, has_body=True),
    Answer(b"HEAD", 200, has_body=False),
    Answer(b"GET", 204, has_body=False),
    Answer(b"GET", 304, has_body=False),
    Answer(b"CONNECT", 403, has_body=True),
]

VERSIONS: Final = [b"0.9", b"1.0", b"1.1", b"1.2"]


def after(*turns: Turn) -> ConnectionState:
    """Return a machine that honours keep-alive of HTTP/1.0, and has heard these turns."""
    machine = ConnectionState(http10_keep_alive=True)
    hear(machine, *turns)
    return machine


def persists(
    versions: tuple[bytes, bytes], said: tuple[Said, Said], framed: Framed, answer: Answer
) -> bool:
    """Return whether a connection outlives a cycle of these messages: the rule once more."""
    if any(message.closes for message in said) or versions[0] == b"2.0":
        return False
    if min(versions) >= b"1.1":
        return True
    return (
        min(versions) == b"1.0"
        and all(message.keeps for message in said)
        and not framed.has_coding
        and (framed.has_length or not answer.has_body)
        and answer.method != b"CONNECT"
    )


@pytest.mark.parametrize("answered", VERSIONS, ids=lambda version: f"answered-{version.decode()}")
@pytest.mark.parametrize(
    "asked", [*VERSIONS, b"2.0"], ids=lambda version: f"asked-{version.decode()}"
)
def test_every_combination(asked: bytes, answered: bytes) -> None:
    """For any versions, options, framing, method and status, the rule above decides, no other."""
    seen_so_far = set()
    for wish, consent, framed, answer in product(
        SAID.values(), SAID.values(), FRAMED.values(), ANSWERS
    ):
        machine = after(
            *asking(*wish.lines, method=answer.method, version=asked),
            *answering(*consent.lines, *framed.lines, status=answer.status, version=answered),
        )
        expected = persists((asked, answered), (wish, consent), framed, answer)
        assert machine.keep_alive is expected, (wish, consent, framed, answer)
        assert states(machine) == ((DONE, DONE) if expected else (MUST_CLOSE, MUST_CLOSE))
        seen_so_far.add(expected)
    assert seen_so_far == (
        {True, False} if min(asked, answered) > b"0.9" and asked < b"2" else {False}
    )


@pytest.mark.parametrize("versions", [(b"1.1", b"1.1"), (b"1.2", b"1.1")], ids=repr)
def test_where_nobody_speaks_http_1_0_nothing_is_different(versions: tuple[bytes, bytes]) -> None:
    """The option changes not one answer between sides that speak HTTP/1.1."""
    for wish, consent, framed, answer in product(
        SAID.values(), SAID.values(), FRAMED.values(), ANSWERS
    ):
        turns = [
            *asking(*wish.lines, method=answer.method, version=versions[0]),
            *answering(*consent.lines, *framed.lines, status=answer.status, version=versions[1]),
        ]
        plain, option = ConnectionState(), ConnectionState(http10_keep_alive=True)
        for turn in turns:
            hear(plain, turn)
            hear(option, turn)
            assert seen(plain) == seen(option)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_by_default_http_1_0_never_persists(said: Said) -> None:
    """Whoever does not ask for it does not get it, whatever both sides say."""
    for versions in ((b"1.0", b"1.0"), (b"1.0", b"1.1"), (b"1.1", b"1.0")):
        machine = ConnectionState()
        hear(machine, *asking(*said.lines, version=versions[0]))
        assert machine.keep_alive_asked_in is None
        hear(machine, *answering(*said.lines, EMPTY, version=versions[1]))
        assert machine.http10_keep_alive is machine.keep_alive is False
        assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_it_is_known_in_which_version_keep_alive_was_asked_for(version: bytes, said: Said) -> None:
    """Whoever answers can see whether it has to be granted; close takes the wish away."""
    machine = after(*asking(*said.lines, version=version))
    wished = said.keeps and not said.closes
    assert machine.keep_alive_asked_in == (version if wished else None)
    hear(machine, *answering(*said.lines, EMPTY))
    assert machine.keep_alive is (wished if version == b"1.0" else not said.closes)


def test_a_wish_is_forgotten_with_its_cycle() -> None:
    """The next request has to ask again, and a response to nothing answers no wish."""
    machine = after(*asking(KEEP_ALIVE, version=b"1.0"), *answering(KEEP_ALIVE, EMPTY))
    machine.start_next_cycle()
    assert machine.keep_alive_asked_in is None
    hear(machine, *asking(version=b"1.0"))
    assert states(machine) == (MUST_CLOSE, SEND_RESPONSE)
    hear(machine, *answering(KEEP_ALIVE, EMPTY, version=b"1.0"))
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_many_cycles_follow_one_another(version: bytes) -> None:
    """As long as both sides go on saying it, the connection goes on."""
    machine = after()
    for _ in range(5):
        hear(machine, *asking(KEEP_ALIVE, version=b"1.0"))
        hear(machine, *answering(KEEP_ALIVE, EMPTY, version=version))
        assert states(machine) == (DONE, DONE)
        machine.start_next_cycle()
        assert states(machine) == (IDLE, IDLE)
    hear(machine, *asking(version=b"1.0"), *answering(EMPTY, version=version))
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)
    with pytest.raises(LocalProtocolError, match="not in a reusable state"):
        machine.start_next_cycle()


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (asking(KEEP_ALIVE, version=b"1.0")[:1], (SEND_BODY, SEND_RESPONSE)),
        (asking(KEEP_ALIVE, version=b"1.0"), (DONE, SEND_RESPONSE)),
        ([(SERVER, response(KEEP_ALIVE, EMPTY))], (DONE, SEND_BODY)),
        ([(SERVER, response(EMPTY))], (MUST_CLOSE, SEND_BODY)),
        ([(SERVER, response(KEEP_ALIVE))], (MUST_CLOSE, SEND_BODY)),
        ([(SERVER, informational(103)), (SERVER, response(KEEP_ALIVE))], (MUST_CLOSE, SEND_BODY)),
    ],
    ids=["head", "asked", "granted", "not granted", "no length", "103 first"],
)
def test_the_head_of_the_response_decides(turns: list[Turn], expected: tuple[State, State]) -> None:
    """A client that has asked is done until the server's answer says that it may not go on."""
    whole = asking(KEEP_ALIVE, version=b"1.0")
    machine = after(*(turns if turns[0][0] is CLIENT else [*whole, *turns]))
    assert states(machine) == expected


def test_an_early_response_is_granted_to_a_request_that_goes_on() -> None:
    """The body of the request has to come to its end, as in HTTP/1.1 (RFC 9112 section 9.3)."""
    asked = asking(KEEP_ALIVE, (b"Content-Length", b"10"), method=b"POST", version=b"1.0")
    machine = after(asked[0], *answering(KEEP_ALIVE, EMPTY))
    assert states(machine) == (SEND_BODY, DONE)
    hear(machine, (CLIENT, PIECE), (CLIENT, PIECE), (CLIENT, END))
    assert states(machine) == (DONE, DONE)


def test_chunks_in_a_request_forfeit_it() -> None:
    """A server of HTTP/1.0 does not know where they end (RFC 9112 section 6.1)."""
    for version in (b"1.0", b"1.1"):
        machine = after(*asking(KEEP_ALIVE, CHUNKED, method=b"POST", version=version))
        hear(machine, *answering(KEEP_ALIVE, EMPTY, version=b"1.0"))
        assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


@pytest.mark.parametrize("status", [100, 103])
def test_an_informational_response_grants_nothing(status: int) -> None:
    """Only a final response settles what persists (RFC 9112 section 9.3)."""
    turns = [*asking(KEEP_ALIVE), (SERVER, informational(status, KEEP_ALIVE, version=b"1.0"))]
    machine = after(*turns, *answering(EMPTY, version=b"1.0"))
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


def test_an_upgrade_that_http_1_0_refuses_leaves_the_connection_open() -> None:
    """A client may ask for both; a server of HTTP/1.0 may grant the one."""
    asked = asking((b"Connection", b"upgrade, keep-alive"), UPGRADING)
    machine = after(*asked)
    assert states(machine) == (MIGHT_SWITCH_PROTOCOL, SEND_RESPONSE)
    hear(machine, *answering(KEEP_ALIVE, EMPTY, version=b"1.0"))
    assert states(machine) == (DONE, DONE)


def test_a_tunnel_is_made_all_the_same() -> None:
    """CONNECT in HTTP/1.0 gets its tunnel, and nothing about cycles matters any more."""
    machine = after(*asking(KEEP_ALIVE, method=b"CONNECT", version=b"1.0"))
    hear(machine, (SERVER, response(KEEP_ALIVE)))
    assert states(machine) == (SWITCHED_PROTOCOL, SWITCHED_PROTOCOL)
    assert machine.keep_alive is False


@pytest.mark.parametrize("closer", [CLIENT, SERVER], ids=str)
def test_either_side_may_close_nonetheless(closer: type[CLIENT] | type[SERVER]) -> None:
    """What was granted is no promise to go on."""
    machine = after(*asking(KEEP_ALIVE, version=b"1.0"), *answering(KEEP_ALIVE, EMPTY))
    hear(machine, (closer, CLOSE))
    assert set(machine.states.values()) > {MUST_CLOSE}
    with pytest.raises(LocalProtocolError, match="not in a reusable state"):
        machine.start_next_cycle()
