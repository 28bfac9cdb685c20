"""Tests of the example proxy: what reaches the other side of it, and how.

In: messages on the sockets of a client and of an upstream. Out: the messages on the other one, with
what is for one hop replaced, and framed anew.
"""

import pytest

from docs.examples.forwarding import NAME, FailedError, authority_of, parse_authority
from tests.examples.proxying import VIA, Upstream, fields_of, read_head, without
from tests.integration.sockets import Address, connect, read_to_end, read_until

GET = b"GET /path?query HTTP/1.1\r\nHost: www.example.com\r\n\r\n"
OK = b"HTTP/1.1 200 Fine\r\nDate: today\r\nContent-Length: 2\r\n\r\nhi"


def requested(proxy: Address, upstream: Upstream, request: bytes) -> bytes:
    """Return what a request without a body is for the upstream."""
    with connect(proxy) as client:
        client.sendall(request)
        with upstream.accept() as server:
            received = read_head(server)
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 Fine\r\n")
    return received


def answered(proxy: Address, upstream: Upstream, response: bytes, request: bytes = GET) -> bytes:
    """Return what a response is for the client, up to the end of its connection."""
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with connect(proxy) as client:
        client.sendall(last)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(response)
        return read_to_end(client)


def with_fields(message: bytes, *lines: bytes) -> bytes:
    """Return a message with further field lines."""
    head, end, body = message.partition(b"\r\n\r\n")
    return b"\r\n".join([head, *lines]) + end + body


# Fields.


def test_request_and_response_come_through(proxy: Address, upstream: Upstream) -> None:
    """Both are the same on the other side but for Via; order, casing and reason phrase stay."""
    fields = b"aCCept: b", b"Cookie: c=d", b"cookie: e", b"X-Empty: "
    with connect(proxy) as client:
        client.sendall(with_fields(GET, *fields))
        with upstream.accept() as server:
            assert read_head(server) == with_fields(GET, *fields, VIA.strip())
            server.sendall(with_fields(OK, b"Set-Cookie: a", b"SET-cookie: b"))
            expected = with_fields(OK, b"Set-Cookie: a", b"SET-cookie: b", VIA.strip())
            assert read_until(client, b"hi") == expected


FOR_ONE_HOP = [
    b"Connection: keep-alive, X-Named , x-other",
    b"X-Named: a",
    b"X-OTHER: b",
    b"Keep-Alive: timeout=5",
    b"Proxy-Connection: keep-alive",
    b"TE: gzip",
    b"Upgrade: h2c",
]


def test_fields_for_one_hop_stay_behind(proxy: Address, upstream: Upstream) -> None:
    """Connection and what it names, and what RFC 9110 section 7.6.1 lists, in both directions."""
    request = with_fields(GET, *FOR_ONE_HOP, b"Proxy-Authorization: Basic a", b"X-Kept: c")
    expected = with_fields(GET, b"X-Kept: c", VIA.strip())
    assert requested(proxy, upstream, request) == expected
    received = answered(proxy, upstream, with_fields(OK, *FOR_ONE_HOP, b"X-Kept: c"))
    assert received == with_fields(OK, b"X-Kept: c", VIA.strip(), b"Connection: close")


def test_via_grows(proxy: Address, upstream: Upstream) -> None:
    """Who was there before stays, and the version is the one in which the message came."""
    request = b"GET / HTTP/1.0\r\nHost: a\r\nVia: 1.1 before (a comment, too)\r\n\r\n"
    with connect(proxy) as client:
        client.sendall(request)
        with upstream.accept() as server:
            received = read_head(server)
            server.sendall(b"HTTP/1.0 200 \r\nVia: 1.1 server\r\n\r\n")
        sent_back = read_to_end(client)
    entry = f"Via: 1.0 {NAME}\r\n".encode()
    assert received.endswith(b"Via: 1.1 before (a comment, too)\r\n" + entry + b"\r\n")
    assert b"\r\nVia: 1.1 server\r\n" + entry in sent_back


def test_response_without_a_date_gets_one(proxy: Address, upstream: Upstream) -> None:
    """Whoever has a clock adds it (RFC 9110 section 6.6.1)."""
    received = answered(proxy, upstream, without(OK, b"Date"))
    assert fields_of(received.partition(b"\r\n\r\n")[0])[b"date"].endswith(b" GMT")


def test_connection_cannot_take_away_what_frames_and_routes(
    proxy: Address, upstream: Upstream
) -> None:
    """Connection may name Host and Content-Length; both come from the message all the same."""
    request = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: Host, content-length, date\r\n"
    with connect(proxy) as client:
        client.sendall(request + b"Content-Length: 2\r\n\r\nhi")
        with upstream.accept() as server:
            received = read_until(server, b"hi")
            assert received == (
                b"POST / HTTP/1.1\r\nHost: a\r\n" + VIA + b"Content-Length: 2\r\n\r\nhi"
            )
            server.sendall(with_fields(OK, b"Connection: content-length"))
            received = read_until(client, b"0\r\n\r\n")
    assert received.endswith(b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")


# Targets.


@pytest.mark.parametrize(
    ("request_line", "host", "expected"),
    [
        pytest.param(b"GET /a//b?c HTTP/1.1", b"a:80", (b"GET /a//b?c", b"a:80"), id="origin"),
        pytest.param(b"GET //a/b HTTP/1.1", b"a", (b"GET //a/b", b"a"), id="two slashes"),
        pytest.param(b"GET http://b/c?d HTTP/1.1", b"a", (b"GET /c?d", b"b"), id="absolute"),
        pytest.param(b"GET HTTP://b:81 HTTP/1.1", b"a", (b"GET /", b"b:81"), id="no path"),
        pytest.param(b"GET http://b?c HTTP/1.1", b"a", (b"GET /?c", b"b"), id="query alone"),
        pytest.param(b"OPTIONS * HTTP/1.1", b"a", (b"OPTIONS *", b"a"), id="asterisk"),
        pytest.param(
            b"OPTIONS http://b HTTP/1.1", b"a", (b"OPTIONS *", b"b"), id="absolute asterisk"
        ),
    ],
)
def test_target_and_host_in_front_of_a_server(
    proxy: Address,
    upstream: Upstream,
    request_line: bytes,
    host: bytes,
    expected: tuple[bytes, bytes],
) -> None:
    """The authority of an absolute-form replaces Host (RFC 9112 section 3.2.2)."""
    received = requested(proxy, upstream, b"%b\r\nHost: %b\r\n\r\n" % (request_line, host))
    target, authority = expected
    assert received == b"%b HTTP/1.1\r\nHost: %b\r\n%b\r\n" % (target, authority, VIA)


def test_request_without_a_host_gets_one(proxy: Address, upstream: Upstream) -> None:
    """HTTP/1.0 need not name any; then it is the upstream's own."""
    with connect(proxy) as client:
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with upstream.accept() as server:
            assert fields_of(read_head(server))[b"host"] == upstream.authority
            server.sendall(OK)
            assert read_to_end(client).endswith(b"hi")


@pytest.mark.parametrize(
    ("authority", "address"),
    [
        (b"a.b", ("a.b", 80)),
        (b"a.b:", ("a.b", 80)),
        (b"a.b:008080", None),
        (b"a.b:65535", ("a.b", 65535)),
        (b"[::1]", ("::1", 80)),
        (b"[::1]:81", ("::1", 81)),
        (b"127.0.0.1:1", ("127.0.0.1", 1)),
        (b"::1", None),
        (b"a:0", None),
        (b"a:65536", None),
        (b":80", None),
        (b"", None),
    ],
)
def test_authority_names_a_host_and_a_port(
    authority: bytes, address: tuple[str, int] | None
) -> None:
    """A port of HTTP need not be told; what names none is refused, and brackets are taken off."""
    if address is None:
        with pytest.raises(FailedError):
            parse_authority(authority, 80)
        return
    assert parse_authority(authority, 80) == address
    if authority.count(b":") > 1:
        assert authority_of(address).startswith(b"[::1]:")


@pytest.mark.parametrize("path", [b"", b"/", b"/a?b", b"?c"])
def test_target_says_where_a_client_wants_to_go(
    forward_proxy: Address, upstream: Upstream, path: bytes
) -> None:
    """Host is of no account beside it."""
    url = b"http://%b%b" % (upstream.authority, path)
    received = requested(forward_proxy, upstream, b"GET %b HTTP/1.1\r\nHost: other\r\n\r\n" % url)
    target = path if path.startswith(b"/") else b"/" + path
    assert received == (
        b"GET %b HTTP/1.1\r\nHost: %b\r\n%b\r\n" % (target, upstream.authority, VIA)
    )


@pytest.mark.parametrize(
    ("head", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n", 400, id="origin-form"),
        pytest.param(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n", 400, id="asterisk-form"),
        pytest.param(b"GET https://a/ HTTP/1.1\r\nHost: a\r\n", 400, id="other scheme"),
        pytest.param(b"GET urn:a:b HTTP/1.1\r\nHost: a\r\n", 400, id="no authority"),
        pytest.param(b"GET http://a:99999/ HTTP/1.1\r\nHost: a\r\n", 400, id="port too high"),
        pytest.param(b"GET http://a:0/ HTTP/1.1\r\nHost: a\r\n", 400, id="port 0"),
        pytest.param(b"GET http://a..b%00/ HTTP/1.1\r\nHost: a\r\n", 502, id="no such name"),
        pytest.param(
            f"GET http://a/ HTTP/1.1\r\nHost: a\r\nVia: 1.1 b, 1.1 {NAME}\r\n".encode(),
            508,
            id="circle",
        ),
        pytest.param(
            b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n", 400, id="CONNECT with body"
        ),
    ],
)
def test_what_leads_nowhere_is_refused(forward_proxy: Address, head: bytes, status: int) -> None:
    """Each with its status, and the reason in the body."""
    with connect(forward_proxy) as client:
        client.sendall(head + b"\r\n")
        received = read_to_end(client)
    assert received.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nConnection: close\r\n" in received
    assert received.partition(b"\r\n\r\n")[2].strip()


def test_no_tunnel_leads_through_a_reverse_proxy(proxy: Address, upstream: Upstream) -> None:
    """CONNECT would reach hosts that only the proxy sees."""
    with connect(proxy) as client:
        client.sendall(b"CONNECT %b HTTP/1.1\r\nHost: a\r\n\r\n" % upstream.authority)
        assert read_to_end(client).startswith(b"HTTP/1.1 501 ")
    assert upstream.is_left_alone()


@pytest.mark.parametrize(
    ("method", "limit", "forwarded"),
    [(b"OPTIONS", b"5", b"4"), (b"TRACE", b"01", b"0"), (b"GET", b"0", b"0")],
)
def test_max_forwards_counts_down(
    proxy: Address, upstream: Upstream, method: bytes, limit: bytes, forwarded: bytes
) -> None:
    """It applies to two methods, and means nothing to the others."""
    request = b"%b / HTTP/1.1\r\nHost: a\r\nMax-Forwards: %b\r\n\r\n" % (method, limit)
    assert fields_of(requested(proxy, upstream, request))[b"max-forwards"] == forwarded


@pytest.mark.parametrize(
    ("method", "limit", "status"),
    [(b"OPTIONS", b"0", 200), (b"TRACE", b"00", 501), (b"OPTIONS", b"x", 400)],
)
def test_max_forwards_ends_the_way(
    proxy: Address, upstream: Upstream, method: bytes, limit: bytes, status: int
) -> None:
    """At zero the proxy answers itself."""
    with connect(proxy) as client:
        client.sendall(b"%b / HTTP/1.1\r\nHost: a\r\nMax-Forwards: %b\r\n\r\n" % (method, limit))
        assert read_to_end(client).startswith(b"HTTP/1.1 %d " % status)
    assert upstream.is_left_alone()


# Framing.

CHUNKED = b"Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(b"Content-Length: 5\r\n\r\nhello", None, id="length"),
        pytest.param(b"Content-Length: 0\r\n\r\n", None, id="nothing"),
        pytest.param(
            b"Content-Length: 5, 5\r\n\r\nhello", b"Content-Length: 5\r\n\r\nhello", id="list"
        ),
        pytest.param(
            b"transfer-encoding:CHUNKED\r\n\r\n05;a=b\r\nhello\r\n0;c\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            id="chunks",
        ),
        pytest.param(
            b"Trailer: A\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
            b"Trailer: A\r\n%bTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
            id="trailers",
        ),
    ],
)
def test_request_is_framed_anew(
    proxy: Address, upstream: Upstream, sent: bytes, expected: bytes | None
) -> None:
    """The kind of framing stays, its form is ours; chunk extensions are for one hop."""
    expected = expected or sent
    expected = expected % VIA if b"%b" in expected else VIA + expected
    with connect(proxy) as client:
        client.sendall(b"PUT / HTTP/1.1\r\nHost: a\r\n" + sent)
        with upstream.accept() as server:
            assert read_until(server, expected) == b"PUT / HTTP/1.1\r\nHost: a\r\n" + expected
            server.sendall(OK)
            read_until(client, b"hi")


IN_CHUNKS = with_fields(b"HTTP/1.1 200 \r\nDate: a\r\n\r\n", CHUNKED)
CHUNKS = b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: c\r\nConnection: d\r\n\r\n"
TO_THE_END = b"HTTP/1.1 200 \r\nDate: a\r\n\r\nhello"


@pytest.mark.parametrize(
    ("response", "body"),
    [
        pytest.param(IN_CHUNKS + CHUNKS, b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", id="chunks"),
        pytest.param(TO_THE_END, b"5\r\nhello\r\n0\r\n\r\n", id="to the end"),
    ],
)
def test_response_of_unknown_length_comes_in_chunks(
    proxy: Address, upstream: Upstream, response: bytes, body: bytes
) -> None:
    """Trailers that the client has not asked for are dropped."""
    with connect(proxy) as client:
        client.sendall(GET)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(response)
        received = read_until(client, b"0\r\n\r\n")
    assert received == (
        b"HTTP/1.1 200 \r\nDate: a\r\n" + VIA + b"Transfer-Encoding: chunked\r\n\r\n" + body
    )


@pytest.mark.parametrize("response", [IN_CHUNKS + CHUNKS, TO_THE_END])
def test_response_of_unknown_length_ends_with_the_connection_in_http_1_0(
    proxy: Address, upstream: Upstream, response: bytes
) -> None:
    """A client of that version does not know chunks."""
    with connect(proxy) as client:
        client.sendall(b"GET / HTTP/1.0\r\nHost: a\r\nTE: trailers\r\n\r\n")
        with upstream.accept() as server:
            read_head(server)
            server.sendall(response)
        received = read_to_end(client)
    assert received == (b"HTTP/1.1 200 \r\nDate: a\r\n" + VIA + b"Connection: close\r\n\r\nhello")


def test_trailers_reach_the_client_that_wants_them(proxy: Address, upstream: Upstream) -> None:
    """That it wants them is said on to the upstream, and hop-by-hop fields are none."""
    request = with_fields(GET, b"TE: Trailers, deflate;q=0.5", b"Connection: TE")
    with connect(proxy) as client:
        client.sendall(request)
        with upstream.accept() as server:
            fields = fields_of(read_head(server))
            assert (fields[b"te"], fields[b"connection"]) == (b"trailers", b"TE")
            named = b"3\r\nabc\r\n0\r\nX-Sum: c\r\nX-Hop: d\r\n\r\n"
            server.sendall(with_fields(IN_CHUNKS, b"Connection: x-hop") + named)
            received = read_until(client, b"\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: c\r\n\r\n")
            assert b"X-Hop" not in received


@pytest.mark.parametrize(
    ("request_", "response", "expected"),
    [
        pytest.param(
            GET.replace(b"GET", b"HEAD"),
            b"HTTP/1.1 200 \r\nDate: a\r\nContent-Length: 5\r\n\r\n",
            b"HTTP/1.1 200 \r\nDate: a\r\nContent-Length: 5\r\n",
            id="HEAD with a length",
        ),
        pytest.param(
            GET.replace(b"GET", b"HEAD"),
            IN_CHUNKS,
            b"HTTP/1.1 200 \r\nDate: a\r\n",
            id="HEAD in chunks",
        ),
        pytest.param(
            GET, b"HTTP/1.1 204 \r\nDate: a\r\n\r\n", b"HTTP/1.1 204 \r\nDate: a\r\n", id="204"
        ),
        pytest.param(
            GET,
            b"HTTP/1.1 304 \r\nDate: a\r\nContent-Length: 9\r\n\r\n",
            b"HTTP/1.1 304 \r\nDate: a\r\nContent-Length: 9\r\n",
            id="304",
        ),
    ],
)
def test_response_without_a_body(
    proxy: Address, upstream: Upstream, request_: bytes, response: bytes, expected: bytes
) -> None:
    """Another request can follow on both connections, at once."""
    with connect(proxy) as client:
        client.sendall(request_)
        with upstream.accept() as server:
            read_head(server)
            server.sendall(response)
            received = without(read_head(client), b"Transfer-Encoding")
            assert received == expected + VIA + b"\r\n"
            client.sendall(GET)
            read_head(server)
            server.sendall(OK)
            assert read_until(client, b"hi").startswith(b"HTTP/1.1 200 Fine\r\n")
