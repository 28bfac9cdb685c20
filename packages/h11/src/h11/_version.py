"""The version of the library, and how it names itself on the wire."""

from typing import Final

__version__: Final = "0.17.0"
"""The version of this release, which all four packages carry."""

PRODUCT_ID: Final = f"python-h11/{__version__}"
"""A product for the fields User-Agent and Server (RFC 9110 sections 10.1.5 and 10.2.4)."""
