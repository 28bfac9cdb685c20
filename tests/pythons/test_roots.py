"""A root is made once, whole or not at all, and says in a line why it could not be."""

import subprocess
from pathlib import Path

import pytest

from tests.pythons import roots
from tests.pythons.roots import ROOTS, RootError, folder_of, make, places_in_roots
from tests.pythons.scripts import script

MAKES_IT = 'for folder; do :; done; mkdir -p "$folder/usr"; echo "$@" >> "$CALLS"'
FAILS = 'for folder; do :; done; mkdir -p "$folder/usr"; echo "E: no such suite" >&2; exit 25'
IS_SILENT = "exit 1"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the cache be empty, and `bwrap` seem to be there; return where calls are written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    script(tmp_path / "bin" / "bwrap", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    return tmp_path / "calls"


def install(calls: Path, text: str) -> None:
    """Let a script stand for `mmdebstrap`."""
    script(calls.parent / "bin" / "mmdebstrap", text)


def test_a_root_is_made_once(calls: Path) -> None:
    """What is there is not made again, and is where its interpreter is looked for."""
    install(calls, MAKES_IT)
    assert list(places_in_roots("3.14")) == []
    make("3.14")
    make("3.14")
    (called,) = calls.read_text(encoding="utf-8").splitlines()
    assert "--include=python3.14-venv," in called
    assert " forky " in called
    (place,) = places_in_roots("3.14")
    assert place.name == "Debian forky"
    assert place.command[0] == "bwrap"
    assert str(folder_of(ROOTS["3.14"]) / "usr") in place.command
    assert place.command[-1] == "/usr/bin/python3.14"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(FAILS, "Debian forky: E: no such suite", id="says why"),
        pytest.param(IS_SILENT, "returned non-zero exit status 1", id="says nothing"),
    ],
)
def test_a_root_that_could_not_be_made_is_not_there(calls: Path, text: str, reason: str) -> None:
    """Nothing of it is left, so that the next try begins anew."""
    install(calls, text)
    with pytest.raises(RootError, match=reason):
        make("pypy3.11")
    assert list(places_in_roots("pypy3.11")) == []
    assert list(roots.cache().iterdir()) == []


def test_an_archive_that_does_not_answer_is_given_up(
    calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting has an end."""
    install(calls, "exec sleep 30")
    monkeypatch.setattr(roots, "SECONDS_TO_MAKE", 0.1)
    with pytest.raises(RootError, match="no answer") as raised:
        make("3.14")
    assert isinstance(raised.value.__cause__, subprocess.TimeoutExpired)


def test_debian_does_not_have_every_version() -> None:
    """A version that none of its releases had cannot be made."""
    assert list(places_in_roots("3.12")) == []
    with pytest.raises(RootError, match=r"no release of Debian has 3\.12"):
        make("3.12")


def test_what_is_missing_to_make_a_root_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RootError, match=r"mmdebstrap and bwrap missing.* apt-get install"):
        make("3.14")
