"""The receive buffer where mitmproxy imports it from (`_http1.py`, `_upstream_proxy.py`)."""

from h11_parser import ReceiveBuffer

__all__ = ["ReceiveBuffer"]
