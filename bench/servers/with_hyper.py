"""A server that says hello, on hyper.h2.

    python -m bench.servers.with_hyper [--certificate FILE]

As small as it can be, to be compared: docs/examples/h2_server.py does what a server should.
"""

import asyncio
from typing import cast

from bench.servers.serving import run
from hyper.h2 import Connection, Data, Request, Response
from hyper.wire import Role

HEAD = [(b":status", b"200"), (b"content-length", b"6"), (b"content-type", b"text/plain")]


class Hello(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say our preface."""
        self.transport = cast("asyncio.Transport", transport)
        self.clock = asyncio.get_running_loop().time
        self.engine = Connection(Role.SERVER)
        self.transport.write(self.engine.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Answer every request."""
        engine = self.engine
        engine.receive_data(data, self.clock())
        while (event := engine.next_event()) is not None:
            if isinstance(event, Request):
                engine.send(Response(event.stream_id, HEAD))
                engine.send(Data(event.stream_id, b"hello\n", end_stream=True))
        octets = engine.data_to_send()
        if octets:
            self.transport.write(octets)
        if engine.closed:
            self.transport.close()


if __name__ == "__main__":
    run(Hello)
