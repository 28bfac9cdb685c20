"""The body readers where mitmproxy imports them from (`proxy/layers/http/_http1.py`)."""

from h11_parser import ChunkedReader, ContentLengthReader
from h11_parser import UntilCloseReader as Http10Reader

__all__ = ["ChunkedReader", "ContentLengthReader", "Http10Reader"]
