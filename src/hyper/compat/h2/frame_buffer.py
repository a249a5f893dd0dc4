"""Frames out of bytes as h2 cuts them, for programs that do it by themselves.

Not here: how `H2Connection` cuts them, which is its engine's; see `hyper.frame.FrameReader`.
"""

from typing import Final, Self

from hyper.compat.h2.exceptions import FrameDataMissingError, FrameTooLargeError, ProtocolError
from hyper.compat.hyperframe.exceptions import InvalidDataError, InvalidFrameError
from hyper.compat.hyperframe.frame import (
    ContinuationFrame,
    Frame,
    HeadersFrame,
    PushPromiseFrame,
)
from hyper.frame import PREFACE

CONTINUATION_BACKLOG: Final = 64
"""How many frames one field block may come in (VU#421644)."""

_HEADER: Final = 9  # RFC 9113 §4.1


class FrameBuffer:
    """Iterate over it for the frames that are all there; a field block in pieces is one frame.

    With `server` it takes the preface of the client off the front.
    """

    def __init__(self, server: bool = False) -> None:
        self._data = bytearray()
        self.max_frame_size = 0
        """The longest payload that is taken, in octets."""
        self._preface = PREFACE if server else b""
        self._headers_buffer: list[HeadersFrame | PushPromiseFrame | ContinuationFrame] = []

    def add_data(self, data: bytes) -> None:
        """Bytes came.  Raises `ProtocolError` for another preface than that of HTTP/2."""
        if self._preface:
            start = data[: len(self._preface)]
            if not self._preface.startswith(start):
                raise ProtocolError("Invalid HTTP/2 preamble.")
            self._preface = self._preface[len(start) :]
            data = data[len(start) :]
        self._data += data

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Frame:
        while True:
            frame = self._joined(self._cut())
            if frame is not None:
                return frame

    def _cut(self) -> Frame:
        """The next frame as it came."""
        if len(self._data) < _HEADER:
            raise StopIteration
        try:
            frame, length = Frame.parse_frame_header(memoryview(bytes(self._data[:_HEADER])))
        except (InvalidDataError, InvalidFrameError) as error:
            raise ProtocolError(f"Received frame with invalid header: {error}") from error
        # By its header: nobody waits for what will be refused.
        if length > self.max_frame_size:
            raise FrameTooLargeError(
                f"Received overlong frame: length {length}, max {self.max_frame_size}"
            )
        if len(self._data) < _HEADER + length:
            raise StopIteration
        payload = memoryview(bytes(self._data[_HEADER : _HEADER + length]))
        try:
            frame.parse_body(payload)
        except InvalidDataError as error:
            raise ProtocolError("Received frame with non-compliant data") from error
        except InvalidFrameError as error:
            raise FrameDataMissingError("Frame data missing or invalid") from error
        del self._data[: _HEADER + length]
        return frame

    def _joined(self, frame: Frame) -> Frame | None:
        """The frame; the first of its block with all of it, or `None` until that is there."""
        waiting = self._headers_buffer
        if waiting:
            if not isinstance(frame, ContinuationFrame) or frame.stream_id != waiting[0].stream_id:
                raise ProtocolError("Invalid frame during header block.")
            waiting.append(frame)
            if len(waiting) > CONTINUATION_BACKLOG:
                raise ProtocolError("Too many continuation frames received.")
            if "END_HEADERS" not in frame.flags:
                return None
            first = waiting[0]
            first.flags.add("END_HEADERS")
            first.data = b"".join(piece.data for piece in waiting)
            self._headers_buffer = []
            return first
        if isinstance(frame, HeadersFrame | PushPromiseFrame) and "END_HEADERS" not in frame.flags:
            waiting.append(frame)
            return None
        return frame
