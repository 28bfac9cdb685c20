"""The headers class where wsproto imports it from, for an annotation (`utilities.py`)."""

from h11_events import Headers

__all__ = ["Headers"]
