"""Bytes in, frame values out: for tools that show, count or replay what two ends said."""

from typing import TypeAlias

from hyper.frame.errors import FrameError
from hyper.frame.frames import DataFrame
from hyper.frame.parser import Frame, parse_payload
from hyper.frame.splitter import FrameSplitter
from hyper.frame.types import MAX_MAX_FRAME_SIZE, PREFACE, ErrorCode, Scope
from hyper.wire import Buffer

News: TypeAlias = Frame | FrameError
"""A frame, or the fault in its place."""


class FrameReader:
    """The frames of one direction of a connection, cut from its bytes in whatever way they come.

    A fault is news in its turn, not an exception: nothing read before it is lost.  After a fault
    of a stream the next frame follows; after one of the connection nothing does.
    """

    __slots__ = ("_over", "_preface", "_splitter")

    def __init__(self, max_frame_size: int = MAX_MAX_FRAME_SIZE, *, preface: bool = False) -> None:
        """`preface`: the bytes are a client's and begin with the preface (RFC 9113 §3.4)."""
        self._splitter = FrameSplitter(max_frame_size, MAX_MAX_FRAME_SIZE)
        self._preface = PREFACE if preface else b""
        self._over = False

    @property
    def between_frames(self) -> bool:
        """Whether the input may end here: no frame is cut short."""
        return not self._preface and self._splitter.between_frames

    def feed(self, data: Buffer) -> list[News]:
        """The frames that end in these bytes, with the faults among them, in order."""
        news: list[News] = []
        octets = bytes(data)
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
        self._splitter.receive_data(octets)
        while not self._over:
            try:
                self._read(news)
                break
            except FrameError as fault:
                news.append(fault)
                self._over = fault.scope == Scope.CONNECTION
        return news

    def _read(self, news: list[News]) -> None:
        """Add the frames up to the next fault, which is raised."""
        splitter = self._splitter
        while splitter.next_frame():
            if splitter.type == 0x0:
                # Its padding is off already.
                pad_length = splitter.padding - 1 if splitter.padding else None
                end_stream = splitter.flags & 0x1 != 0
                news.append(DataFrame(splitter.stream_id, splitter.payload, end_stream, pad_length))
            else:
                news.append(
                    parse_payload(
                        splitter.type, splitter.flags, splitter.stream_id, splitter.payload
                    )
                )


def _no_preface(offset: int, octet: int) -> FrameError:
    # RFC 9113 §3.4: an invalid preface MUST be a connection error of type PROTOCOL_ERROR.
    return FrameError(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        0,
        "the connection preface",
        f"byte 0x{octet:02x} at offset {offset}",
    )
