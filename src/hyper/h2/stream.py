"""What the engine knows of one live stream: made when the stream is, and forgotten with it."""

from typing import TYPE_CHECKING, Final

from hyper.h2.headers import ORDINARY
from hyper.h2.message_life import MessageState
from hyper.h2.stream_life import StreamState
from hyper.priority import DEFAULT_BUCKET, Priority, Turn

if TYPE_CHECKING:
    # Compiled, two bytes beside a flag; the annotation is never evaluated.
    from mypy_extensions import i16

    from hyper.h2.events import Request, Response
    from hyper.h2.flow import ReceiveWindow
    from hyper.h2.queue import SendQueue


# Names of the module: by way of its class, a member costs as much as a call (CPython 3.11).
_IDLE: Final = StreamState.IDLE
_AWAIT_HEAD: Final = MessageState.AWAIT_HEAD


# RFC 9218 is about responses.  Requests of a client's share: a call that lasts must not hold up the
# others, and none of them is waited for in the order of their ids.
UPLOAD: Final = Turn(0, Priority(incremental=True)).bucket


class Stream(Turn):
    """Plain state; who may change what is the business of `receive` and `send`.

    As a `Turn` it stands in line to send by itself: no step of it looks the stream up.
    """

    __slots__ = (
        "content_length",
        "counted",
        "inbound",
        "kind",
        "outbound",
        "pinned",
        "queue",
        "received",
        "request",
        "send_credit",
        "state",
    )

    def __init__(self, stream_id: int, bucket: int = DEFAULT_BUCKET) -> None:
        # What `Turn.__init__` does: its call would be a hundredth of what a request costs.
        self.stream_id = stream_id
        self.bucket = bucket
        self.place = 0
        self.queued = 0
        self.credit = 0
        self.state: StreamState = _IDLE
        self.received: MessageState = _AWAIT_HEAD  # the peer's message
        self.outbound: MessageState = _AWAIT_HEAD  # ours, as far as it was queued
        # RFC 9113 §6.9.2: the send window is the peer's initial size plus this.  Kept apart, a
        # change of the initial size costs nothing per stream.
        self.send_credit = 0
        self.inbound: ReceiveWindow | None = None  # made when the first DATA comes
        self.queue: SendQueue | None = None  # made when the first DATA has to wait
        # The head that would open it, while it waits for a slot of the peer's concurrency limit.
        self.request: Request | Response | None = None
        self.pinned: i16 = 0  # what of its priority we have an opinion of: see `priorities`
        self.counted = False  # against a concurrency limit
        self.kind = ORDINARY  # what its method makes of it
        self.content_length = -1  # what the peer's head announced
