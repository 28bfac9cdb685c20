"""Wrong calls: what a type checker has to say to each, and what happens if nobody listens.

In: nothing. Out: tables of statements; `SETTING` is what stands before them.
"""

from typing import Final, NamedTuple

from h11 import LocalProtocolError

SETTING: Final = """\
from h11 import *
from h11_events import *
from h11_parser import *
from h11_statemachine import *

connection = Connection(SERVER)
machine = ConnectionState()
asked = Request(method="GET", target="/", headers=[("Host", "a")])
reply = Response(status_code=200, headers=[])
headers = Headers([("Host", "a")])
limits = Limits()
buffer = ReceiveBuffer()
"""
"""The names that the statements use."""


class WrongCall(NamedTuple):
    """A statement that is wrong."""

    code: str
    """The statement, in one line."""

    error: str
    """The code of mypy's error, or of all if there are several."""

    raises: type[Exception] | None
    """What it raises; None where nothing happens at that place."""


CONNECTION: Final = (
    WrongCall("Connection()", "call-arg", TypeError),
    WrongCall("Connection('client')", "arg-type", ValueError),
    WrongCall("Connection(IDLE)", "arg-type", ValueError),
    WrongCall("Connection(CLIENT, '100')", "arg-type", TypeError),
    WrongCall("Connection(CLIENT, 100, Tolerance.NONE)", "call-arg", TypeError),
    WrongCall("Connection(CLIENT, None, None, None, True)", "call-arg", TypeError),
    WrongCall("Connection(CLIENT, tolerate='BARE_LF')", "arg-type", TypeError),
    WrongCall("Connection(CLIENT, limits=100)", "arg-type", AttributeError),
    WrongCall("connection.our_state = DONE", "misc", AttributeError),
    WrongCall("connection.trailing_data = (b'', True)", "misc", AttributeError),
    WrongCall("connection.trailing_data.decode()", "attr-defined", AttributeError),
    WrongCall("connection.their_http_version.decode()", "union-attr", AttributeError),
    WrongCall("connection.states['client']", "index", KeyError),
    WrongCall("connection.our_state is CLIENT", "comparison-overlap", None),
    WrongCall("connection.our_state == 'IDLE'", "comparison-overlap", None),
    WrongCall("connection.close()", "attr-defined", AttributeError),
)
"""What is made, and what is asked of it."""

SENDING: Final = (
    WrongCall("connection.send()", "call-overload", TypeError),
    WrongCall("connection.send(b'HTTP/1.1 200 OK')", "call-overload", LocalProtocolError),
    WrongCall("connection.send(NEED_DATA)", "call-overload", LocalProtocolError),
    WrongCall("connection.send(connection.next_event())", "arg-type", LocalProtocolError),
    WrongCall("connection.send_with_data_passthrough('a')", "call-overload", LocalProtocolError),
    WrongCall("data: bytes = connection.send(ConnectionClosed())", "assignment", None),
    WrongCall("connection.receive_data()", "call-arg", TypeError),
    WrongCall("connection.receive_data('GET / HTTP/1.1')", "arg-type", TypeError),
    WrongCall("connection.receive_data([71, 69, 84])", "arg-type", TypeError),
    WrongCall("connection.next_event().headers", "union-attr", AttributeError),
)
"""What goes in and what comes out."""

EVENTS: Final = (
    WrongCall("Request(method='GET', target='/')", "call-arg", TypeError),
    WrongCall("Request('GET', '/', [('Host', 'a')])", "call-arg", TypeError),
    WrongCall("Request(method=1, target='/', headers=headers)", "arg-type", TypeError),
    WrongCall("Request(method='GET', target=None, headers=headers)", "arg-type", TypeError),
    WrongCall("Request(method='GET', target='/', headers=None)", "arg-type", TypeError),
    WrongCall("Request(method='GET', target='/', headers={'A': 'b'})", "dict-item", ValueError),
    WrongCall("Response(status_code=200, headers=[('A',)])", "list-item", ValueError),
    WrongCall("Response(status_code=200, headers=[('A', 1)])", "list-item", TypeError),
    WrongCall("Response(status_code='200', headers=[])", "arg-type", LocalProtocolError),
    WrongCall("Response(status_code=200, headers=[], phrase='OK')", "call-arg", TypeError),
    WrongCall("Data()", "call-arg", TypeError),
    WrongCall("Data('text')", "arg-type", None),
    WrongCall("EndOfMessage([('A', 'b')])", "call-arg", TypeError),
    WrongCall("ConnectionClosed('bye')", "call-arg", TypeError),
    WrongCall("asked.method = b'PUT'", "misc", AttributeError),
    WrongCall("reply.status_code = 404", "misc", AttributeError),
    WrongCall("Data(b'').data = b'a'", "misc", AttributeError),
    WrongCall("EndOfMessage().headers = headers", "misc", AttributeError),
    WrongCall("asked.note = 'mine'", "assignment", AttributeError),
    WrongCall("asked.status_code", "attr-defined", AttributeError),
    WrongCall("with_headers(asked, [('A', 'b')])", "arg-type", None),
    WrongCall("class Mine(Request): ...", "misc", TypeError),
)
"""Events, which are complete when they are made, and stay as they are."""

FIELDS: Final = (
    WrongCall("headers['host']", "call-overload", TypeError),
    WrongCall("headers.get(0)", "call-overload", TypeError),
    WrongCall("headers.get('host').decode()", "union-attr", None),
    WrongCall("headers.append(('A', 'b'))", "attr-defined", AttributeError),
    WrongCall("headers[0] = (b'a', b'b')", "index", TypeError),
    WrongCall("closes_connection(asked)", "arg-type", AttributeError),
    WrongCall("list_elements('a, b')", "arg-type", TypeError),
)
"""Headers, and what is asked of them."""

ERRORS_AND_MARKERS: Final = (
    WrongCall("LocalProtocolError()", "call-arg", TypeError),
    WrongCall("LocalProtocolError('a', code='bad request line')", "arg-type", AttributeError),
    WrongCall("RemoteProtocolError.from_local(ValueError('a'))", "arg-type", AttributeError),
    WrongCall("ErrorCode.BAD_LUCK", "attr-defined", AttributeError),
    WrongCall("NEED_DATA()", "call-arg", TypeError),
    WrongCall("class MINE(PAUSED): ...", "misc", TypeError),
)
"""What is raised, and what stands where there is no event."""

PARSER: Final = (
    WrongCall("RequestParser(100)", "call-arg", TypeError),
    WrongCall("RequestParser().expect(b'HEAD')", "attr-defined", AttributeError),
    WrongCall("ResponseParser().expect(1)", "arg-type", TypeError),
    WrongCall("ResponseParser().is_last = True", "misc", AttributeError),
    WrongCall("RequestParser().position = 1", "misc", AttributeError),
    WrongCall("Headers().content_length = 1", "misc", AttributeError),
    WrongCall("Headers().is_chunked = True", "misc", AttributeError),
    WrongCall("ResponseParser().receive_data(None)", "arg-type", None),
    WrongCall("Limits(100)", "call-arg", TypeError),
    WrongCall("Limits(head_size='100')", "arg-type", TypeError),
    WrongCall("limits.head_size = 100", "misc", AttributeError),
    WrongCall("limits.note = 100", "assignment", AttributeError),
    WrongCall("Tolerance.EVERYTHING", "attr-defined", AttributeError),
    WrongCall("request_dialect('100')", "arg-type", TypeError),
    WrongCall("request_dialect(size=100)", "call-arg", TypeError),
    WrongCall("read_request_head(b'GET / HTTP/1.1')", "arg-type", AttributeError),
    WrongCall("body_reader('chunked')", "arg-type", None),
    WrongCall("body_writer(None)", "arg-type", None),
    WrongCall("write_request_head(reply)", "arg-type", AttributeError),
    WrongCall("write_chunked(asked)", "arg-type", AttributeError),
    WrongCall("buffer.append('GET')", "arg-type", TypeError),
)
"""Readers, writers, and what they are told."""

STATE_MACHINE: Final = (
    WrongCall("ConnectionState(True)", "call-arg", TypeError),
    WrongCall("machine.process_event(IDLE, asked)", "arg-type", ValueError),
    WrongCall("machine.process_event(CLIENT, PAUSED)", "arg-type", LocalProtocolError),
    WrongCall("machine.process_error('client')", "arg-type", ValueError),
    WrongCall("machine.states = {}", "misc", AttributeError),
    WrongCall("machine.states[CLIENT] = ERROR", "index", TypeError),
    WrongCall("machine.state", "attr-defined", AttributeError),
    WrongCall("TRANSITIONS['client']", "index", KeyError),
    WrongCall("JointRule(CLIENT, DONE)", "call-arg", TypeError),
    WrongCall("role: Role = IDLE", "assignment", None),
    WrongCall("state: State = CLIENT", "assignment", None),
)
"""What is told to the machine, and what its tables are asked."""

WRONG_CALLS: Final = (
    CONNECTION + SENDING + EVENTS + FIELDS + ERRORS_AND_MARKERS + PARSER + STATE_MACHINE
)
"""All of them."""
