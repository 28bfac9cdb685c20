"""uvicorn with its h11 protocol on one side, httpx with httpcore on the other, both unmodified.

Each conversation is held twice: by a client in this process and by one in a process of its own. The
server is always in a process of its own.
"""

import hashlib
from collections.abc import Callable

from tests.integration.httpx_client import Outcome
from tests.integration.identity import identity
from tests.integration.payload import BODY, DIGEST

Converse = Callable[[str], Outcome]

HELLO = {
    "version": "HTTP/1.1",
    "status": 200,
    "reason": "OK",
    "fields": {"content-length": "5"},
    "body": "hello",
}


def test_server_and_client_run_on_this_library(converse: Converse) -> None:
    """uvicorn, wsproto and httpcore have imported the h11 that is tested here, and no other."""
    ours = identity()
    assert ours["product"] == "python-h11/0.17.0"
    assert ours["version"] == ours["distribution"] == "0.17.0"
    outcome = converse("who")
    server, client = outcome["server"], outcome["client"]
    assert isinstance(server, dict)
    assert isinstance(client, dict)
    server_importers, client_importers = server.pop("importers"), client.pop("importers")
    assert server == client == ours
    assert "uvicorn.protocols.http.h11_impl" in server_importers
    assert "wsproto.handshake" in server_importers
    assert "httpcore._sync.http11" in client_importers


def test_get(converse: Converse) -> None:
    """A short response arrives with just the fields that the application gave."""
    assert converse("get") == HELLO


def test_head(converse: Converse) -> None:
    """The response to HEAD is that to GET without its body, and the connection stays in step."""
    assert converse("head") == {"head": {**HELLO, "body": ""}, "get": HELLO}


def test_statuses_without_a_body(converse: Converse) -> None:
    """304 and 204 have no body, and what follows them is in step."""
    outcome = converse("without_body")
    assert outcome["/unchanged"] == {
        "version": "HTTP/1.1",
        "status": 304,
        "reason": "Not Modified",
        "fields": {"etag": '"1"', "content-length": "5"},
        "body": "",
    }
    assert outcome["/nothing"] == {
        "version": "HTTP/1.1",
        "status": 204,
        "reason": "No Content",
        "fields": {},
        "body": "",
    }
    assert outcome["/hello"] == HELLO


def test_large_upload_by_length(converse: Converse) -> None:
    """10 MB arrive at the application as they were sent."""
    framing = str(len(BODY))
    assert converse("upload") == {"framing": framing, "length": len(BODY), "sha256": DIGEST}


def test_large_upload_in_chunks(converse: Converse) -> None:
    """10 MB of unknown length arrive at the application as they were sent."""
    framing = "chunked"
    assert converse("streamed_upload") == {
        "framing": framing,
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_large_download_by_length(converse: Converse) -> None:
    """10 MB arrive at the client as the application sent them."""
    assert converse("download") == {
        "fields": {"content-length": str(len(BODY))},
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_large_download_in_chunks(converse: Converse) -> None:
    """10 MB whose length was not told arrive at the client in chunks."""
    assert converse("streamed_download") == {
        "fields": {"transfer-encoding": "chunked"},
        "length": len(BODY),
        "sha256": DIGEST,
    }


def test_one_connection_carries_more_than_a_hundred_requests(converse: Converse) -> None:
    """The application sees one client port in all of a hundred GETs, uploads among them."""
    assert converse("keep_alive") == {"requests": 100, "connections": 1}


def test_connection_is_not_used_again_after_close(converse: Converse) -> None:
    """A client that says `Connection: close` comes back from another port."""
    assert converse("closing") == {"connections": 2}


def test_application_that_fails_in_mid_body_is_an_error_of_the_server(converse: Converse) -> None:
    """The client has the first part, an error instead of an end, and a server that goes on."""
    assert converse("broken") == {
        "status": 200,
        "body": "the first part",
        "error": "RemoteProtocolError",
        "message": (
            "peer closed connection without sending complete message body (incomplete chunked read)"
        ),
        "next": "hello",
    }


def test_client_that_gives_up_a_download_can_ask_again(converse: Converse) -> None:
    """A body left unread costs its connection, and neither the server nor the client."""
    assert converse("given_up") == {"begun": True, "next": "hello"}


def test_client_that_fails_in_mid_upload_can_ask_again(converse: Converse) -> None:
    """An unfinished upload costs its connection, and neither the server nor the client."""
    assert converse("broken_upload") == {"failures": ["LookupError"] * 2, "next": "hello"}


def test_concurrent_uploads_do_not_mix(converse: Converse) -> None:
    """Eight bodies on eight connections, sent by the asynchronous client, arrive apart."""
    hashes = [hashlib.sha256(bytes([number]) * 300_000).hexdigest() for number in range(8)]
    assert converse("concurrent") == {"hashes": hashes}
