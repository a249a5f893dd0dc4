"""What both directions of a connection share: where the cycle stands, and the exchange's facts.

`receive` turns bytes into events with it, `send` turns events into bytes.
"""

from math import inf
from typing import TYPE_CHECKING, Final

from hyper.h1 import clock
from hyper.h1.clock import Clock
from hyper.h1.cycle import State, Step, next_state
from hyper.h1.events import PeerFault
from hyper.h1.framing import Body
from hyper.h1.grammar import PLAIN
from hyper.h1.head import Fault
from hyper.h1.limits import Limits
from hyper.wire import Role

if TYPE_CHECKING:
    from hyper.h1.body import BodyReader

_IDLE: Final = State.IDLE
_NO_BODY: Final = Body.NOTHING


class Session:
    """The state of one connection.  Nothing in it grows with the number of exchanges."""

    __slots__ = (
        "body",
        "clock",
        "drained",
        "exchange",
        "expects",
        "interim",
        "is_server",
        "keeps_alive",
        "late",
        "limits",
        "method",
        "minor",
        "now",
        "out",
        "out_body",
        "out_left",
        "peer_version",
        "received",
        "role",
        "state",
        "upgrade",
    )

    def __init__(self, role: Role, limits: Limits) -> None:
        self.role: Final = role
        self.is_server: Final = role is Role.SERVER
        self.limits: Final = limits
        self.clock: Final = Clock(limits)
        self.now = -inf
        self.received = 0  # bytes, ever
        self.state: State = _IDLE
        self.peer_version: bytes = b""  # of its latest head

        # The exchange: its ordinal, and what its request was.
        self.exchange = 0
        self.method = PLAIN
        self.minor = 1  # of the client's version
        self.keeps_alive = False  # a client of HTTP/1.0 asked for it
        self.expects = False  # the client waits for 100 (Continue) before it sends content
        self.upgrade: bytes = b""  # the protocols it offers
        self.interim = 0  # responses that came before the final one
        self.drained = 0  # content that came after the response was complete

        # What we are sending: how its body is framed, and what of its length is left.
        self.out: list[bytes] = []
        self.out_body: Body = _NO_BODY
        self.out_left = 0

        # What we are receiving; most requests have no content, and most servers' peers never any.
        self.body: BodyReader | None = None

        # What did not come in time and is still to be told, as the clock calls it.
        self.late = clock.NOTHING

    def begin_waiting(self, now: float) -> None:
        """The connection was made at `now`."""
        self.now = now
        self.clock.told = True
        if self.is_server:
            self.clock.wait(clock.FIRST_BYTE, now, 0)

    def tell(self, now: float) -> None:
        """Time has reached `now`."""
        if now > self.now:
            self.now = now
        self.clock.told = True

    def begin(self, method: int, minor: int) -> None:
        """Another exchange begins."""
        self.exchange += 1
        self.method = method
        self.minor = minor
        self.keeps_alive = False
        self.expects = False
        self.upgrade = b""
        self.interim = 0
        self.drained = 0

    def step(self, step: Step) -> bool:
        """Take a step of the cycle; false, and nothing changed, where it is forbidden."""
        target = next_state(self.state, step)
        if target is None:
            return False
        self.state = target
        return True

    def fail(self, fault: Fault) -> PeerFault:
        """The peer is at fault: nothing more of what it sends can be made sense of."""
        if self.is_server:
            if self.state is _IDLE:
                # Of a request that cannot be read, the worst is assumed: a client that knows no
                # chunks and closes the connection.
                self.begin(PLAIN, 0)
            self.step(Step.REQUEST_FAULT)
        else:
            self.step(Step.RESPONSE_FAULT)
        self.expects = False
        self.clock.stop()
        return PeerFault(self.exchange, fault.status, fault.expected, fault.came)

    def remaining(self) -> int:
        """Bytes that are known to be still to come: of the content, or of the chunk."""
        return 0 if self.body is None else self.body.remaining

    def handle_timer(self, now: float) -> None:
        """Time has reached `now` while we waited for input."""
        self.tell(now)
        due = self.clock.due(self.now, self.received)
        if due == clock.HEAD or due == clock.CONTENT:
            self.late = due  # and `next_event` has it
        elif due != clock.NOTHING:
            # RFC 9112 §9.5: whoever wishes to time out SHOULD issue a graceful close.
            self.step(Step.LAST)

    def fail_late(self) -> PeerFault:
        """What did not come in time is told."""
        limits = self.limits
        if self.late == clock.HEAD:
            expected = f"a whole head within {limits.head_timeout:g} s"
        else:
            expected = f"content at {limits.min_body_rate:g} bytes a second or more"
        self.late = clock.NOTHING
        # RFC 9110 §15.5.9 and §15.6.5.
        status = 408 if self.is_server else 504
        return self.fail(Fault(status, expected, "too little"))
