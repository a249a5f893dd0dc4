"""What has come for one stream, and how far both sides are: plain state, filled by the pump.

Not here: any rule about when it may change (`_pump`), and any waiting (the worlds).
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hyper.wire import Field

# A peer may cut content into frames of one byte.  Pieces below this size are joined, so that what
# is held costs about as much memory as it has bytes.
_SMALL: Final = 2048


@dataclass(frozen=True, slots=True)
class Informational:
    """An interim response (RFC 9110 §15.2), such as 103: `fields` without the pseudo-field."""

    status: int
    fields: Sequence[Field]


class Mailbox:
    """One stream as the application sees it."""

    __slots__ = (
        "_chunks",
        "blocked",
        "discarding",
        "ended",
        "error",
        "expects",
        "head",
        "head_only",
        "held",
        "informational",
        "reason",
        "received",
        "sent_end",
        "sent_head",
        "stream_id",
        "told",
        "trailers",
        "unsent",
        "version",
    )

    def __init__(self, stream_id: int, head: Sequence[Field] | None = None) -> None:
        self.stream_id: Final = stream_id
        # What came.
        self.head = head  # pseudo-fields and all
        self.version = "2"  # of the head
        self.reason = ""  # RFC 9112 §4: what HTTP/1.1 says beside the status
        self.informational: list[Informational] = []
        self.told = 0  # how many of them the application was told of
        self.trailers: Sequence[Field] | None = None
        self.received = 0  # bytes of content
        self.held = 0  # bytes of content that were not consumed yet
        self.ended = False  # the peer's message is complete
        self.expects = False  # RFC 9110 §10.1.1: the client sends content when it is told to go on
        # What went.
        self.head_only = False  # RFC 9110 §9.3.2: the response to HEAD has no content
        self.sent_head = False
        self.unsent = False  # the answer came first, and we keep our content
        self.sent_end = False  # our message is complete, as far as the engine's queue
        self.blocked = False  # enough is queued; wait for the engine's `Writable`
        # How it ended early.
        self.error: Exception | None = None
        self.discarding = False  # nobody will take what comes
        self._chunks: deque[bytes | bytearray] = deque()

    def put(self, data: bytes) -> None:
        """A piece of content came."""
        self.received += len(data)
        self.held += len(data)
        if self.discarding:
            return
        if len(data) >= _SMALL:
            self._chunks.append(data)
            return
        last = self._chunks[-1] if self._chunks else None
        if isinstance(last, bytearray) and len(last) < _SMALL:
            last += data
        else:
            self._chunks.append(bytearray(data))

    def pick(self) -> bytes:
        """The next piece, or b"" when none is there.  Its credit is the caller's business."""
        if not self._chunks:
            return b""
        chunk = self._chunks.popleft()
        return chunk if isinstance(chunk, bytes) else bytes(chunk)

    def next_interim(self) -> Informational | None:
        """The next interim response to tell the application of."""
        if self.told == len(self.informational):
            return None
        self.told += 1
        return self.informational[self.told - 1]

    def discard(self) -> None:
        """Forget the content held; what still comes is counted and forgotten too."""
        self.discarding = True
        self._chunks.clear()


def pseudo(fields: Sequence[Field], name: bytes) -> bytes:
    """The value of a pseudo-field; b"" where the head has none."""
    for field in fields:
        if field[0] == name:
            return field[1]
        # RFC 9113 §8.3: all pseudo-fields MUST appear before all regular ones.
        if not field[0].startswith(b":"):
            break
    return b""


def regular(fields: Sequence[Field]) -> list[Field]:
    """The fields of a head without its pseudo-fields."""
    return [field for field in fields if not field[0].startswith(b":")]
