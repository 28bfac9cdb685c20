"""uvicorn in a process of its own, with the tests' application, its h11 protocol and wsproto.

In: nothing. Out: the address that it listens on; at the end the process is stopped and what it has
logged is judged, since uvicorn survives an exception in its protocol and only logs it.
"""

import contextlib
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator

from tests.environments import REPOSITORY
from tests.integration.sockets import TIMEOUT, Address

COMMAND = (
    *(sys.executable, "-m", "uvicorn", "tests.integration.asgi_app:application"),
    *("--http", "h11", "--ws", "wsproto", "--host", "127.0.0.1", "--port", "0"),
    *("--no-date-header", "--no-server-header", "--no-access-log", "--no-use-colors"),
    *("--timeout-graceful-shutdown", "1", "--timeout-keep-alive", "60"),
)

LISTENING = re.compile(r"running on http://(127\.0\.0\.1):(\d+) ")

ESCAPED = re.compile(r"Fatal error|Exception in callback|exception was never retrieved")
"""What asyncio logs about an exception that left a protocol, a callback or a task of uvicorn's."""


@contextlib.contextmanager
def running() -> Iterator[Address]:
    """Run uvicorn on a free port.

    Yields:
        The address that it listens on.

    Raises:
        AssertionError: If it did not start, ended too early, or logged an exception of its own.
    """
    with subprocess.Popen(COMMAND, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        log: list[str] = []
        started: queue.SimpleQueue[Address | None] = queue.SimpleQueue()

        def follow(lines: Iterator[str]) -> None:
            """Keep what is logged, and pass on the address as soon as it is known."""
            for line in lines:
                log.append(line)
                if found := LISTENING.search(line):
                    started.put((found[1], int(found[2])))
            started.put(None)

        reader = threading.Thread(target=follow, args=(process.stderr,))
        reader.start()
        try:
            address = started.get(timeout=TIMEOUT)
            assert address is not None, "".join(log)
            yield address
            assert process.poll() is None, "".join(log)
        finally:
            stop(process)
            reader.join(TIMEOUT)
        assert not ESCAPED.search("".join(log)), "".join(log)


def stop(process: subprocess.Popen[str]) -> None:
    """End `process`, by force when it does not end by itself."""
    process.terminate()
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
