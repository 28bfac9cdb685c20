"""A program that asks a weather service, and a double of that service for its tests: events alone.

In: nothing. Out: what the tests of `Weather` find; run them with
`python -m pytest docs/examples/fake_server.py`.

`Weather` talks to whatever takes a request and gives a response: in production something that puts
them on a socket, such as `blocking_client.py`; in its tests a `FakeServer` that has its answers
written down. Both speak in the events of `h11_events`, which are checked when they are made: the
program cannot ask what no HTTP client could ask, and the double cannot answer what no server could.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import pytest

from h11_events import LocalProtocolError, Request, Response

Answer = tuple[Response, bytes]
"""A response with its whole body."""

Exchange = Callable[[Request], Answer]
"""What puts a request to a server."""


# The program.


class BusyError(Exception):
    """The service wants to be asked later."""


class Weather:
    """What a weather service knows."""

    def __init__(self, exchange: Exchange, key: str) -> None:
        """Ask through `exchange`, with a key that the service has given out."""
        self._exchange = exchange
        self._key = key

    def temperature(self, city: str) -> float:
        """Return the temperature in a city, in degrees Celsius.

        Raises:
            BusyError: If the service was asked too often.
            LookupError: If it does not know the city.
        """
        target = "/now?" + urlencode({"city": city})
        headers = [("Host", "weather.test"), ("Authorization", f"Bearer {self._key}")]
        response, body = self._exchange(Request(method="GET", target=target, headers=headers))
        match response.status_code:
            case 200:
                return float(json.loads(body)["temperature"])
            case 429:
                # It is for people: a number of seconds, or a date (RFC 9110 section 10.2.3).
                after = response.headers.get("retry-after", b"60").decode("latin-1")
                raise BusyError(f"ask again after {after}")
            case _:
                raise LookupError(f"{city}: {response.status_code}")


# Its double.


class FakeServer:
    """Answers by target, and keeps what it was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        """Answer so; what else is asked for is not found."""
        self._answers = answers
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        self.requests.append(request)
        not_found = (Response(status_code=404, headers=[]), b"")
        return self._answers.get(request.target.decode(), not_found)


# The tests, which need no network and no parser.


def test_temperature_is_read_from_the_answer() -> None:
    """The city is encoded, and the key shown."""
    answer = Response(status_code=200, headers=[("Content-Type", "application/json")])
    server = FakeServer({"/now?city=Bad+Ems": (answer, b'{"temperature": 21.5}')})
    assert Weather(server, "secret").temperature("Bad Ems") == 21.5
    assert server.requests[0].headers.get("authorization") == b"Bearer secret"


@pytest.mark.parametrize("after", ["7", "Fri, 31 Dec 1999 23:59:59 GMT"])
def test_busy_service_says_when_to_ask_again(after: str) -> None:
    """What Retry-After says reaches the caller."""
    busy = Response(status_code=429, headers=[("Retry-After", after)])
    with pytest.raises(BusyError, match=f"after {after}"):
        Weather(FakeServer({"/now?city=Ulm": (busy, b"")}), "secret").temperature("Ulm")


def test_unknown_city_is_not_found() -> None:
    """The double answers 404 to what it does not know."""
    with pytest.raises(LookupError, match="Atlantis: 404"):
        Weather(FakeServer({}), "secret").temperature("Atlantis")


def test_key_cannot_forge_a_field() -> None:
    """What is no legal field value is refused before anybody is asked."""
    server = FakeServer({})
    with pytest.raises(LocalProtocolError):
        Weather(server, "secret\r\nX-Admin: yes").temperature("Ulm")
    assert server.requests == []
