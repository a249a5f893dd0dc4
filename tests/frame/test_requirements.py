"""How far a wrong size reaches: requirements of RFC 9113 §4.2 and §6.3, by their ids in spec/."""

import pytest

from hyper.frame import ErrorCode, FrameError, FrameReader, PingFrame, Scope, pack_header, serialize


@pytest.mark.parametrize(
    ("kind", "flags", "stream_id", "size", "scope"),
    [
        pytest.param(0x1, 0, 1, 16_385, Scope.CONNECTION, id="9113-4.2-3 HEADERS"),
        pytest.param(0x1, 0x28, 1, 5, Scope.CONNECTION, id="9113-4.2-3 HEADERS, too short"),
        pytest.param(0x5, 0, 1, 16_385, Scope.CONNECTION, id="9113-4.2-3 PUSH_PROMISE"),
        pytest.param(0x9, 0, 1, 16_385, Scope.CONNECTION, id="9113-4.2-3 CONTINUATION"),
        pytest.param(0x4, 0, 0, 16_386, Scope.CONNECTION, id="9113-4.2-3 SETTINGS"),
        pytest.param(0x77, 0, 0, 16_385, Scope.CONNECTION, id="9113-4.2-3 unknown, on stream 0"),
        pytest.param(0x0, 0, 1, 16_385, Scope.STREAM, id="9113-4.2-2 DATA"),
        pytest.param(0x77, 0, 1, 16_385, Scope.STREAM, id="9113-4.2-2 unknown, on a stream"),
        pytest.param(0x2, 0, 1, 4, Scope.STREAM, id="9113-6.3-2 PRIORITY, too short"),
        pytest.param(0x2, 0, 1, 6, Scope.STREAM, id="9113-6.3-2 PRIORITY, too long"),
    ],
)
def test_a_wrong_size_reaches_as_far_as_it_can_do_harm(
    kind: int, flags: int, stream_id: int, size: int, scope: Scope
) -> None:
    reader = FrameReader(max_frame_size=16_384)
    behind = PingFrame(b"go on...")
    octets = pack_header(size, kind, flags, stream_id) + bytes(size) + serialize(behind)
    fault, *more = reader.feed(octets)
    assert isinstance(fault, FrameError)
    assert (fault.code, fault.scope) == (ErrorCode.FRAME_SIZE_ERROR, scope)
    assert more == ([behind] if scope is Scope.STREAM else []), "what it leaves goes on"
