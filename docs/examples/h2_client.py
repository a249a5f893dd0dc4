"""An HTTP/2 client: a blocking socket moves the bytes, hyper.h2 knows what they mean."""

import socket
import sys
from time import monotonic

from hyper.h2 import Connection, Data, EndOfInput, PeerFault, Request, Reset, Trailers
from hyper.wire import Role


def fetch(host: str, port: int, paths: list[str]) -> dict[str, bytes]:
    """The content of each path; all are asked for at once, over one connection."""
    engine = Connection(Role.CLIENT, auto_consume=True)
    asked, bodies = {}, dict.fromkeys(paths, b"")
    for path in paths:
        asked[engine.next_stream_id()] = path
        fields = [(b":method", b"GET"), (b":scheme", b"http"), (b":path", path.encode())]
        fields.append((b":authority", f"{host}:{port}".encode()))
        engine.send(Request(engine.next_stream_id(), fields, end_stream=True))
    with socket.create_connection((host, port), timeout=10) as transport:
        while asked:
            transport.sendall(engine.data_to_send())
            engine.receive_data(transport.recv(65_536), monotonic())
            while (event := engine.next_event()) is not None:
                if isinstance(event, Data):
                    bodies[asked[event.stream_id]] += event.data
                elif isinstance(event, Reset | PeerFault | EndOfInput):
                    raise ConnectionError(str(event))
                if getattr(event, "end_stream", isinstance(event, Trailers)):
                    del asked[event.stream_id]
        engine.shut_down()
        transport.sendall(engine.data_to_send())
    return bodies


if __name__ == "__main__":
    for path, body in fetch("127.0.0.1", int(sys.argv[1]), sys.argv[2:]).items():
        print(path, body.decode())
