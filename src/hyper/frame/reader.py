"""Bytes in, frame values out: for tools that show, count or replay what two ends said.

Hot code: what lies whole in the buffer and is of a usual kind is read in one loop; the splitter has
the rest.
"""

from struct import Struct
from typing import Final, TypeAlias

from hyper.frame.errors import FrameError
from hyper.frame.frames import DataFrame, HeadersFrame, WindowUpdateFrame
from hyper.frame.pack import WINDOW_UPDATE_WORD
from hyper.frame.parser import Frame, parse_payload, parse_usual
from hyper.frame.splitter import FrameSplitter
from hyper.frame.types import (
    MAX_MAX_FRAME_SIZE,
    MAX_STREAM_ID,
    MAX_WINDOW,
    PREFACE,
    ErrorCode,
    Scope,
)
from hyper.wire import Buffer, ReceiveBuffer

_HEADER_AND_NUMBER: Final = Struct(">LBLL")

News: TypeAlias = Frame | FrameError
"""A frame, or the fault in its place."""


class FrameReader:
    """The frames of one direction of a connection, cut from its bytes in whatever way they come.

    A fault is news in its turn, not an exception: nothing read before it is lost.  After a fault
    of a stream the next frame follows; after one of the connection nothing does.
    """

    __slots__ = ("_buffer", "_max_frame_size", "_over", "_preface", "_skipping", "_splitter")

    def __init__(self, max_frame_size: int = MAX_MAX_FRAME_SIZE, *, preface: bool = False) -> None:
        """`preface`: the bytes are a client's and begin with the preface (RFC 9113 §3.4)."""
        self._max_frame_size = max_frame_size
        self._buffer = ReceiveBuffer()
        # Made when something comes that is not usual.
        self._splitter: FrameSplitter | None = None
        self._preface = PREFACE if preface else b""
        # Whether the splitter may be in the middle of a refused frame.
        self._skipping = False
        self._over = False

    @property
    def between_frames(self) -> bool:
        """Whether the input may end here: no frame is cut short."""
        if self._preface:
            return False
        if self._splitter is None:
            return len(self._buffer) == 0
        return self._splitter.between_frames

    def feed(self, data: Buffer) -> list[News]:
        """The frames that end in these bytes, with the faults among them, in order."""
        news: list[News] = []
        octets = data if isinstance(data, bytes) else bytes(data)
        if self._preface and not self._over:
            size = min(len(octets), len(self._preface))
            for at in range(size):
                if octets[at] != self._preface[at]:
                    self._over = True
                    return [_no_preface(len(PREFACE) - len(self._preface) + at, octets[at])]
            self._preface = self._preface[size:]
            octets = octets[size:]
        if self._over:
            return news
        self._buffer.append(octets)
        if self._skipping or not self._read_usual(news):
            self._read_any(news)
        return news

    def _read_any(self, news: list[News]) -> None:
        """Add the frames and faults there are by the splitter, as far as none are usual."""
        splitter = self._splitter
        if splitter is None:
            splitter = FrameSplitter(self._max_frame_size, MAX_MAX_FRAME_SIZE, self._buffer)
            self._splitter = splitter
        while not self._over:
            try:
                if not splitter.next_frame():
                    return
                self._skipping = False
                news.append(_value(splitter))
            except FrameError as fault:
                news.append(fault)
                self._skipping = True
                self._over = fault.scope == Scope.CONNECTION
            else:
                if self._read_usual(news):
                    return

    def _read_usual(self, news: list[News]) -> bool:
        """Add the frames that lie whole in the buffer, up to the first that is not a usual one.

        Returns whether that was all there is.
        """
        buffer = self._buffer
        data = buffer.data
        pos = buffer.pos
        size = len(data)
        most = self._max_frame_size << 8 | 0xFF
        # A header and four octets of payload: all of a WINDOW_UPDATE at one look.
        last = size - 13
        # Compiled, a number whose type is not known is an object.
        word: int
        flags: int
        stream_id: int
        number: int
        while pos <= last:
            word, flags, stream_id, number = _HEADER_AND_NUMBER.unpack_from(data, pos)
            if stream_id > MAX_STREAM_ID:
                break
            if word == WINDOW_UPDATE_WORD and 0 < number <= MAX_WINDOW:
                news.append(WindowUpdateFrame(stream_id, number))
                pos += 13
                continue
            start = pos + 9
            end = start + (word >> 8)
            if end > size or word > most:
                break
            frame_type = word & 0xFF
            if frame_type == 0x0 and flags <= 0x1 and stream_id != 0:
                news.append(DataFrame(stream_id, data[start:end], flags == 0x1))
            elif frame_type == 0x1 and flags | 0x1 == 0x5 and stream_id != 0:
                news.append(HeadersFrame(stream_id, data[start:end], flags == 0x5))
            else:
                frame = parse_usual(frame_type, flags, stream_id, data[start:end])
                if frame is None:
                    break
                news.append(frame)
            pos = end
        buffer.pos = pos
        return pos == size and len(buffer) == 0


def _value(splitter: FrameSplitter) -> Frame:
    """What the splitter shows, as a value."""
    frame_type, flags, stream_id = splitter.type, splitter.flags, splitter.stream_id
    if frame_type == 0x0:
        # Its padding is off already.
        pad_length = splitter.padding - 1 if splitter.padding else None
        return DataFrame(stream_id, splitter.payload, flags & 0x1 != 0, pad_length)
    frame = parse_usual(frame_type, flags, stream_id, splitter.payload)
    if frame is None:
        frame = parse_payload(frame_type, flags, stream_id, splitter.payload)
    return frame


def _no_preface(offset: int, octet: int) -> FrameError:
    # RFC 9113 §3.4: an invalid preface MUST be a connection error of type PROTOCOL_ERROR.
    return FrameError(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        0,
        "the connection preface",
        f"byte 0x{octet:02x} at offset {offset}",
    )
