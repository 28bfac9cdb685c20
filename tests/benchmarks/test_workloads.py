"""Every line of the table does on ours what it is timed for, and would be caught if it did not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.benchmarks import traffic
from tests.benchmarks.table import PROMISES
from tests.benchmarks.worker import WrongResultError, sample
from tests.benchmarks.workloads import WORKLOADS

LINES = sorted(WORKLOADS)


@pytest.mark.parametrize("line", LINES)
def test_a_line_gives_the_right_results(line: str) -> None:
    """Two calls on one state go through, and both results are what they must be."""
    assert sample(WORKLOADS[line], first=7, count=2) > 0


@pytest.mark.parametrize("line", LINES)
def test_a_wrong_result_has_no_time(line: str) -> None:
    """A line whose last result differs from the right one is refused."""
    workload = WORKLOADS[line]
    wrong = replace(workload, expect=lambda index: [workload.expect(index)])
    with pytest.raises(WrongResultError, match="call 1: "):
        sample(wrong, first=0, count=2)


def test_every_line_has_a_promise() -> None:
    """What can be timed and what is in the table are the same lines."""
    assert set(PROMISES) == set(WORKLOADS)


@pytest.mark.parametrize(
    "line", ["server_cycle", "server_keepalive", "client_keepalive", "request_parse", "chunked_in"]
)
def test_no_call_gets_the_input_of_another(line: str) -> None:
    """Remembering an earlier message gains nothing."""
    inputs = {repr(WORKLOADS[line].make(index)) for index in range(500)}
    assert len(inputs) == 500


@pytest.mark.parametrize(
    "head",
    [traffic.browser_head, traffic.small_head, traffic.client_head, traffic.response_head],
)
def test_all_heads_of_a_kind_have_one_length(head: Callable[[int], bytes]) -> None:
    """Both implementations have the same work to do, however many calls each of them makes."""
    assert len({len(head(index)) for index in range(500)}) == 1


def test_the_messages_have_the_size_of_real_ones() -> None:
    """A browser sends eight fields in about 530 bytes, and is answered with nine and 1 kB."""
    assert len(traffic.browser_fields(0)) == 8
    assert 520 <= len(traffic.browser_head(0)) <= 540
    assert len(traffic.response_fields(0)) == 9
    assert len(traffic.BODY) == 1000


def test_long_bodies_are_cut_without_loss() -> None:
    """Reads of 256 KiB and a rest make up each long body."""
    for reads, length in [
        (traffic.content_length_reads(), 100_000_000),
        (traffic.chunked_reads(), 1024 * len(traffic.chunk(bytes(1024))) + len(b"0\r\n\r\n")),
    ]:
        assert {len(read) for read in reads[:-1]} == {256 * 1024}
        assert 0 < len(reads[-1]) <= 256 * 1024
        assert sum(map(len, reads)) == length
