"""What a type checker makes of hyper.coding.  mypy reads it with the tests; it also runs."""

from typing import TYPE_CHECKING, assert_type

from hyper.coding import (
    CodingError,
    DecodeLimits,
    Decoder,
    Encoder,
    accept_encoding,
    available,
    coding_weights,
    content_codings,
    decode,
    encode,
    negotiate,
)
from hyper.wire import RemoteProtocolError

if TYPE_CHECKING:
    from hyper.wire import Buffer


def test_buffers_go_in_and_bytes_come_out() -> None:
    kinds: list[Buffer] = [b"x", bytearray(b"x"), memoryview(b"x")]
    for kind in kinds:
        assert_type(decode(encode(kind, "gzip"), ["gzip"]), bytes)
        encoder = Encoder("gzip", level=9, live=True)
        assert_type(encoder.compress(kind) + encoder.flush() + encoder.finish(), bytes)
    decoder = Decoder("gzip", DecodeLimits(step=4096))
    assert_type(decoder.decompress(encode(b"x", "gzip"), 10), bytes)
    assert_type(decoder.eof, bool)
    assert_type(decoder.needs_input, bool)
    assert_type(decoder.unused_data, bytes)


def test_fields_are_bytes_and_codings_are_names() -> None:
    assert_type(available(), tuple[str, ...])
    assert_type(content_codings(b"gzip"), tuple[str, ...])
    assert_type(coding_weights(b"gzip"), dict[str, int])
    assert_type(negotiate(accept_encoding(), available()), str | None)


def test_an_error_is_of_the_peer() -> None:
    assert issubclass(CodingError, RemoteProtocolError), "one `except` for all of the peer's faults"
