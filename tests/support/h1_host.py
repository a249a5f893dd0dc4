"""An HTTP/1.1 server and a client on loopback sockets: the engine, threads, and nothing else."""

import hashlib
import socket
import threading
import time
from contextlib import suppress
from typing import Final

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    PeerFault,
    Request,
    Response,
    State,
    Trailers,
)
from hyper.wire import Field, Role

_SECONDS: Final = 30.0


class Host:
    """A server that says what it was sent: its size and checksum, or as much as it is asked for.

    `/size/N` answers with N bytes by their length, `/chunks/N` in chunks, and anything else with
    the checksum of the content of the request.
    """

    def __init__(self) -> None:
        self._listener: Final = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: Final[int] = self._listener.getsockname()[1]
        self.requests = 0
        self.connections = 0
        self.faults: list[PeerFault] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            sock.settimeout(_SECONDS)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        # The other end may go when it likes.
        with sock, suppress(OSError):
            Conversation(self, sock).run()


class Conversation:
    """One connection of a host's."""

    def __init__(self, host: Host, sock: socket.socket) -> None:
        self._host: Final = host
        self._sock: Final = sock
        self._engine: Final = Connection(Role.SERVER, now=time.monotonic())
        self._request: Request | None = None
        self._digest = hashlib.sha256()
        self._size = 0

    def run(self) -> None:
        """Read, answer, until one end has enough."""
        engine = self._engine
        while not engine.may_close:
            event = engine.next_event()
            if event is None:
                engine.receive_data(self._sock.recv(65_536), time.monotonic())
            else:
                self._hear(event)
                self._write()
        # RFC 9112 §9.6: in stages, so that no reset overtakes the response.
        self._sock.shutdown(socket.SHUT_WR)
        while self._sock.recv(65_536):
            pass

    def _write(self) -> None:
        if self._engine.wants_to_send:
            self._sock.sendall(self._engine.data_to_send(now=time.monotonic()))

    def _hear(self, event: Event) -> None:
        if isinstance(event, Request):
            self._host.requests += 1
            self._request = event
            self._digest = hashlib.sha256()
            self._size = 0
            if self._engine.expects_continue:
                self._engine.send(InformationalResponse(event.stream_id, 100, []))
            if event.end_stream:
                self._answer(event)
        elif isinstance(event, Data | Trailers):
            if isinstance(event, Data):
                self._digest.update(event.data)
                self._size += len(event.data)
            if (isinstance(event, Trailers) or event.end_stream) and self._request is not None:
                self._answer(self._request)
        elif isinstance(event, PeerFault):
            self._host.faults.append(event)
            if self._engine.state is State.BROKEN:
                self._engine.send(Response(event.stream_id, event.status, [], True))

    def _answer(self, request: Request) -> None:
        stream_id = request.stream_id
        _, kind, rest = [*request.target.split(b"/", 2), b""][:3]
        if kind not in (b"size", b"chunks"):
            content = b"%d %b\n" % (self._size, self._digest.hexdigest().encode())
            self._say(stream_id, request, [(b"content-length", b"%d" % len(content))], content)
            return
        size = int(rest)
        fields = [(b"content-length", b"%d" % size)] if kind == b"size" else []
        self._say(stream_id, request, fields, content_of(size))

    def _say(self, stream_id: int, request: Request, fields: list[Field], content: bytes) -> None:
        engine = self._engine
        if request.method == b"HEAD":
            engine.send(Response(stream_id, 200, fields, True))
            return
        engine.send(Response(stream_id, 200, fields))
        for at in range(0, len(content), 50_000):
            engine.send(Data(stream_id, content[at : at + 50_000]))
            self._write()
        engine.send(Data(stream_id, b"", True))


def content_of(size: int) -> bytes:
    """So many bytes, no shift or repeat of which is the same."""
    block = b"".join(
        [hashlib.sha256(b"%d" % n).digest() for n in range(min(size // 32 + 1, 4_096))]
    )
    return (block * (size // len(block) + 1))[:size]


class Caller:
    """A client that keeps its connection."""

    def __init__(self, port: int) -> None:
        self._sock: Final = socket.create_connection(("127.0.0.1", port), _SECONDS)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.engine: Final = Connection(Role.CLIENT)
        self.host: Final = b"localhost:%d" % port

    def close(self) -> None:
        """Leave."""
        self._sock.close()

    def ask(
        self, method: bytes, target: bytes, content: bytes = b"", fields: list[Field] | None = None
    ) -> tuple[Response, bytes]:
        """Ask for something; the response and its content."""
        engine = self.engine
        stream_id = engine.next_stream_id()
        given = [(b"host", self.host), *(fields or [])]
        engine.send(Request(stream_id, method, target, given, not content))
        for at in range(0, len(content), 30_000):
            engine.send(Data(stream_id, content[at : at + 30_000]))
            self._sock.sendall(engine.data_to_send())
        if content:
            engine.send(Data(stream_id, b"", True))
        self._sock.sendall(engine.data_to_send())
        return self._hear()

    def _hear(self) -> tuple[Response, bytes]:
        response: Response | None = None
        pieces: list[bytes] = []
        while True:
            event = self.engine.next_event()
            if event is None:
                self.engine.receive_data(self._sock.recv(65_536), 0.0)
            elif isinstance(event, PeerFault | EndOfInput):
                raise AssertionError(str(event))
            elif isinstance(event, Response):
                response = event
                if event.end_stream:
                    return event, b""
            elif isinstance(event, Data):
                pieces.append(event.data)
            if response is not None and (
                isinstance(event, Trailers) or (isinstance(event, Data) and event.end_stream)
            ):
                return response, b"".join(pieces)
