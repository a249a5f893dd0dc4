"""Messages for two engines to exchange: what will be said, and how much of it has arrived.

Both applications of a simulated run share the `Message`: the one that says it takes the next event
from it, the one that hears compares each event with what was said.  Nothing may be missing, changed
or out of order.
"""

import random
from collections.abc import Callable
from typing import Final, TypeAlias

from hyper.h2 import Data, InformationalResponse, Request, Response, Trailers
from hyper.wire import Field, SensitiveField

Chance: TypeAlias = Callable[[], float]
"""Where the luck of a run comes from: a number from 0 up to 1."""

Part: TypeAlias = Request | Response | InformationalResponse | Data | Trailers

# Content that no shift leaves the same: a byte too few or too many shows at once.
_PATTERN: Final = random.Random(9113).randbytes(1 << 19)

_BASE: Final[list[Field]] = [(b":scheme", b"https"), (b":authority", b"example.org")]
_PIECES: Final = (0, 1, 7, 100, 100, 1_000, 5_000, 16_384, 16_385, 40_000, 120_000)
_INTERIM: Final[list[list[Field]]] = [
    [(b":status", b"100")],
    [(b":status", b"103"), (b"link", b"</style.css>; rel=preload")],
]
_STATUSES: Final = (b"200", b"200", b"200", b"201", b"404", b"204", b"304", b"500")


class Message:
    """One direction of one stream.

    `interims`, then `head`, content cut into `pieces`, and an end: with the head, with the last
    piece, with an empty piece, or with trailers.
    """

    __slots__ = (
        "arrived",
        "base",
        "end",
        "head",
        "heard_end",
        "heard_head",
        "heard_interims",
        "interims",
        "pieces",
        "said_end",
        "said_head",
        "said_interims",
        "sent",
        "trailers",
    )

    def __init__(self, base: int, head: list[Field]) -> None:
        self.base: Final = base
        self.head: Final = head
        self.interims: list[list[Field]] = []
        self.pieces: list[int] = []
        self.trailers: list[Field] = []
        self.end = "head"
        self.said_interims = 0
        self.said_head = False
        self.said_end = False
        self.sent = 0
        self.heard_interims = 0
        self.heard_head = False
        self.heard_end = False
        self.arrived = 0

    @property
    def whole(self) -> bool:
        """Whether all of it was said, and all of that has arrived."""
        return self.said_end and self.heard_end and self.arrived == self.sent

    # -- saying ------------------------------------------------------------------------------

    def next_part(self, stream_id: int, request: bool) -> Part:
        """The next thing to say."""
        if self.said_interims < len(self.interims):
            self.said_interims += 1
            return InformationalResponse(stream_id, self.interims[self.said_interims - 1])
        if not self.said_head:
            self.said_head = True
            self.said_end = self.end == "head"
            if request:
                return Request(stream_id, self.head, self.said_end)
            return Response(stream_id, self.head, self.said_end)
        if self.pieces:
            size = self.pieces.pop()
            start = self.base + self.sent
            self.sent += size
            self.said_end = not self.pieces and self.end == "piece"
            return Data(stream_id, _PATTERN[start : start + size], self.said_end)
        self.said_end = True
        if self.end == "trailers":
            return Trailers(stream_id, self.trailers)
        return Data(stream_id, b"", True)

    # -- hearing -----------------------------------------------------------------------------

    def hear_interim(self, event: InformationalResponse) -> None:
        """An interim head came."""
        assert not self.heard_head, "interim heads come before the final one"
        assert self.heard_interims < self.said_interims, "none that was not said"
        assert event.fields == self.interims[self.heard_interims], "as it was said"
        self.heard_interims += 1

    def hear_head(self, event: Request | Response) -> None:
        """The head came."""
        assert self.said_head, "none that was not said"
        assert not self.heard_head, "one head"
        assert self.heard_interims == self.said_interims, "no interim head is lost"
        assert event.fields == self.head, "as it was said"
        for heard, said in zip(event.fields, self.head, strict=True):
            if isinstance(said, SensitiveField):
                assert isinstance(heard, SensitiveField), "RFC 7541 §7.1.3: a secret stays one"
        self.heard_head = True
        if event.end_stream:
            self._hear_end(self.end == "head")

    def hear_data(self, event: Data) -> None:
        """A piece of content came."""
        assert self.heard_head, "the head comes first"
        assert not self.heard_end, "nothing behind the end"
        start = self.base + self.arrived
        self.arrived += len(event.data)
        assert self.arrived <= self.sent, "no more than was said"
        assert event.data == _PATTERN[start : start + len(event.data)], "byte for byte"
        if event.end_stream:
            self._hear_end(self.end in {"piece", "empty piece"})

    def hear_trailers(self, event: Trailers) -> None:
        """The trailers came."""
        assert self.heard_head, "the head comes first"
        assert not self.heard_end, "nothing behind the end"
        assert event.fields == self.trailers, "as they were said"
        self._hear_end(self.end == "trailers")

    def _hear_end(self, as_said: bool) -> None:
        assert self.said_end, "it ends when it was ended"
        assert as_said, f"and how it was: {self.end}"
        assert self.arrived == self.sent, "with all its content"
        self.heard_end = True


def _int(chance: Chance, count: int) -> int:
    return int(chance() * count)


def _some_fields(chance: Chance, stream_id: int) -> list[Field]:
    """Fields old and new: tables fill, entries are used again and evicted."""
    fields: list[Field] = [(b"accept", b"*/*")]
    luck = chance()
    if luck < 0.5:
        fields.append((b"x-id", b"%d" % stream_id))
    if luck < 0.3:
        fields.append(SensitiveField(b"authorization", b"secret-%d" % stream_id))
    if 0.4 < luck < 0.7:
        fields.append((b"priority", (b"u=1", b"i", b"u=5, i", b"u=0")[_int(chance, 4)]))
    if luck < 0.2:
        fields += [(b"cookie", b"a=%d" % (stream_id % 7)), (b"cookie", b"b=2")]
    if 0.5 <= luck < 0.7:
        fields.append((b"priority", b"u=%d" % (stream_id // 2 % 8)))
    if 0.6 <= luck < 0.8:
        fields.append((b"priority", b"i"))
    if luck < 0.03:
        # More than one frame's worth: the block goes on in CONTINUATION frames.
        fields += [(b"x-large-%d" % number, b"\xff\x00"[:1] * 9_000) for number in range(3)]
    return fields


def _fill(message: Message, chance: Chance, ends: tuple[str, ...]) -> None:
    message.pieces = [_PIECES[_int(chance, len(_PIECES))] for _ in range(_int(chance, 4))]
    message.end = ends[_int(chance, len(ends))]
    if message.end == "piece" and not message.pieces:
        message.pieces = [3]
    if message.end == "trailers":
        message.trailers = [(b"checksum", b"%d" % sum(message.pieces)), (b"x-last", b"word")]


def make_request(chance: Chance, stream_id: int) -> Message:
    """A request of some kind."""
    luck = chance()
    base = stream_id * 257 & 0x1FFFF
    if luck < 0.1:
        tunnel = Message(base, [(b":method", b"CONNECT"), (b":authority", b"example.org:443")])
        _fill(tunnel, chance, ("piece", "empty piece"))
        return tunnel
    method = b"GET" if luck < 0.5 else b"HEAD" if luck < 0.6 else b"POST"
    head: list[Field] = [
        (b":method", method),
        *_BASE,
        (b":path", b"/%d" % stream_id if luck < 0.7 else b"/"),
        *_some_fields(chance, stream_id),
    ]
    message = Message(base, head)
    if method == b"POST":
        _fill(message, chance, ("piece", "empty piece", "trailers"))
        if chance() < 0.3:
            head.append((b"content-length", b"%d" % sum(message.pieces)))
    return message


def make_promise(chance: Chance, stream_id: int) -> Message:
    """A request that a server may make up."""
    method = b"GET" if chance() < 0.7 else b"HEAD"
    head: list[Field] = [(b":method", method), *_BASE, (b":path", b"/pushed/%d" % stream_id)]
    message = Message(0, [*head, *_some_fields(chance, stream_id)])
    message.said_head = message.said_end = message.heard_head = message.heard_end = True
    return message


def make_response(chance: Chance, stream_id: int, request: Message) -> Message:
    """An answer that the request allows."""
    base = stream_id * 263 + 131 & 0x1FFFF
    method = request.head[0][1]
    tunnel = method == b"CONNECT"
    status = b"200" if tunnel else _STATUSES[_int(chance, len(_STATUSES))]
    head: list[Field] = [(b":status", status), *_some_fields(chance, stream_id)]
    message = Message(base, head)
    message.interims = [_INTERIM[_int(chance, 2)] for _ in range(max(0, _int(chance, 6) - 3))]
    if tunnel:
        _fill(message, chance, ("piece", "empty piece"))
    elif method == b"HEAD" or status in {b"204", b"304"}:
        message.end = "head" if chance() < 0.7 else "empty piece"
        if method == b"HEAD" and chance() < 0.5:
            # RFC 9110 §8.6: the length that the content of a GET would have.
            head.append((b"content-length", b"12345"))
    else:
        _fill(message, chance, ("piece", "empty piece", "trailers"))
        if chance() < 0.3:
            head.append((b"content-length", b"%d" % sum(message.pieces)))
    return message
