"""Conversations that have every feature in them, cut at every byte: what is told, what is asked and
what is answered is the same wherever the network cuts.

`test_properties` does the same with conversations that nobody has thought of.
"""

import pytest

from hyper.frame import (
    PREFACE,
    AltSvcFrame,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    OriginFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    Connection,
    Data,
    Event,
    InformationalResponse,
    Ping,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    Trailers,
)
from hyper.wire import Field, LocalProtocolError, Role, SensitiveField
from tests.support.inside import look, session
from tests.support.playbook import CONNECT, GET, HEAD, OK, POST, FieldBlock, Heard, Playbook

WINDOW = SettingId.INITIAL_WINDOW_SIZE
TABLE = SettingId.HEADER_TABLE_SIZE
HINTS: list[Field] = [(b":status", b"103"), (b"link", b"</a.css>")]
SECRET = SensitiveField(b"authorization", b"a secret")
EXTENDED: list[Field] = [CONNECT[0], (b":protocol", b"websocket"), *GET[1:]]

REQUESTS: dict[str, list[Heard]] = {
    "requests, short and long": [
        FieldBlock(1, [*GET, SECRET], True),
        FieldBlock(3, [*POST, (b"content-length", b"10")]),
        DataFrame(3, b"01234"),
        DataFrame(3, b"56789", True),
        FieldBlock(5, HEAD, True),
    ],
    "trailers": [
        FieldBlock(1, POST),
        DataFrame(1, b"content"),
        FieldBlock(1, [(b"checksum", b"7")], True),
    ],
    "blocks in pieces": [
        FieldBlock(1, [*GET, (b"x-long", b"~" * 40)], True, cuts=(0, 1, 20)),
        FieldBlock(3, POST, cuts=(2,), priority=Priority(1, 9), pad_length=3),
        FieldBlock(3, [(b"a", b"b")], True, cuts=(1, 1)),
    ],
    "padding": [
        FieldBlock(1, POST, pad_length=0),
        DataFrame(1, b"", pad_length=20),
        DataFrame(1, b"content", pad_length=9),
        DataFrame(1, b"!", True, pad_length=0),
    ],
    "a tunnel": [FieldBlock(1, CONNECT), DataFrame(1, b"client hello"), DataFrame(1, b"", True)],
    "an extended tunnel": [
        FieldBlock(1, EXTENDED),
        DataFrame(1, b"\x81\x80"),
        RstStreamFrame(1, 8),
    ],
    "settings and windows": [
        FieldBlock(1, GET, True),
        SettingsFrame([(WINDOW, 5), (TABLE, 50)]),
        WindowUpdateFrame(1, 3),
        SettingsFrame([(WINDOW, 30), (TABLE, 4_096), (0x9999, 1)]),
        WindowUpdateFrame(0, 9),
        FieldBlock(3, GET, True),
    ],
    "pings and priorities": [
        PingFrame(b"anybody?"),
        PriorityFrame(9, Priority(0, 1)),
        FieldBlock(1, [*GET, (b"priority", b"u=1, i")], True),
        PriorityUpdateFrame(1, b"u=6"),
        PingFrame(b"unasked!", ack=True),
        UnknownFrame(0x77, 9, 1, b"what?"),
    ],
    "resets": [
        FieldBlock(1, POST),
        DataFrame(1, b"!reset me"),
        DataFrame(1, b"too late", True),
        FieldBlock(3, POST),
        RstStreamFrame(3, ErrorCode.CANCEL),
        WindowUpdateFrame(3, 5),
        FieldBlock(5, GET, True),
    ],
    "a way out": [
        FieldBlock(1, POST),
        GoAwayFrame(0, ErrorCode.NO_ERROR, b"goodbye"),
        DataFrame(1, b"the rest", True),
    ],
    "malformed messages": [
        FieldBlock(1, GET[1:], True),
        FieldBlock(3, [*POST, (b"content-length", b"3")]),
        DataFrame(3, b"1234"),
        FieldBlock(5, [*GET, (b"Upper", b"case")], True),
        FieldBlock(7, GET, True),
    ],
    "a frame too long": [FieldBlock(1, GET, True), pack_header(16_385, 0, 0, 1)],
    "a frame out of place": [FieldBlock(1, GET, True), DataFrame(9, b"idle"), PingFrame(bytes(8))],
    "a block that is cut off": [
        pack_header(5, 1, 1, 1) + b"\x82\x84\x87\x41\x8c",
        PingFrame(bytes(8)),
    ],
    "a block that is none": [pack_header(3, 1, 5, 1) + b"\xff\xff\xff"],
}

RESPONSES: dict[str, list[Heard]] = {
    "responses": [
        FieldBlock(1, HINTS),
        FieldBlock(1, HINTS, cuts=(1,)),
        FieldBlock(1, [*OK, (b"content-length", b"4"), SECRET]),
        DataFrame(1, b"four", True),
        FieldBlock(3, [*OK, (b"content-length", b"5")], True),
        FieldBlock(5, OK),
        DataFrame(5, b"content", pad_length=7),
        FieldBlock(5, [(b"a", b"b")], True),
    ],
    "pushes": [
        FieldBlock(1, GET, promised_stream_id=2, cuts=(2,)),
        FieldBlock(1, OK, True),
        FieldBlock(2, HINTS),
        FieldBlock(2, OK),
        FieldBlock(5, HEAD, promised_stream_id=4, pad_length=4),
        DataFrame(2, b"pushed", True),
    ],
    "credit": [
        WindowUpdateFrame(5, 7),
        SettingsFrame([(WINDOW, 3), (SettingId.MAX_CONCURRENT_STREAMS, 1)]),
        WindowUpdateFrame(0, 7),
        SettingsFrame([(WINDOW, 90_000), (SettingId.MAX_FRAME_SIZE, 20_000)]),
        FieldBlock(1, OK, True),
    ],
    "alternatives and origins": [
        AltSvcFrame(0, b"https://example.org", b'h3=":443"'),
        OriginFrame([b"https://example.com", b"https://example.net"]),
        AltSvcFrame(1, b"", b"clear"),
        FieldBlock(1, OK, True),
    ],
    "an early answer": [
        FieldBlock(5, OK),
        DataFrame(5, b"no need to go on", True),
        RstStreamFrame(5, ErrorCode.NO_ERROR),
        RstStreamFrame(1, ErrorCode.REFUSED_STREAM),
    ],
    "a way out": [
        GoAwayFrame(2**31 - 1, ErrorCode.NO_ERROR),
        FieldBlock(1, OK, True),
        GoAwayFrame(3, ErrorCode.NO_ERROR, b"now"),
        FieldBlock(3, OK, True),
        DataFrame(5, b"of a stream that is lost"),
    ],
    "malformed messages": [
        FieldBlock(1, [(b":status", b"20")], True),
        FieldBlock(3, [*OK, *OK]),
        FieldBlock(5, OK),
        FieldBlock(5, OK),
    ],
    "a frame out of place": [FieldBlock(1, OK, True), DataFrame(1, b"behind the end")],
}


class Application:
    """Answers by the events alone, and does all there is to do."""

    def __init__(self, role: Role) -> None:
        settings = [(SettingId.ENABLE_CONNECT_PROTOCOL, 1)]
        if role is Role.CLIENT:
            settings = [(SettingId.ENABLE_PUSH, 1)]
        self.engine = Connection(role, settings=settings, now=0.0)
        self.events: list[Event] = []
        self.refusals = 0
        if role is Role.CLIENT:
            self.ask(Request(1, GET, True))
            self.ask(Request(3, HEAD, True))
            self.ask(Request(5, POST))
            self.ask(Data(5, bytes(70_000)))

    def ask(self, event: Sendable) -> None:
        try:
            self.engine.send(event)
        except LocalProtocolError:
            self.refusals += 1

    def hear(self, octets: bytes) -> None:
        self.engine.receive_data(octets, 1.0)
        while (event := self.engine.next_event()) is not None:
            self.events.append(event)
            self.react(event)

    def react(self, event: Event) -> None:
        if isinstance(event, Request):
            self.ask(InformationalResponse(event.stream_id, HINTS))
            self.ask(Response(event.stream_id, [*OK, SECRET]))
            self.ask(Data(event.stream_id, b"an answer", event.end_stream))
        elif isinstance(event, Data):
            self.engine.consume(event.stream_id, len(event.data) // 2)
            self.ask(Data(event.stream_id, event.data, event.end_stream))
            if event.data.startswith(b"!"):
                self.ask(Reset(event.stream_id))
        elif isinstance(event, Trailers):
            self.ask(Trailers(event.stream_id, event.fields))
        elif isinstance(event, Ping):
            self.ask(Ping(event.data))
        elif isinstance(event, Settings):
            self.ask(Settings([(WINDOW, 1_000 * len(self.events))]))


def became(role: Role, pieces: list[bytes]) -> tuple[object, ...]:
    """All that can be seen of a conversation, and of the engine behind it."""
    application = Application(role)
    for piece in pieces:
        application.hear(piece)
    engine = application.engine
    state = look(session(engine))
    said = engine.data_to_send()
    application.hear(b"")
    return application.events, application.refusals, said, state, engine.state


CASES = [(Role.SERVER, name, said) for name, said in REQUESTS.items()] + [
    (Role.CLIENT, name, said) for name, said in RESPONSES.items()
]


@pytest.mark.parametrize(
    ("role", "said"),
    [case[::2] for case in CASES],
    ids=[f"{role.name}-{name}" for role, name, _ in CASES],
)
def test_wherever_a_conversation_is_cut_it_stays_the_same(role: Role, said: list[Heard]) -> None:
    play = Playbook(role)
    start: list[Heard] = [PREFACE] if role is Role.SERVER else []
    greeting = [*start, SettingsFrame(), SettingsFrame(ack=True)]
    octets = b"".join([play.octets(each) for each in [*greeting, *said]])
    whole = became(role, [octets])
    for at in range(1, len(octets)):
        assert became(role, [octets[:at], octets[at:]]) == whole, f"cut at {at}"
    for size in (1, 2, 3, 7, 9, 10, 17):
        pieces = [octets[at : at + size] for at in range(0, len(octets), size)]
        assert became(role, pieces) == whole, f"cut into pieces of {size}"
