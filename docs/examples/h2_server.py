"""An HTTP/2 server: asyncio moves the bytes, hyper.h2 knows what they mean."""

import asyncio
import sys

from hyper.h2 import Connection, Data, Request, Response
from hyper.wire import Role


class Server(asyncio.Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport, self.loop = transport, asyncio.get_running_loop()
        self.engine = Connection(Role.SERVER, auto_consume=True, now=self.loop.time())
        self.timer, self.may_write = self.loop.call_soon(self.work), True

    def data_received(self, data: bytes) -> None:
        self.engine.receive_data(data, self.loop.time())
        self.work()

    def eof_received(self) -> bool:
        self.data_received(b"")  # to the engine, that is the end of input
        return True  # work() closes when the last answer is written

    def pause_writing(self) -> None:
        self.may_write = False

    def resume_writing(self) -> None:
        self.may_write = True
        self.work()

    def work(self) -> None:
        self.timer.cancel()
        self.engine.handle_timer(self.loop.time())
        while (event := self.engine.next_event()) is not None:
            if isinstance(event, Request):
                path = dict(event.fields)[b":path"]
                self.engine.send(Response(event.stream_id, [(b":status", b"200")]))
                self.engine.send(Data(event.stream_id, path, end_stream=True))
        while self.may_write and (octets := self.engine.data_to_send(65_536)):
            self.transport.write(octets)
        if self.engine.closed and not self.engine.wants_to_send:
            self.transport.close()
        elif (due := self.engine.next_timer()) is not None:
            self.timer = self.loop.call_at(due, self.work)

    def connection_lost(self, exc: Exception | None) -> None:
        self.timer.cancel()


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1])))
