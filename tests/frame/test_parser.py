"""Bytes to values.  The rules that bytes can break are in test_section_6.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    MAX_MAX_FRAME_SIZE,
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Frame,
    FrameError,
    FrameType,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    check_header,
    parse,
    parse_frame,
    parse_header,
    serialize,
)
from hyper.frame.parser import parse_usual
from hyper.wire import LocalProtocolError
from tests.support.frames import raw_frames

FRAMES: list[tuple[str, Frame]] = [
    ("000000 00 00 00000001", DataFrame(1, b"")),
    ("000005 00 01 00000001 68656c6c6f", DataFrame(1, b"hello", end_stream=True)),
    ("000006 00 08 00000001 02 616263 0000", DataFrame(1, b"abc", pad_length=2)),
    ("000004 00 08 00000001 00 616263", DataFrame(1, b"abc", pad_length=0)),
    ("000003 00 08 00000001 02 0000", DataFrame(1, b"", pad_length=2)),
    ("000001 01 05 00000003 82", HeadersFrame(3, b"\x82", end_stream=True)),
    ("000001 01 00 00000003 82", HeadersFrame(3, b"\x82", end_headers=False)),
    (
        "000006 01 24 00000003 8000000110 82",
        HeadersFrame(3, b"\x82", priority=Priority(1, 17, exclusive=True)),
    ),
    (
        "000008 01 2d 00000003 01 00000000ff 82 00",
        HeadersFrame(3, b"\x82", end_stream=True, priority=Priority(0, 256), pad_length=1),
    ),
    ("000005 02 00 00000009 0000000b 07", PriorityFrame(9, Priority(11, 8))),
    ("000004 03 00 00000005 00000008", RstStreamFrame(5, ErrorCode.CANCEL)),
    ("000004 03 00 00000005 ffffffff", RstStreamFrame(5, 2**32 - 1)),
    ("000000 04 00 00000000", SettingsFrame()),
    ("000000 04 01 00000000", SettingsFrame(ack=True)),
    (
        "000012 04 00 00000000 000100002000 f00d00000001 000100001000",
        SettingsFrame([(1, 8192), (0xF00D, 1), (1, 4096)]),
    ),
    ("000005 05 04 00000001 00000002 82", PushPromiseFrame(1, 2, b"\x82")),
    (
        "000007 05 08 00000001 01 00000002 82 00",
        PushPromiseFrame(1, 2, b"\x82", end_headers=False, pad_length=1),
    ),
    ("000008 06 00 00000000 6465616462656566", PingFrame(b"deadbeef")),
    ("000008 06 01 00000000 6465616462656566", PingFrame(b"deadbeef", ack=True)),
    ("00000b 07 00 00000000 0000001e 00000009 627965", GoAwayFrame(30, 9, b"bye")),
    ("000004 08 00 00000032 000003e8", WindowUpdateFrame(50, 1000)),
    ("000004 08 00 00000000 7fffffff", WindowUpdateFrame(0, 2**31 - 1)),
    ("000001 09 04 00000032 82", ContinuationFrame(50, b"\x82")),
    ("000000 09 00 00000032", ContinuationFrame(50, b"", end_headers=False)),
    ("000006 0a 00 00000000 0001 61 623d63", AltSvcFrame(0, b"a", b"b=c")),
    ("000005 0a 00 00000001 0000 623d63", AltSvcFrame(1, b"", b"b=c")),
    ("000000 0c 00 00000000", OriginFrame()),
    ("000005 0c 00 00000000 0001 61 0000", OriginFrame([b"a", b""])),
    ("000007 10 00 00000000 00000005 753d31", PriorityUpdateFrame(5, b"u=1")),
    ("000003 be ff 00000007 010203", UnknownFrame(0xBE, 0xFF, 7, b"\x01\x02\x03")),
    ("000000 0b 01 00000000", UnknownFrame(0xB, 1, 0, b"")),
]


@pytest.mark.parametrize(("octets", "frame"), FRAMES, ids=[octets for octets, _ in FRAMES])
def test_bytes_and_value_are_the_same_frame(octets: str, frame: Frame) -> None:
    assert parse_frame(bytes.fromhex(octets)) == frame, "read by the figure of its section"
    assert serialize(frame) == bytes.fromhex(octets), "and written by it"
    assert frame.flags == bytes.fromhex(octets)[4], "the fields mean these flags"


@pytest.mark.parametrize(
    ("octets", "frame", "reason"),
    [
        (
            "000000 00 d6 00000001",
            DataFrame(1, b""),
            "§4.1: unused flags MUST be ignored on receipt",
        ),
        (
            "000004 08 00 00000001 80000001",
            WindowUpdateFrame(1, 1),
            "§6.9: the reserved bit of the increment is ignored",
        ),
        (
            "000008 07 00 00000000 80000001 00000000",
            GoAwayFrame(1, 0),
            "§6.8: the reserved bit of the last stream is ignored",
        ),
        (
            "000004 05 04 00000001 80000002",
            PushPromiseFrame(1, 2, b""),
            "§6.6: the reserved bit of the promise is ignored",
        ),
        (
            "000004 10 00 00000000 80000001",
            PriorityUpdateFrame(1, b""),
            "RFC 9218 §7.1: the reserved bit of the prioritized stream is ignored",
        ),
        (
            "000003 00 08 00000001 01 61 ff",
            DataFrame(1, b"a", pad_length=1),
            "§6.1: a receiver is not obligated to verify padding",
        ),
        (
            "000000 0c f0 00000000",
            OriginFrame(),
            "RFC 8336 §2.2: the upper four flags do not affect processing",
        ),
    ],
)
def test_what_a_receiver_ignores_is_not_in_the_value(
    octets: str, frame: Frame, reason: str
) -> None:
    assert parse_frame(bytes.fromhex(octets)) == frame, reason


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (
            "000002 0a 00 00000000 0000",
            "RFC 7838 §4: on stream 0 an empty origin is invalid and MUST be ignored",
        ),
        (
            "000003 0a 00 00000001 0001 61",
            "RFC 7838 §4: on a stream an origin is invalid and MUST be ignored",
        ),
        (
            "000002 0c 00 00000001 0000",
            "RFC 8336 §2.2: on any other stream than 0 it MUST be ignored",
        ),
        (
            "000001 0c 00 00000001 ff",
            "RFC 8336 §2.2: and so is what its payload says",
        ),
        (
            "000002 0c 08 00000000 0000",
            "RFC 8336 §2.2: with one of the first four flags it MUST be ignored",
        ),
    ],
)
def test_a_frame_to_be_ignored_is_carried_unchanged(octets: str, reason: str) -> None:
    data = bytes.fromhex(octets)
    frame = parse_frame(data)
    assert isinstance(frame, UnknownFrame), reason
    assert serialize(frame) == data, "every bit of it"


def test_a_refused_head_gives_its_fragment_for_the_decoder() -> None:
    with pytest.raises(FrameError) as caught:
        parse(FrameType.HEADERS, 0x2C, 5, bytes.fromhex("02 00000005 10 8284 0000"))
    assert caught.value.fragment == b"\x82\x84", (
        "§4.3: the compression context is the connection's, whatever becomes of the stream"
    )


def test_any_buffer_is_read_and_bytes_come_out() -> None:
    for payload in (bytearray(b"\x01abc\x00"), memoryview(b"\x01abc\x00")):
        frame = parse(FrameType.DATA, 0x8, 1, payload)
        assert isinstance(frame, DataFrame), "DATA"
        assert (frame.data, type(frame.data)) == (b"abc", bytes), "the value owns its bytes"
        assert parse_frame(memoryview(serialize(frame))) == frame, "so does a whole frame"


def test_the_length_of_a_whole_frame_is_the_callers_to_get_right() -> None:
    octets = serialize(PingFrame(b"01234567"))
    for wrong in (octets[:8], octets[:-1], octets + b"\x00"):
        with pytest.raises(LocalProtocolError, match="expected a"):
            parse_frame(wrong)


def parsed(octets: bytes) -> Frame | FrameError:
    try:
        return parse_frame(octets)
    except FrameError as fault:
        return fault


@given(raw_frames())
def test_any_frame_is_a_value_or_a_documented_fault(octets: bytes) -> None:
    header = parse_header(octets)
    found = parsed(octets)
    assert found.stream_id == header.stream_id, "frame or fault, it is of this stream"
    if isinstance(found, FrameError):
        assert header.stream_id or found.scope == Scope.CONNECTION, "stream 0 cannot be reset"
    else:
        assert found.type == header.type, "no frame turns into another"
        assert parse_frame(serialize(found)) == found, "what was understood can be said again"


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_a_frame_or_a_documented_error(octets: bytes) -> None:
    try:
        frame = parse_frame(octets)
    except (FrameError, LocalProtocolError):
        return
    assert parse_frame(serialize(frame)) == frame, "what was understood can be said again"


@given(raw_frames())
def test_what_is_usual_breaks_no_rule_of_the_header(octets: bytes) -> None:
    header = parse_header(octets)
    shown = header.type, header.flags, header.stream_id
    frame = parse_usual(*shown, octets[9:])
    if frame is not None:
        fault = check_header(header.length, *shown, MAX_MAX_FRAME_SIZE)
        assert fault is None, "the short way leaves no rule out"
        assert frame.type == header.type, "a value of the type that came, ignored or not"
        assert frame.stream_id == header.stream_id, "on the stream it came on"


@pytest.mark.parametrize(
    "octets",
    [
        "000004 08 00 00000001 00000000",
        "000006 04 00 00000000 000200000002",
        "000001 00 08 00000001 01",
        "000000 00 08 00000001",
        "000004 03 00 00000000 00000008",
        "000008 06 00 00000001 6465616462656566",
        "000007 07 00 00000000 00000001000000",
        "000005 04 00 00000000 0002000000",
        "000000 04 01 00000000",
        "000005 02 00 00000009 0000000b 07",
    ],
)
def test_what_is_wrong_or_rare_is_left_to_the_rules(octets: str) -> None:
    header = parse_header(bytes.fromhex(octets))
    payload = bytes.fromhex(octets)[9:]
    assert parse_usual(header.type, header.flags, header.stream_id, payload) is None, (
        "no verdict, and no exception either"
    )
