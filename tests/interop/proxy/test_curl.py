"""Tests of the proxy with curl: in front of a server, as the proxy that curl asks, and as a tunnel.

In: uploads and downloads of all sizes, in every framing that curl knows. Out: what curl has of the
answers, and what the record of the server behind the proxy has of the requests.
"""

from itertools import chain
from pathlib import Path

import pytest

from tests.interop.clients.bodies import SIZES, digest, octets
from tests.interop.clients.programs import CURL, output_of
from tests.interop.clients.servers import Served, digests
from tests.interop.programs import Running

pytestmark = pytest.mark.program(CURL, "both")

QUIET = ("--silent", "--show-error", "--fail", "--expect100-timeout", "20")
CHUNKED = ("--header", "Transfer-Encoding: chunked")

Options = tuple[str | Path, ...]


@pytest.fixture(params=["reverse", "forward", "tunnel"])
def way(
    request: pytest.FixtureRequest, reverse: Served, forward: Running, recorder: Served
) -> tuple[Served, Options]:
    """What curl asks, and the options that lead it there."""
    if request.param == "reverse":
        return reverse, ()
    options = ("--noproxy", "", "--proxy", "http://{}:{}".format(*forward.address))
    return recorder, options if request.param == "forward" else (*options, "--proxytunnel")


def in_turn(options: Options, *transfers: Options) -> list[str | Path]:
    """Return the arguments for several transfers, one after the other, in one run of curl."""
    each = (("--next", *QUIET, *options, *transfer) for transfer in transfers)
    return list(chain.from_iterable(each))[1:]


@pytest.mark.feature("10 MB up")
@pytest.mark.parametrize("expect", ["Expect:", "Expect: 100-continue"], ids=["", "100-continue"])
@pytest.mark.parametrize("framing", [(), CHUNKED], ids=["length", "chunks"])
def test_uploads_arrive_whole(
    way: tuple[Served, Options],
    files: dict[int, Path],
    run: str,
    expect: str,
    framing: Options,
) -> None:
    """All sizes arrive once, in order, as they were framed, and with leave where it was asked."""
    served, options = way
    # curl 7.88 never sends the last chunk of a body that has no other.
    sizes = [size for size in SIZES if size or not framing]
    transfers: list[Options] = [
        (
            *("--header", expect, *framing, "--data-binary", f"@{files[size]}"),
            served.url("/upload", f"{run}.{size}"),
        )
        for size in sizes
    ]
    expected = [digest(octets(size)) for size in sizes]
    assert digests(output_of(CURL, in_turn(options, *transfers))) == expected
    received = served.received(run)
    assert [request.digest for request in received] == expected
    assert [request.framing for request in received] == (
        ["chunked"] * len(sizes) if framing else [str(size) for size in sizes]
    )
    wanted = expect.removeprefix("Expect:").strip()
    assert {request.expect for request in received if request.digest.size} == {wanted}


@pytest.mark.feature("10 MB down")
@pytest.mark.parametrize("framing", ["", "chunks"])
def test_downloads_arrive_whole(
    way: tuple[Served, Options], run: str, framing: str, tmp_path: Path
) -> None:
    """All sizes arrive, with a length or in chunks."""
    served, options = way
    transfers: list[Options] = [
        ("--output", tmp_path / str(size), served.url("/download", run, size=size, framing=framing))
        for size in SIZES
    ]
    output_of(CURL, in_turn(options, *transfers))
    for size in SIZES:
        assert (tmp_path / str(size)).read_bytes() == octets(size)


@pytest.mark.feature("HEAD")
def test_head_needs_no_body(way: tuple[Served, Options], run: str) -> None:
    """The next request follows on the same connection."""
    served, options = way
    transfers: list[Options] = [("--head", served.url("/download", run, size=1000))] * 3
    found = output_of(CURL, in_turn(options, *transfers))
    assert found.lower().count("content-length: 1000") == 3
    assert [request.method for request in served.received(run)] == ["HEAD"] * 3


@pytest.mark.feature("100-continue refused")
def test_refusal_spares_the_body(
    way: tuple[Served, Options], files: dict[int, Path], run: str
) -> None:
    """The answer comes instead of 100, and curl does not send 10 MB."""
    served, options = way
    arguments: Options = (
        *("--silent", "--header", "Expect: 100-continue", "--expect100-timeout", "20"),
        *("--write-out", "%{http_code} %{size_upload}", "--upload-file", files[10_000_000]),
        *options,
        served.url("/refuse", run),
    )
    assert output_of(CURL, list(arguments)) == "no\n403 0"


@pytest.mark.feature("HTTP/1.0")
def test_client_of_http_1_0_is_served(
    way: tuple[Served, Options], files: dict[int, Path], run: str, tmp_path: Path
) -> None:
    """It gets no chunks, and its connection ends with the response."""
    served, options = way
    output = ("--output", tmp_path / "body", "--dump-header", tmp_path / "head")
    url = served.url("/download", run, size=1_000_000, framing="chunks")
    output_of(CURL, [*QUIET, "--http1.0", *output, *options, url])
    assert (tmp_path / "body").read_bytes() == octets(1_000_000)
    assert digests(
        output_of(
            CURL,
            [
                *(*QUIET, "--http1.0", "--data-binary", f"@{files[65_535]}"),
                *options,
                served.url("/upload", run),
            ],
        )
    ) == [digest(octets(65_535))]


@pytest.mark.feature("its backend is away")
def test_nobody_there_is_told(forward: Running) -> None:
    """502 with a reason, for curl's own request and for its tunnel."""
    proxy = "http://{}:{}".format(*forward.address)
    options = ("--silent", "--noproxy", "", "--proxy", proxy)
    found = output_of(CURL, [*options, "http://127.0.0.1:1/"])
    assert found == "The upstream cannot be reached: Connection refused\n"
    found = output_of(
        CURL,
        [*options, "--proxytunnel", "--write-out", "%{http_connect}", "http://127.0.0.1:1/"],
        status=56,
    )
    assert found == "502"
