"""Tests of the demo with a server that does not do as it should.

In: `docs/examples/conversation.py`, one function of its server replaced. Out: exit code 1, and a
last line that tells what was expected.
"""

from collections.abc import Callable

import pytest

import h11
from docs.examples import conversation

Answer = Callable[[conversation.Peer, conversation.Message[h11.Request], bytes], None]

answer_as_it_should: Answer = conversation.answer


def answer_with_another_status(
    peer: conversation.Peer, _request: conversation.Message[h11.Request], text: bytes
) -> None:
    """Send the right body with status 404."""
    head = h11.Response(status_code=404, headers=[("Content-Length", str(len(text)))])
    peer.send_message(head, text)


def answer_with_another_body(
    peer: conversation.Peer, request: conversation.Message[h11.Request], text: bytes
) -> None:
    """Send the right head with a body in capital letters."""
    answer_as_it_should(peer, request, text.upper())


def answer_and_close(
    peer: conversation.Peer, _request: conversation.Message[h11.Request], text: bytes
) -> None:
    """Send the right body, but do not let the connection live on."""
    headers = [("Content-Length", str(len(text))), ("Connection", "close")]
    peer.send_message(h11.Response(status_code=200, headers=headers), text)


def answer_without_trailers(
    peer: conversation.Peer, request: conversation.Message[h11.Request], text: bytes
) -> None:
    """Leave out the trailers of an upload."""
    answer_as_it_should(peer, request._replace(trailers=[]), text)


def answer_with_another_digest(
    peer: conversation.Peer, request: conversation.Message[h11.Request], text: bytes
) -> None:
    """Send the digest of another body."""
    answer_as_it_should(peer, request._replace(body=b"another"), text)


def leave_without_answer(
    _peer: conversation.Peer, _request: conversation.Message[h11.Request], _text: bytes
) -> None:
    """Break the connection off instead of answering."""
    raise ConnectionAbortedError


def stumble(
    _peer: conversation.Peer, _request: conversation.Message[h11.Request], _text: bytes
) -> None:
    """Fail as a program with a mistake in it does."""
    raise ZeroDivisionError


def refuse_with_another_status(peer: conversation.Peer, _error: h11.RemoteProtocolError) -> None:
    """Blame the server for the client's mistake."""
    headers = [("Content-Length", "3"), ("Connection", "close")]
    peer.send_message(h11.Response(status_code=500, headers=headers), b"no\n")


@pytest.mark.parametrize(
    ("wrong", "expected", "found"),
    [
        (answer_with_another_status, "(200, b'request 1 on connection 1', [])", "(404, b'request"),
        (answer_with_another_body, "(200, b'request 1", "(200, b'REQUEST 1"),
        (answer_and_close, "{'client': 'DONE | DONE'", "'server': 'MUST_CLOSE | CLOSED'}"),
        (answer_without_trailers, "[(b'pieces', b'2')])", "[])"),
        (answer_with_another_digest, "(200, b'957442eeec014ae5", "(200, b'"),
    ],
)
def test_wrong_answer_is_told_and_gives_exit_code_1(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong: Answer,
    expected: str,
    found: str,
) -> None:
    """The last line names what was expected and what was found instead."""
    monkeypatch.setattr(conversation, "answer", wrong)
    assert conversation.main() == 1
    failure = capsys.readouterr().out.splitlines()[-1]
    assert failure.startswith("FAILED ")
    wanted, _, actual = failure.partition(", found ")
    assert expected in wanted
    assert found in actual


def test_malformed_request_must_be_answered_with_400(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another status for the malformed request is a failure, too."""
    monkeypatch.setattr(conversation, "refuse", refuse_with_another_status)
    assert conversation.main() == 1
    failure = capsys.readouterr().out.splitlines()[-1]
    assert failure == r"FAILED response: expected (400, b'no\n', []), found (500, b'no\n', [])"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [(leave_without_answer, h11.RemoteProtocolError), (stumble, ZeroDivisionError)],
)
def test_error_of_either_side_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, wrong: Answer, error: type[Exception]
) -> None:
    """What nobody expected ends the program as it ends any other, from either thread."""
    monkeypatch.setattr(conversation, "answer", wrong)
    with pytest.raises(error):
        conversation.main()
