"""Two pumps back to back: no sockets, no clock, every step where the test wants it."""

from collections.abc import Sequence
from typing import Final

from hyper.h2 import Limits
from hyper.http import Version
from hyper.io import Timeouts
from hyper.io._mailbox import Mailbox
from hyper.io._pump import Pump
from hyper.wire import Field, Role

GET: Final[Sequence[Field]] = (
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"a"),
    (b":path", b"/"),
)
POST: Final[Sequence[Field]] = ((b":method", b"POST"), *GET[1:])
HEAD: Final[Sequence[Field]] = ((b":method", b"HEAD"), *GET[1:])

NEVER: Final = Timeouts(connect=None, handshake=None, read=None)
CHUNK: Final = 65_536


class Wire:
    """A client and a server, and what lies between them."""

    def __init__(
        self,
        *,
        client: Timeouts = NEVER,
        server: Timeouts = NEVER,
        limits: Limits | None = None,
        settle: bool = True,
        version: Version = Version.HTTP_2,
    ) -> None:
        self.now = 100.0
        self.client = Pump(
            Role.CLIENT, peer="server", timeouts=client, now=100.0, limits=limits, version=version
        )
        self.server = Pump(
            Role.SERVER, peer="client", timeouts=server, now=100.0, limits=limits, version=version
        )
        if settle:
            self.settle()

    def settle(self) -> None:
        """Carry bytes to and fro until nobody has any."""
        while self.carry(self.client, self.server) or self.carry(self.server, self.client):
            pass

    def carry(self, sender: Pump, receiver: Pump) -> int:
        """Carry what `sender` has to say."""
        data = sender.output(CHUNK, self.now)
        if data:
            receiver.receive(data, self.now)
        return len(data)

    def pass_time(self, seconds: float, *pumps: Pump) -> None:
        """Let `pumps` see that time has gone by."""
        self.now += seconds
        for pump in pumps:
            pump.handle_timer(self.now)

    def meet(self, fields: Sequence[Field] = GET, *, end: bool = True) -> tuple[Mailbox, Mailbox]:
        """A request that the server has accepted: both ends of its stream."""
        ours = self.client.request(fields, end_stream=end)
        self.settle()
        theirs = self.server.streams.accept()
        assert theirs is not None, "it arrived"
        return ours, theirs


def finished(pump: Pump) -> bool:
    """Whether the transport may be closed.  (A call, so that it is asked anew each time.)"""
    return pump.finished


def drain(pump: Pump, box: Mailbox) -> bytes:
    """Take what is there."""
    taken = b""
    while chunk := pump.streams.take(box):
        taken += chunk
    return taken
