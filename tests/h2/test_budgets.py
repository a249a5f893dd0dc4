"""What a peer may spend: each budget to its end, and what earns it back."""

from collections.abc import Callable

import pytest

from hyper.frame import (
    AltSvcFrame,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    Data,
    Limits,
    PeerFault,
    PeerMisbehaving,
    Ping,
    Reset,
    Response,
)
from hyper.wire import Field, Role
from tests.support.inside import session
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook, content_of


def expect_calm(play: Playbook, because: str, last_stream_id: int = 0) -> PeerFault:
    """The last event ends the connection with ENHANCE_YOUR_CALM, and the peer is told."""
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault), because
    assert (fault.code, fault.scope) == (ErrorCode.ENHANCE_YOUR_CALM, Scope.CONNECTION), because
    assert play.said()[-1] == GoAwayFrame(last_stream_id, ErrorCode.ENHANCE_YOUR_CALM), because
    assert play.engine.closed, because
    return fault


def expect_alive(play: Playbook) -> None:
    play.said()
    play.told()
    assert not play.engine.closed, "at the limit, not beyond it"


def cancelled(play: Playbook, stream_id: int) -> None:
    play.hear(FieldBlock(stream_id, GET, True), RstStreamFrame(stream_id, ErrorCode.CANCEL))


def test_reset_burst() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=3, reset_rate=0))
    for stream_id in (1, 3, 5):
        cancelled(play, stream_id)
    expect_alive(play)
    cancelled(play, 7)
    expect_calm(play, "CVE-2023-44487: opened and cancelled", 7)


def test_an_exchange_that_ends_well_earns_a_reset() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=1, reset_rate=0))
    for stream_id in range(1, 200, 4):
        cancelled(play, stream_id)
        expect_alive(play)
        play.hear(FieldBlock(stream_id + 2, GET, True))
        play.told()
        play.ask(Response(stream_id + 2, OK, True))
    expect_alive(play)


def test_reset_rate() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=2, reset_rate=4))
    for stream_id in range(1, 41, 2):
        cancelled(play, stream_id)
        expect_alive(play)
        play.now += 0.25
    for stream_id in (41, 43, 45):
        cancelled(play, stream_id)
    expect_calm(play, "four a second are allowed, three at once are not", 45)


PROVOKED: list[tuple[str, Callable[[int], list[Heard]]]] = [
    ("an increment of nothing", lambda i: [pack_header(4, 8, 0, i) + bytes(4)]),
    ("a window too large", lambda i: [WindowUpdateFrame(i, 2**31 - 1)]),
    ("DATA after the end", lambda i: [DataFrame(i, b"x")]),
    ("HEADERS after the end", lambda i: [FieldBlock(i, [(b"a", b"b")], True)]),
    ("more than it is allowed", lambda i: [DataFrame(i, bytes(11))]),
]


@pytest.mark.parametrize("provoke", [p[1] for p in PROVOKED], ids=[p[0] for p in PROVOKED])
def test_resets_the_peer_makes_us_send_come_from_the_same_budget(
    provoke: Callable[[int], list[Heard]],
) -> None:
    limits = Limits(reset_burst=3, reset_rate=0, stream_window=10, max_half_closed_faults=9)
    play = Playbook.opened(Role.SERVER, limits=limits)
    whole = provoke(1) != [DataFrame(1, bytes(11))]
    for stream_id in (1, 3, 5):
        play.hear(FieldBlock(stream_id, GET, whole), *provoke(stream_id))
    expect_alive(play)
    play.hear(FieldBlock(7, GET, whole), *provoke(7))
    expect_calm(play, "CVE-2025-8671: the peer makes us reset what it then opens again", 7)


@pytest.mark.parametrize(
    "head", [GET[1:], [*GET, (b"connection", b"x")]], ids=["incomplete", "forbidden"]
)
def test_malformed_requests_come_from_the_same_budget(head: list[Field]) -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=3, reset_rate=0))
    for stream_id in (1, 3, 5):
        play.hear(FieldBlock(stream_id, head, True))
    expect_alive(play)
    play.hear(FieldBlock(7, head, True))
    expect_calm(play, "CVE-2019-9514: each costs us an RST_STREAM")


def test_refused_requests_come_from_the_same_budget() -> None:
    limits = Limits(max_concurrent_streams=1, reset_burst=3, reset_rate=0)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.hear(*[FieldBlock(stream_id, GET, True) for stream_id in (1, 3, 5, 7)])
    expect_alive(play)
    play.hear(FieldBlock(9, GET, True))
    expect_calm(play, "a peer that does not heed MAX_CONCURRENT_STREAMS", 1)


CHARGED: list[tuple[str, float, Heard]] = [
    ("PING", 1, PingFrame(bytes(8))),
    ("PING ACK", 1, PingFrame(bytes(8), ack=True)),
    ("SETTINGS", 2, SettingsFrame()),
    ("PRIORITY", 1, PriorityFrame(9, Priority())),
    ("unknown", 1, UnknownFrame(0x77)),
    ("unknown, 16 KiB", 5, UnknownFrame(0x77, 0, 0, bytes(16_384))),
    ("WINDOW_UPDATE", 1, WindowUpdateFrame(0, 1)),
    ("WINDOW_UPDATE of a stream", 1, WindowUpdateFrame(1, 1)),
    ("WINDOW_UPDATE of a stream that is over", 1, WindowUpdateFrame(3, 1)),
    ("RST_STREAM of a stream that is over", 1, RstStreamFrame(3, ErrorCode.CANCEL)),
    ("HEADERS of a stream we reset", 1, FieldBlock(3, [(b"a", b"b")])),
    ("DATA of nothing", 1, DataFrame(1, b"")),
    ("DATA of nothing but padding", 1, DataFrame(1, b"", pad_length=9)),
    ("DATA of nothing on a stream we reset", 1, DataFrame(3, b"")),
    ("DATA of little on a stream we reset", 0.125, DataFrame(3, bytes(255))),
    ("GOAWAY", 1, GoAwayFrame(0, ErrorCode.NO_ERROR)),
    ("ALTSVC", 1, AltSvcFrame(0, b"https://example.org", b"clear")),
]


@pytest.mark.parametrize(("cost", "frame"), [c[1:] for c in CHARGED], ids=[c[0] for c in CHARGED])
def test_ledger_burst(cost: float, frame: Heard) -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(ledger_burst=20, ledger_rate=0))
    play.hear(FieldBlock(1, POST), FieldBlock(3, POST), PriorityFrame(5, Priority()))
    play.hear(FieldBlock(3, [(b":path", b"/")], True))  # malformed: of the peer's own making
    play.told()
    spent = 1.0
    while spent + cost <= 20:
        play.hear(frame)
        spent += cost
        expect_alive(play)
    play.hear(frame)
    fault = expect_calm(play, "frames that carry no message are paid for", 3)
    assert fault.expected


def test_a_change_of_all_windows_costs_the_more_the_more_streams_there_are() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(ledger_burst=20, ledger_rate=0))
    play.hear(*[FieldBlock(stream_id, POST) for stream_id in range(1, 65, 2)])
    for _ in range(5):
        play.hear(SettingsFrame([(SettingId.INITIAL_WINDOW_SIZE, 100_000)]))
        expect_alive(play)
    assert session(play.engine).ledger.balance == 0, "two for the frame, two for 32 streams"
    play.hear(SettingsFrame())
    expect_calm(play, "CVE-2019-9515: nothing is left", 63)


def test_content_of_some_size_that_crosses_our_reset_costs_nothing() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(ledger_burst=1, ledger_rate=0))
    play.hear(FieldBlock(1, POST))
    play.told()
    play.ask(Reset(1))
    for _ in range(100):
        play.hear(DataFrame(1, bytes(256)))
        expect_alive(play)


def test_ledger_rate() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(ledger_burst=2, ledger_rate=10))
    for _ in range(100):
        play.hear(PingFrame(bytes(8)))
        expect_alive(play)
        play.now += 0.1
    play.hear(*[PingFrame(bytes(8))] * 3)
    expect_calm(play, "ten a second are allowed, three at once are not")


def test_content_and_good_exchanges_refill_the_ledger() -> None:
    play = Playbook.opened(
        Role.SERVER, limits=Limits(ledger_burst=2, ledger_rate=0), auto_consume=True
    )
    play.hear(FieldBlock(1, POST))
    for _ in range(50):
        play.hear(DataFrame(1, bytes(16_384)), PingFrame(bytes(8)))
        expect_alive(play)
    for stream_id in range(3, 99, 2):
        play.hear(FieldBlock(stream_id, GET, True), PingFrame(bytes(8)))
        play.told()
        play.ask(Response(stream_id, OK, True))
        expect_alive(play)


def test_data_of_ours_calls_for_window_updates_and_they_cost_nothing() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(ledger_burst=2, ledger_rate=0))
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK))
    for _ in range(50):
        play.ask(Data(1, b"a small message"))
        assert content_of(play.said(), 1) == b"a small message"
    play.hear(*[WindowUpdateFrame(stream, 15) for _ in range(500) for stream in (0, 1)])
    expect_alive(play)
    play.hear(*[WindowUpdateFrame(0, 1)] * 3)
    expect_calm(play, "twenty a frame are enough for any reader", 1)


def test_a_peer_that_dribbles_its_window_pays_for_it() -> None:
    play = Playbook.opened(
        Role.SERVER,
        limits=Limits(ledger_burst=20, ledger_rate=0),
        peer=[(SettingId.INITIAL_WINDOW_SIZE, 0)],
    )
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(10_000)))
    frames = 0
    while not play.engine.closed:
        play.hear(WindowUpdateFrame(1, 1))
        play.told()
        frames += len(play.said())
        assert frames <= 50, "CVE-2019-9511: a frame for each byte"


# -- what costs more, and what less -----------------------------------------------------------


def test_max_half_closed_faults() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_half_closed_faults=2))
    for stream_id, late in ((1, DataFrame(1, b"x")), (3, FieldBlock(3, [(b"a", b"b")], True))):
        play.hear(FieldBlock(stream_id, GET, True), late)
        assert isinstance(play.told()[-1], PeerFault), "RFC 9113 §5.1: a stream error each"
    assert not play.engine.closed
    play.hear(FieldBlock(5, GET, True), DataFrame(5, b"x"))
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (ErrorCode.STREAM_CLOSED, Scope.CONNECTION), (
        "CVE-2025-8671: no honest peer sends on what it has ended"
    )


def test_a_section_that_was_decoded_for_nothing_costs_two_resets() -> None:
    limits = Limits(reset_burst=5, reset_rate=0, max_fields=10)
    play = Playbook.opened(Role.SERVER, limits=limits)
    crumbs = [(b"cookie", b"a=b")] * 11
    play.hear(FieldBlock(1, [*GET, *crumbs], True))
    play.told()
    assert session(play.engine).reset_budget.balance == 3, "of a request"
    play.hear(FieldBlock(3, POST), FieldBlock(3, crumbs, True))
    assert session(play.engine).reset_budget.balance == 3, "nobody has taken it yet"
    play.told()
    assert session(play.engine).reset_budget.balance == 1, "and of trailers"


def test_a_request_that_could_not_know_the_limit_costs_less_than_half() -> None:
    play = Playbook(
        Role.SERVER, limits=Limits(max_concurrent_streams=1, reset_burst=2, reset_rate=0)
    )
    play.hear(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SettingsFrame())
    play.hear(*[FieldBlock(stream_id, POST) for stream_id in range(1, 11, 2)])
    play.told()
    assert session(play.engine).reset_budget.balance == pytest.approx(0.4), "four at 0.4"
    play.hear(SettingsFrame(ack=True), FieldBlock(11, POST))
    expect_calm(play, "now it knows", 1)


# -- the warning ------------------------------------------------------------------------------


def test_warning_share() -> None:
    limits = Limits(ledger_burst=8, ledger_rate=0, warning_share=0.5)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.said()
    for _ in range(4):
        play.hear(PingFrame(bytes(8)))
        play.expect_events(Ping(bytes(8)), because="half of it is left")
    play.said()
    play.hear(PingFrame(bytes(8)))
    play.expect_events(
        Ping(bytes(8)),
        PeerMisbehaving("fewer frames that want an answer", "too many PING frames"),
        because="less than half",
    )
    play.expect_frames(
        PingFrame(bytes(8), ack=True),
        GoAwayFrame(2**31 - 1, ErrorCode.NO_ERROR),
        PingFrame(b"hypers\0\1"),
        because="a peer that means well asks on another connection, and loses nothing",
    )
    play.hear(PingFrame(bytes(8)), DataFrame(1, b"going on", end_stream=True))
    play.expect_events(
        Ping(bytes(8)),
        Data(1, b"going on", True),
        because="it is told once, and what is open goes on",
    )
    play.hear(*[PingFrame(bytes(8))] * 3)
    expect_calm(play, "and one that goes on like that is sent away", 1)


def test_resets_are_warned_of_too() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=4, reset_rate=0))
    for stream_id in (1, 3, 5):
        cancelled(play, stream_id)
        assert not [each for each in play.told() if isinstance(each, PeerMisbehaving)]
    cancelled(play, 7)
    assert play.told()[-1] == PeerMisbehaving("fewer cancelled streams", "RST_STREAM on stream 7")
    play = Playbook.opened(Role.SERVER, limits=Limits(reset_burst=4, reset_rate=0))
    for stream_id in (1, 3, 5, 7):
        play.hear(FieldBlock(stream_id, GET[1:], True))
    warning = play.told()[-1]
    assert isinstance(warning, PeerMisbehaving)
    assert "in a reset" in str(warning)
    assert "stream 7" in str(warning)


def test_a_client_is_told_and_decides_by_itself() -> None:
    play = Playbook.opened(Role.CLIENT, limits=Limits(ledger_burst=4, ledger_rate=0))
    play.hear(*[PingFrame(bytes(8))] * 4)
    assert isinstance(play.told()[-1], PeerMisbehaving)
    assert play.engine.can_open, "a client has its reasons to talk to this server"
    assert GoAwayFrame(0, ErrorCode.NO_ERROR) not in play.said()


def test_a_share_of_nothing_is_no_warning() -> None:
    limits = Limits(ledger_burst=2, ledger_rate=0, warning_share=0)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.hear(*[PingFrame(bytes(8))] * 2)
    play.expect_events(Ping(bytes(8)), Ping(bytes(8)), because="all of it is spent")
    play.hear(PingFrame(bytes(8)))
    expect_calm(play, "and that is that")
