"""Brotli back to what it was: a stream in steps, or all of it at once (RFC 7932)."""

import sys
from threading import Lock
from typing import TYPE_CHECKING, Final

from hyper_brotli._native import ffi, lib
from hyper_brotli._shots import end_shot, new_shot, shots
from hyper_brotli.errors import (
    BrotliError,
    CorruptInput,
    InUse,
    OutputTooLarge,
    TrailingInput,
    TruncatedInput,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from hyper_brotli._native import Decoder, View
    from hyper_brotli._shots import Shot

_INPUT: Final = lib.HB_INPUT
_DONE: Final = lib.HB_DONE
_PENDING: Final = lib.HB_PENDING
_AGAIN: Final = lib.HB_AGAIN
_FAILED: Final = lib.HB_FAILED

# No output is larger than what one object can hold.
_NO_LIMIT: Final = sys.maxsize

# What libbrotli reads as it is: bytes, and the view of any other buffer.
_READABLE: Final = (bytes, ffi.CData)

# Looked up once: of a small stream these look-ups would be a tenth of the time.
_whole: Final = lib.hb_decoder_whole
_run: Final = lib.hb_decoder_run
_buffer: Final = ffi.buffer


def decompress(data: "Buffer", max_output: int | None = None) -> bytes:
    """The content of a whole Brotli stream.

    With `max_output`, a number of bytes, a stream that holds more raises `OutputTooLarge` as soon
    as that is known, before more than that is made.  `CorruptInput`, `TruncatedInput` (no input at
    all is truncated too) and `TrailingInput` are what else can be wrong with a stream.
    """
    # The type first: of a small stream `isinstance` is a fiftieth of the time.
    if type(data) is not bytes and not isinstance(data, _READABLE):
        with ffi.from_buffer(data) as view:
            return decompress(view, max_output)
    if max_output is None:
        return _decompress(data, _NO_LIMIT)
    if max_output < 0:
        raise BrotliError(f"expected a max_output of 0 or more, got {max_output}")
    # libbrotli cannot be asked for nothing: one byte is taken then, and thrown away.
    made = _decompress(data, max_output or 1)
    if made and not max_output:
        raise OutputTooLarge(0)
    return made


def _decompress(data: "bytes | View", room: int) -> bytes:
    try:
        shot = shots.pop()
    except IndexError:
        shot = new_shot()
    size = _whole(shot[0], data, len(data), room)
    if size >= 0:
        made = shot[1][:size]
        shots.append(shot)
        return made
    try:
        return _decompress_more(shot[0], data, -1 - size, room)
    finally:
        end_shot(shot)


def _decompress_more(decoder: "Decoder", data: "bytes | View", status: int, room: int) -> bytes:
    """All of a stream whose first piece is out: it was too large, or something is wrong."""
    limit, end = room, len(data)
    pieces: list[bytes] = []
    while True:
        size = decoder.out_size
        if size:
            pieces.append(_buffer(decoder.out, size)[:])
            room -= size
        if status == _AGAIN and not room:
            status = lib.hb_decoder_look(decoder, data, decoder.consumed, end)
        if status not in (_PENDING, _AGAIN):
            break
        if not room:
            raise OutputTooLarge(limit)
        status = _run(decoder, data, decoder.consumed, end, room)
    if status == _FAILED:
        raise _failure(decoder)
    if status == _INPUT:
        raise TruncatedInput(f"expected more input, got the first {end} bytes of a stream")
    if decoder.consumed != end:
        raise _trailing(end - decoder.consumed)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class Decompressor:
    """A Brotli stream, decoded in steps.

    Hand in the input as it comes.  Where a step has to end at a limit, what is left of the input is
    kept, and `process()` without input goes on with it; until `needs_input` says so, no more may be
    handed in.  So the memory held is never more than the last input, one window (at most 16 MiB,
    and the stream decides) and the output of one step.

    One thread at a time: a call while another is at work raises `InUse` and does nothing.
    """

    __slots__ = ("_at", "_fault", "_lock", "_rest", "_shot", "_status")

    def __init__(self, dictionary: "Buffer" = b"") -> None:
        """Begin a stream.  brotlipy had `dictionary`; libbrotli has not, and only b"" is taken."""
        if dictionary != b"":
            raise BrotliError("libbrotli 1 has no custom dictionaries of brotlipy's kind")
        self._status = _INPUT
        # Input that waits for room, from `_at` on; at the end of the stream, what came behind it.
        self._rest: bytes = b""
        self._at = 0
        self._shot: Shot | None = None
        self._fault: CorruptInput | MemoryError | None = None
        self._lock = Lock()

    def process(
        self,
        data: "Buffer" = b"",
        output_limit: int | None = None,
        *,
        output_buffer_limit: int | None = None,
    ) -> bytes:
        """The next part of the content: all there is, or at most `output_limit` bytes, exactly that
        many if the input so far has them.  A limit of 0 or less yields nothing.

        Raises `CorruptInput`, again at every further call; `TrailingInput` for input after the end
        of the stream, unless it comes along with the end: that is `unused_data`; and `BrotliError`
        for new input while the old one still has output.  `output_buffer_limit` is the other name
        of `output_limit`, brotli's and brotlicffi's.
        """
        if type(data) is not bytes and not isinstance(data, _READABLE):
            with ffi.from_buffer(data) as view:
                return self.process(view, output_limit, output_buffer_limit=output_buffer_limit)
        if output_buffer_limit is not None:
            output_limit = output_buffer_limit
        if not self._lock.acquire(False):
            raise InUse("this Decompressor is at work in another thread")
        try:
            if self._shot is None and self._status == _INPUT and not self._rest:
                return self._begin(data, output_limit)
            return self._go_on(data, output_limit)
        finally:
            self._lock.release()

    def decompress(self, data: "Buffer" = b"", output_buffer_limit: int | None = None) -> bytes:
        """`process`, by the name that brotlipy and brotlicffi have for it."""
        return self.process(data, output_buffer_limit)

    @property
    def finished(self) -> bool:
        """Whether the stream has ended and all of its content was given out."""
        return self._status == _DONE

    @property
    def needs_input(self) -> bool:
        """Whether only more input can bring more output.  False at the end of the stream."""
        return self._status == _INPUT and not self._rest

    @property
    def unused_data(self) -> bytes:
        """What came behind the end of the stream, together with it."""
        return self._rest[self._at :] if self._status == _DONE else b""

    def is_finished(self) -> bool:
        """`finished`, as the other bindings have it."""
        return self._status == _DONE

    def can_accept_more_data(self) -> bool:
        """`needs_input`, as the other bindings have it: true also at the end of the stream."""
        return self._status == _DONE or self.needs_input

    def flush(self) -> bytes:
        """Nothing: brotlipy has the method, and `process` holds nothing back."""
        return b""

    def finish(self) -> bytes:
        """Nothing, if the stream has ended; else `TruncatedInput`, or what was wrong before."""
        if self._fault is not None:
            raise _again(self._fault)
        if self._status != _DONE:
            raise TruncatedInput("expected the end of the stream, got the end of the input")
        return b""

    def _begin(self, data: "bytes | View", limit: int | None) -> bytes:
        room, end = _NO_LIMIT, len(data)
        if limit is not None:
            if limit <= 0:
                self._keep(data, 0, end)
                return b""
            room = limit
        try:
            shot = shots.pop()
        except IndexError:
            shot = new_shot()
        # Most streams are short, and come as a whole.
        size = _whole(shot[0], data, end, room)
        if size >= 0:
            made = shot[1][:size]
            shots.append(shot)
            self._rest, self._status = b"", _DONE
            return made
        self._shot = shot
        return self._take(shot, -1 - size, data, end, room)

    def _go_on(self, data: "bytes | View", limit: int | None) -> bytes:
        start, end = 0, len(data)
        if self._status != _INPUT or self._rest:
            if self._fault is not None:
                raise _again(self._fault)
            if self._status == _DONE:
                if end:
                    raise _trailing(end)
                return b""
            if end:
                raise BrotliError(f"expected b'' until there is no more output, got {end} bytes")
            if self._rest:
                data, start, end = self._rest, self._at, len(self._rest)
        if limit is not None and limit <= 0:
            self._keep(data, start, end)
            return b""
        shot = self._shot
        if shot is None:
            # All of the input so far came with no room for output, and is as it was.
            return self._begin(data, limit)
        room = _NO_LIMIT if limit is None else limit
        status = _run(shot[0], data, start, end, room)
        return self._take(shot, status, data, end, room)

    def _take(self, shot: "Shot", status: int, data: "bytes | View", end: int, room: int) -> bytes:
        """The output at hand and what data[:end] still brings, at most `room` bytes of it."""
        decoder, full = shot[0], False
        made = _buffer(decoder.out, decoder.out_size)[:] if decoder.out_size else b""
        if status in (_PENDING, _AGAIN):
            pieces = [made]
            room -= len(made)
            while room and status in (_PENDING, _AGAIN):
                status = _run(decoder, data, decoder.consumed, end, room)
                if decoder.out_size:
                    pieces.append(_buffer(decoder.out, decoder.out_size)[:])
                    room -= decoder.out_size
            if len(pieces) > 1:
                made = b"".join(pieces)
            if status == _AGAIN:
                # All the room is taken, and what comes next is not known: an end, perhaps, or a
                # fault, which must not cost what came before it.
                status = lib.hb_decoder_look(decoder, data, decoder.consumed, end)
                full = True
        self._status = status
        if status == _FAILED:
            self._fault = _failure(decoder)
            self._rest = b""
        else:
            self._keep(data, decoder.consumed, end)
        if status in (_DONE, _FAILED):
            self._shot = None
            end_shot(shot)
            if self._fault is not None and not full:
                raise self._fault
        return made

    def _keep(self, data: "bytes | View", start: int, end: int) -> None:
        """Hold data[start:end] back: bytes as they are, what may change as a copy."""
        if start == end:
            self._rest = b""
        elif isinstance(data, bytes):
            self._rest, self._at = data, start
        else:
            self._rest, self._at = _buffer(data, end)[start:], 0


def _failure(decoder: "Decoder") -> CorruptInput | MemoryError:
    """Why libbrotli will not go on."""
    code = lib.hb_decoder_error(decoder)
    name = ffi.string(lib.hb_decoder_error_name(code)).decode("ascii").strip("_").lower()
    if not code or name.startswith("error_alloc"):
        return MemoryError(f"libbrotli: {name}")
    return CorruptInput(name.removeprefix("error_").replace("_", " "), code)


def _again(fault: CorruptInput | MemoryError) -> CorruptInput | MemoryError:
    """The same fault anew: one that was raised before has the traceback of that time."""
    if isinstance(fault, CorruptInput):
        return CorruptInput(fault.reason, fault.code)
    return MemoryError(*fault.args)


def _trailing(count: int) -> TrailingInput:
    return TrailingInput(f"expected the end of the input, got {count} bytes behind the stream")
