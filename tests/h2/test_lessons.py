"""What other engines learned the hard way, each as a conversation with ours.

The facts are from their advisories and changelogs; none of these happened here.
"""

import pytest

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    Connection,
    Data,
    EndOfInput,
    Limits,
    PeerFault,
    Request,
    Reset,
    Response,
    Trailers,
)
from hyper.hpack import Encoder
from hyper.wire import Role
from tests.support.inside import lost_credit, session
from tests.support.pair import Pair
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook, content_of

WINDOW = SettingId.INITIAL_WINDOW_SIZE


def faults(pair: Pair) -> list[str]:
    told = [event for events in pair.flow() for event in events]
    return [str(event) for event in told if isinstance(event, PeerFault)]


# -- budgets that hurt honest peers -----------------------------------------------------------


def test_content_that_was_under_way_when_its_client_gave_up_costs_the_server_nothing() -> None:
    # nghttp2 counted ignored DATA as glitches, and had to take that back.
    pair = Pair(client_limits=Limits(ledger_burst=5, ledger_rate=0, reset_burst=5, reset_rate=0))
    pair.flow()
    for number in range(50):
        stream_id = 2 * number + 1
        pair.client.send(Request(stream_id, GET, True))
        pair.flow()
        pair.server.send(Response(stream_id, OK))
        pair.server.send(Data(stream_id, bytes(60_000), True))
        under_way = pair.server.data_to_send()
        pair.client.send(Reset(stream_id, ErrorCode.CANCEL))
        pair.client.receive_data(under_way, pair.now)
        assert faults(pair) == [], "what crosses a reset is nobody's fault"
    assert not pair.client.closed
    assert lost_credit(pair.client) == 0


def test_small_messages_that_were_under_way_when_their_reader_gave_up_cost_nothing() -> None:
    # The same for gRPC: thousands of frames of a few bytes can be under way.
    pair = Pair(client_limits=Limits(ledger_burst=5, ledger_rate=0, reset_burst=5, reset_rate=0))
    pair.flow()
    for stream_id in (1, 3, 5):
        pair.client.send(Request(stream_id, GET, True))
        pair.flow()
        pair.server.send(Response(stream_id, OK))
        under_way: list[bytes] = []
        for _ in range(1_000):
            pair.server.send(Data(stream_id, b"\0\0\0\0\x20" + bytes(32)))
            under_way.append(pair.server.data_to_send())
        pair.client.send(Reset(stream_id, ErrorCode.CANCEL))
        pair.client.receive_data(b"".join(under_way), pair.now)
        assert faults(pair) == [], "not more came than the window allowed"
    assert not pair.client.closed


def test_small_messages_that_end_their_stream_are_no_dust() -> None:
    # hyperium's h2 charged DATA frames with END_STREAM to its budget for small frames, for a day.
    limits = Limits(ledger_burst=3, ledger_rate=0)
    play = Playbook.opened(Role.SERVER, limits=limits, auto_consume=True)
    for stream_id in range(1, 401, 2):
        end = [DataFrame(stream_id, b"", True), DataFrame(stream_id, b"x", True)][
            stream_id // 2 % 2
        ]
        play.hear(FieldBlock(stream_id, POST), end)
        play.told()
        play.ask(Response(stream_id, OK, True))
        play.said()
    assert not play.engine.closed


def test_an_empty_frame_now_and_then_is_no_flood() -> None:
    # hyperium's h2 then had to count empty frames apart from small ones.
    play = Playbook.opened(Role.SERVER, limits=Limits(ledger_rate=0), auto_consume=True)
    play.hear(FieldBlock(1, POST))
    for _ in range(900):
        play.hear(DataFrame(1, b""), DataFrame(1, b"a message of gRPC, or a keystroke"))
        play.told()
    assert not play.engine.closed


# -- credit that leaked -----------------------------------------------------------------------


@pytest.mark.parametrize("pad_length", [None, 0, 1, 200, 255])
def test_padded_content_on_a_stream_that_was_reset_is_credited(pad_length: int | None) -> None:
    # hyperium's h2 gave back the content and kept the padding.
    play = Playbook.opened(Role.SERVER, limits=Limits(connection_window=65_535))
    play.hear(FieldBlock(1, POST))
    play.told()
    play.ask(Reset(1))
    play.said()
    for _ in range(20):
        play.hear(DataFrame(1, bytes(10_000), pad_length=pad_length))
        play.told()
        play.said()
        assert lost_credit(play.engine) == 0
    assert session(play.engine).inbound.held == 0, "the window never runs dry over it"


@pytest.mark.parametrize("pad_length", [None, 255])
def test_content_behind_our_goaway_is_credited(pad_length: int | None) -> None:
    # hyperium's h2 ignored such frames whole, and the windows of both ends went apart.
    play = Playbook.opened(Role.SERVER, limits=Limits(connection_window=65_535))
    play.hear(FieldBlock(1, POST))
    play.told()
    play.engine.shut_down(warn=False)
    play.hear(FieldBlock(3, POST))
    for _ in range(20):
        play.hear(DataFrame(3, bytes(10_000), pad_length=pad_length))
        play.told()
        play.said()
    assert lost_credit(play.engine) == 0
    play.hear(DataFrame(1, b"still heard", True))
    play.expect_events(Data(1, b"still heard", True), because="RFC 9113 §6.8: counted, so credited")


def test_content_that_was_queued_and_given_up_takes_no_window_with_it() -> None:
    # hyperium's h2 lost the capacity that a stream had reserved when it was cancelled.
    play = Playbook.opened(Role.CLIENT, peer=[(WINDOW, 2**20)])
    for stream_id in (1, 5, 9):
        play.ask(Request(stream_id, POST), Data(stream_id, bytes(60_000)), Reset(stream_id))
    play.ask(Request(11, POST), Data(11, bytes(60_000)))
    play.said(5_000)
    play.ask(Reset(11))
    play.said()
    left = session(play.engine).outbound_window
    assert left == 65_535 - 16_384, "one frame was cut, and nothing else was taken"
    play.ask(Request(17, POST), Data(17, bytes(60_000)))
    assert content_of(play.said(), 17) == bytes(left), "all that is left of it is to be had"


def test_the_longest_padding_there_is() -> None:
    # hyperium's h2 added one to 255 in eight bits.
    play = Playbook.opened(Role.SERVER, auto_consume=True)
    play.hear(
        FieldBlock(1, POST, pad_length=255),
        DataFrame(1, b"", pad_length=255),
        DataFrame(1, b"x", pad_length=255),
        FieldBlock(1, [(b"a", b"b")], True, pad_length=255),
    )
    play.expect_events(
        Request(1, POST),
        Data(1, b"x"),
        Trailers(1, [(b"a", b"b")]),
        because="RFC 9113 §6.1: Pad Length is eight bits, and the payload one more than it says",
    )
    assert lost_credit(play.engine) == 0


# -- peers that were left hanging -------------------------------------------------------------

BAD: list[tuple[str, list[Heard], ErrorCode]] = [
    ("the window too large", [WindowUpdateFrame(0, 2**31 - 1)] * 2, ErrorCode.FLOW_CONTROL_ERROR),
    ("an increment of 0", [pack_header(4, 8, 0, 0) + bytes(4)], ErrorCode.PROTOCOL_ERROR),
    ("MAX_FRAME_SIZE of 1", [pack_header(6, 4, 0, 0) + b"\0\5\0\0\0\1"], ErrorCode.PROTOCOL_ERROR),
    ("SETTINGS of 5 bytes", [pack_header(5, 4, 0, 0) + bytes(5)], ErrorCode.FRAME_SIZE_ERROR),
    (
        "windows that overflow",
        [WindowUpdateFrame(1, 2**30), SettingsFrame([(WINDOW, 2**31 - 1)])],
        ErrorCode.FLOW_CONTROL_ERROR,
    ),
]


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize(("said", "code"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_windows_and_settings_end_the_connection_and_leave_nobody_waiting(
    role: Role, said: list[Heard], code: ErrorCode
) -> None:
    # Go's transport deadlocked on a window too large, and hung on bad SETTINGS.
    play = Playbook.opened(role)
    if role is Role.CLIENT:
        play.ask(Request(1, POST), Data(1, bytes(200_000)))
        play.said()
    else:
        play.hear(FieldBlock(1, POST))
        play.told()
        play.ask(Response(1, OK), Data(1, bytes(200_000)))
        play.said()
    play.hear(*said)
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (code, Scope.CONNECTION)
    last = play.said()[-1]
    assert isinstance(last, GoAwayFrame), "the peer is told"
    assert last.code == code
    assert not play.engine.wants_to_send, "there is nothing left to say"
    assert play.engine.next_timer() is None, "nor to wait for"
    assert play.engine.open_streams == 0, "and no stream is left in the air"


def test_a_window_of_a_stream_that_overflows_costs_only_that_stream() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, bytes(100)), Request(3, POST), Data(3, bytes(100)))
    play.said()
    play.hear(WindowUpdateFrame(1, 2**31 - 1), FieldBlock(3, OK), DataFrame(3, b"alive", True))
    assert play.told()[1:] == [Response(3, OK), Data(3, b"alive", True)]
    play.expect_frames(
        RstStreamFrame(1, ErrorCode.FLOW_CONTROL_ERROR),
        because="RFC 9113 §6.9.1: for streams, RST_STREAM with FLOW_CONTROL_ERROR",
    )


@pytest.mark.parametrize("cut", [0, 5, 24, 30, 40])
def test_a_peer_that_goes_while_it_greets_ends_everything(cut: int) -> None:
    engine = Connection(Role.SERVER, now=0.0)
    octets = PREFACE + Playbook(Role.CLIENT).octets(SettingsFrame([(WINDOW, 1), (1, 2)]))
    if cut:
        engine.receive_data(octets[:cut], 0.0)
    engine.receive_data(b"", 0.0)
    events = [engine.next_event()]
    assert events == [EndOfInput(clean=False)], "RFC 9113 §3.4: the preface was cut short"
    assert engine.next_timer() is None


def test_a_reset_does_not_make_the_engine_ask_whether_the_peer_is_alive() -> None:
    # Go pinged with every reset, and some servers took that for a flood.
    play = Playbook.opened(Role.CLIENT)
    for stream_id in range(1, 41, 2):
        play.ask(Request(stream_id, GET, True), Reset(stream_id))
    assert not [each for each in play.said() if isinstance(each, PingFrame)]


# -- fields that were free --------------------------------------------------------------------


def test_fields_without_a_name_are_counted_and_refused() -> None:
    # CVE-2019-9516: some kept an allocation for each field of nothing.
    play = Playbook.opened(Role.SERVER)
    block = Encoder().encode([*GET, *[(b"", b"")] * 50])
    play.hear(pack_header(len(block), 1, 5, 1) + block)
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 1, because="RFC 9110 §5.1: a name is a token"
    )
