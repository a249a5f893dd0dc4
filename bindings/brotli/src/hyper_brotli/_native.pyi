# The native half, as native/native.h has it.

from collections.abc import Callable
from types import TracebackType
from typing import Final, Self, TypeVar

from typing_extensions import Buffer as AnyBuffer

class Address: ...

_Held = TypeVar("_Held", bound=Address)

class View(Address):
    # The memory of a buffer, held until released.
    def __len__(self) -> int: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

class Window:
    # Memory that can be sliced into bytes.
    def __getitem__(self, part: slice) -> bytes: ...

class Decoder(Address):
    out: Address
    out_size: int
    consumed: int

class Encoder(Address):
    out: Address
    out_size: int
    consumed: int

class _FFI:
    NULL: Final[Address]
    CData: Final[type[View]]
    def buffer(self, memory: Address, size: int) -> Window: ...
    def from_buffer(self, data: AnyBuffer) -> View: ...
    def gc(self, memory: _Held, free: Callable[[_Held], None], size: int) -> _Held: ...
    def release(self, memory: Address) -> None: ...
    def string(self, memory: Address) -> bytes: ...
    def new_allocator(self, *, should_clear_after_alloc: bool) -> Callable[[str, int], View]: ...

class _Lib:
    HB_INPUT: Final[int]
    HB_DONE: Final[int]
    HB_PENDING: Final[int]
    HB_AGAIN: Final[int]
    HB_FAILED: Final[int]
    HB_SCRATCH: Final[int]
    HB_NO_ROOM: Final[int]
    def hb_decoder_new(self) -> Decoder: ...
    def hb_decoder_free(self, decoder: Decoder) -> None: ...
    def hb_decoder_end(self, decoder: Decoder) -> None: ...
    def hb_decoder_look(
        self, decoder: Decoder, data: bytes | View, start: int, end: int
    ) -> int: ...
    def hb_decoder_run(
        self, decoder: Decoder, data: bytes | View, start: int, end: int, limit: int
    ) -> int: ...
    def hb_decoder_whole(
        self, decoder: Decoder, data: bytes | View, size: int, limit: int
    ) -> int: ...
    def hb_decoder_scratch(self, decoder: Decoder) -> Address: ...
    def hb_decoder_error(self, decoder: Decoder) -> int: ...
    def hb_decoder_error_name(self, code: int) -> Address: ...
    def hb_encoder_new(self, mode: int, quality: int, lgwin: int, lgblock: int) -> Encoder: ...
    def hb_encoder_free(self, encoder: Encoder) -> None: ...
    def hb_encoder_run(
        self, encoder: Encoder, operation: int, data: bytes | View, start: int, end: int
    ) -> int: ...
    def hb_compress_bound(self, size: int) -> int: ...
    def hb_compress(
        self,
        mode: int,
        quality: int,
        lgwin: int,
        lgblock: int,
        data: bytes | View,
        size: int,
        out: Address,
        room: int,
    ) -> int: ...
    def hb_version(self) -> int: ...

ffi: _FFI
lib: _Lib
