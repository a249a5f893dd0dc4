"""Frames of other RFCs, and unknown ones, as values."""

from collections.abc import Callable

import pytest

from hyper.frame import (
    AltSvcFrame,
    Flag,
    Frame,
    OriginFrame,
    PriorityUpdateFrame,
    UnknownFrame,
)
from hyper.wire import LocalProtocolError


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AltSvcFrame(-1, b"", b""), "a stream identifier for ALTSVC of 0 to"),
        (lambda: AltSvcFrame(0, b"", b"clear"), "ALTSVC with an origin on stream 0, got b''"),
        (lambda: AltSvcFrame(1, b"a", b""), "ALTSVC with no origin on a stream, got b'a'"),
        (lambda: AltSvcFrame(0, bytes(2**16), b""), "an origin length of 0 to 65535, got 65536"),
        (lambda: OriginFrame([bytes(2**16)]), "an origin length"),
        (lambda: PriorityUpdateFrame(0, b"u=1"), "a stream identifier for a prioritized stream"),
        (lambda: UnknownFrame(0x100), "a frame type of 0 to 255, got 256"),
        (lambda: UnknownFrame(0xBE, 0x100), "flags of 0 to 255, got 256"),
        (lambda: UnknownFrame(0xBE, 0, 2**31), "a stream identifier for a frame of 0 to"),
        (lambda: UnknownFrame(0x0), "a type this package has no value for, got DATA"),
        (lambda: UnknownFrame(0x10), "a type this package has no value for, got PRIORITY_UPDATE"),
    ],
)
def test_what_its_rfc_forbids_cannot_be_made(make: Callable[[], Frame], message: str) -> None:
    with pytest.raises(LocalProtocolError, match="expected") as caught:
        make()
    assert message in str(caught.value), "it says what was expected and what came"


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (
            AltSvcFrame(0, b"https://a.example", b'h3=":443"'),
            "AltSvcFrame(0, b'https://a.example', b'h3=\":443\"')",
        ),
        (OriginFrame([b"https://a", b"https://b"]), "OriginFrame([b'https://a', b'https://b'])"),
        (PriorityUpdateFrame(5, b"u=1, i"), "PriorityUpdateFrame(5, b'u=1, i')"),
        (UnknownFrame(0xBE), "UnknownFrame(0xbe, flags=0, stream_id=0, b'')"),
        (UnknownFrame(0xC, 9, 3, b"x"), "UnknownFrame(ORIGIN, flags=0x1|0x8, stream_id=3, b'x')"),
    ],
)
def test_a_frame_is_one_short_line(frame: Frame, text: str) -> None:
    assert repr(frame) == text, "names where there are any"


def test_the_frames_of_the_connection_have_stream_0() -> None:
    assert OriginFrame().stream_id == 0, "RFC 8336 §2.2: MUST be sent on stream 0"
    assert PriorityUpdateFrame(5, b"").stream_id == 0, "RFC 9218 §7.1: MUST be zero"


def test_no_flags_are_defined_for_them() -> None:
    frames: list[Frame] = [AltSvcFrame(1, b"", b""), OriginFrame(), PriorityUpdateFrame(5, b"")]
    assert [frame.flags for frame in frames] == [Flag.NONE] * 3, "RFC 7838 §4, 8336 §2.1, 9218 §7.1"


def test_frames_of_the_same_content_are_equal() -> None:
    assert OriginFrame([b"a"]) == OriginFrame((b"a",)), "the order counts, not the list"
    assert UnknownFrame(0xBE, 1) != UnknownFrame(0xBE, 2), "flags nobody knows may mean something"
