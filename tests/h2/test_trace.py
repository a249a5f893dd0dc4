"""Frames as they come and go: in order, whole, and without secrets in their looks."""

import pytest

from hyper.frame import (
    PREFACE,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Frame,
    FrameError,
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
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
    serialize,
)
from hyper.h2 import Connection, Data, Event, Ping, Request, Response, Settings, TracedFrame
from hyper.h2.trace import Tracer
from hyper.hpack import Encoder
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST

SECRET = (b"authorization", b"open sesame")

LOOKS: list[tuple[Frame, str]] = [
    (DataFrame(1, b"a secret", end_stream=True), "DATA stream=1 length=8 END_STREAM"),
    (HeadersFrame(1, b"\x82"), "HEADERS stream=1 length=1 END_HEADERS"),
    (ContinuationFrame(1, b"\x82"), "CONTINUATION stream=1 length=1 END_HEADERS"),
    (PushPromiseFrame(1, 2, b"\x82"), "PUSH_PROMISE stream=1 length=5 END_HEADERS"),
    (PriorityFrame(3, Priority()), "PRIORITY stream=3 length=5"),
    (RstStreamFrame(1, ErrorCode.CANCEL), "RST_STREAM stream=1 length=4 CANCEL"),
    (
        SettingsFrame([(SettingId.ENABLE_PUSH, 0), (0x77, 5)]),
        "SETTINGS stream=0 length=12 ENABLE_PUSH=0 0x77=5",
    ),
    (SettingsFrame(ack=True), "SETTINGS stream=0 length=0 ACK"),
    (PingFrame(b"12345678"), "PING stream=0 length=8 3132333435363738"),
    (
        GoAwayFrame(5, ErrorCode.NO_ERROR, b"a secret"),
        "GOAWAY stream=0 length=16 last=5 NO_ERROR",
    ),
    (WindowUpdateFrame(1, 1_000), "WINDOW_UPDATE stream=1 length=4 +1000"),
    (UnknownFrame(0x77, 1, 0, b"a secret"), "0x77 stream=0 length=8 0x1"),
]


@pytest.mark.parametrize(("frame", "looks"), LOOKS, ids=[looks.split()[0] for _, looks in LOOKS])
def test_a_frame_shows_its_numbers_and_no_secret(frame: Frame, looks: str) -> None:
    seen: list[TracedFrame] = []
    Tracer(seen.append, preface=False).sent(serialize(frame))
    assert [str(each) for each in seen] == [f"> {looks}"]
    assert seen[0].parse() == frame, "who wants more can have it"
    traced = seen[0]
    heard: list[TracedFrame] = []
    Tracer(heard.append, preface=False).received(
        traced.frame_type, traced.flags, traced.stream_id, traced.length, traced.payload
    )
    assert str(heard[0]) == f"< {looks}"
    assert heard[0] != traced, "whose it is makes a difference"


def test_a_payload_that_is_cut_short_is_shown_as_far_as_it_goes() -> None:
    for frame_type in FrameType:
        for size in range(9):
            seen: list[TracedFrame] = []
            Tracer(seen.append, preface=False).received(frame_type, 0, 0, size, bytes(size))
            assert frame_type.name in str(seen[0]), "nothing a peer sends may break a log"


@pytest.mark.parametrize("step", [1, 7, 9, 10, 1_000])
def test_what_is_sent_is_cut_into_frames_however_it_leaves(step: int) -> None:
    frames: list[Frame] = [SettingsFrame(), PingFrame(b"12345678"), DataFrame(1, bytes(100))]
    octets = PREFACE + b"".join([serialize(frame) for frame in frames])
    seen: list[TracedFrame] = []
    tracer = Tracer(seen.append, preface=True)
    for at in range(0, len(octets), step):
        tracer.sent(octets[at : at + step])
    assert [each.parse() for each in seen] == frames, "the preface of a client is no frame"


# -- in an engine -----------------------------------------------------------------------------


class Observed:
    """A server with a log of frames and events in one."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.engine = Connection(Role.SERVER, trace=self.note)

    def note(self, frame: TracedFrame) -> None:
        self.log.append(" ".join(str(frame).split()[:3]))

    def hear(self, octets: bytes) -> None:
        self.engine.receive_data(octets, 0.0)
        while (event := self.engine.next_event()) is not None:
            self.log.append(type(event).__name__)
            self.react(event)

    def react(self, event: Event) -> None:
        if isinstance(event, Request):
            self.engine.send(Response(event.stream_id, OK))
            self.engine.send(Data(event.stream_id, b"answer", True))


def test_frames_and_events_come_in_the_order_of_cause_and_effect() -> None:
    server = Observed()
    server.engine.data_to_send()
    block = Encoder().encode([*GET, SECRET])
    server.hear(
        PREFACE
        + serialize(SettingsFrame())
        + serialize(HeadersFrame(1, block[:5], True, False))
        + serialize(ContinuationFrame(1, block[5:]))
        + serialize(PingFrame(bytes(8)))
    )
    server.log.append("-- bytes leave")
    server.engine.data_to_send()
    assert server.log == [
        "> SETTINGS stream=0",
        "> WINDOW_UPDATE stream=0",
        "< SETTINGS stream=0",
        Settings.__name__,
        "< HEADERS stream=1",
        "< CONTINUATION stream=1",
        Request.__name__,
        "< PING stream=0",
        Ping.__name__,
        "-- bytes leave",
        "> SETTINGS stream=0",
        "> HEADERS stream=1",
        "> PING stream=0",
        "> DATA stream=1",
    ], "each frame just before what it brought, ours when they left"


def test_a_frame_that_ends_the_connection_is_traced_and_nothing_behind_it() -> None:
    server = Observed()
    server.hear(PREFACE + serialize(SettingsFrame()))
    server.log.clear()
    server.hear(serialize(DataFrame(7, b"idle")) + serialize(PingFrame(bytes(8))))
    assert server.log == ["< DATA stream=7", "PeerFault"]


def test_a_frame_that_its_header_condemns_is_traced_without_its_payload() -> None:
    seen: list[TracedFrame] = []
    engine = Connection(Role.SERVER, trace=seen.append)
    engine.receive_data(PREFACE + serialize(SettingsFrame()) + pack_header(16_385, 0, 0, 1), 0.0)
    while engine.next_event() is not None:
        pass
    assert str(seen[-1]) == "< DATA stream=1 length=16385"
    assert seen[-1].payload == b"", "it was not waited for"
    with pytest.raises(FrameError):
        TracedFrame(False, 4, 0, 1, 0, b"").parse()


def test_a_client_is_traced_behind_its_preface() -> None:
    seen: list[TracedFrame] = []
    client = Connection(Role.CLIENT, trace=seen.append)
    client.send(Request(1, [*POST, SECRET]))
    client.send(Data(1, b"open sesame", True))
    client.data_to_send()
    assert [each.frame_type for each in seen] == [
        FrameType.SETTINGS,
        FrameType.WINDOW_UPDATE,
        FrameType.HEADERS,
        FrameType.DATA,
    ]
    assert "sesame" not in str(seen), "RFC 9113 §10.8: a log is no place for it"
