"""The ten frame types as values: what a caller may put in, and how they look."""

from collections.abc import Callable

import pytest

from hyper.frame import (
    MAX_STREAM_ID,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Flag,
    Frame,
    FrameType,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.wire import LocalProtocolError

OVER = MAX_STREAM_ID + 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DataFrame(0, b""), "a stream identifier for DATA of 1 to 2147483647, got 0"),
        (lambda: DataFrame(OVER, b""), "a stream identifier for DATA of 1 to"),
        (lambda: DataFrame(1, b"", pad_length=256), "a pad length of 0 to 255, got 256"),
        (lambda: DataFrame(1, b"", pad_length=-1), "a pad length of 0 to 255, got -1"),
        (lambda: HeadersFrame(0, b""), "a stream identifier for HEADERS"),
        (lambda: HeadersFrame(1, b"", pad_length=256), "a pad length"),
        (lambda: HeadersFrame(3, b"", priority=Priority(3)), "another stream than its own, got 3"),
        (lambda: Priority(OVER), "a stream identifier for a dependency of 0 to"),
        (lambda: Priority(0, 0), "a weight of 1 to 256, got 0"),
        (lambda: Priority(0, 257), "a weight of 1 to 256, got 257"),
        (lambda: PriorityFrame(0, Priority()), "a stream identifier for PRIORITY"),
        (lambda: PriorityFrame(3, Priority(3)), "another stream than its own, got 3"),
        (lambda: RstStreamFrame(0, 0), "a stream identifier for RST_STREAM"),
        (lambda: RstStreamFrame(1, 2**32), "an error code"),
        (lambda: SettingsFrame([(1, 1)], ack=True), "SETTINGS with ACK to be empty, got 1"),
        (lambda: SettingsFrame([(2**16, 1)]), "a setting identifier"),
        (lambda: SettingsFrame([(1, 2**32)]), "a setting value"),
        (lambda: SettingsFrame([(2, 2)]), "a value of ENABLE_PUSH of 0 or 1, got 2"),
        (lambda: SettingsFrame([(5, 1)]), "a value of MAX_FRAME_SIZE of 16384 to 16777215, got 1"),
        (lambda: PushPromiseFrame(0, 2, b""), "a stream identifier for PUSH_PROMISE"),
        (lambda: PushPromiseFrame(1, 0, b""), "a stream identifier for a promise"),
        (lambda: PushPromiseFrame(1, 3, b""), "an even promised stream identifier, got 3"),
        (lambda: PushPromiseFrame(1, 2, b"", pad_length=256), "a pad length"),
        (lambda: PingFrame(b"1234567"), "8 bytes in PING, got 7"),
        (lambda: GoAwayFrame(-1), "a last stream identifier of 0 to"),
        (lambda: GoAwayFrame(0, -1), "an error code"),
        (lambda: WindowUpdateFrame(OVER, 1), "a stream identifier for WINDOW_UPDATE of 0 to"),
        (lambda: WindowUpdateFrame(0, 0), "a window increment of 1 to 2147483647, got 0"),
        (lambda: WindowUpdateFrame(0, 2**31), "a window increment"),
        (lambda: ContinuationFrame(0, b""), "a stream identifier for CONTINUATION"),
    ],
)
def test_what_the_rfc_forbids_cannot_be_made(make: Callable[[], Frame], message: str) -> None:
    with pytest.raises(LocalProtocolError, match="expected") as caught:
        make()
    assert message in str(caught.value), "it says what was expected and what came"


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (DataFrame(1, b"hello"), "DataFrame(1, b'hello')"),
        (
            DataFrame(1, b"x" * 30, end_stream=True),
            "DataFrame(1, <30 bytes b'xxxxxxxxxxxxxxxxxxxxxxxx'...>, end_stream=True)",
        ),
        (HeadersFrame(1, b"\x82"), "HeadersFrame(1, <1 bytes>)"),
        (
            HeadersFrame(1, b"", True, False, pad_length=2),
            "HeadersFrame(1, <0 bytes>, end_stream=True, end_headers=False, pad_length=2)",
        ),
        (
            HeadersFrame(1, b"", priority=Priority(3, 5, True)),
            f"HeadersFrame(1, <0 bytes>, priority={Priority(3, 5, True)!r})",
        ),
        (Priority(3, 5, True), "Priority(depends_on=3, weight=5, exclusive=True)"),
        (PriorityFrame(1, Priority()), "PriorityFrame(1, Priority(depends_on=0, weight=16))"),
        (RstStreamFrame(1, ErrorCode.CANCEL), "RstStreamFrame(1, CANCEL)"),
        (RstStreamFrame(1, 0xFF), "RstStreamFrame(1, 0xff)"),
        (
            SettingsFrame([(SettingId.MAX_FRAME_SIZE, 2**14), (0x4F2, 1)]),
            "SettingsFrame([(MAX_FRAME_SIZE, 16384), (0x4f2, 1)])",
        ),
        (SettingsFrame(ack=True), "SettingsFrame(ack=True)"),
        (
            PushPromiseFrame(1, 2, b"\x82", end_headers=False, pad_length=1),
            "PushPromiseFrame(1, 2, <1 bytes>, end_headers=False, pad_length=1)",
        ),
        (PingFrame(b"01234567", ack=True), "PingFrame(b'01234567', ack=True)"),
        (PingFrame(b"01234567"), "PingFrame(b'01234567')"),
        (GoAwayFrame(7), "GoAwayFrame(7, NO_ERROR)"),
        (GoAwayFrame(7, 0xB, b"calm"), "GoAwayFrame(7, ENHANCE_YOUR_CALM, b'calm')"),
        (WindowUpdateFrame(0, 5), "WindowUpdateFrame(0, 5)"),
        (ContinuationFrame(1, b"\x82"), "ContinuationFrame(1, <1 bytes>)"),
        (ContinuationFrame(1, b"", False), "ContinuationFrame(1, <0 bytes>, end_headers=False)"),
    ],
)
def test_a_frame_is_one_short_line(frame: Frame | Priority, text: str) -> None:
    assert repr(frame) == text, "what is usual is left out, and so are field blocks"


def test_a_field_block_is_not_shown() -> None:
    secret = b"\x10\x08password\x06hunter"
    frames: list[Frame] = [
        HeadersFrame(1, secret),
        PushPromiseFrame(1, 2, secret),
        ContinuationFrame(1, secret),
    ]
    for frame in frames:
        assert "hunter" not in repr(frame), "RFC 7541 §7.1.3: a literal without Huffman is plain"


def test_frames_of_the_same_content_are_equal() -> None:
    assert DataFrame(1, b"a") == DataFrame(1, b"a"), "values, not identities"
    assert DataFrame(1, b"a") != DataFrame(1, b"a", end_stream=True), "every field counts"
    assert DataFrame(1, b"a") != DataFrame(1, b"a", pad_length=0), "no padding is not 0 bytes of it"
    frames: list[Frame] = [ContinuationFrame(1, b"a", False), HeadersFrame(1, b"a", False, False)]
    assert frames.count(frames[0]) == 1, "and so does the type"


def test_settings_of_a_list_and_of_a_tuple_are_equal() -> None:
    assert SettingsFrame([(1, 2)]) == SettingsFrame(((1, 2),)), "the order counts, not the list"
    assert SettingsFrame([(1, 2), (3, 4)]) != SettingsFrame([(3, 4), (1, 2)]), "§6.5.3"


def test_a_value_matches_a_pattern() -> None:
    frame: Frame = WindowUpdateFrame(3, 10)
    match frame:
        case WindowUpdateFrame(stream_id=stream_id, increment=increment):
            assert (stream_id, increment) == (3, 10), "by the names of the RFC"
        case _:
            pytest.fail("a WINDOW_UPDATE is a WindowUpdateFrame")


def test_flags_are_the_ones_of_the_wire() -> None:
    frame = HeadersFrame(1, b"", end_stream=True, priority=Priority(), pad_length=0)
    flags = Flag.END_STREAM | Flag.END_HEADERS | Flag.PADDED | Flag.PRIORITY
    assert frame.flags == flags, "§6.2: each field has its bit"
    assert PingFrame(b"01234567", ack=True).flags == Flag.ACK, "§6.7"
    assert DataFrame(1, b"").flags == Flag.NONE, "nothing is set that was not asked for"


def test_a_type_is_known_by_value_and_by_class() -> None:
    assert DataFrame.type is FrameType.DATA, "without an instance"
    assert PingFrame(b"01234567").type is FrameType.PING, "and with one"
    assert PingFrame(b"01234567").stream_id == 0, "§6.7: not associated with a stream"
    assert SettingsFrame().stream_id == GoAwayFrame(0).stream_id == 0, "§6.5, §6.8"


def test_padding_counts_against_the_window() -> None:
    assert DataFrame(1, b"abc").flow_controlled_length == 3, "no more than the data"
    padded = DataFrame(1, b"abc", pad_length=5)
    assert padded.flow_controlled_length == 9, "§6.1: Pad Length and Padding fields included"
