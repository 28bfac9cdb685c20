"""The roles, and the states that either of them can be in, as markers."""

from typing import final

from h11_events import Sentinel


@final
class CLIENT(Sentinel, metaclass=Sentinel):
    """The role that sends requests (RFC 9110 section 3.3)."""


@final
class SERVER(Sentinel, metaclass=Sentinel):
    """The role that sends responses (RFC 9110 section 3.3)."""


@final
class IDLE(Sentinel, metaclass=Sentinel):
    """Nothing was said yet in this request/response cycle."""


@final
class SEND_RESPONSE(Sentinel, metaclass=Sentinel):
    """The server owes a response; informational ones may come before it."""


@final
class SEND_BODY(Sentinel, metaclass=Sentinel):
    """The head is out; the body and its end follow."""


@final
class DONE(Sentinel, metaclass=Sentinel):
    """The message of this cycle is complete, and another cycle may follow."""


@final
class MUST_CLOSE(Sentinel, metaclass=Sentinel):
    """No other cycle can follow; all that is left is to close."""


@final
class CLOSED(Sentinel, metaclass=Sentinel):
    """This side of the connection is closed."""


@final
class MIGHT_SWITCH_PROTOCOL(Sentinel, metaclass=Sentinel):
    """The client has proposed another protocol and waits for the answer."""


@final
class SWITCHED_PROTOCOL(Sentinel, metaclass=Sentinel):
    """The connection has left HTTP for another protocol."""


@final
class ERROR(Sentinel, metaclass=Sentinel):
    """This side broke the protocol, or was cut off; there is no way back."""


Role = type[CLIENT] | type[SERVER]
"""One of the two roles."""

State = (
    type[IDLE]
    | type[SEND_RESPONSE]
    | type[SEND_BODY]
    | type[DONE]
    | type[MUST_CLOSE]
    | type[CLOSED]
    | type[MIGHT_SWITCH_PROTOCOL]
    | type[SWITCHED_PROTOCOL]
    | type[ERROR]
)
"""One of the nine states."""
