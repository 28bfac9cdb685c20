"""Tests of our server role with curl.

In: uploads and downloads of all sizes, in every framing that curl knows. Out: what curl has of the
answers, and what the server's record has of the requests.
"""

import email.parser
import email.policy
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import pytest

from tests.interop.clients.bodies import SIZES, digest, octets
from tests.interop.clients.programs import CURL, client, output_of
from tests.interop.clients.servers import Served, digests, each_server

pytestmark = client(CURL)

QUIET = ("--silent", "--show-error", "--fail", "--expect100-timeout", "20")
CHUNKED = ("--header", "Transfer-Encoding: chunked")

DIGESTS = [digest(octets(size)) for size in SIZES]


def in_turn(*transfers: Sequence[str | Path]) -> list[str | Path]:
    """Return the arguments for several transfers, one after the other, in one run of curl."""
    return list(chain.from_iterable(("--next", *QUIET, *transfer) for transfer in transfers))[1:]


@each_server("10 MB up", "chunks", "keep-alive", "100-continue")
@pytest.mark.parametrize("expect", ["Expect:", "Expect: 100-continue"], ids=["", "100-continue"])
@pytest.mark.parametrize(
    ("method", "options"),
    [
        pytest.param("PUT", ("--upload-file",), id="PUT with a length"),
        pytest.param("PUT", (*CHUNKED, "--upload-file"), id="PUT in chunks"),
        pytest.param("POST", ("--data-binary",), id="POST with a length"),
        pytest.param("POST", (*CHUNKED, "--data-binary"), id="POST in chunks"),
    ],
)
def test_uploads_arrive_whole_and_in_order(
    served: Served,
    files: dict[int, Path],
    run: str,
    method: str,
    options: tuple[str, ...],
    expect: str,
    tmp_path: Path,
) -> None:
    """All sizes arrive on one connection, whether or not curl waits for leave."""
    *framing, option = options
    # curl 7.88 never sends the last chunk of a body that has no other.
    sizes = [size for size in SIZES if size or not framing]
    transfers: list[tuple[str | Path, ...]] = [
        (
            *("--dump-header", str(tmp_path / str(size)), "--header", expect, *framing),
            *(option, f"@{files[size]}" if method == "POST" else str(files[size])),
            served.url("/upload", f"{run}.{size}"),
        )
        for size in sizes
    ]
    expected = [digest(octets(size)) for size in sizes]
    assert digests(output_of(CURL, in_turn(*transfers))) == expected
    received = served.received(run)
    assert [request.digest for request in received] == expected
    assert {request.method for request in received} == {method}
    assert len({request.port for request in received}) == 1
    for size, request in zip(sizes, received, strict=True):
        assert request.framing == ("chunked" if framing else str(size))
        assert f"Expect: {request.expect}".strip() == expect
        if size:  # What has nothing to wait for may be told so, or not.
            head = (tmp_path / str(size)).read_text(encoding="latin-1")
            assert head.startswith("HTTP/1.1 100 ") == (request.expect != "")


@each_server("10 MB down", "HTTP/1.0")
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({}, id="with a length"),
        pytest.param({"framing": "chunks"}, id="in chunks"),
    ],
)
@pytest.mark.parametrize("version", ["--http1.1", "--http1.0"])
def test_downloads_arrive_whole(
    served: Served, run: str, arguments: dict[str, str], version: str, tmp_path: Path
) -> None:
    """In HTTP/1.0 a connection carries one, and the end of the connection may be its end."""
    transfers = [
        (
            *(version, "--output", tmp_path / str(size)),
            served.url("/download", f"{run}.{size}", size=size, **arguments),
        )
        for size in SIZES
    ]
    output_of(CURL, in_turn(*transfers))
    assert [digest((tmp_path / str(size)).read_bytes()) for size in SIZES] == DIGESTS
    received = served.received(run)
    assert [request.id for request in received] == [f"{run}.{size}" for size in SIZES]
    assert {request.version for request in received} == {version.removeprefix("--http")}
    ports = {request.port for request in received}
    assert len(ports) == (1 if version == "--http1.1" else len(SIZES))


@each_server("upload and download at once")
@pytest.mark.parametrize("size", SIZES)
def test_upload_comes_back_while_it_goes(
    served: Served, files: dict[int, Path], run: str, size: int, tmp_path: Path
) -> None:
    """Neither side waits for the other to be done."""
    url = served.url("/echo", run)
    arguments = in_turn(("--upload-file", files[size], "--output", tmp_path / "back", url))
    output_of(CURL, arguments)
    assert (tmp_path / "back").read_bytes() == octets(size)


@each_server("multipart")
def test_form_arrives_part_by_part(
    served: Served, files: dict[int, Path], run: str, tmp_path: Path
) -> None:
    """What curl sends as a form is a message with all parts in it."""
    form = chain.from_iterable(("--form", f"{size}=@{path}") for size, path in files.items())
    options = ("--output", tmp_path / "back", "--write-out", "%{size_upload}")
    output_of(CURL, in_turn((*form, *options, served.url("/echo", run))))
    body = (tmp_path / "back").read_bytes()
    boundary = body.partition(b"\r\n")[0].removeprefix(b"--")
    head = b"Content-Type: multipart/form-data; boundary=%b\r\n\r\n" % boundary
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    parts = list(parser.parsebytes(head + body).iter_parts())
    assert [part.get_content() for part in parts] == [octets(size) for size in SIZES]


@each_server("100-continue refused")
def test_refusal_comes_before_the_body(
    served: Served, files: dict[int, Path], run: str, tmp_path: Path
) -> None:
    """A body that the server does not want never goes, and the next request finds its place."""
    options = ("--output", tmp_path / "answer", "--write-out", "%{http_code} %{size_upload}\n")
    refused = (
        *(
            "--silent",
            "--expect100-timeout",
            "20",
            "--header",
            "Expect: 100-continue",
            "--upload-file",
            files[10_000_000],
        ),
        *(*options, served.url("/refuse", run)),
    )
    allowed = ("--next", "--silent", "--upload-file", files[1], served.url("/upload", run))
    told, answer = output_of(CURL, [*refused, *allowed]).splitlines()
    assert told == "403 0"
    assert (tmp_path / "answer").read_bytes() == b"no\n"
    assert digests(answer) == [digest(octets(1))]
    assert [request.digest for request in served.received(run)] == [digest(octets(1))]


@each_server("refusal of an upload under way")
def test_refusal_of_an_upload_under_way_arrives(
    served: Served, files: dict[int, Path], run: str
) -> None:
    """The answer is not lost, and what follows is not mixed up with the body."""
    refused = (
        *("--silent", "--header", "Expect:", "--upload-file", files[10_000_000]),
        served.url("/refuse", run),
    )
    allowed = ("--next", "--silent", "--upload-file", files[1], served.url("/upload", run))
    told, answer = output_of(CURL, [*refused, *allowed]).splitlines()
    assert told == "no"
    assert digests(answer) == [digest(octets(1))]


@each_server("HEAD")
def test_head_is_answered_without_a_body(served: Served, run: str) -> None:
    """The connection is good for another request after it."""
    url = served.url("/download", run, size=1000)
    told = output_of(CURL, in_turn(("--head", url), (url, "--output", "/dev/null")))
    assert "content-length: 1000\n" in told.lower()
    assert [request.method for request in served.received(run)] == ["HEAD", "GET"]
    assert len({request.port for request in served.received(run)}) == 1


@each_server("offer of HTTP/2 not taken up")
def test_offer_of_another_protocol_is_not_taken_up(served: Served, run: str) -> None:
    """HTTP/2 is proposed by Upgrade; it goes on with HTTP/1.1 on the same connection."""
    url = served.url("/download", run, size=1)
    options = ("--http2", "--output", "/dev/null", "--write-out", "%{http_version} ")
    assert output_of(CURL, in_turn((*options, url), (*options, url))) == "1.1 1.1 "
    assert len({request.port for request in served.received(run)}) == 1


@each_server("long heads")
@pytest.mark.parametrize(("size", "statuses"), [(12_000, {"200"}), (100_000, {"400", "431"})])
def test_long_head_is_taken_up_to_a_limit(
    served: Served, run: str, tmp_path: Path, size: int, statuses: set[str]
) -> None:
    """Cookies of 12 kB are usual; who sends far too much gets an answer."""
    (tmp_path / "field").write_text(f"Cookie: {'c' * size}")
    options = ("--silent", "--header", f"@{tmp_path / 'field'}", "--write-out", "%{http_code}")
    url = served.url("/download", run)
    # It bounds what is incomplete alone, and may take up all of this at once.
    taken = {"200"} if served.name == "uvicorn" else set()
    answer = output_of(CURL, [*options, "--output", tmp_path / "answer", url])
    assert answer in statuses | taken
