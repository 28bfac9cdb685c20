"""Tests of our server role with wget, which reads no answer before it has sent the whole request.

In: uploads and downloads of all sizes. Out: what wget has of the answers, and what the server's
record has of the requests.
"""

from pathlib import Path

import pytest

from tests.interop.clients.bodies import SIZES, digest, octets
from tests.interop.clients.programs import WGET, client, output_of
from tests.interop.clients.servers import Served, digests, each_server

pytestmark = client(WGET)

WGET_ERROR_RESPONSE = 8
"""How wget ends after an error status; a broken connection would be 4."""


@each_server("10 MB up")
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("size", SIZES)
def test_upload_arrives_whole(
    served: Served, files: dict[int, Path], run: str, method: str, size: int
) -> None:
    """It arrives once, under its length."""
    options = ("--quiet", "--output-document=-", f"--method={method}", f"--body-file={files[size]}")
    expected = [digest(octets(size))]
    assert digests(output_of(WGET, [*options, served.url("/upload", run)])) == expected
    received = served.received(run)
    assert [request.digest for request in received] == expected
    assert [(request.method, request.framing) for request in received] == [(method, str(size))]


@each_server("10 MB down", "chunks", "keep-alive")
@pytest.mark.parametrize("framing", ["", "chunks"])
def test_downloads_arrive_whole_on_one_connection(
    served: Served, run: str, framing: str, tmp_path: Path
) -> None:
    """All sizes arrive in turn, with a length or in chunks."""
    urls = [served.url("/download", f"{run}.{size}", size=size, framing=framing) for size in SIZES]
    output_of(WGET, ["--quiet", "--output-document=all", *urls], tmp_path)
    assert (tmp_path / "all").read_bytes() == b"".join(map(octets, SIZES))
    received = served.received(run)
    assert [request.id for request in received] == [f"{run}.{size}" for size in SIZES]
    assert len({request.port for request in received}) == 1


@each_server("HEAD")
def test_spider_needs_no_body(served: Served, run: str) -> None:
    """HEAD is answered, and the following GET on the same connection, too."""
    url = served.url("/download", run, size=1)
    output_of(WGET, ["--quiet", "--spider", url, url])
    assert [request.method for request in served.received(run)] == ["HEAD", "HEAD"]


@each_server("refusal of a whole upload")
def test_refusal_of_an_upload_arrives(served: Served, files: dict[int, Path], run: str) -> None:
    """It is heard of only after everything has been sent."""
    options = ("--quiet", "--output-document=-", "--content-on-error", "--method=PUT")
    arguments = [*options, f"--body-file={files[10_000_000]}", served.url("/refuse", run)]
    assert output_of(WGET, arguments, status=WGET_ERROR_RESPONSE) == "no\n"
