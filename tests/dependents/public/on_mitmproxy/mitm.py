"""mitmproxy in a thread of this process, with an addon that keeps what it has seen.

In: its options. Out: its address, and the flows in the order in which they ended.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mitmproxy.options import Options
from mitmproxy.tools.dump import DumpMaster

from tests.integration.sockets import TIMEOUT, Address


@dataclass
class Proxy:
    """A running mitmproxy, which is also its own addon.

    Attributes:
        address: Where it listens.
        ended: The HTTP flows that have got a response or failed.
        messages: What passed in WebSockets and tunnels, `(from the client, content)`.
        stream: Whether bodies are passed on as they come, or kept until they are whole.
    """

    address: Address = ("", 0)
    ended: "queue.SimpleQueue[Any]" = field(default_factory=queue.SimpleQueue)
    messages: "queue.SimpleQueue[tuple[bool, bytes]]" = field(default_factory=queue.SimpleQueue)
    stream: bool = False

    def flow(self, server: Address) -> Any:
        """Return the flow to a server that ended next, and forget those to others before it."""
        while (flow := self.ended.get(timeout=TIMEOUT)).request.port != server[1]:
            pass
        return flow

    def message(self) -> tuple[bool, bytes]:
        """Return the message that passed next."""
        return self.messages.get(timeout=TIMEOUT)

    def requestheaders(self, flow: Any) -> None:
        """Decide how the body of a request is passed on."""
        flow.request.stream = self.stream

    def responseheaders(self, flow: Any) -> None:
        """Decide how the body of a response is passed on."""
        flow.response.stream = self.stream

    def response(self, flow: Any) -> None:
        """Keep a flow that has its response."""
        self.ended.put(flow)

    def error(self, flow: Any) -> None:
        """Keep a flow that has failed."""
        self.ended.put(flow)

    def websocket_message(self, flow: Any) -> None:
        """Keep the last message of a WebSocket."""
        last = flow.websocket.messages[-1]
        self.messages.put((last.from_client, last.content))

    def tcp_message(self, flow: Any) -> None:
        """Keep the last message of a tunnel."""
        last = flow.messages[-1]
        self.messages.put((last.from_client, last.content))


@contextlib.contextmanager
def proxying(home: Path, *, stream: bool = False, **options: Any) -> Iterator[Proxy]:
    """Run mitmproxy, of which there can be but one at a time in a process.

    Args:
        home: Where it keeps its certificates.
        stream: Whether bodies are passed on as they come.
        options: Further options of mitmproxy.

    Yields:
        The running proxy.
    """
    proxy = Proxy(stream=stream)
    started: queue.SimpleQueue[Any] = queue.SimpleQueue()

    async def run() -> None:
        """Run until it is told to shut down."""
        master = DumpMaster(Options(), with_termlog=False, with_dumper=False)
        master.options.update(listen_host="127.0.0.1", listen_port=0, confdir=str(home), **options)
        master.addons.add(proxy)
        running = asyncio.create_task(master.run())
        server = master.addons.get("proxyserver")
        while not (server.listen_addrs() or running.done()):
            await asyncio.sleep(0.01)
        if server.listen_addrs():
            proxy.address = server.listen_addrs()[0][:2]
        started.put(master)
        await running

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    master = started.get(timeout=TIMEOUT)
    try:
        assert proxy.address[1], "mitmproxy did not start"
        yield proxy
    finally:
        master.shutdown()
        thread.join(TIMEOUT)
