"""Chromium without a window, which opens a page and is ended when the page has sent its verdict.

In: a server with the page. Out: the verdict.
"""

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.environments import clean_environment
from tests.interop.clients.programs import CHROMIUM
from tests.interop.clients.servers import Served
from tests.interop.programs import stop, temporary_folder

SECONDS = 90.0

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--disable-extensions", "--remote-debugging-port=0"),
)


def visit(
    served: Served,
    run: str,
    options: Sequence[str] = (),
    is_over: Callable[[], bool] = lambda: True,
) -> dict[str, Any]:
    """Return the verdict of the page.

    Args:
        served: What has the page.
        run: The name that all ids of its requests begin with.
        options: What to start the browser with besides.
        is_over: Whether the browser may be ended, for whoever looks at its connections as well.

    Raises:
        AssertionError: If there is none in time; with all that the browser had to say.
    """
    with temporary_folder() as folder:
        command = [
            *(CHROMIUM.path(), *OPTIONS, *options, f"--user-data-dir={folder / 'profile'}"),
            f"{served.base}/page?id={run}",
        ]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + SECONDS
            while (verdict := served.kept(run)) is None or not is_over():
                assert time.monotonic() < deadline, (folder / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
        finally:
            stop(process)
    found: dict[str, Any] = json.loads(verdict)
    return found
