"""Against hyperframe: the same frames are read alike, and each difference has its sentence."""

from hyperframe import exceptions as their_errors
from hyperframe import frame as theirs
from hypothesis import assume, example, given

from hyper.frame import (
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
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
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    parse_frame,
    serialize,
)
from tests.support.frames import frames, raw_frames


def read_by_theirs(octets: bytes) -> theirs.Frame | None:
    """Their frame, or `None` when they refuse it."""
    view = memoryview(octets)
    try:
        frame, length = theirs.Frame.parse_frame_header(view[:9])
        frame.parse_body(view[9 : 9 + length])
    except their_errors.HyperframeError:
        return None
    return frame


def read_by_ours(octets: bytes) -> Frame | FrameError:
    try:
        return parse_frame(octets)
    except FrameError as fault:
        return fault


def padding_of(frame: theirs.Padding) -> int | None:
    assert isinstance(frame, theirs.Frame), "a mixin of theirs"
    return frame.pad_length if "PADDED" in frame.flags else None


def priority_of(frame: theirs.Priority) -> Priority:
    return Priority(frame.depends_on, frame.stream_weight + 1, frame.exclusive)


def translated(frame: theirs.Frame) -> Frame:
    """Their frame as a value of ours."""
    stream_id, flags = frame.stream_id, frame.flags
    end_stream, end_headers = "END_STREAM" in flags, "END_HEADERS" in flags
    match frame:
        case theirs.DataFrame():
            return DataFrame(stream_id, bytes(frame.data), end_stream, padding_of(frame))
        case theirs.HeadersFrame():
            priority = priority_of(frame) if "PRIORITY" in flags else None
            data = bytes(frame.data)
            return HeadersFrame(
                stream_id, data, end_stream, end_headers, priority, padding_of(frame)
            )
        case theirs.PriorityFrame():
            return PriorityFrame(stream_id, priority_of(frame))
        case theirs.RstStreamFrame():
            return RstStreamFrame(stream_id, frame.error_code)
        case theirs.SettingsFrame():
            return SettingsFrame(list(frame.settings.items()), "ACK" in flags)
        case theirs.PushPromiseFrame():
            promised, data = frame.promised_stream_id, bytes(frame.data)
            return PushPromiseFrame(stream_id, promised, data, end_headers, padding_of(frame))
        case theirs.PingFrame():
            return PingFrame(bytes(frame.opaque_data), "ACK" in flags)
        case theirs.GoAwayFrame():
            debug = bytes(frame.additional_data)
            return GoAwayFrame(frame.last_stream_id, frame.error_code, debug)
        case theirs.WindowUpdateFrame():
            return WindowUpdateFrame(stream_id, frame.window_increment)
        case theirs.ContinuationFrame():
            return ContinuationFrame(stream_id, bytes(frame.data), end_headers)
        case theirs.AltSvcFrame():
            return AltSvcFrame(stream_id, bytes(frame.origin), bytes(frame.field))
        case theirs.ExtensionFrame():
            return UnknownFrame(frame.type or 0, frame.flag_byte, stream_id, bytes(frame.body))
        case _:
            raise AssertionError(frame)


def only_ours_accepts(frame: Frame, octets: bytes) -> str | None:
    """The sentence by which a frame that they refuse is legal; `None` when there is none."""
    if isinstance(frame, HeadersFrame) and frame.pad_length is not None and not frame.fragment:
        return "RFC 9113 §6.2: only padding as long as the payload, or longer, is an error"
    if isinstance(frame, WindowUpdateFrame) and octets[9] & 0x80:
        return "RFC 9113 §6.9: the reserved bit is no part of the increment"
    if isinstance(frame, UnknownFrame) and frame.type == FrameType.ALTSVC:
        return "RFC 7838 §4: an invalid ALTSVC MUST be ignored, not refused"
    return None


def only_ours_refuses(fault: FrameError, octets: bytes) -> str | None:
    """The sentence by which a frame that they accept is illegal; `None` when there is none."""
    frame_type = octets[3]
    if frame_type in (FrameType.HEADERS, FrameType.PUSH_PROMISE) and "padding" in fault.expected:
        return "RFC 7540 §6.2: padding beyond what is left for the fragment, PROTOCOL_ERROR"
    if "depends on another stream" in fault.expected:
        return "RFC 7540 §5.3.1: a stream cannot depend on itself"
    if frame_type == FrameType.SETTINGS and "a value of" in fault.expected:
        return "RFC 9113 §6.5.2: the ranges of the settings; they leave them to h2"
    if frame_type == FrameType.ORIGIN:
        return "RFC 8336 §2.1: to them ORIGIN is an unknown frame"
    if frame_type == FrameType.PRIORITY_UPDATE:
        return "RFC 9218 §7.1: to them PRIORITY_UPDATE is an unknown frame"
    return None


@given(raw_frames())
@example(bytes.fromhex("000005 01 08 00000001 04 00000000"))
@example(bytes.fromhex("000007 01 28 00000001 03 0000000010 00"))
@example(bytes.fromhex("000006 05 08 00000001 02 00000002 00"))
@example(bytes.fromhex("000005 01 20 00000001 0000000110"))
@example(bytes.fromhex("000005 02 00 00000001 0000000110"))
@example(bytes.fromhex("000006 04 00 00000000 000200000007"))
@example(bytes.fromhex("000006 04 00 00000000 000480000000"))
@example(bytes.fromhex("000004 08 00 00000001 80000001"))
@example(bytes.fromhex("000008 07 00 00000000 80000001 00000000"))
@example(bytes.fromhex("000002 0a 00 00000000 0000"))
@example(bytes.fromhex("000003 0a 00 00000001 0001 61"))
@example(bytes.fromhex("000002 0c 00 00000000 0001"))
@example(bytes.fromhex("000004 10 00 00000000 00000000"))
def test_what_one_refuses_and_the_other_does_not_has_a_sentence(octets: bytes) -> None:
    ours, other = read_by_ours(octets), read_by_theirs(octets)
    if isinstance(ours, FrameError):
        assert other is None or only_ours_refuses(ours, octets), f"{ours}; they read {other}"
    elif other is None:
        assert only_ours_accepts(ours, octets), f"they refuse {ours}"


@given(frames() | raw_frames())
def test_what_both_accept_says_the_same(said: Frame | bytes) -> None:
    octets = said if isinstance(said, bytes) else serialize(said)
    ours, other = read_by_ours(octets), read_by_theirs(octets)
    assume(not isinstance(ours, FrameError))
    assume(other is not None)
    assert other is not None, "said above, for the type checker"
    if isinstance(ours, OriginFrame | PriorityUpdateFrame):
        assert isinstance(other, theirs.ExtensionFrame), "they know neither"
        assert other.body == octets[9:], "and carry them unchanged"
    elif isinstance(ours, UnknownFrame) and ours.type == FrameType.ALTSVC:
        assert isinstance(other, theirs.AltSvcFrame), "they leave it to others to ignore it"
    elif isinstance(ours, SettingsFrame):
        # Theirs is a dict: the last value of an identifier, RFC 9113 §6.5.
        values = translated(other)
        assert isinstance(values, SettingsFrame), "SETTINGS"
        assert dict(values.values) == dict(ours.values), "the same settings"
        assert values.ack == ours.ack, "the same flag"
    elif isinstance(ours, GoAwayFrame) and octets[9] & 0x80:
        # RFC 9113 §6.8: the reserved bit is no part of the identifier; release 6.1.0 keeps it.
        assert isinstance(other, theirs.GoAwayFrame), "GOAWAY"
        assert other.last_stream_id & 0x7FFF_FFFF == ours.last_stream_id, "but for that bit"
    else:
        assert translated(other) == ours, "the same frame"


@given(frames())
def test_both_write_the_same_bytes(frame: Frame) -> None:
    octets = serialize(frame)
    other = read_by_theirs(octets)
    if other is None:
        assert only_ours_accepts(frame, octets), f"they refuse {frame}"
        return
    if isinstance(frame, SettingsFrame):
        # A dict holds each identifier once; and release 6.1.0 writes 8 of their 16 bits.
        identifiers = [identifier for identifier, _ in frame.values]
        assume(len(set(identifiers)) == len(identifiers) and max(identifiers, default=0) < 256)
    assert other.serialize() == octets, "RFC 9113 leaves no choice"
