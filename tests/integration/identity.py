"""Which h11 a process has imported: asked in the test process, the server and the client."""

import importlib.metadata
import sys

import h11


def identity() -> dict[str, str]:
    """Return where this process got its h11 from, and which release it is."""
    return {
        "file": str(h11.__file__),
        "version": h11.__version__,
        "product": h11.PRODUCT_ID,
        "distribution": importlib.metadata.version("h11"),
    }


def importers() -> list[str]:
    """Return the names of the modules of this process that hold this h11 under its own name."""
    loaded = list(sys.modules.items())
    return sorted(name for name, module in loaded if vars(module).get("h11") is h11)
