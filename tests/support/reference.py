"""A second opinion: what a frame of the peer's must come to, by the text of RFC 9113 §5.1 alone.

Written without a look at the engine's tables, and with another idea of what a stream is: not a
state, but how far each side has come in what it says, and who broke it off.  Slow, small, and only
about streams: no fields, no windows, no limits.
"""

from typing import Final

from hyper.wire import Role

# All of them are HEADERS on the wire; what they carry differs.
_BLOCKS: Final = {"HEADERS", "HINTS", "TRAILERS"}

NOTHING, HEAD, END = range(3)
"""How far one side has come on a stream."""


class Side:
    """What the two sides have said on one stream, and who reset it."""

    def __init__(self, promised: bool = False) -> None:
        self.promised: Final = promised
        self.reserved = promised  # until the first HEADERS
        self.ours = NOTHING
        self.theirs = NOTHING
        self.reset = ""  # "by us" or "by them"

    @property
    def closed(self) -> bool:
        """Whether both have ended."""
        return self.ours == END and self.theirs == END


class Reference:
    """One end of a connection: streams that were ever opened, and the answer to each frame.

    An answer is "nothing", the name of an event, or the scope and code of a fault.
    """

    def __init__(self, role: Role) -> None:
        self.server: Final = role is Role.SERVER
        self.streams: dict[int, Side] = {}
        self.highest = {True: 0, False: 0}  # by whether the id is odd
        self.left = False  # after our GOAWAY
        self.last_seen = 0

    # -- what we do --------------------------------------------------------------------------

    def open(self, stream_id: int, promised: bool = False) -> Side:
        """A stream leaves the idle state, whoever opens it."""
        side = Side(promised)
        self.streams[stream_id] = side
        self.highest[stream_id % 2 == 1] = stream_id
        return side

    def live(self, stream_id: int) -> bool:
        """Whether anything of ours may still be said or unsaid on it."""
        side = self.streams.get(stream_id)
        return side is not None and not side.reset and not side.closed

    # -- what they do ------------------------------------------------------------------------

    def hear(self, frame: str, stream_id: int, end: bool = False) -> str:
        """The answer to a frame, and what becomes of the stream."""
        if frame in {"PRIORITY", "UNKNOWN"}:
            return "nothing"
        if frame == "CONTINUATION" or (frame == "PUSH_PROMISE" and self.server):
            return "connection PROTOCOL_ERROR"
        if stream_id > self.highest[stream_id % 2 == 1]:
            return self._hear_on_idle(frame, stream_id, end)
        side = self.streams.get(stream_id)
        if side is None:
            return self._hear_on_left_out(frame)
        if side.reset == "by us":
            # "An endpoint MUST minimally process and then discard any frames it receives".
            if frame == "PUSH_PROMISE":
                return "connection PROTOCOL_ERROR" if side.promised else "declined"
            return "nothing"
        if side.reset or side.closed:
            if frame in {"RST_STREAM", "WINDOW_UPDATE"}:
                return "nothing"
            # "MAY treat [...] as a connection error of type STREAM_CLOSED"; §6.6 has its own code.
            promise = frame == "PUSH_PROMISE"
            return f"connection {'PROTOCOL_ERROR' if promise else 'STREAM_CLOSED'}"
        return self._hear_on_live(side, frame, end)

    def _hear_on_idle(self, frame: str, stream_id: int, end: bool) -> str:
        """MUST be a connection error for all but HEADERS, and for those on a stream of ours."""
        if not (self.server and stream_id % 2 and frame in _BLOCKS):
            return "connection PROTOCOL_ERROR"
        side = self.open(stream_id)
        if self.left:
            side.reset = "by us"
            return "nothing"
        if frame != "HEADERS":
            side.reset = "by us"
            return "stream PROTOCOL_ERROR"
        side.theirs = END if end else HEAD
        self.last_seen = stream_id
        return "Request"

    def _hear_on_left_out(self, frame: str) -> str:
        """Who skips an id closes the stream at once; but HEADERS must come with an id above all
        before.
        """
        if frame in {"RST_STREAM", "WINDOW_UPDATE"}:
            return "nothing"
        if frame == "PUSH_PROMISE" or (frame in _BLOCKS and self.server):
            return "connection PROTOCOL_ERROR"
        return "connection STREAM_CLOSED"

    def _hear_on_live(self, side: Side, frame: str, end: bool) -> str:
        if frame == "RST_STREAM":
            side.reset = "by them"
            return "Reset"
        if side.reserved:
            if self.server:
                return "nothing" if frame == "WINDOW_UPDATE" else "connection PROTOCOL_ERROR"
            if frame not in _BLOCKS:
                return "connection PROTOCOL_ERROR"
            side.reserved = False
        if frame == "WINDOW_UPDATE":
            return "nothing"
        if frame == "PUSH_PROMISE":
            asked = not side.promised and side.theirs != END
            return "PushPromise" if asked else "connection PROTOCOL_ERROR"
        if side.theirs == END:
            side.reset = "by us"
            return "stream STREAM_CLOSED"
        return self._hear_message(side, frame, end)

    def _hear_message(self, side: Side, frame: str, end: bool) -> str:
        """RFC 9113 §8.1: a head, content, trailers that end; interim heads before a response."""
        begun = side.theirs == HEAD
        legal = {
            "DATA": begun,
            "HEADERS": not begun,
            "HINTS": not begun and not end and not self.server,
            "TRAILERS": begun and end,
        }
        if not legal[frame]:
            side.reset = "by us"
            return "stream PROTOCOL_ERROR"
        if frame == "HINTS":
            return "InformationalResponse"
        side.theirs = END if end else HEAD
        return {"DATA": "Data", "HEADERS": "Response", "TRAILERS": "Trailers"}[frame]
