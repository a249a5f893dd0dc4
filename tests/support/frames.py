"""Frames for tests: a strategy for every type, and ways to cut bytes into pieces."""

from hypothesis import strategies as st

from hyper.frame import (
    MAX_STREAM_ID,
    MAX_WINDOW,
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    Frame,
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
    check_setting,
    pack_header,
)

STREAMS = st.integers(1, MAX_STREAM_ID)
CODES = st.integers(0, 2**32 - 1)
OCTETS = st.binary(max_size=64)
PADDINGS = st.none() | st.integers(0, 255)
SETTINGS = st.tuples(st.integers(0, 12) | st.integers(0, 2**16 - 1), CODES).filter(
    lambda setting: check_setting(*setting) is None
)


@st.composite
def priorities(draw: st.DrawFn, stream_id: int) -> Priority:
    """A priority that a stream of this id can have."""
    depends_on = draw(st.integers(0, MAX_STREAM_ID).filter(lambda other: other != stream_id))
    return Priority(depends_on, draw(st.integers(1, 256)), draw(st.booleans()))


@st.composite
def headers_frames(draw: st.DrawFn) -> HeadersFrame:
    """HEADERS with every combination of flags."""
    stream_id = draw(STREAMS)
    return HeadersFrame(
        stream_id,
        draw(OCTETS),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.none() | priorities(stream_id)),
        draw(PADDINGS),
    )


@st.composite
def priority_frames(draw: st.DrawFn) -> PriorityFrame:
    """PRIORITY on a stream other than the one it depends on."""
    stream_id = draw(STREAMS)
    return PriorityFrame(stream_id, draw(priorities(stream_id)))


DATA_FRAMES = st.builds(DataFrame, STREAMS, OCTETS, st.booleans(), PADDINGS)
SETTINGS_FRAMES = st.builds(SettingsFrame, st.lists(SETTINGS, max_size=8)) | st.just(
    SettingsFrame(ack=True)
)
PUSH_PROMISE_FRAMES = st.builds(
    PushPromiseFrame,
    STREAMS,
    st.integers(1, MAX_STREAM_ID // 2).map(lambda half: half * 2),
    OCTETS,
    st.booleans(),
    PADDINGS,
)
PING_FRAMES = st.builds(PingFrame, st.binary(min_size=8, max_size=8), st.booleans())
GOAWAY_FRAMES = st.builds(GoAwayFrame, st.integers(0, MAX_STREAM_ID), CODES, OCTETS)
WINDOW_UPDATE_FRAMES = st.builds(
    WindowUpdateFrame, st.integers(0, MAX_STREAM_ID), st.integers(1, MAX_WINDOW)
)
ALTSVC_FRAMES = st.builds(
    AltSvcFrame, st.just(0), st.binary(min_size=1, max_size=64), OCTETS
) | st.builds(AltSvcFrame, STREAMS, st.just(b""), OCTETS)
UNKNOWN_FRAMES = st.builds(
    UnknownFrame,
    st.sampled_from([0xB, 0xD, 0xE, 0xF]) | st.integers(0x11, 0xFF),
    st.integers(0, 0xFF),
    st.integers(0, MAX_STREAM_ID),
    OCTETS,
)


def frames() -> st.SearchStrategy[Frame]:
    """A frame of any type, with any legal content."""
    return st.one_of(
        DATA_FRAMES,
        headers_frames(),
        priority_frames(),
        st.builds(RstStreamFrame, STREAMS, CODES),
        SETTINGS_FRAMES,
        PUSH_PROMISE_FRAMES,
        PING_FRAMES,
        GOAWAY_FRAMES,
        WINDOW_UPDATE_FRAMES,
        st.builds(ContinuationFrame, STREAMS, OCTETS, st.booleans()),
        ALTSVC_FRAMES,
        st.builds(OriginFrame, st.lists(OCTETS, max_size=4)),
        st.builds(PriorityUpdateFrame, STREAMS, OCTETS),
        UNKNOWN_FRAMES,
    )


@st.composite
def raw_frames(draw: st.DrawFn) -> bytes:
    """The bytes of a frame that is often wrong: header and payload have little to do with it."""
    # Small numbers come near the edges of the rules; a large one is a rare visitor.
    frame_type = draw(st.integers(0, 0x12) | st.integers(0, 0xFF))
    stream_id = draw(st.integers(0, 4) | st.integers(0, 2**32 - 1))
    payload = draw(st.binary(max_size=24) | st.lists(st.integers(0, 12), max_size=16).map(bytes))
    return pack_header(len(payload), frame_type, draw(st.integers(0, 0xFF)), stream_id) + payload


@st.composite
def pieces_of(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The data cut into pieces, some of them empty."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
