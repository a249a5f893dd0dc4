"""A stream of bytes cut into frames, without making frame objects: the incremental face.

What the nine bytes of a header decide is decided before the payload arrives; what is refused is
skipped as it comes and never kept.  A large DATA frame is handed out in pieces, so that what waits
here is bounded by `piece_size` and not by the frame size we have declared.

Not here: the connection preface (RFC 9113 §3.4), what a sequence of frames means, and what the
payload says but for the padding of DATA.

Hot code: attributes of one object, no tuple or frame for each frame.
"""

from typing import NoReturn

from hyper.frame.errors import FrameError
from hyper.frame.header import FRAME_HEADER
from hyper.frame.padding import padding_fault, unpad
from hyper.frame.rules import check_header
from hyper.frame.types import MIN_MAX_FRAME_SIZE, Scope
from hyper.wire import Buffer, LocalProtocolError, ReceiveBuffer


class FrameSplitter:
    """Bytes in by `receive_data`; each `next_frame` that is true shows one frame here:

    - `type`, `flags`, `stream_id` and `length`, from the header, the reserved bit masked;
    - `payload`: as it came, but for DATA, whose padding is off;
    - `padding`: how many octets of a DATA frame that was, the Pad Length field among them;
    - `first` and `last`: both true, but for DATA longer than `piece_size`.  Such a frame comes in
      pieces of `piece_size` and a last one; `length`, the flow-controlled size, is that of all
      of it, and END_STREAM of its `flags` has come true with the last.

    How the input is cut has no influence on what comes out.
    """

    __slots__ = (
        "_buffer",
        "_busy",
        "_fault",
        "_left",
        "_marked",
        "_skip",
        "first",
        "flags",
        "last",
        "length",
        "max_frame_size",
        "padding",
        "payload",
        "piece_size",
        "stream_id",
        "type",
    )

    def __init__(
        self,
        max_frame_size: int = MIN_MAX_FRAME_SIZE,
        piece_size: int = MIN_MAX_FRAME_SIZE,
        buffer: ReceiveBuffer | None = None,
    ) -> None:
        """`max_frame_size` is what we have declared; it may be set later, between frames.

        `piece_size` is the longest DATA payload handed out at once, in bytes, at least 1.
        `buffer` may hold input already, such as what came behind the preface.
        """
        if piece_size < 1:
            raise LocalProtocolError(f"expected pieces of at least 1 byte, got {piece_size}")
        self.max_frame_size = max_frame_size
        self.piece_size = piece_size
        self.type = 0
        self.flags = 0
        self.stream_id = 0
        self.length = 0
        self.payload = b""
        self.padding = 0
        self.first = True
        self.last = True
        self._buffer = ReceiveBuffer() if buffer is None else buffer
        # Bytes of DATA that are still to come in pieces; -1 when no frame is under way.
        self._left = -1
        # Bytes to let go by unseen: of a refused frame, or padding behind the last piece.
        self._skip = 0
        self._fault: FrameError | None = None
        # Whether any of these three is set; and whether padding, first or last is not the usual.
        self._busy = False
        self._marked = False

    @property
    def between_frames(self) -> bool:
        """Whether the input may end here: no frame is cut short."""
        return self._left < 0 and self._skip == 0 and len(self._buffer) == 0

    def receive_data(self, data: Buffer) -> None:
        """Take bytes from the peer over.  After a fault of the connection they are dropped."""
        if self._fault is None:
            self._buffer.append(data)

    def next_frame(self) -> bool:
        """Move on to the next frame or piece; false when that needs more input.

        A broken rule raises `FrameError`.  When its scope is the stream the payload is skipped and
        the next call goes on behind it; `type`, `flags`, `stream_id` and `length` tell of the
        refused frame.  When it is the connection each further call raises the same again.
        """
        if self._busy and not self._resume():
            return self._left >= 0 and self._next_piece()
        buffer = self._buffer
        data = buffer.data
        pos = buffer.pos
        if len(data) < pos + 9:
            if not buffer.has(9):
                return False
            # It has joined what came in parts, and moved it to the front.
            data = buffer.data
            pos = buffer.pos
        # Compiled, a number whose type is not known is an object.
        word: int
        flags: int
        stream_id: int
        word, flags, stream_id = FRAME_HEADER.unpack_from(data, pos)
        length = word >> 8
        frame_type = word & 0xFF
        # RFC 9113 §4.1: the reserved bit MUST be ignored when receiving.
        stream_id &= 0x7FFF_FFFF
        # The same comparisons as the first two of check_header, which they spare.
        if (frame_type > 0x1 or stream_id == 0 or length < 6 or length > self.max_frame_size) and (
            frame_type != 0x8 or length != 4
        ):
            fault = check_header(length, frame_type, flags, stream_id, self.max_frame_size)
            if fault is not None:
                self._show(frame_type, flags, stream_id, length)
                buffer.pos = pos + 9
                self._refuse(fault)
        if frame_type == 0x0 and length > self.piece_size:
            return self._begin_pieces(flags, stream_id, length)
        pos += 9
        end = pos + length
        if len(data) < end:
            if not buffer.has(length + 9):
                return False
            data = buffer.data
            pos = buffer.pos + 9
            end = pos + length
        buffer.pos = end
        self.type = frame_type
        self.flags = flags
        self.stream_id = stream_id
        self.length = length
        self.payload = data[pos:end]
        if self._marked:
            self._marked = False
            self.padding = 0
            self.first = True
            self.last = True
        if frame_type == 0x0 and flags & 0x8:
            self._unpad()
        return True

    def _unpad(self) -> None:
        """Take the padding off a whole DATA frame."""
        data = unpad(self.payload)
        if data is None:
            pad_length = self.payload[0]
            self._refuse(padding_fault(0x0, self.stream_id, self.length, pad_length))
        self._marked = True
        self.padding = self.length - len(data)
        self.payload = data

    def _resume(self) -> bool:
        """Go on with what is not at its end; whether the next header may be read."""
        if self._fault is not None:
            raise self._fault
        if self._skip and not self._skipped():
            return False
        if self._left >= 0:
            return False
        self._busy = False
        return True

    def _begin_pieces(self, flags: int, stream_id: int, length: int) -> bool:
        """Take the header of a long DATA frame once it is known how much of it is padding."""
        buffer = self._buffer
        padding = 0
        if flags & 0x8:
            if not buffer.has(10):
                return False
            padding = 1 + buffer.data[buffer.pos + 9]
        self._show(0x0, flags, stream_id, length)
        if padding > length:
            self._refuse(padding_fault(0x0, stream_id, length, padding - 1))
        self.padding = padding
        self._marked = True
        self._left = length - padding
        self._busy = True
        buffer.pos += 10 if padding else 9
        return self._next_piece()

    def _next_piece(self) -> bool:
        buffer = self._buffer
        left = self._left
        size = min(self.piece_size, left)
        if not buffer.has(size):
            return False
        self.payload = buffer.data[buffer.pos : buffer.pos + size]
        buffer.pos += size
        self.first = left == self.length - self.padding
        self.last = left == size
        if self.last:
            self._left = -1
            self._skip = self.padding - 1 if self.padding else 0
        else:
            self._left = left - size
        return True

    def _skipped(self) -> bool:
        """Let go what is to be skipped, as far as it is there; whether that was all of it."""
        buffer = self._buffer
        size = len(buffer)
        if size <= self._skip:
            self._skip -= size
            buffer.clear()
            return self._skip == 0
        buffer.has(self._skip)
        buffer.pos += self._skip
        self._skip = 0
        return True

    def _refuse(self, fault: FrameError) -> NoReturn:
        if fault.scope == Scope.CONNECTION:
            self._fault = fault
            self._buffer.clear()
        else:
            self._skip = self.length
        self._busy = True
        raise fault

    def _show(self, frame_type: int, flags: int, stream_id: int, length: int) -> None:
        self.type = frame_type
        self.flags = flags
        self.stream_id = stream_id
        self.length = length
        self.payload = b""
        self.padding = 0
        self.first = True
        self.last = True
