"""What all frames have in common: header, flags, padding, priority (RFC 9113 §4, §5.3, §6.1).

Not here: the frames that have a type of their own; see `frame`.

Hot code: a frame is made for each that comes and goes; bench/compat_codecs.py measures it.
"""

import struct
import sys
import warnings
from collections.abc import Container, Iterable, MutableSet
from typing import ClassVar, Final

from hyper.compat.hyperframe.exceptions import (
    InvalidDataError,
    InvalidFrameError,
    InvalidPaddingError,
    UnknownFrameError,
)
from hyper.compat.hyperframe.flags import Flag, Flags
from hyper.frame import FRAME_HEADER, MAX_MAX_FRAME_SIZE, MAX_STREAM_ID, MIN_MAX_FRAME_SIZE
from hyper.wire import Buffer

FRAME_MAX_LEN: Final = MIN_MAX_FRAME_SIZE
"""What a frame may hold before the peer allows more, in octets (RFC 9113 §4.2)."""

FRAME_MAX_ALLOWED_LEN: Final = MAX_MAX_FRAME_SIZE
"""What a frame can hold at most, in octets (RFC 9113 §4.2)."""

HAS_STREAM: Final = "has-stream"
NO_STREAM: Final = "no-stream"
EITHER: Final = "either"

_OCTET: Final = struct.Struct(">B")
_PRIORITY: Final = struct.Struct(">LB")


class Frame:
    """A frame: what each type has.  The types are in `frame`.

    Raises `InvalidDataError` for a type that needs a stream and has none, or the reverse, and
    `ValueError` for a flag that the type does not define.
    """

    defined_flags: ClassVar[list[Flag]] = []
    """The flags that have a meaning in frames of this type."""

    type: int | None = None
    """The number of the type, as on the wire."""

    stream_association: ClassVar[str | None] = None
    """Whether the stream id must be there: "has-stream", "no-stream", or "either"."""

    def __init__(self, stream_id: int, flags: Iterable[str] = ()) -> None:
        self.stream_id = stream_id
        # Any set of names will do, an unchecked one too: who serialises looks at those it knows.
        self.flags: MutableSet[str] = Flags(self.defined_flags)
        self.body_len = 0
        for flag in flags:
            self.flags.add(flag)
        if not stream_id:
            if self.stream_association == HAS_STREAM:
                raise InvalidDataError(f"Stream ID must be non-zero for {self.__class__.__name__}")
        elif self.stream_association == NO_STREAM:
            raise InvalidDataError(
                f"Stream ID must be zero for {self.__class__.__name__} with stream_id={stream_id}"
            )

    def __repr__(self) -> str:
        return (
            f"{self.__class__.__name__}(stream_id={self.stream_id}, flags={self.flags!r}): "
            f"{self._body_repr()}"
        )

    def _body_repr(self) -> str:
        return raw_data_repr(self.serialize_body())

    @staticmethod
    def explain(data: Buffer) -> "tuple[Frame, int]":
        """Read the frame at the start of `data` and print it; returns it with its length."""
        frame, length = Frame.parse_frame_header(data[:9])
        frame.parse_body(memoryview(data)[9 : 9 + length])
        sys.stdout.write(f"{frame}\n")
        return frame, length

    @staticmethod
    def parse_frame_header(header: Buffer, strict: bool = False) -> "tuple[Frame, int]":
        """A frame without its body, from nine octets, and the length of the body to come.

        A type that has no class becomes an `ExtensionFrame`; `strict`, raises `UnknownFrameError`.
        Raises `InvalidFrameError` for more or less than nine octets.
        """
        try:
            word: int
            flags: int
            stream_id: int
            word, flags, stream_id = FRAME_HEADER.unpack(header)
        except struct.error as error:
            raise InvalidFrameError("Invalid frame header") from error
        kind = FRAMES.get(word & 0xFF)
        if kind is None:
            if strict:
                raise UnknownFrameError(word & 0xFF, word >> 8)
            frame: Frame = ExtensionFrame(word & 0xFF, stream_id & MAX_STREAM_ID)
        else:
            # RFC 9113 §4.1: the reserved bit MUST be ignored when receiving.
            frame = kind(stream_id & MAX_STREAM_ID)
        if flags:
            frame.parse_flags(flags)
        return frame, word >> 8

    def parse_flags(self, flag_byte: int) -> MutableSet[str]:
        """Set the flags of an octet of the header; those without a meaning are left out."""
        flags = self.flags
        for name, bit in self.defined_flags:
            if flag_byte & bit:
                flags.add(name)
        return flags

    def serialize(self) -> bytes:
        """The whole frame.  Sets `body_len`."""
        body = self.serialize_body()
        length = self.body_len = len(body)
        if length > FRAME_MAX_ALLOWED_LEN:
            raise InvalidFrameError(
                f"a frame holds {FRAME_MAX_ALLOWED_LEN} octets at most, got {length}"
            )
        return (
            FRAME_HEADER.pack(
                length << 8 | (self.type or 0), self._flag_byte(), self.stream_id & MAX_STREAM_ID
            )
            + body
        )

    def serialize_body(self) -> bytes:
        """The body alone."""
        raise NotImplementedError

    def parse_body(self, data: Buffer) -> None:
        """Read the body, which is all of `data`.  Sets `body_len`."""
        raise NotImplementedError

    def _flag_byte(self) -> int:
        flags = self.flags
        names: Container[str] = flags.names if isinstance(flags, Flags) else flags
        octet = 0
        if flags:
            for name, bit in self.defined_flags:
                if name in names:
                    octet |= bit
        return octet


class ExtensionFrame(Frame):
    """A frame of any type, its flags and its body as they were (RFC 9113 §4.1, §5.5)."""

    stream_association: ClassVar[str | None] = EITHER

    def __init__(
        self,
        type: int,
        stream_id: int,
        flag_byte: int = 0,
        body: bytes = b"",
        *,
        flags: Iterable[str] = (),
    ) -> None:
        Frame.__init__(self, stream_id, flags)
        self.type = type
        self.flag_byte = flag_byte
        self.body = body

    def _body_repr(self) -> str:
        return f"type={self.type}, flag_byte={self.flag_byte}, body={raw_data_repr(self.body)}"

    def parse_flags(self, flag_byte: int) -> MutableSet[str]:
        """Keep the octet whole: what is in it, only its reader knows."""
        self.flag_byte = flag_byte
        return self.flags

    def parse_body(self, data: Buffer) -> None:
        """Keep the body whole."""
        self.body = bytes(data)
        self.body_len = len(data)

    def serialize_body(self) -> bytes:
        """The body alone."""
        return self.body

    def _flag_byte(self) -> int:
        return self.flag_byte


class Padding(Frame):
    """What frames with the flag PADDED have beside the rest."""

    def __init__(self, stream_id: int, pad_length: int = 0, **kwargs: Iterable[str]) -> None:
        super().__init__(stream_id, **kwargs)
        self.pad_length = pad_length

    def serialize_padding_data(self) -> bytes:
        """The Pad Length octet, if there is one."""
        if "PADDED" in self.flags:
            return _OCTET.pack(self.pad_length)
        return b""

    def parse_padding_data(self, data: Buffer) -> int:
        """Read the Pad Length octet at the start of a body, if there is one; returns its size."""
        if "PADDED" in self.flags:
            if not data:
                raise InvalidFrameError("Invalid Padding data")
            self.pad_length = data[0]
            return 1
        return 0

    @property
    def total_padding(self) -> int:
        """The same as `pad_length`, which is to be used in its place."""
        warnings.warn(
            "total_padding contains the same information as pad_length.",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.pad_length

    def _padded(self, *parts: Buffer) -> bytes:
        # RFC 9113 §6.1: the padding is there if the flag is; without it the zeros would be data.
        if "PADDED" not in self.flags:
            return b"".join(parts)
        return b"".join((_OCTET.pack(self.pad_length), *parts, bytes(self.pad_length)))

    def _unpadded(self, data: Buffer, fixed: int) -> bytes:
        """What is between `fixed` octets, the Pad Length among them, and the padding."""
        end = len(data) - self.pad_length
        # RFC 9113 §6.1, §6.2, §6.6: padding that exceeds the size remaining for what it pads is a
        # connection error.
        if end < fixed:
            raise InvalidPaddingError("Padding is too long.")
        return bytes(data[fixed:end])


class Priority(Frame):
    """What frames with a priority have beside the rest (RFC 7540 §5.3).

    `stream_weight` is the octet on the wire, one less than the weight.
    """

    def __init__(
        self,
        stream_id: int,
        depends_on: int = 0,
        stream_weight: int = 0,
        exclusive: bool = False,
        **kwargs: Iterable[str],
    ) -> None:
        super().__init__(stream_id, **kwargs)
        self.depends_on = depends_on
        self.stream_weight = stream_weight
        self.exclusive = exclusive

    def serialize_priority_data(self) -> bytes:
        """The five octets."""
        return _PRIORITY.pack(
            self.depends_on + (0x8000_0000 if self.exclusive else 0), self.stream_weight
        )

    def parse_priority_data(self, data: Buffer) -> int:
        """Read the five octets at the start of `data`; returns how many that are."""
        word: int
        weight: int
        try:
            word, weight = _PRIORITY.unpack(data[:5])
        except struct.error as error:
            raise InvalidFrameError("Invalid Priority data") from error
        self.depends_on = word & MAX_STREAM_ID
        self.stream_weight = weight
        self.exclusive = word > MAX_STREAM_ID
        return 5


FRAMES: Final[dict[int, type[Frame]]] = {}
"""The class of each type.  A class that is put into it is what its frames become from then on."""


def raw_data_repr(data: Buffer | None) -> str:
    """The first ten octets of `data` in hexadecimal digits, to be shown."""
    if not data:
        return "None"
    shown = bytes(data[:10]).hex()
    return f"<hex:{shown}...>" if len(data) > 10 else f"<hex:{shown}>"
