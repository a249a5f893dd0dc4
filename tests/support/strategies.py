"""What hypothesis may throw at the HTTP/2 engine: fields, messages, frames, cuts of bytes.

Frames by themselves, right and wrong, are in `tests.support.frames`.
"""

from hypothesis import strategies as st

from hyper.frame import (
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
)
from tests.support.playbook import CONNECT, GET, HEAD, OK, POST, FieldBlock, Heard

NAMES = st.sampled_from([b"a", b"x-y", b"cookie", b"content-type", b"authorization", b"etag"])
VALUES = st.sampled_from([b"", b"1", b"text/plain", b"a=b; c=d", b"x" * 200, b"caf\xe9"])
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
"""Legal fields, that come again often enough to be indexed."""

ODD_FIELDS = st.lists(
    st.tuples(
        st.sampled_from([b":path", b":status", b"A", b"", b"te", b"connection", b"content-length"]),
        st.sampled_from([b"", b"1", b"5", b"trailers", b" x", b"a\0"]),
    ),
    max_size=2,
)
"""Fields that are wrong in most places."""

IDS = st.sampled_from([1, 1, 1, 3, 3, 5, 7, 2, 0x7FFFFFFF])
SIZES = st.sampled_from([0, 1, 5, 100, 5_000, 16_384])


@st.composite
def blocks(draw: st.DrawFn) -> FieldBlock:
    """A field block on some stream: a head, trailers or neither, cut into frames or not."""
    fields = [
        *draw(st.sampled_from([GET, POST, HEAD, CONNECT, OK, [], GET[1:]])),
        *draw(FIELDS),
        *draw(st.just([]) | ODD_FIELDS),
    ]
    return FieldBlock(
        draw(IDS),
        fields,
        draw(st.booleans()),
        cuts=draw(st.sampled_from([(), (), (0,), (1, 1), (1, 2, 3)])),
        priority=draw(st.none() | st.just(Priority(0x7FFFFFFE, 16))),
        pad_length=draw(st.none() | st.integers(0, 255)),
    )


SETTINGS = st.lists(
    st.sampled_from(
        [
            (SettingId.HEADER_TABLE_SIZE, 0),
            (SettingId.HEADER_TABLE_SIZE, 4_096),
            (SettingId.MAX_CONCURRENT_STREAMS, 1),
            (SettingId.INITIAL_WINDOW_SIZE, 0),
            (SettingId.INITIAL_WINDOW_SIZE, 65_535),
            (SettingId.INITIAL_WINDOW_SIZE, 2**31 - 1),
            (SettingId.MAX_FRAME_SIZE, 2**24 - 1),
            (SettingId.ENABLE_PUSH, 0),
            (0x1234, 5),
        ]
    ),
    max_size=3,
)


@st.composite
def strange_frames(draw: st.DrawFn) -> bytes:
    """A frame whose header has little to do with its payload."""
    payload = draw(st.binary(max_size=20))
    kind = draw(st.integers(0, 12))
    return pack_header(len(payload), kind, draw(st.integers(0, 255)), draw(IDS)) + payload


def heard() -> st.SearchStrategy[Heard]:
    """Something a peer might say, sensible more often than not."""
    return st.one_of(
        blocks(),
        blocks(),
        st.builds(
            DataFrame,
            IDS,
            SIZES.map(bytes),
            st.booleans(),
            st.none() | st.integers(0, 255),
        ),
        st.builds(RstStreamFrame, IDS, st.sampled_from(ErrorCode)),
        st.builds(WindowUpdateFrame, IDS | st.just(0), st.sampled_from([1, 1_000, 2**31 - 1])),
        st.builds(SettingsFrame, SETTINGS) | st.just(SettingsFrame(ack=True)),
        st.builds(PingFrame, st.binary(min_size=8, max_size=8), st.booleans()),
        st.builds(GoAwayFrame, st.sampled_from([0, 1, 3, 2**31 - 1]), st.sampled_from(ErrorCode)),
        st.builds(PriorityFrame, IDS, st.just(Priority(0x7FFFFFFE, 1))),
        st.builds(
            UnknownFrame, st.sampled_from([0xB, 0x77]), st.just(0), IDS, st.binary(max_size=9)
        ),
        st.builds(ContinuationFrame, IDS, st.binary(max_size=5), st.booleans()),
        st.builds(HeadersFrame, IDS, st.binary(max_size=5), st.booleans(), st.just(True)),
        st.builds(PushPromiseFrame, IDS, st.just(2), st.just(b"\x82")),
        strange_frames(),
    )
