"""Every line does what it is timed for, with each implementation, or is refused."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests.benchmarks import bodies, traffic
from tests.benchmarks.contenders import AGAINST, CONTENDERS, NATIVE, OURS
from tests.benchmarks.lines import LINES
from tests.benchmarks.on_h11 import WORKS
from tests.benchmarks.process import Worker, running
from tests.benchmarks.targets import ROWS
from tests.benchmarks.worker import WrongResultError, sample

MEASURED_OTHERWISE = {"idle_memory", "body_copied", "import_time"}

NOT_DONE = {
    OURS: set[str](),
    AGAINST: set[str](),
    "httptools": {"chunked_out", "idle_memory", "body_copied"},
    "zttp": {"upgrade", "idle_memory", "body_copied"},
}
"""What each implementation is left out of."""

LONG = {"pipelined", "chunked_in", "tiny_chunks", "content_length_in"}
"""Lines of which one call is plenty."""


@pytest.fixture(scope="module")
def workers() -> Iterator[dict[str, Worker]]:
    """Run a worker of each implementation."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(running(contender.interpreter(), contender.module))
            for name, contender in CONTENDERS.items()
        }


@pytest.mark.parametrize("line", LINES)
def test_a_line_gives_the_right_results(line: str) -> None:
    """Two calls on one state go through, and both results are what they must be."""
    assert sample(LINES[line], WORKS[line], first=7, count=1 if line in LONG else 2) > 0


@pytest.mark.parametrize("line", LINES)
def test_a_wrong_result_has_no_time(line: str) -> None:
    """A line whose last result differs from the right one is refused."""
    right = LINES[line]
    wrong = replace(right, expect=lambda index: [right.expect(index)])
    with pytest.raises(WrongResultError, match="call 0: "):
        sample(wrong, WORKS[line], first=0, count=1)


@pytest.mark.parametrize("name", CONTENDERS)
def test_an_implementation_does_all_its_lines(name: str, workers: dict[str, Worker]) -> None:
    """Each does every line but those that it cannot do, and does them right."""
    done = workers[name].identity.lines
    assert sorted(done) == sorted(set(ROWS) - NOT_DONE[name])
    for line in done:
        assert workers[name].sample(line, 1 if line in LONG | MEASURED_OTHERWISE else 2) > 0


@pytest.mark.parametrize("name", NATIVE)
def test_the_versions_are_those_that_were_asked_for(name: str, workers: dict[str, Worker]) -> None:
    """A native parser comes out of an environment with that release and without ours."""
    identity = workers[name].identity
    assert [f"{identity.name}=={identity.version}"] == list(CONTENDERS[name].requirements)
    assert ".venv" in identity.path


def test_every_line_is_in_the_table() -> None:
    """What can be measured and what is in the table are the same lines."""
    assert set(ROWS) == set(LINES) | MEASURED_OTHERWISE
    assert set(WORKS) == set(LINES)


@pytest.mark.parametrize("line", [line for line in LINES if line not in {"chunked_out"} | LONG])
def test_no_call_gets_the_input_of_another(line: str) -> None:
    """Remembering an earlier message gains nothing."""
    inputs = {repr(LINES[line].make(index)) for index in range(100)}
    assert len(inputs) == 100


def test_no_two_pipelined_requests_are_alike() -> None:
    """Nor does remembering another one of the same read, or of the next."""
    wire = traffic.pipelined_wire(0) + traffic.pipelined_wire(1)
    assert len(set(wire.split(b"\r\n\r\n")[:-1])) == 2 * traffic.PIPELINED


@pytest.mark.parametrize(
    "message",
    [
        traffic.browser_head,
        traffic.small_head,
        traffic.client_head,
        traffic.response_head,
        traffic.long_head,
        traffic.upgrade_wire,
        traffic.switching_head,
        traffic.malformed_head,
        bodies.trailers_wire,
    ],
)
def test_all_messages_of_a_kind_have_one_length(message: Callable[[int], bytes]) -> None:
    """All implementations have the same work to do, however many calls each of them makes."""
    assert len({len(message(index)) for index in range(200)}) == 1


def test_the_messages_have_the_size_of_real_ones() -> None:
    """A browser sends eight fields in about 530 bytes, and is answered with nine and 1 kB."""
    assert len(traffic.browser_fields(0)) == 8
    assert 520 <= len(traffic.browser_head(0)) <= 540
    assert len(traffic.response_fields(0)) == 9
    assert len(traffic.BODY) == 1000
    assert len(traffic.many_fields(0)) == 100


def test_long_bodies_are_cut_without_loss() -> None:
    """Reads of 256 KiB and a rest make up each long body; tiny chunks are one read."""
    for reads, length in [
        (bodies.content_length_reads(), 100_000_000),
        (bodies.chunked_reads(), 1024 * len(bodies.chunk(bytes(1024))) + len(b"0\r\n\r\n")),
    ]:
        assert {len(read) for read in reads[:-1]} == {256 * 1024}
        assert 0 < len(reads[-1]) <= 256 * 1024
        assert sum(map(len, reads)) == length
    assert {len(bodies.tiny_payload(number)) for number in range(64)} == set(range(1, 9))
    assert bodies.tiny_reads()[0].count(b"\r\n") >= 2 * bodies.TINY_CHUNKS
