"""Every rule of RFC 9113 §6 with the bytes that break it, the code and the scope it names."""

from dataclasses import dataclass

import pytest

from hyper.frame import (
    ErrorCode,
    FrameError,
    FrameSplitter,
    FrameType,
    Scope,
    check_header,
    pack_header,
    parse,
)

PROTOCOL = ErrorCode.PROTOCOL_ERROR
SIZE = ErrorCode.FRAME_SIZE_ERROR
FLOW = ErrorCode.FLOW_CONTROL_ERROR
STREAM = Scope.STREAM
CONNECTION = Scope.CONNECTION


@dataclass(slots=True, kw_only=True)
class Rule:
    """One sentence, and a frame that breaks it."""

    says: str
    frame: tuple[int, int, int]  # type, flags, stream
    payload: str  # in hex
    code: ErrorCode
    scope: Scope
    by_header: bool = True  # whether the nine bytes decide it


DATA = FrameType.DATA
HEADERS = FrameType.HEADERS
PUSH = FrameType.PUSH_PROMISE

RULES = [
    Rule(
        says="§6.1: DATA on stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(DATA, 0, 0),
        payload="aa",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: DATA with PADDED has no room for its Pad Length",
        frame=(DATA, 8, 1),
        payload="",
        code=SIZE,
        scope=STREAM,
    ),
    Rule(
        says="§6.1: padding the length of the payload MUST be a connection error PROTOCOL_ERROR",
        frame=(DATA, 8, 1),
        payload="04aaaaaa",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.1: padding longer than the payload MUST be a connection error PROTOCOL_ERROR",
        frame=(DATA, 8, 1),
        payload="ff00",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.2: HEADERS on stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(HEADERS, 4, 0),
        payload="82",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: HEADERS with PADDED has no room for its Pad Length",
        frame=(HEADERS, 0xC, 1),
        payload="",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: HEADERS with PRIORITY has no room for its priority",
        frame=(HEADERS, 0x24, 1),
        payload="00000000",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: HEADERS with PADDED and PRIORITY has no room for both",
        frame=(HEADERS, 0x2C, 1),
        payload="0000000000",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.2: padding the length of the payload MUST be a connection error PROTOCOL_ERROR",
        frame=(HEADERS, 0xC, 1),
        payload="04aaaaaa",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.2: padding that would reach into the priority leaves no fragment either",
        frame=(HEADERS, 0x2C, 1),
        payload="03 0000000510 8200",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="RFC 7540 §5.3.1: a stream that depends on itself is a stream error PROTOCOL_ERROR",
        frame=(HEADERS, 0x24, 5),
        payload="0000000510 82",
        code=PROTOCOL,
        scope=STREAM,
        by_header=False,
    ),
    Rule(
        says="RFC 7540 §5.3.1: the exclusive bit does not make it another stream",
        frame=(HEADERS, 0x2C, 5),
        payload="01 8000000510 82 00",
        code=PROTOCOL,
        scope=STREAM,
        by_header=False,
    ),
    Rule(
        says="§6.3: PRIORITY on stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.PRIORITY, 0, 0),
        payload="0000000510",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.3: PRIORITY shorter than 5 MUST be a stream error FRAME_SIZE_ERROR",
        frame=(FrameType.PRIORITY, 0, 3),
        payload="00000005",
        code=SIZE,
        scope=STREAM,
    ),
    Rule(
        says="§6.3: PRIORITY longer than 5 MUST be a stream error FRAME_SIZE_ERROR",
        frame=(FrameType.PRIORITY, 0, 3),
        payload="000000051000",
        code=SIZE,
        scope=STREAM,
    ),
    Rule(
        says="RFC 7540 §5.3.1: a stream that depends on itself is a stream error PROTOCOL_ERROR",
        frame=(FrameType.PRIORITY, 0, 5),
        payload="8000000510",
        code=PROTOCOL,
        scope=STREAM,
        by_header=False,
    ),
    Rule(
        says="§6.4: RST_STREAM on stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.RST_STREAM, 0, 0),
        payload="00000008",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.4: RST_STREAM of less than 4 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.RST_STREAM, 0, 1),
        payload="000008",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.4: RST_STREAM of more than 4 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.RST_STREAM, 0, 1),
        payload="0000000800",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.5: SETTINGS on a stream MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.SETTINGS, 0, 1),
        payload="",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.5: ACK with a payload MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.SETTINGS, 1, 0),
        payload="000100001000",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.5: SETTINGS not a multiple of 6 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.SETTINGS, 0, 0),
        payload="0001000010",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.5.2: ENABLE_PUSH of 2 MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.SETTINGS, 0, 0),
        payload="000200000002",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.5.2: INITIAL_WINDOW_SIZE of 2^31 MUST be a connection error FLOW_CONTROL_ERROR",
        frame=(FrameType.SETTINGS, 0, 0),
        payload="000100001000 000480000000",
        code=FLOW,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.5.2: MAX_FRAME_SIZE below 2^14 MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.SETTINGS, 0, 0),
        payload="000500003fff",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.5.2: MAX_FRAME_SIZE above 2^24-1 MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.SETTINGS, 0, 0),
        payload="000501000000",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.6: PUSH_PROMISE on stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(PUSH, 4, 0),
        payload="00000002",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: PUSH_PROMISE has no room for the promised stream",
        frame=(PUSH, 4, 1),
        payload="000002",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: PUSH_PROMISE with PADDED has no room for both fields",
        frame=(PUSH, 0xC, 1),
        payload="00000002",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.6: padding that leaves no room MUST be a connection error PROTOCOL_ERROR",
        frame=(PUSH, 0xC, 1),
        payload="02 00000002 00",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.6: a promise of stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(PUSH, 4, 1),
        payload="00000000",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§5.1.1, §6.6: a promise of a client's stream, an odd one, is illegal",
        frame=(PUSH, 4, 1),
        payload="00000003",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.7: PING on a stream MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.PING, 0, 1),
        payload="0000000000000000",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.7: PING of less than 8 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.PING, 0, 0),
        payload="00000000000000",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.7: PING of more than 8 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.PING, 1, 0),
        payload="000000000000000000",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.8: GOAWAY on a stream MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.GOAWAY, 0, 1),
        payload="0000000000000000",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: GOAWAY has no room for its two fields",
        frame=(FrameType.GOAWAY, 0, 0),
        payload="00000000000000",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.9: an increment of 0 MUST be a stream error PROTOCOL_ERROR",
        frame=(FrameType.WINDOW_UPDATE, 0, 1),
        payload="00000000",
        code=PROTOCOL,
        scope=STREAM,
        by_header=False,
    ),
    Rule(
        says="§6.9: an increment of 0, whatever the reserved bit, on a stream",
        frame=(FrameType.WINDOW_UPDATE, 0, 1),
        payload="80000000",
        code=PROTOCOL,
        scope=STREAM,
        by_header=False,
    ),
    Rule(
        says="§6.9: an increment of 0 on the connection's window MUST be a connection error",
        frame=(FrameType.WINDOW_UPDATE, 0, 0),
        payload="00000000",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§6.9: WINDOW_UPDATE of less than 4 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.WINDOW_UPDATE, 0, 1),
        payload="000001",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.9: WINDOW_UPDATE of more than 4 MUST be a connection error FRAME_SIZE_ERROR",
        frame=(FrameType.WINDOW_UPDATE, 0, 0),
        payload="0000000100",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="§6.10: CONTINUATION on stream 0 MUST be a connection error PROTOCOL_ERROR",
        frame=(FrameType.CONTINUATION, 4, 0),
        payload="",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: ALTSVC on a stream has no room for its Origin-Len",
        frame=(FrameType.ALTSVC, 0, 1),
        payload="00",
        code=SIZE,
        scope=STREAM,
    ),
    Rule(
        says="§4.2: ALTSVC on stream 0 is shorter than its Origin-Len tells",
        frame=(FrameType.ALTSVC, 0, 0),
        payload="000361",
        code=SIZE,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§4.2: ORIGIN ends inside an Origin-Len",
        frame=(FrameType.ORIGIN, 0, 0),
        payload="000161 00",
        code=SIZE,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="§4.2: ORIGIN ends inside an origin",
        frame=(FrameType.ORIGIN, 0, 0),
        payload="00026161 000261",
        code=SIZE,
        scope=CONNECTION,
        by_header=False,
    ),
    Rule(
        says="RFC 9218 §7.1: PRIORITY_UPDATE on a stream MUST be a PROTOCOL_ERROR",
        frame=(FrameType.PRIORITY_UPDATE, 0, 1),
        payload="00000001",
        code=PROTOCOL,
        scope=CONNECTION,
    ),
    Rule(
        says="§4.2: PRIORITY_UPDATE has no room for the prioritized stream",
        frame=(FrameType.PRIORITY_UPDATE, 0, 0),
        payload="000001",
        code=SIZE,
        scope=CONNECTION,
    ),
    Rule(
        says="RFC 9218 §7.1: a prioritized stream of 0 MUST be a PROTOCOL_ERROR",
        frame=(FrameType.PRIORITY_UPDATE, 0, 0),
        payload="80000000 753d31",
        code=PROTOCOL,
        scope=CONNECTION,
        by_header=False,
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.says[:60]}" for rule in RULES])
def test_a_broken_rule_has_the_code_and_scope_its_section_names(rule: Rule) -> None:
    frame_type, flags, stream_id = rule.frame
    payload = bytes.fromhex(rule.payload)
    with pytest.raises(FrameError) as caught:
        parse(frame_type, flags, stream_id, payload)
    fault = caught.value
    assert (fault.code, fault.scope) == (rule.code, rule.scope), rule.says
    assert fault.stream_id == stream_id, "the stream that RST_STREAM would name"
    assert fault.expected, "what was expected is said"
    assert fault.came, "what came is said"


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.says[:60]}" for rule in RULES])
def test_what_nine_bytes_decide_is_decided_by_them(rule: Rule) -> None:
    frame_type, flags, stream_id = rule.frame
    length = len(bytes.fromhex(rule.payload))
    fault = check_header(length, frame_type, flags, stream_id, 16_384)
    assert (fault is not None) == rule.by_header, "no sooner and no later than it can be"
    splitter = FrameSplitter()
    splitter.receive_data(pack_header(length, frame_type, flags, stream_id))
    if rule.by_header:
        with pytest.raises(FrameError) as caught:
            splitter.next_frame()
        assert (caught.value.code, caught.value.scope) == (rule.code, rule.scope), rule.says
    else:
        assert not splitter.next_frame(), "the payload has to come first"
