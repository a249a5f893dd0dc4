"""Every frame that comes and goes, for logs and tools: what passes, not what it means.

Frames of the peer are traced when the engine gets to them, just before what it makes of them is
told; ours when their bytes leave.  So the order is that of cause and effect.

Not here: fields.  A field block is only as good as the table of its direction; a tool that shows
fields keeps a decoder of its own along with each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from typing import Final, TypeAlias

from hyper.frame import (
    FRAME_HEADER,
    FRAME_HEADER_SIZE,
    PREFACE,
    Frame,
    FrameType,
    error_name,
    flag_names,
    frame_name,
    parse,
    setting_name,
)
from hyper.wire import ReceiveBuffer

_WORD: Final = Struct(">L")
_SETTING: Final = Struct(">HL")


@dataclass(slots=True, init=False, repr=False)
class TracedFrame:
    """A frame as it is on the wire: `sent` or received.

    As text it shows no payload but the numbers of control frames: nothing in it is a secret.
    `payload` may be one, compressed or not.  Of a frame that was condemned by its header only that
    is there, and `payload` is shorter than `length`.
    """

    sent: Final[bool]
    frame_type: Final[int]
    flags: Final[int]
    stream_id: Final[int]
    length: Final[int]
    payload: Final[bytes]

    def __init__(
        self,
        sent: bool,
        frame_type: int,
        flags: int,
        stream_id: int,
        length: int,
        payload: bytes,
    ) -> None:
        self.sent = sent
        self.frame_type = frame_type
        self.flags = flags
        self.stream_id = stream_id
        self.length = length
        self.payload = payload

    def parse(self) -> Frame:
        """The frame as a value; `FrameError` if it is not well-formed.  Its content is shown."""
        return parse(self.frame_type, self.flags, self.stream_id, self.payload)

    def __repr__(self) -> str:
        words = [
            ">" if self.sent else "<",
            frame_name(self.frame_type),
            f"stream={self.stream_id}",
            f"length={self.length}",
            *flag_names(self.frame_type, self.flags),
            *_details(self.frame_type, self.payload),
        ]
        return " ".join(words)


Trace: TypeAlias = Callable[[TracedFrame], None]
"""Is called with each frame in its turn.  It must not raise, nor use the engine that calls it."""


class Tracer:
    """Cuts what is sent back into frames, for what is received comes in frames."""

    __slots__ = ("_buffer", "_preface", "_trace")

    def __init__(self, trace: Trace, preface: bool) -> None:
        """`preface`: what is sent begins with the preface of a client (RFC 9113 §3.4)."""
        self._trace: Final = trace
        self._buffer: Final = ReceiveBuffer()
        self._preface = preface

    def received(
        self, frame_type: int, flags: int, stream_id: int, length: int, payload: bytes
    ) -> None:
        """A frame of the peer's."""
        self._trace(TracedFrame(False, frame_type, flags, stream_id, length, payload))

    def sent(self, octets: bytes) -> None:
        """Bytes left; the frames that end with them are traced."""
        buffer = self._buffer
        buffer.append(octets)
        if self._preface:
            if not buffer.has(len(PREFACE)):
                return
            buffer.pos += len(PREFACE)
            self._preface = False
        while buffer.has(FRAME_HEADER_SIZE):
            word, flags, stream_id = FRAME_HEADER.unpack_from(buffer.data, buffer.pos)
            length = word >> 8
            if not buffer.has(FRAME_HEADER_SIZE + length):
                return
            start = buffer.pos + FRAME_HEADER_SIZE
            buffer.pos = start + length
            payload = buffer.data[start : buffer.pos]
            self._trace(TracedFrame(True, word & 0xFF, flags, stream_id, length, payload))


def _details(frame_type: int, payload: bytes) -> list[str]:
    """The numbers in a control frame, as far as they are there."""
    words: list[str] = []
    if frame_type == FrameType.SETTINGS:
        for at in range(0, len(payload) - 5, 6):
            identifier, value = _SETTING.unpack_from(payload, at)
            words.append(f"{setting_name(identifier)}={value}")
    elif frame_type == FrameType.PING:
        words.append(payload.hex())
    elif len(payload) >= 4:
        number = _WORD.unpack_from(payload, 0)[0]
        if frame_type == FrameType.WINDOW_UPDATE:
            words.append(f"+{number & 0x7FFF_FFFF}")
        elif frame_type == FrameType.RST_STREAM:
            words.append(error_name(number))
        elif frame_type == FrameType.GOAWAY and len(payload) >= 8:
            words.append(f"last={number & 0x7FFF_FFFF}")
            words.append(error_name(_WORD.unpack_from(payload, 4)[0]))
    return words
