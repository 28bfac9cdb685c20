"""The command line of `python -m h11`.

In: arguments. Out: the conversation to be reported and how, or exit code 2 with a word about what
is wrong.
"""

import argparse
import contextlib
import functools
import io
import operator
from collections.abc import Sequence
from typing import Final, NamedTuple

from h11._inspector.conversation import Conversation
from h11._inspector.reading import RequestReading, ResponseReading
from h11._inspector.source import Source
from h11_events import LocalProtocolError, Request
from h11_parser import Limits, RequestParser, ResponseParser, Tolerance
from h11_statemachine import CLIENT, SERVER, Role

_DESCRIPTION: Final = """\
Show what the library sees in raw HTTP/1.1 bytes, event by event: offsets, fields, how bodies are
framed, states, and the first violation with the octets that are wrong."""

_EPILOG: Final = """\
Exit codes: 0 if all is in order, 1 after a violation, 2 for wrong use."""

_ROLES: Final[dict[str, Role]] = {"client": CLIENT, "server": SERVER}

_STANDARD_INPUT: Final = 0

_PARSERS: Final[dict[Role, type[RequestParser | ResponseParser]]] = {
    CLIENT: RequestParser,
    SERVER: ResponseParser,
}


class Task(NamedTuple):
    """What to do."""

    conversation: Conversation
    """What to report."""

    as_json: bool
    """Whether the report is for programs."""


def task_of(arguments: Sequence[str] | None, files: contextlib.ExitStack) -> Task:
    """Return what a command line asks for.

    Args:
        arguments: The arguments; None for those of the process.
        files: What closes the files in the end.

    Raises:
        SystemExit: With code 2 if they are wrong or name a file that cannot be read; with 0 after
            help.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    limits = Limits(**{name: getattr(options, name) for name in Limits.__match_args__})
    names = [options.file] if options.responses is None else [options.file, options.responses]
    if names == ["-", "-"]:
        parser.error("standard input cannot be both directions")
    roles = _roles(options)
    if len(roles) > (1 if len(names) == 1 else 0):
        parser.error("--role, --method and --switch-refused do not go together here")
    sources = [Source(_open(name, parser, files)) for name in names]
    if len(sources) == 1 and not roles:
        # No method has a slash in it.
        roles = {SERVER if sources[0].begins_with(b"HTTP/") else CLIENT}
    both = len(sources) == 2
    client = server = None
    if both or CLIENT in roles:
        tolerate = _tolerance(options.tolerate, CLIENT, parser, both=both)
        client = RequestReading(sources[0], tolerate, limits)
    if both or SERVER in roles:
        tolerate = _tolerance(options.tolerate, SERVER, parser, both=both)
        server = ResponseReading(sources[-1], tolerate, limits)
    conversation = Conversation(
        client, server, methods=options.method, refuses_switch=options.switch_refused
    )
    return Task(conversation, options.json)


def _parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m h11", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False
    )
    add = parser.add_argument
    add("file", metavar="FILE", nargs="?", default="-", help="the bytes; - for standard input")
    add(
        "responses",
        metavar="RESPONSES",
        nargs="?",
        help="what the server has sent, if FILE is what the client has sent",
    )
    add("--role", choices=_ROLES, help="who has sent FILE; by default, what it begins with tells")
    add(
        "--method",
        action="append",
        default=[],
        type=_method,
        help="the method of the request that a response answers; again for the next (default: GET)",
    )
    add(
        "--switch-refused",
        action="store_true",
        help="read on after a request that proposes another protocol: the server has not accepted",
    )
    add(
        "--tolerate",
        action="append",
        metavar="NAMES",
        type=_tolerances,
        help="what to let through, in place of the usual, with commas between: "
        + ", ".join(map(_option_name, Tolerance.__members__)),
    )
    for name in Limits.__match_args__:
        add(
            f"--{_option_name(name)}",
            dest=name,
            metavar="N",
            type=_size,
            default=getattr(Limits(), name),
            help="a limit (default: %(default)s)",
        )
    add("--json", action="store_true", help="print one object in a line for each thing seen")
    return parser


def _option_name(name: str) -> str:
    """Return how a name is written in a command line."""
    return name.lower().replace("_", "-")


def _method(text: str) -> bytes:
    """Return a method from an argument."""
    try:
        return Request(method=text, target="/", headers=[("Host", "")]).method
    except (LocalProtocolError, UnicodeEncodeError):
        raise argparse.ArgumentTypeError(f"{text!r} is no method") from None


def _size(text: str) -> int:
    """Return a limit from an argument."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of octets or fields")
    return int(text)


def _tolerances(text: str) -> list[Tolerance]:
    """Return tolerances from an argument."""
    members = {_option_name(name): member for name, member in Tolerance.__members__.items()}
    names = [_option_name(name.strip()) for name in text.split(",")]
    for name in names:
        if name not in members:
            raise argparse.ArgumentTypeError(f"{name!r} is no tolerance")
    return [members[name] for name in names]


def _roles(options: argparse.Namespace) -> set[Role]:
    """Return the roles that options are about."""
    roles = {_ROLES[options.role]} if options.role else set()
    roles |= {SERVER} if options.method else set()
    return roles | ({CLIENT} if options.switch_refused else set())


def _tolerance(
    named: list[list[Tolerance]] | None,
    role: Role,
    parser: argparse.ArgumentParser,
    *,
    both: bool,
) -> Tolerance | None:
    """Return what is let through from a role; None for the usual.

    Args:
        named: What the command line names; None if it does not.
        role: Who has sent the bytes.
        parser: What complains if the role cannot have it.
        both: Whether there are two roles, and each gets what it can have.
    """
    if named is None:
        return None
    members = [member for members in named for member in members]
    allowed = [member for member in members if _is_allowed(role, member)]
    if len(allowed) < len(members) and not both:
        parser.error(f"not all of these can be let through from a {str(role).lower()}")
    return functools.reduce(operator.or_, allowed, Tolerance.NONE)


def _is_allowed(role: Role, member: Tolerance) -> bool:
    """Return whether something can be let through from a role."""
    try:
        _PARSERS[role](tolerate=member)
    except ValueError:
        return False
    return True


def _open(
    name: str, parser: argparse.ArgumentParser, files: contextlib.ExitStack
) -> io.BufferedReader:
    """Return the file of a name, opened for reading."""
    try:
        if name == "-":
            return files.enter_context(open(_STANDARD_INPUT, "rb", closefd=False))
        return files.enter_context(open(name, "rb"))
    except OSError as error:
        parser.error(f"cannot read {name}: {error.strerror}")
