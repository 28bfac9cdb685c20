"""The events: what one side of an HTTP/1.1 connection says to the other, piece by piece.

In: fields, as text or bytes-like objects. Out: immutable objects whose fields are normalised and
known to be legal (RFC 9110 sections 6, 9 and 15; RFC 9112 sections 3, 4 and 7.1).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, final

from h11_events._errors import ErrorCode, LocalProtocolError, first_octets
from h11_events._event import AnEvent, Event, make_event
from h11_events._fields import check_trailer_names
from h11_events._grammar import (
    USUAL_METHODS,
    Octets,
    check_http_version,
    check_method,
    check_reason_phrase,
    check_target,
    judged_extension,
    to_octets,
)
from h11_events._headers import NO_HEADERS, Headers
from h11_events._host import USUAL_HOST_OCTETS, is_host

HeadersInput = Iterable[tuple[Octets, Octets]]
"""What is taken where an event has headers: any iterable of pairs, `Headers` among them."""


# The fields of each class are in a base of their own, because that is the fastest way to an object
# that is immutable: an instance of the base, where fields can be set, becomes one of the class.
# Type checkers are told that they are properties, so that they, too, refuse to set them.


class _RequestFields:
    """The fields of a request."""

    if TYPE_CHECKING:

        @property
        def method(self) -> bytes: ...
        @property
        def target(self) -> bytes: ...
        @property
        def headers(self) -> Headers: ...
        @property
        def http_version(self) -> bytes: ...
    else:
        __slots__ = ("headers", "http_version", "method", "target")


@final
class Request(_RequestFields, Event):
    """The head of a request.

    Args:
        method: The method, a token (RFC 9110 section 9).
        target: The request target, of visible ASCII (RFC 9112 section 3.2).
        headers: The header section; exactly one Host with HTTP/1.1, at most one before.
        http_version: Two digits and a dot; whoever sends leaves it at `b"1.1"`.

    Raises:
        LocalProtocolError: If a field is illegal, or Host is missing or there twice (RFC 9112
            section 3.2).
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If a field, or a part of the headers, is neither text nor bytes-like.
    """

    __slots__ = ()
    __match_args__ = ("method", "target", "headers", "http_version")

    def __new__(
        cls,
        *,
        method: Octets,
        target: Octets,
        headers: HeadersInput,
        http_version: Octets = b"1.1",
    ) -> "Request":
        """Judge the fields, and return the request that they make."""
        method = method if type(method) is bytes else to_octets(method)
        target = target if type(target) is bytes else to_octets(target)
        version = http_version if type(http_version) is bytes else to_octets(http_version)
        if method not in USUAL_METHODS:
            check_method(method)
        check_target(target)
        if version != b"1.1":
            check_http_version(version)
        headers = headers if type(headers) is Headers else Headers(headers)
        return Request.from_parts(method, target, headers, version, any_host=True)

    @staticmethod
    def from_parts(
        method: bytes,
        target: bytes,
        headers: Headers,
        http_version: bytes,
        *,
        any_host: bool = False,
    ) -> "Request":
        """Return a request whose method, target and version were judged already; for a parser.

        Args:
            method: The method.
            target: The request target.
            headers: The header section.
            http_version: Two digits and a dot.
            any_host: Whether Host may be anything: what it names is the business of whoever sends
                it, but a recipient has to refuse what names no host.

        Raises:
            LocalProtocolError: If Host is missing, there twice, or names no host.
        """
        index = headers._index
        if b"host" not in index:
            if b"1.1" <= http_version < b"2":
                raise LocalProtocolError("Missing mandatory Host: header", code=ErrorCode.BAD_HOST)
        # What is left of a usual host is nothing or a port; to strip it is the fastest way to see.
        elif headers._pairs is not None or (
            (port := index[b"host"].lstrip(USUAL_HOST_OCTETS))
            and not (port.startswith(b":") and port[1:].isdigit())
        ):
            _check_hosts(headers.get_all(b"host"), any_host=any_host)
        request: Any = _RequestFields()
        request.method = method
        request.target = target
        request.headers = headers
        request.http_version = http_version
        request.__class__ = Request
        return request  # type: ignore[no-any-return]  # its class was changed just before


def _check_hosts(values: list[bytes], *, any_host: bool) -> None:
    """Refuse more than one Host, and a value that names no host (RFC 9112 section 3.2)."""
    if len(values) > 1:
        shown = first_octets(b", ".join(values))
        raise LocalProtocolError(
            f"Found multiple Host: headers: {shown!r}", code=ErrorCode.BAD_HOST, excerpt=shown
        )
    if not any_host and not is_host(values[0]):
        raise LocalProtocolError(
            f"Host names no host: {first_octets(values[0])!r}",
            code=ErrorCode.BAD_HOST,
            excerpt=values[0],
        )


class _StatusFields:
    """The fields of a response."""

    if TYPE_CHECKING:

        @property
        def status_code(self) -> int: ...
        @property
        def headers(self) -> Headers: ...
        @property
        def http_version(self) -> bytes: ...
        @property
        def reason(self) -> bytes: ...
    else:
        __slots__ = ("headers", "http_version", "reason", "status_code")


class _StatusEvent(_StatusFields, Event):
    """What the heads of informational and of final responses have in common."""

    __slots__ = ()
    __match_args__ = ("status_code", "headers", "http_version", "reason")

    _STATUS_CODES: ClassVar[range]

    def __new__(
        cls,
        *,
        status_code: int,
        headers: HeadersInput,
        http_version: Octets = b"1.1",
        reason: Octets = b"",
    ) -> Self:
        """Judge the fields, and return the response that they make."""
        if type(status_code) is not int:
            if not isinstance(status_code, int):
                raise LocalProtocolError(
                    f"status code must be integer, not {type(status_code).__name__}",
                    code=ErrorCode.BAD_STATUS_LINE,
                )
            status_code = int(status_code)
        version = http_version if type(http_version) is bytes else to_octets(http_version)
        reason = reason if type(reason) is bytes else to_octets(reason)
        if version != b"1.1":
            check_http_version(version)
        if reason and not reason.isalpha():
            check_reason_phrase(reason)
        headers = headers if type(headers) is Headers else Headers(headers)
        return cls.from_parts(status_code, headers, version, reason)

    @classmethod
    def from_parts(
        cls, status_code: int, headers: Headers, http_version: bytes, reason: bytes
    ) -> Self:
        """Return a response whose version and reason phrase were judged already; for a parser.

        Raises:
            LocalProtocolError: If the status code is out of range.
        """
        if status_code not in cls._STATUS_CODES:
            raise cls._out_of_range(status_code)
        response: Any = _StatusFields()
        response.status_code = status_code
        response.headers = headers
        response.http_version = http_version
        response.reason = reason
        response.__class__ = cls
        return response  # type: ignore[no-any-return]  # its class was changed just before

    @classmethod
    def _out_of_range(cls, status_code: int) -> LocalProtocolError:
        """Return what to raise for a status code that is not of this class."""
        codes = cls._STATUS_CODES
        return LocalProtocolError(
            f"{cls.__name__} status_code should be in range"
            f" [{codes.start}, {codes.stop}), not {status_code}",
            code=ErrorCode.BAD_STATUS_LINE,
        )


@final
class InformationalResponse(_StatusEvent):
    """The head of an informational response, which comes before the final one.

    Args:
        status_code: From 100 up to 199 (RFC 9110 section 15.2).
        headers: The header section.
        http_version: Two digits and a dot; whoever sends leaves it at `b"1.1"`.
        reason: The reason phrase; often empty.

    Raises:
        LocalProtocolError: If a field is illegal, or the status code is no int.
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If the version, the reason phrase or a part of the headers is neither text nor
            bytes-like.
    """

    __slots__ = ()
    _STATUS_CODES = range(100, 200)


@final
class Response(_StatusEvent):
    """The head of a final response.

    Args:
        status_code: From 200 up to 999 (RFC 9110 section 15).
        headers: The header section.
        http_version: Two digits and a dot; whoever sends leaves it at `b"1.1"`.
        reason: The reason phrase; often empty.

    Raises:
        LocalProtocolError: If a field is illegal, or the status code is no int.
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If the version, the reason phrase or a part of the headers is neither text nor
            bytes-like.
    """

    __slots__ = ()
    _STATUS_CODES = range(200, 1000)


class _DataFields:
    """The fields of a piece of a body."""

    if TYPE_CHECKING:

        @property
        def data(self) -> bytes: ...
        @property
        def chunk_start(self) -> bool: ...
        @property
        def chunk_end(self) -> bool: ...
        @property
        def chunk_extension(self) -> bytes: ...
    else:
        __slots__ = ("chunk_end", "chunk_extension", "chunk_start", "data")


@final
class Data(_DataFields, Event):
    """A piece of a body.

    Where one piece ends and the next begins means nothing (RFC 9112 section 7.1), unless a peer
    breaks the rules by giving chunks a meaning; for that case there are the other fields.

    Args:
        data: The octets: bytes-like, or any object that is to be passed through. Its length has to
            be that in bytes, so a `memoryview` of longer items is to be cast to `"B"`.
        chunk_start: Whether a chunk begins with this piece.
        chunk_end: Whether a chunk ends with this piece.
        chunk_extension: What the chunk that begins has behind its size, such as `b";a=b"` (RFC 9112
            section 7.1.1); a parser tells it if asked to.

    Raises:
        LocalProtocolError: If the extension is illegal.
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If the extension is neither text nor bytes-like.
    """

    __slots__ = ()
    __match_args__ = ("data", "chunk_start", "chunk_end")
    _SELDOM = ("chunk_extension",)

    def __new__(
        cls,
        data: bytes | bytearray | memoryview,
        chunk_start: bool = False,
        chunk_end: bool = False,
        chunk_extension: Octets = b"",
    ) -> "Data":
        """Return a piece with these fields, of which only an extension needs to be judged."""
        piece: Any = _DataFields()
        piece.data = data
        piece.chunk_start = chunk_start
        piece.chunk_end = chunk_end
        piece.chunk_extension = judged_extension(chunk_extension) if chunk_extension else b""
        piece.__class__ = Data
        return piece  # type: ignore[no-any-return]  # its class was changed just before

    @staticmethod
    def from_parts(data: bytes, chunk_start: bool, chunk_end: bool) -> "Data":
        """Return a piece with these fields; for a parser, which is spared the call of a class."""
        piece: Any = _DataFields()
        piece.data = data
        piece.chunk_start = chunk_start
        piece.chunk_end = chunk_end
        piece.chunk_extension = b""
        piece.__class__ = Data
        return piece  # type: ignore[no-any-return]  # its class was changed just before


class _EndFields:
    """The fields of the end of a message."""

    if TYPE_CHECKING:

        @property
        def headers(self) -> Headers: ...
        @property
        def chunk_extension(self) -> bytes: ...
    else:
        __slots__ = ("chunk_extension", "headers")


@final
class EndOfMessage(_EndFields, Event):
    """The end of a request or response.

    Args:
        headers: The trailer section, which only a chunked body has (RFC 9112 section 7.1.2).
        chunk_extension: What the last chunk has behind its size, which is 0; as that of a `Data`.

    Raises:
        LocalProtocolError: If a field is illegal, or one of those that come too late in a trailer
            section (RFC 9110 section 6.5.1), or if the extension is illegal.
        UnicodeEncodeError: If text is not ASCII.
        TypeError: If the extension, or a part of the headers, is neither text nor bytes-like.
    """

    __slots__ = ()
    __match_args__ = ("headers",)
    _SELDOM = ("chunk_extension",)

    def __new__(
        cls, *, headers: HeadersInput | None = None, chunk_extension: Octets = b""
    ) -> "EndOfMessage":
        """Return the end of a message with these fields, judged; without any, always the same."""
        if headers is None:
            if not chunk_extension:
                return _END_OF_MESSAGE
            headers = NO_HEADERS
        lines = list(headers)
        # Before what they say is judged, which does not matter where they may not be.
        check_trailer_names(to_octets(name) for name, _ in lines)
        end: Any = _EndFields()
        end.headers = headers if type(headers) is Headers else Headers(lines)
        end.chunk_extension = judged_extension(chunk_extension) if chunk_extension else b""
        end.__class__ = EndOfMessage
        return end  # type: ignore[no-any-return]  # its class was changed just before


_END_OF_MESSAGE: Final = make_event(EndOfMessage, {"headers": NO_HEADERS, "chunk_extension": b""})


@final
class ConnectionClosed(Event):
    """One side says no more: it has closed its half of the connection (RFC 9112 section 9.6)."""

    __slots__ = ()


AnyEvent = Request | InformationalResponse | Response | Data | EndOfMessage | ConnectionClosed
"""One of the six, for annotations: type checkers see when a `match` has a case for each of them."""


def with_headers(event: AnEvent, headers: Headers) -> AnEvent:
    """Return a copy of an event that has other headers; for whoever rewrites messages.

    Args:
        event: An event that has headers; its other fields are taken over.
        headers: The headers that the copy shall have. How they fit the event is not judged.

    Returns:
        The copy.
    """
    return make_event(type(event), event._fields() | {"headers": headers})
