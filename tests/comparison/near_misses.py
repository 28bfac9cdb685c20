"""What a broken or hostile peer sends: octets that are wrong, or that only look wrong.

In: well-formed octets, or nothing. Out: hypothesis strategies of heads, bodies and mutations. The
lists below are written with a `|` between their members.
"""

from hypothesis import strategies as st

REQUEST_LINES = (
    b"GET / HTTP/1.1 |GET  / HTTP/1.1|GET /  HTTP/1.1|GET\t/ HTTP/1.1| GET / HTTP/1.1|GET |GET|"
    b"GET / HTTP/1.10|GET / HTTP/11|GET / http/1.1|GET / HTTP/1,1|GET / HTTP/1.1\x00|GET /|"
    b"GET / HTTP/|GET / HTTP||\x16\x03\x01|G\x7fT / HTTP/1.1|G@T / HTTP/1.1|G(T / HTTP/1.1|"
    b" / HTTP/1.1|GET /\x00 HTTP/1.1|GET /\x7f HTTP/1.1|GET /\xe9 HTTP/1.1|GET /a b HTTP/1.1|"
    b"GET /\r HTTP/1.1|\r\nGET / HTTP/1.1|\nGET / HTTP/1.1|\r\n\r\nGET / HTTP/1.1|"
    b"\r\r\nGET / HTTP/1.1|GET / HTTP/0.0|GET / HTTP/9.9|GET / HTTP/1.\xb2|!#$ / HTTP/1.1|"
    b"GET / HTTP/1.1\t|GET /\t HTTP/1.1|GET /#f HTTP/1.1|GET  HTTP/1.1|GET / HTTP/1.1\rX: y|"
    b"GET * HTTP/1.1|OPTIONS * HTTP/1.1|OPTIONS *a HTTP/1.1|CONNECT / HTTP/1.1|GET a:1 HTTP/1.1|"
    b"CONNECT a:1 HTTP/1.1|CONNECT a HTTP/1.1|CONNECT :1 HTTP/1.1|CONNECT a:65536 HTTP/1.1|"
    b"GET http://a HTTP/1.1|GET http:///a HTTP/1.1|GET https://b@a/ HTTP/1.1|GET urn:a HTTP/1.1|"
    b"GET http://a:b/ HTTP/1.1|GET http://[::1]/ HTTP/1.1|GET http://[::g]/ HTTP/1.1|"
    b"GET ?a HTTP/1.1|GET :a HTTP/1.1|GET a HTTP/1.1|GET /%2x HTTP/1.1|GET [ HTTP/1.1|"
    b'GET "/" HTTP/1.1|GET // HTTP/1.1|GET /a?b#c HTTP/1.1|GET http://a"b/ HTTP/1.1'
).split(b"|")

STATUS_LINES = (
    b"HTTP/1.1 200|HTTP/1.1 200 |HTTP/1.1  200 OK|HTTP/1.1 2000 OK|HTTP/1.1 20 OK|"
    b"HTTP/1.1 099 OK|HTTP/1.1 000 OK|HTTP/1.1 200OK|HTTP/1.1 200\tOK|HTTP/1.1\t200 OK|"
    b"HTTP/1.1 200 O\x00|HTTP/1.1|HTTP/1.1 200 O\x7f|HTTP/1.1 200 O\x1b|HTTP/1.1 200 O\rK|"
    b"HTTP/1.1 -20 OK|HTTP/1.1 2_0 OK|HTTP/1.1 \xb2\xb2\xb2 OK|HTTP/1.1 |http/1.1 200 OK|"
    b"HTTP/1.1 200 OK | HTTP/1.1 200 OK||HTTP/1.12 200 OK|ICY 200 OK|HTTP/ 200 OK|"
    b"\r\nHTTP/1.1 200 OK|\nHTTP/1.1 200 OK|HTTP/1.1 200 \t|HTTP/3.0 200 |HTTP/1.1 200 \xe9|"
    b"HTTP/1.1 1000 |HTTP/1.1 101 |HTTP/1.1 100 OK"
).split(b"|")

SIZES = (
    b"5|1, 1|1,1|1, 2|1,|,|+1|-1|0x1|1_0|1 1|1.0||a|\xb2|1;q=1|'1'|1,\t1|01, 1|1,1,1|1\x0b|"
    b"000000000000000000000000000005|9999999999999999999|99999999999999999999|"
    b"111111111111111111111"
).split(b"|")

CODINGS = (
    b"chunked, gzip|gzip, chunked|gzip|identity|chunked;q=1|chunked, chunked||chunked,|,|, chunked|"
    b"\x0bchunked|'chunked'|chunke|xchunked|Chunked|chunked \t"
).split(b"|")

FIELD_LINES = [
    *(
        b"a : b| a: b|\ta: b|a b: c|: x|a|a:\x00|a: b\x7f|a: \x0bb|a: b\x0c|a: b\rc|a: \x85b|"
        b"a: \xa0|a\x00: b|a\xe9: b|a(: b|'a': b|a:b:c|a: \xff|a: \x1b|a:  b  |a:\t|a\t: b|"
        b"a:\x0b|a\r: b|a: b\r|host:|Host: a, b|Host: a|host : a|Host: \x00|Host: a/b|"
        b"Trailer: x|Connection: \x01|Connection|Transfer-Encoding : chunked|Content-Length : 1|"
        b"Transfer_Encoding: chunked|a:\x1f|\x00| |\t|Host: [::1]:|Host: [::1|Host: a:b|Host: a b|"
        b"Host: a\x01|Host: \xe9|Host: user@a|Content-Type: a|cookie: a|Te: a|"
        b"Content-Length: 0\r\nTransfer-Encoding: chunked|"
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked|a: b\r\n c|a: b \r\n\t c \r\n d|"
        b"a: b\n c|a: b\r\n \r\n c"
    ).split(b"|"),
    *(b"Content-Length: " + size for size in SIZES),
    *(b"Transfer-Encoding: " + coding for coding in CODINGS),
]

CHUNK_LINES = (
    b"5|5 | 5|5\t|\t5|5;x|5;x='a;b'|5 ; x|005|0x5|+5|-5|5_0|g||5;\t|5\x0b|5;\n|5\x00|\xb2|5,5|"
    b"5 5|A|5\r|5;\x00|5;\r|5;\x7f|5;\xe9|5;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|"
    b"5xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|00000000000000000005|000000000000000000005|"
    b"ffffffffffffffffffff|fffffffffffffffffffff|5;a=|5;=a|5;a b|5;a=b c|5;;|5;a;|5;a=b;|5 ;a|"
    b'5\t; a = b |5;a="|5;a="b"|5;a="b" |5;a="b"c|5;a="\\"|5;a="\\""|5;a="\x01"|5;a=b\xe9'
).split(b"|")

LINE_ENDS = st.sampled_from(
    [b"\r\n"] * 6 + b"\n|\r|\r\r\n|\n\r|\n\n||\r\n |\r\n\t| \r\n|\r\n\r\n".split(b"|")
)

ODD_OCTETS = st.binary(max_size=2) | st.sampled_from(
    b"\r|\n|\r\n|\r\n\r\n| |\t|:|\x00|\x0b|\x7f|\x80|0|f|,|;".split(b"|")
)


@st.composite
def heads(draw: st.DrawFn, start_lines: list[bytes]) -> bytes:
    """Return a head some of whose lines, or line ends, may be wrong, and what follows it."""
    good = st.sampled_from([b"GET / HTTP/1.1", b"HTTP/1.1 200 OK", b"PUT / HTTP/1.0"])
    odd_lines = st.lists(st.sampled_from(FIELD_LINES), max_size=3)
    lines = [*draw(odd_lines), draw(st.sampled_from([b"Host: a", b"X: y"]))]
    start = draw(good | st.sampled_from(start_lines))
    lines = [start, *draw(st.permutations(lines)), b""]
    is_well_ended = draw(st.booleans())
    ends = [b"\r\n" if is_well_ended else draw(LINE_ENDS) for _ in lines]
    head = b"".join(line + end for line, end in zip(lines, ends, strict=True))
    return head + draw(st.sampled_from([b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n"]))


@st.composite
def chunked_bodies(draw: st.DrawFn) -> bytes:
    """Return a body in chunks where something may be wrong."""
    octets = b""
    for _ in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from([b"hello", b"hello", b"hell", b"hello!"]))
        octets += draw(st.sampled_from(CHUNK_LINES)) + draw(LINE_ENDS) + data + draw(LINE_ENDS)
    octets += draw(st.sampled_from([b"0", b"00", b"0;x", b"0 ", b"-0", b"0\x00"])) + draw(LINE_ENDS)
    for line in draw(st.lists(st.sampled_from(FIELD_LINES), max_size=2)):
        octets += line + draw(LINE_ENDS)
    return octets + draw(LINE_ENDS)


@st.composite
def mutated(draw: st.DrawFn, octets: bytes) -> bytes:
    """Return the octets with a few of them flipped, removed, repeated, or others put in."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(octets)))
        length = draw(st.integers(0, 3))
        here, there = octets[:at], octets[at:]
        match draw(st.sampled_from(["put in", "replace", "repeat", "line end", "end here"])):
            case "put in":
                octets = here + draw(ODD_OCTETS) + there
            case "replace":
                octets = here + draw(ODD_OCTETS) + there[length:]
            case "repeat":
                octets = here + there[: 8 * length] + there
            case "line end":
                lines = octets.split(b"\r\n")
                split = draw(st.integers(1, len(lines)))
                after = b"\r\n".join(lines[split:])
                octets = b"\r\n".join(lines[:split]) + draw(LINE_ENDS) + after
            case _:
                octets = here
    return octets
