"""Dates: the library has no clock and reads none (RFC 9110 sections 5.6.7 and 6.6.1).

In: messages with and without Date, in all formats. Out: the same values, on either side.
"""

import pytest

from h11 import Event, Response
from tests.h11.conversations import client, informational, length, request, response, say, server
from tests.rfc import wire
from tests.rfc.messages_9110 import field_lines, names_sent, read_request, read_response

PREFERRED = "Fri, 20 Nov 2026 09:05:03 GMT"
FORMATS = [PREFERRED, "Friday, 20-Nov-26 09:05:03 GMT", "Fri Nov 20 09:05:03 2026"]
STATUSES = [200, 204, 304, 404, 500]

every_format = pytest.mark.parametrize("date", FORMATS, ids=["IMF-fixdate", "RFC 850", "asctime"])


def answer(event: Event) -> bytes:
    """Return what a server sends."""
    return say(server(wire.GET), event)


@pytest.mark.rfc("9110/5.6.7/read-three-formats")
@every_format
def test_a_date_is_handed_over_as_it_came(date: str) -> None:
    """Whatever the format, the caller has all of the value to read it from."""
    octets = date.encode()
    request_in = read_request(wire.request(b"If-Modified-Since: " + octets))
    assert request_in.headers.get("If-Modified-Since") == octets
    assert read_response(wire.response(b"Date: " + octets)).headers.get("Date") == octets


@pytest.mark.rfc("9110/5.6.7/write-imf-fixdate", "9110/6.6.1/best-approximation")
@every_format
def test_a_date_is_sent_as_given(date: str) -> None:
    """The caller's date is written octet by octet, in the format that it was given in."""
    assert field_lines(say(client(), request(("Date", date))))[-1] == f"Date: {date}".encode()
    assert field_lines(answer(response(("Date", date), status=204))) == [f"Date: {date}".encode()]


@pytest.mark.rfc("9110/6.6.1/date-generated")
@pytest.mark.parametrize("status", STATUSES)
def test_a_date_goes_with_any_status(status: int) -> None:
    """A server that has a clock can send Date in any final response."""
    sent = answer(response(("Date", PREFERRED), length(0), status=status))
    assert field_lines(sent)[0] == f"Date: {PREFERRED}".encode()


@pytest.mark.rfc("9110/6.6.1/date-generated")
def test_a_date_goes_with_an_informational_response() -> None:
    """A server that has a clock can send Date in an informational response, too."""
    sent = answer(informational(103, ("Date", PREFERRED)))
    assert field_lines(sent) == [f"Date: {PREFERRED}".encode()]


@pytest.mark.rfc("9110/6.6.1/no-date-without-clock")
@pytest.mark.parametrize("status", STATUSES)
def test_no_date_is_made_up_in_a_response(status: int) -> None:
    """Without a date from the caller there is none, however much else is added."""
    connection = server(wire.request(b"Connection: close"))
    assert b"date" not in names_sent(say(connection, response(status=status)))


@pytest.mark.rfc("9110/6.6.1/no-date-without-clock")
def test_no_date_is_made_up_before_the_final_response() -> None:
    """An informational response and a request have no date of their own either."""
    assert names_sent(answer(informational(100))) == []
    assert names_sent(say(client(), request())) == [b"host"]


@pytest.mark.rfc("9110/6.6.1/date-added-on-forwarding")
def test_a_missing_date_is_seen_to_be_missing() -> None:
    """Whoever forwards a response can tell that it came without Date, and add one."""
    received = read_response(wire.OK)
    assert received.headers.get("Date") is None
    dated = [*received.headers.raw_items(), (b"Date", PREFERRED.encode())]
    sent = answer(Response(status_code=200, headers=dated))
    assert field_lines(sent)[-1] == f"Date: {PREFERRED}".encode()


@pytest.mark.rfc("9110/6.6.1/may-replace-invalid")
def test_an_invalid_date_is_handed_over() -> None:
    """A Date that makes no sense is no reason to refuse, and left to the caller to replace."""
    assert read_response(wire.response(b"Date: yesterday")).headers.get("Date") == b"yesterday"


@pytest.mark.rfc("9110/6.6.1/client-may-send-date")
def test_a_client_can_send_a_date() -> None:
    """A Date in a request goes through."""
    sent = say(client(), request(("Date", PREFERRED)))
    assert read_request(sent).headers.get("Date") == PREFERRED.encode()
