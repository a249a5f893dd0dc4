"""The same server on zttp: see `with_hyper`."""

import asyncio
from typing import cast

import zttp

from bench.servers.serving import run

HEAD = [(b"content-length", b"6"), (b"content-type", b"text/plain")]


class Hello(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say our preface."""
        self.transport = cast("asyncio.Transport", transport)
        self.engine = zttp.Connection(zttp.SERVER, zttp.HTTP2)
        self.engine.initiate_connection()
        self.transport.write(self.engine.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Answer every request."""
        engine = self.engine
        engine.receive_data(data)
        over = False
        while (event := engine.next_event()) is not zttp.NEED_DATA:
            if isinstance(event, zttp.Request):
                stream = engine.stream(event.stream_id)
                stream.send_response(200, HEAD)
                stream.send_data(b"hello\n")
                stream.end_message()
            elif isinstance(event, zttp.ConnectionClosed):
                over = True
                break
        octets = engine.data_to_send()
        if octets:
            self.transport.write(octets)
        if over:
            self.transport.close()


if __name__ == "__main__":
    run(Hello)
