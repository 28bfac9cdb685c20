"""Whether another cycle may follow on the same connection.

It may, if both sides speak HTTP/1.1 and neither has said `Connection: close` (RFC 9112 sections 9.3
and 9.6; RFC 9110 section 7.6.1 for the field).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from h11_events import Headers, LocalProtocolError, with_headers
from h11_statemachine import (
    CLIENT,
    CLOSED,
    DONE,
    IDLE,
    MIGHT_SWITCH_PROTOCOL,
    MUST_CLOSE,
    SEND_BODY,
    SEND_RESPONSE,
    SERVER,
    SWITCHED_PROTOCOL,
    Role,
    State,
)
from tests.statemachine.messages import (
    CLOSE,
    CLOSING,
    END,
    EXPECTING,
    KEEP_ALIVE,
    PIECE,
    UPGRADING,
    Line,
    Turn,
    after,
    answering,
    asking,
    hear,
    informational,
    response,
    states,
)
from tests.statemachine.oracle import seen
from tests.strategies import TCHAR, casings, header_lists, octets

closing_lines = pytest.mark.parametrize(
    "lines",
    [
        [(b"Connection", b"close")],
        [(b"connection", b"CLOSE")],
        [(b"CONNECTION", b"cLoSe")],
        [(b"Connection", b"keep-alive, close")],
        [(b"Connection", b"close,te")],
        [(b"Connection", b", ,\tclose \t,")],
        [(b"Connection", b"te"), (b"Connection", b"close")],
        [(b"Connection", b"close"), (b"Accept", b"*/*"), (b"connection", b"keep-alive")],
    ],
    ids=lambda lines: b"; ".join(b": ".join(line) for line in lines).decode(),
)

persisting_lines = pytest.mark.parametrize(
    "lines",
    [
        [],
        [(b"Connection", b"keep-alive")],
        [(b"Connection", b"Upgrade")],
        [(b"Connection", b"te, trailers")],
        [(b"Connection", b"closed")],
        [(b"Connection", b"not-close")],
        [(b"Connection", b"close;now")],
        [(b"Connection", b'"close"')],
        [(b"Connection", b"clo"), (b"Connection", b"se")],
        [(b"Connection", b"")],
        [(b"Close", b"close")],
        [(b"Proxy-Connection", b"close")],
        [(b"Keep-Alive", b"close")],
    ],
    ids=lambda lines: b"; ".join(b": ".join(line) for line in lines).decode(),
)

every_role = pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)


def cycle(role: Role, *lines: Line, version: bytes = b"1.1") -> list[Turn]:
    """Return a whole cycle in which the message of one role has these lines and this version."""
    if role is CLIENT:
        return asking(*lines, version=version) + answering()
    return asking() + answering(*lines, version=version)


@every_role
@closing_lines
def test_close_is_heard(role: Role, lines: list[Line]) -> None:
    """The option counts in any case, anywhere in the list, on any line, and beats all others."""
    machine = after(*cycle(role, *lines))
    assert machine.keep_alive is False
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


@every_role
@persisting_lines
def test_nothing_else_is_taken_for_close(role: Role, lines: list[Line]) -> None:
    """Without the option `close` itself, a connection of HTTP/1.1 persists."""
    machine = after(*cycle(role, *lines))
    assert machine.keep_alive is True
    assert states(machine) == (DONE, DONE)


def connection_lines(options: list[bytes]) -> st.SearchStrategy[list[Line]]:
    """Return a strategy of two Connection field lines that list these options in this order."""
    separators = st.sampled_from([b",", b", ", b" ,\t", b",,"])
    return st.tuples(separators, st.integers(0, len(options))).map(
        lambda drawn: [
            (b"Connection", drawn[0].join(options[: drawn[1]])),
            (b"Connection", drawn[0].join(options[drawn[1] :])),
        ]
    )


options = octets(TCHAR, min_size=1).filter(lambda option: option.lower() != b"close")


@given(st.data(), st.sampled_from([CLIENT, SERVER]), st.lists(options, max_size=4))
def test_close_is_heard_among_any_options(
    data: st.DataObject, role: Role, others: list[bytes]
) -> None:
    """Any casing of `close`, anywhere among other options, on one line or two, is heard."""
    listed = list(others)
    listed.insert(data.draw(st.integers(0, len(others))), data.draw(casings(b"close")))
    machine = after(*cycle(role, *data.draw(connection_lines(listed))))
    assert machine.keep_alive is False
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


@given(st.data(), st.sampled_from([CLIENT, SERVER]), st.lists(options, min_size=1, max_size=4))
def test_any_other_options_leave_the_connection_open(
    data: st.DataObject, role: Role, others: list[bytes]
) -> None:
    """Options that are not `close` do not close."""
    machine = after(*cycle(role, *data.draw(connection_lines(others))))
    assert states(machine) == (DONE, DONE)


@given(header_lists(), header_lists())
def test_other_fields_leave_the_connection_open(asked: list[Line], answered: list[Line]) -> None:
    """No field but Connection has a say in it."""
    assert states(after(*asking(*asked), *answering(*answered))) == (DONE, DONE)


@every_role
@pytest.mark.parametrize("version", [b"0.9", b"1.0"])
@pytest.mark.parametrize("lines", [[], [KEEP_ALIVE]], ids=["plain", "keep-alive"])
def test_an_earlier_version_does_not_persist(role: Role, version: bytes, lines: list[Line]) -> None:
    """Before HTTP/1.1 a connection closes; its `keep-alive` option is deliberately not honoured.

    RFC 9112 section 9.3 leaves the latter to the recipient.
    """
    machine = after(*cycle(role, *lines, version=version))
    assert machine.keep_alive is False
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


@every_role
@pytest.mark.parametrize("version", [b"1.1", b"1.2"])
def test_http_1_1_and_later_persist(role: Role, version: bytes) -> None:
    """A version after HTTP/1.1 is understood as that (RFC 9110 section 2.5)."""
    machine = after(*cycle(role, version=version))
    assert machine.keep_alive is True
    assert states(machine) == (DONE, DONE)


def test_nothing_follows_what_http_2_begins_with() -> None:
    """After its preface, the connection is for HTTP/2 or for nothing (RFC 9113 section 3.4)."""
    machine = after(*cycle(CLIENT, version=b"2.0"))
    assert machine.keep_alive is False
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


def test_a_response_cannot_reopen_what_the_request_has_closed() -> None:
    """One side is enough: keep-alive in the answer does not undo close in the request."""
    machine = after(*asking(CLOSING), *answering(KEEP_ALIVE))
    assert machine.keep_alive is False
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


def test_a_client_that_closes_is_done_at_the_end_of_its_request() -> None:
    """After `close` in a request the client skips DONE, while the server still answers."""
    machine = after(*asking(CLOSING))
    assert states(machine) == (MUST_CLOSE, SEND_RESPONSE)
    hear(machine, *answering())
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)


def test_a_client_that_is_done_learns_of_close_with_the_head_of_the_response() -> None:
    """The client need not wait for the body to know that this was the last cycle."""
    machine = after(*asking())
    assert states(machine) == (DONE, SEND_RESPONSE)
    hear(machine, (SERVER, response(CLOSING)))
    assert states(machine) == (MUST_CLOSE, SEND_BODY)


@pytest.mark.parametrize("turn", [(CLIENT, PIECE), (CLIENT, END)], ids=["data", "end"])
def test_a_request_can_be_finished_after_close_in_the_response(turn: Turn) -> None:
    """`close` ends the connection after the messages, not within them (RFC 9112 9.6)."""
    machine = after(asking()[0], *answering(CLOSING))
    assert states(machine) == (SEND_BODY, MUST_CLOSE)
    hear(machine, turn)
    assert states(machine)[0] is (MUST_CLOSE if turn[1] is END else SEND_BODY)


@pytest.mark.parametrize("status", [100, 103])
def test_an_informational_response_does_not_close(status: int) -> None:
    """What persists is settled by final responses (RFC 9112 section 9.3)."""
    machine = after(*asking(), (SERVER, informational(status, CLOSING, version=b"1.0")))
    assert machine.keep_alive is True
    hear(machine, *answering())
    assert states(machine) == (DONE, DONE)


def test_a_trailer_does_not_close() -> None:
    """Fields that steer a connection mean nothing in a trailer section (RFC 9110 6.5.1).

    The constructor refuses them there, so they come in only by another way.
    """
    end = with_headers(END, Headers([CLOSING]))
    machine = after(asking()[0], (CLIENT, end), (SERVER, response()), (SERVER, end))
    assert machine.keep_alive is True
    assert states(machine) == (DONE, DONE)


def test_a_response_to_nothing_can_close_as_well() -> None:
    """A server that gives up on an idle client, with 408, may say so (RFC 9110 15.5.9)."""
    machine = after(*answering(CLOSING, status=408))
    assert states(machine) == (IDLE, MUST_CLOSE)
    hear(machine, (SERVER, CLOSE))
    assert states(machine) == (MUST_CLOSE, CLOSED)


@pytest.mark.parametrize("role", [CLIENT, SERVER], ids=str)
@pytest.mark.parametrize("closer", [CLIENT, SERVER], ids=str)
def test_after_the_last_cycle_there_is_only_closing(role: Role, closer: Role) -> None:
    """Nobody may go on; each side may close, in any order (RFC 9112 section 9.6)."""
    machine = after(*cycle(role, CLOSING))
    with pytest.raises(LocalProtocolError, match="not in a reusable state"):
        machine.start_next_cycle()
    with pytest.raises(LocalProtocolError, match="state=MUST_CLOSE"):
        machine.process_event(*asking()[0])
    other = SERVER if closer is CLIENT else CLIENT
    hear(machine, (closer, CLOSE), (other, CLOSE), (closer, CLOSE))
    assert states(machine) == (CLOSED, CLOSED)


@pytest.mark.parametrize("closer", [CLIENT, SERVER], ids=str)
def test_a_side_that_just_closes_ends_it_too(closer: Role) -> None:
    """On a connection that would have persisted, one side may leave after the cycle."""
    machine = after(*asking(), *answering(), (closer, CLOSE))
    other = SERVER if closer is CLIENT else CLIENT
    assert machine.keep_alive is True
    assert machine.states == {closer: CLOSED, other: MUST_CLOSE}


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], (IDLE, IDLE)),
        (asking(), (MUST_CLOSE, SEND_RESPONSE)),
        ([*asking(), (SERVER, response())], (MUST_CLOSE, SEND_BODY)),
        (asking() + answering(), (MUST_CLOSE, MUST_CLOSE)),
        ([*asking(), *answering(), (CLIENT, CLOSE)], (CLOSED, MUST_CLOSE)),
    ],
    ids=["nothing", "asked", "answering", "answered", "closed"],
)
def test_keep_alive_can_be_ruled_out_at_any_time(
    turns: list[Turn], expected: tuple[State, State]
) -> None:
    """Whoever reads the bytes may know a reason, such as doubtful framing (RFC 9112 6.3)."""
    machine = after(*turns)
    machine.rule_out_keep_alive()
    assert machine.keep_alive is False
    assert states(machine) == expected


def test_a_cycle_is_finished_after_keep_alive_was_ruled_out() -> None:
    """The messages go on to their ends; there is just none after them (RFC 9112 section 9.6)."""
    machine = after(asking()[0], (SERVER, response()))
    machine.rule_out_keep_alive()
    hear(machine, (CLIENT, PIECE), (CLIENT, END), (SERVER, PIECE), (SERVER, END))
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)
    with pytest.raises(LocalProtocolError, match="not in a reusable state"):
        machine.start_next_cycle()


def test_ruling_out_keep_alive_leaves_a_switch_to_be_accepted() -> None:
    """It is about further cycles of HTTP, which a switch leaves (RFC 9110 section 7.8)."""
    machine = after(*asking(UPGRADING))
    machine.rule_out_keep_alive()
    assert states(machine) == (MIGHT_SWITCH_PROTOCOL, SEND_RESPONSE)
    hear(machine, (SERVER, informational(101)))
    assert states(machine) == (SWITCHED_PROTOCOL, SWITCHED_PROTOCOL)


def test_ruling_out_keep_alive_changes_nothing_else() -> None:
    """What the request said is still known."""
    machine = after(asking(EXPECTING, UPGRADING, method=b"CONNECT")[0])
    before = seen(machine)
    machine.rule_out_keep_alive()
    assert seen(machine) == before | {"keep_alive": False}


def test_the_next_cycle_persists_again() -> None:
    """`close` is looked for anew in every cycle."""
    machine = after(*asking(), *answering())
    machine.start_next_cycle()
    hear(machine, *asking(CLOSING), *answering())
    assert machine.keep_alive is False
    assert states(machine) == (MUST_CLOSE, MUST_CLOSE)
