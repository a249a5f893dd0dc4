"""The same server on python-hyper's h2: see `with_hyper`."""

import asyncio
from typing import cast

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, RequestReceived

from bench.servers.serving import run

HEAD = [(b":status", b"200"), (b"content-length", b"6"), (b"content-type", b"text/plain")]


class Hello(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say our preface."""
        self.transport = cast("asyncio.Transport", transport)
        self.engine = H2Connection(config=H2Configuration(client_side=False))
        self.engine.initiate_connection()
        self.transport.write(self.engine.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Answer every request."""
        engine = self.engine
        over = False
        for event in engine.receive_data(data):
            if isinstance(event, RequestReceived):
                stream_id = event.stream_id
                engine.send_headers(stream_id, HEAD)
                engine.send_data(stream_id, b"hello\n", end_stream=True)
            elif isinstance(event, ConnectionTerminated):
                over = True
        octets = engine.data_to_send()
        if octets:
            self.transport.write(octets)
        if over:
            self.transport.close()


if __name__ == "__main__":
    run(Hello)
