"""What nine bytes decide, and what a setting may be: RFC 9113 §4.2, §6.

The rules themselves are cases of test_parser.py, where each stands beside its sentence.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import (
    MAX_MAX_FRAME_SIZE,
    ErrorCode,
    FrameError,
    FrameType,
    Scope,
    check_header,
    check_setting,
)

LIMIT = 16_384
SIZE = ErrorCode.FRAME_SIZE_ERROR


@pytest.mark.parametrize(
    ("frame_type", "length", "stream_id"),
    [
        (FrameType.DATA, 0, 1),
        (FrameType.DATA, LIMIT, 1),
        (FrameType.HEADERS, 0, 1),
        (FrameType.HEADERS, LIMIT, 1),
        (FrameType.PRIORITY, 5, 1),
        (FrameType.RST_STREAM, 4, 1),
        (FrameType.SETTINGS, 0, 0),
        (FrameType.SETTINGS, 6 * 2730, 0),
        (FrameType.PUSH_PROMISE, 4, 1),
        (FrameType.PING, 8, 0),
        (FrameType.GOAWAY, 8, 0),
        (FrameType.GOAWAY, LIMIT, 0),
        (FrameType.WINDOW_UPDATE, 4, 0),
        (FrameType.WINDOW_UPDATE, 4, 1),
        (FrameType.CONTINUATION, 0, 1),
        (FrameType.ALTSVC, 2, 0),
        (FrameType.ALTSVC, 2, 1),
        (FrameType.ORIGIN, 0, 0),
        (FrameType.ORIGIN, 0, 1),
        (FrameType.PRIORITY_UPDATE, 4, 0),
        (0xB, 0, 0),
        (0xBE, LIMIT, 7),
    ],
)
def test_a_header_that_breaks_no_rule_passes(frame_type: int, length: int, stream_id: int) -> None:
    assert check_header(length, frame_type, 0, stream_id, LIMIT) is None, "it is legal"
    unused = 0xD2 if frame_type == FrameType.SETTINGS else 0xD3
    assert check_header(length, frame_type, unused, stream_id, LIMIT) is None, (
        "§4.1: unused flags MUST be ignored on receipt"
    )


@pytest.mark.parametrize(
    ("frame_type", "stream_id", "scope"),
    [
        (FrameType.DATA, 1, Scope.STREAM),
        (FrameType.HEADERS, 1, Scope.CONNECTION),
        (FrameType.PRIORITY, 1, Scope.STREAM),
        (FrameType.RST_STREAM, 1, Scope.CONNECTION),
        (FrameType.SETTINGS, 0, Scope.CONNECTION),
        (FrameType.PUSH_PROMISE, 1, Scope.CONNECTION),
        (FrameType.PING, 0, Scope.CONNECTION),
        (FrameType.GOAWAY, 0, Scope.CONNECTION),
        (FrameType.WINDOW_UPDATE, 0, Scope.CONNECTION),
        (FrameType.WINDOW_UPDATE, 1, Scope.CONNECTION),
        (FrameType.CONTINUATION, 1, Scope.CONNECTION),
        (FrameType.ALTSVC, 0, Scope.CONNECTION),
        (FrameType.ALTSVC, 1, Scope.STREAM),
        (FrameType.ORIGIN, 0, Scope.CONNECTION),
        (FrameType.PRIORITY_UPDATE, 0, Scope.CONNECTION),
        (0xBE, 0, Scope.CONNECTION),
        (0xBE, 1, Scope.STREAM),
    ],
)
def test_a_frame_over_our_limit_is_refused_by_its_header(
    frame_type: int, stream_id: int, scope: Scope
) -> None:
    # A length that only the limit forbids: SETTINGS come in sixes.
    fault = check_header(LIMIT + 2, frame_type, 0, stream_id, LIMIT)
    assert fault is not None, "§4.2: a frame that exceeds SETTINGS_MAX_FRAME_SIZE"
    assert (fault.code, fault.scope, fault.stream_id) == (SIZE, scope, stream_id), (
        "§4.2: for the connection where a field block, SETTINGS or stream 0 is concerned; "
        "§6.4 and §6.9 say so of RST_STREAM and WINDOW_UPDATE; else for the stream"
    )


def test_what_concerns_the_connection_is_reported_first() -> None:
    fault = check_header(4, FrameType.PRIORITY, 0, 0, LIMIT)
    assert fault is not None, "too short, and on stream 0"
    assert fault.scope == Scope.CONNECTION, "§5.4: a connection error MUST be reported"


def test_a_fault_names_both_sizes() -> None:
    fault = check_header(20_000, FrameType.DATA, 0, 5, LIMIT)
    assert str(fault) == (
        "FRAME_SIZE_ERROR on stream 5: expected DATA with a payload of at most 16384 bytes, "
        "got 20000 bytes"
    )


@given(
    st.integers(0, MAX_MAX_FRAME_SIZE),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 2**31 - 1),
    st.integers(LIMIT, MAX_MAX_FRAME_SIZE),
)
def test_any_header_is_judged(
    length: int, frame_type: int, flags: int, stream_id: int, limit: int
) -> None:
    fault = check_header(length, frame_type, flags, stream_id, limit)
    if fault is None:
        assert length <= limit, "whatever the type"
    else:
        assert fault.stream_id == stream_id, "the fault is of this frame"
        assert stream_id or fault.scope == Scope.CONNECTION, "stream 0 cannot be reset"


def values_of(fault: FrameError | None) -> tuple[ErrorCode, Scope] | None:
    return None if fault is None else (fault.code, fault.scope)


FLOW = (ErrorCode.FLOW_CONTROL_ERROR, Scope.CONNECTION)
PROTOCOL = (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION)


@pytest.mark.parametrize(
    ("identifier", "value", "expected", "sentence"),
    [
        (0x1, 2**32 - 1, None, "§6.5.2: HEADER_TABLE_SIZE has no bounds"),
        (0x2, 0, None, "§6.5.2: push is off"),
        (0x2, 1, None, "§6.5.2: push is on"),
        (0x2, 2, PROTOCOL, "§6.5.2: ENABLE_PUSH is 0 or 1"),
        (0x3, 0, None, "§6.5.2: a limit of 0 streams is not special"),
        (0x3, 2**32 - 1, None, "§6.5.2: MAX_CONCURRENT_STREAMS has no bounds"),
        (0x4, 0, None, "§6.9.2: a window of 0 is a window"),
        (0x4, 2**31 - 1, None, "§6.5.2: the maximum flow-control window"),
        (0x4, 2**31, FLOW, "§6.5.2: INITIAL_WINDOW_SIZE above 2^31-1"),
        (0x5, 2**14, None, "§6.5.2: the initial MAX_FRAME_SIZE"),
        (0x5, 2**14 - 1, PROTOCOL, "§6.5.2: MAX_FRAME_SIZE below 2^14"),
        (0x5, 0, PROTOCOL, "§6.5.2: MAX_FRAME_SIZE of 0"),
        (0x5, 2**24 - 1, None, "§6.5.2: the maximum allowed frame size"),
        (0x5, 2**24, PROTOCOL, "§6.5.2: MAX_FRAME_SIZE above 2^24-1"),
        (0x6, 0, None, "§6.5.2: MAX_HEADER_LIST_SIZE is advice"),
        (0x8, 1, None, "RFC 8441 §3: extended CONNECT is on"),
        (0x8, 2, PROTOCOL, "RFC 8441 §3: ENABLE_CONNECT_PROTOCOL MUST be 0 or 1"),
        (0x9, 1, None, "RFC 9218 §2.1: the old priorities are ignored"),
        (0x9, 2, PROTOCOL, "RFC 9218 §2.1: NO_RFC7540_PRIORITIES MUST be 0 or 1"),
        (0x7, 77, None, "§6.5.2: an unknown identifier MUST be ignored"),
        (0xFFFF, 2**32 - 1, None, "§6.5.2: an unknown identifier MUST be ignored"),
    ],
)
def test_a_setting_has_the_values_its_rfc_gives_it(
    identifier: int, value: int, expected: tuple[ErrorCode, Scope] | None, sentence: str
) -> None:
    assert values_of(check_setting(identifier, value)) == expected, sentence


def test_a_wrong_setting_is_named() -> None:
    assert str(check_setting(0x5, 100)) == (
        "PROTOCOL_ERROR on connection: expected a value of MAX_FRAME_SIZE of 16384 to 16777215, "
        "got 100"
    )
