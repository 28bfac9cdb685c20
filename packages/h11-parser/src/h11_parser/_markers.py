"""The markers that stand where there is no event to return."""

from typing import final

from h11_events import Sentinel


@final
class NEED_DATA(Sentinel, metaclass=Sentinel):
    """There will be no further event until more data is received."""


@final
class PAUSED(Sentinel, metaclass=Sentinel):
    """There will be no further event until something other than more data has happened."""
