"""Two ends of h2, or of what stands for it, and a transcript of all that they say and tell.

The same calls given to both libraries must give the same transcript: bytes, events with their
types and fields, exceptions by type and code, and what stands in the attributes.
"""

from importlib import import_module
from typing import Any, Final

from hyper.compat.h2._link import Link
from hyper.compat.h2.connection import H2Connection

GET: Final = [
    (":method", "GET"),
    (":scheme", "https"),
    (":authority", "example.org"),
    (":path", "/"),
]
POST: Final = [(":method", "POST"), *GET[1:]]
HEAD: Final = [(":method", "HEAD"), *GET[1:]]
OK: Final = [(":status", "200")]

OURS: Final = "hyper.compat.h2"
THEIRS: Final = "h2"


class End:
    """One connection.  `call` notes what came of a call, `look` how everything stands."""

    def __init__(self, root: str, client: bool, log: list[str], **options: object) -> None:
        connection = import_module(f"{root}.connection")
        config = import_module(f"{root}.config")
        self.settings = import_module(f"{root}.settings")
        self.connection: Any = connection.H2Connection(
            config.H2Configuration(client_side=client, **options)
        )
        self.name = "client" if client else "server"
        self.log = log

    def call(self, method: str, *arguments: object, **named: object) -> object:
        """Call a method; what it gives, raises, or tells is noted, and exceptions go no further."""
        try:
            result = getattr(self.connection, method)(*arguments, **named)
        except Exception as error:
            code = getattr(error, "error_code", None)
            self.log.append(f"{self.name} {method} raises {type(error).__name__} {code}")
            return None
        told = [shown(each) for each in result] if method == "receive_data" else result
        self.log.append(f"{self.name} {method} {told!r}")
        return result

    def look(self) -> None:
        """Note what the attributes say."""
        connection = self.connection
        self.log.append(
            f"{self.name} {connection.state_machine.state}"
            f" open {connection.open_inbound_streams} {connection.open_outbound_streams}"
            f" highest {connection.highest_inbound_stream_id}"
            f" {connection.highest_outbound_stream_id}"
            f" windows {connection.inbound_flow_control_window}"
            f" {connection.outbound_flow_control_window}"
            f" frames {connection.max_inbound_frame_size} {connection.max_outbound_frame_size}"
        )
        for stream_id, stream in sorted(connection.streams.items()):
            self.log.append(
                f"  {stream!r} {stream.stream_id == stream_id} {stream.open} {stream.closed}"
                f" {stream.closed_by} {stream.inbound_flow_control_window}"
                f" {stream.outbound_flow_control_window} {stream.max_outbound_frame_size}"
            )


def shown(event: object) -> str:
    """An event with all that it holds."""
    text = repr(event)
    for name in ("stream_ended", "priority_updated"):
        if getattr(event, name, None) is not None:
            text += f" {name}={getattr(event, name)!r}"
    if hasattr(event, "headers"):
        text += " " + ",".join(type(each).__name__ for each in event.headers)
    if hasattr(event, "frame"):
        text += f" {event.frame!r}"
    return text


class Ends:
    """A client and a server, past their prefaces unless `begin` is false."""

    def __init__(
        self,
        root: str,
        *,
        client: dict[str, object] | None = None,
        server: dict[str, object] | None = None,
        begin: bool = True,
    ) -> None:
        self.root = root
        self.log: list[str] = []
        self.client = End(root, True, self.log, **(client or {}))
        self.server = End(root, False, self.log, **(server or {}))
        if begin:
            self.client.call("initiate_connection")
            self.server.call("initiate_connection")
            self.carry()

    def carry(self) -> None:
        """Hand over bytes until nobody has any."""
        moved = True
        while moved:
            moved = False
            for sender, receiver in ((self.client, self.server), (self.server, self.client)):
                data = sender.connection.data_to_send()
                if data:
                    moved = True
                    self.log.append(f"{sender.name} says {data.hex()}")
                    receiver.call("receive_data", data)

    def look(self) -> None:
        """Note how both stand."""
        self.client.look()
        self.server.look()


def link_of(connection: H2Connection) -> Link:
    """What is under an `H2Connection` of ours."""
    return connection._link
