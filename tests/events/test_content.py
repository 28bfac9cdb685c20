"""Some responses have no body, whatever their fields say (RFC 9112 section 6.3, rules 1 and 2)."""

import pytest

from h11_events import has_body


@pytest.mark.parametrize(
    ("method", "status_code"),
    [
        (b"HEAD", 200),
        (b"HEAD", 404),
        (b"GET", 204),
        (b"GET", 304),
        (None, 304),
        (b"CONNECT", 200),
        (b"CONNECT", 299),
        (b"CONNECT", 304),
    ],
)
def test_responses_without_a_body(method: bytes | None, status_code: int) -> None:
    """HEAD, 204 and 304 have none, nor has what opens a tunnel."""
    assert not has_body(method, status_code)


@pytest.mark.parametrize(
    ("method", "status_code"),
    [(b"GET", 200), (b"POST", 205), (None, 400), (b"head", 200)],
)
def test_responses_with_a_body(method: bytes | None, status_code: int) -> None:
    """All others have one, be it empty; methods are compared with their casing."""
    assert has_body(method, status_code)


@pytest.mark.parametrize("status_code", [300, 400, 407, 999])
def test_a_refused_tunnel_is_answered_like_anything_else(status_code: int) -> None:
    """A CONNECT that is refused opens none."""
    assert has_body(b"CONNECT", status_code)
