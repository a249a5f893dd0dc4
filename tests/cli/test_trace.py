"""The frames of a connection as text, with a clock that the test winds."""

import pytest

from hyper.cli.trace import Trace
from hyper.cli.trace_lines import Line
from hyper.frame import (
    PREFACE,
    AltSvcFrame,
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.hpack import Encoder
from hyper.wire import Field, SensitiveField

REQUEST: list[Field] = [(b":method", b"GET"), (b":path", b"/")]


class Told:
    """A trace, and the lines it told."""

    def __init__(self, *, show_secrets: bool = False, label: str = "") -> None:
        self.now = 100.0
        self._lines: list[str] = []
        self.trace = Trace(
            self._write, self._clock, started=100.0, label=label, show_secrets=show_secrets
        )

    def _write(self, line: Line) -> None:
        self._lines.append("".join([text for text, _ in line]))

    def _clock(self) -> float:
        return self.now

    def lines(self) -> list[str]:
        """What was told since the last time."""
        lines, self._lines = self._lines, []
        return lines

    def details(self) -> list[str]:
        """The same, without the line that names the frame."""
        return [line.strip() for line in self.lines()[1:]]


@pytest.fixture
def told() -> Told:
    made = Told()
    made.trace.sent(PREFACE)
    made.lines()
    return made


def test_an_exchange_reads_like_a_conversation() -> None:
    told = Told()
    client, server = Encoder(), Encoder()
    told.trace.sent(PREFACE + serialize(SettingsFrame([(SettingId.ENABLE_PUSH, 0)])))
    told.now = 100.0125
    told.trace.received(serialize(SettingsFrame()) + serialize(SettingsFrame(ack=True)))
    told.trace.sent(serialize(HeadersFrame(1, client.encode(REQUEST), end_stream=True)))
    told.now = 101.5
    told.trace.received(
        serialize(HeadersFrame(1, server.encode([(b":status", b"200")])))
        + serialize(DataFrame(1, b"hello", end_stream=True))
    )
    assert told.lines() == [
        "[   0.000] send connection preface",
        "[   0.000] send SETTINGS      stream 0, length 6",
        "                  ENABLE_PUSH: 0",
        "[   0.013] recv SETTINGS      stream 0, length 0",
        "[   0.013] recv SETTINGS      stream 0, length 0, ACK",
        "[   0.013] send HEADERS       stream 1, length 2, END_STREAM | END_HEADERS",
        "                  :method: GET",
        "                  :path: /",
        "[   1.500] recv HEADERS       stream 1, length 1, END_HEADERS",
        "                  :status: 200",
        "[   1.500] recv DATA          stream 1, length 5, END_STREAM",
    ]


def test_it_does_not_matter_how_the_bytes_are_cut() -> None:
    encoder = Encoder()
    stream = (
        PREFACE
        + serialize(SettingsFrame([(SettingId.MAX_FRAME_SIZE, 20_000)]))
        + serialize(HeadersFrame(1, encoder.encode(REQUEST)))
        + serialize(DataFrame(1, bytes(20_000), pad_length=7), 20_008)
        + serialize(RstStreamFrame(1, ErrorCode.CANCEL))
    )
    whole, pieces = Told(), Told()
    whole.trace.sent(stream)
    for at in range(len(stream)):
        pieces.trace.sent(stream[at : at + 1])
    assert pieces.lines() == whole.lines()


def test_a_block_over_several_frames_is_shown_where_it_ends(told: Told) -> None:
    block = Encoder().encode([*REQUEST, (b"x-long", b"y" * 100)])
    told.trace.sent(
        serialize(HeadersFrame(1, block[:5], end_headers=False))
        + serialize(ContinuationFrame(1, block[5:10], end_headers=False))
        + serialize(ContinuationFrame(1, block[10:]))
    )
    lines = [line.strip() for line in told.lines()]
    assert [line[17:].split()[0] for line in lines if line.startswith("[")] == [
        "EADERS",
        "ONTINUATION",
        "ONTINUATION",
    ]
    assert lines[3:] == [":method: GET", ":path: /", "x-long: " + "y" * 100]


@pytest.mark.parametrize(
    ("frame", "details"),
    [
        (serialize(WindowUpdateFrame(1, 65_535)), ["increment: 65535"]),
        (serialize(RstStreamFrame(1, ErrorCode.REFUSED_STREAM)), ["code: REFUSED_STREAM"]),
        (serialize(RstStreamFrame(1, 0xBEEF)), ["code: 0xbeef"]),
        (serialize(PingFrame(b"\x00\x01abcdef")), ["data: 0001616263646566"]),
        (serialize(GoAwayFrame(7)), ["last stream: 7", "code: NO_ERROR"]),
        (
            serialize(GoAwayFrame(7, ErrorCode.ENHANCE_YOUR_CALM, b"too\nmuch")),
            ["last stream: 7", "code: ENHANCE_YOUR_CALM", "debug: too\\nmuch"],
        ),
        (
            serialize(PriorityFrame(3, Priority(1, 16))),
            ["priority: Priority(depends_on=1, weight=16)"],
        ),
        (
            serialize(AltSvcFrame(0, b"https://h", b'h3=":1"')),
            ["origin: https://h", 'value: h3=":1"'],
        ),
        (
            serialize(OriginFrame([b"https://a", b"https://b"])),
            ["origin: https://a", "origin: https://b"],
        ),
        (serialize(PriorityUpdateFrame(3, b"u=1")), ["prioritized stream: 3", "value: u=1"]),
        (serialize(UnknownFrame(0xBE, 0x40, 3, b"x")), []),
        (serialize(DataFrame(1, b"abc", pad_length=2)), ["padding: 3 bytes"]),
        (
            serialize(SettingsFrame([(SettingId.INITIAL_WINDOW_SIZE, 5), (0x4F2, 6)])),
            ["INITIAL_WINDOW_SIZE: 5", "0x4f2: 6"],
        ),
    ],
)
def test_what_a_frame_says_is_shown_by_its_names(
    told: Told, frame: bytes, details: list[str]
) -> None:
    told.trace.received(frame)
    assert told.details() == details


def test_a_frame_nobody_knows_is_shown_by_its_number(told: Told) -> None:
    told.trace.received(serialize(UnknownFrame(0xBE, 0x41, 3, b"x")))
    assert told.lines() == ["[   0.000] recv 0xbe          stream 3, length 1, 0x1 | 0x40"]


def test_a_promise_is_shown_with_its_stream_and_fields(told: Told) -> None:
    told.trace.received(serialize(PushPromiseFrame(1, 2, Encoder().encode(REQUEST))))
    assert told.details() == ["promised stream: 2", ":method: GET", ":path: /"]


def test_the_priority_of_a_head_is_shown(told: Told) -> None:
    frame = HeadersFrame(3, Encoder().encode(REQUEST), priority=Priority(1, 256, exclusive=True))
    told.trace.sent(serialize(frame))
    assert told.details()[0] == "priority: Priority(depends_on=1, weight=256, exclusive=True)"


SECRETS: list[Field] = [
    (b"authorization", b"Bearer hunter2"),
    (b"cookie", b"id=hunter2"),
    (b"set-cookie", b"id=hunter2"),
    (b"proxy-authorization", b"hunter2"),
    SensitiveField(b"x-token", b"hunter2"),
]


def test_secrets_are_hidden_unless_asked_for() -> None:
    block = Encoder().encode(SECRETS)
    told = Told()
    told.trace.received(serialize(HeadersFrame(1, block)))
    lines = told.details()
    assert not [line for line in lines if "hunter2" in line], "a trace is pasted into bug reports"
    assert lines[0] == "authorization: <14 bytes hidden>"
    assert lines[-1] == "x-token: <7 bytes hidden>", "the sender marked it (RFC 7541 §7.1.3)"
    told = Told(show_secrets=True)
    told.trace.received(serialize(HeadersFrame(1, block)))
    assert told.details()[0] == "authorization: Bearer hunter2"


def test_a_peer_cannot_make_the_terminal_do_anything(told: Told) -> None:
    told.trace.received(serialize(HeadersFrame(1, Encoder().encode([(b"x", b"\x1b[2J\xff")]))))
    assert told.details() == ["x: \\x1b[2J\\xff"]


def test_the_two_directions_compress_each_by_itself(told: Told) -> None:
    client, server = Encoder(), Encoder()
    repeated: list[Field] = [(b"x-name", b"value")]
    for send, encoder in ((told.trace.sent, client), (told.trace.received, server)):
        for stream_id in (1, 3):
            send(serialize(HeadersFrame(stream_id, encoder.encode(repeated))))
            assert told.details() == ["x-name: value"], "by its index in the table the second time"


def test_the_table_follows_what_the_other_side_allows(told: Told) -> None:
    encoder = Encoder()
    told.trace.received(serialize(SettingsFrame([(SettingId.HEADER_TABLE_SIZE, 64)])))
    told.trace.sent(serialize(HeadersFrame(1, encoder.encode([(b"x-name", b"value")]))))
    told.trace.sent(serialize(SettingsFrame(ack=True)))
    encoder.set_max_table_size(64)
    told.lines()
    for number in (b"1", b"2", b"1"):
        told.trace.sent(
            serialize(HeadersFrame(3, encoder.encode([(b"x-name-" + number, b"value")])))
        )
        assert told.details() == [f"x-name-{number.decode()}: value"]


def test_a_smaller_table_has_to_be_announced(told: Told) -> None:
    told.trace.received(serialize(SettingsFrame([(SettingId.HEADER_TABLE_SIZE, 64)])))
    told.trace.sent(serialize(SettingsFrame(ack=True)))
    told.lines()
    told.trace.sent(serialize(HeadersFrame(1, b"\x82")))
    assert "a table size update" in told.details()[0], "RFC 9113 §4.3.1"


def test_a_block_that_makes_no_sense_ends_the_fields_not_the_trace(told: Told) -> None:
    told.trace.received(serialize(HeadersFrame(1, b"\xff\xff\xff\xff\xff\xff")))
    assert "expected" in told.details()[0]
    told.trace.received(serialize(HeadersFrame(3, b"\x88")))
    assert told.details() == ["fields unknown: an earlier block could not be decoded"], (
        "the tables are no longer in step"
    )
    told.trace.received(serialize(PingFrame(b"12345678")))
    assert told.details() == ["data: 3132333435363738"]


def test_a_frame_that_breaks_a_rule_is_shown_with_the_rule(told: Told) -> None:
    told.trace.received(b"\x00\x00\x03\x03\x00\x00\x00\x00\x01abc" + serialize(PingFrame(bytes(8))))
    lines = told.lines()
    assert lines[0] == "[   0.000] recv RST_STREAM    stream 1, length 3"
    assert "FRAME_SIZE_ERROR" in lines[1]
    assert len(lines) == 2, "what follows means nothing any more (RFC 9113 §4.2)"


def test_a_frame_that_is_only_a_streams_fault_does_not_end_it(told: Told) -> None:
    told.trace.received(serialize(WindowUpdateFrame(1, 1))[:-4] + bytes(4))
    assert "PROTOCOL_ERROR on stream 1" in told.details()[0]
    told.trace.received(serialize(PingFrame(bytes(8))))
    assert told.details() == ["data: 0000000000000000"]


def test_what_begins_with_no_preface_is_http_1_1() -> None:
    told = Told()
    told.trace.sent(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert told.lines() == [
        "[   0.000] send GET / HTTP/1.1, end",
        "                  Host: a",
    ], "RFC 9113 §3.4: the preface is what tells them apart"
    told.trace.received(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert told.lines() == ["[   0.000] recv HTTP/1.1 204 No Content, end"], "both ways"


def test_garbage_in_place_of_a_preface_is_told() -> None:
    told = Told()
    told.trace.sent(PREFACE[:10])
    told.trace.sent(b"more")
    assert told.lines() == ["[   0.000] send no connection preface"], "what began like one"
    told.trace.sent(b"more")
    assert told.lines() == [], "nothing more can be made of it"


def test_connections_have_labels_where_there_are_several() -> None:
    told = Told(label="example.com")
    told.trace.received(serialize(PingFrame(bytes(8))))
    assert told.lines()[0].startswith("[   0.000] example.com  recv PING")
    told.trace.note("connected")
    assert told.lines() == ["[   0.000] example.com  connected"]


def test_whatever_comes_it_never_raises() -> None:
    seed = 1
    for _ in range(400):
        # A generator of one's own: the same bytes on every machine, for ever.
        seed = seed * 1_103_515_245 + 12_345 & 0x7FFF_FFFF
        payload = seed.to_bytes(4, "big") * (seed >> 4 & 0x7)
        header = len(payload).to_bytes(3, "big") + bytes([seed >> 8 & 0x1F, seed >> 16 & 0xFF])
        frame = header + bytes([0, 0, 0, 1]) + payload
        told = Told()
        told.trace.sent(PREFACE + frame)
        told.trace.received(frame)
        assert told.lines(), "each frame is told of, whatever it is"
