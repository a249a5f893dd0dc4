"""Priorities of streams: the `priority` field, PRIORITY_UPDATE, and the server's own opinion."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PriorityUpdateFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    serialize,
)
from hyper.h2 import (
    Connection,
    Data,
    Limits,
    PriorityUpdate,
    PushPromise,
    Request,
    Reset,
    Response,
    Settings,
)
from hyper.priority import Priority
from hyper.wire import Field, LocalProtocolError, Role, SensitiveField
from tests.support.counted import lines_run
from tests.support.inside import session
from tests.support.playbook import CONNECT, GET, OK, POST, FieldBlock, Playbook

FRAME = 16_384
WINDOW = SettingId.INITIAL_WINDOW_SIZE
STREAMS = SettingId.MAX_CONCURRENT_STREAMS
NO_RFC7540 = SettingId.NO_RFC7540_PRIORITIES


def asking(*values: bytes) -> list[Field]:
    """A request with a `priority` field of each value."""
    return [*GET, *[(b"priority", value) for value in values]]


def serving(limit: int = 100) -> Playbook:
    """A server with all the windows it could wish for."""
    play = Playbook.opened(
        Role.SERVER, peer=[(WINDOW, 2**31 - 1)], limits=Limits(max_concurrent_streams=limit)
    )
    play.hear(WindowUpdateFrame(0, 2**30))
    play.told()
    return play


def client_of(*settings: tuple[int, int]) -> Playbook:
    """A client of a server that reads PRIORITY_UPDATE, if not said otherwise."""
    return Playbook.opened(Role.CLIENT, peer=settings or [(NO_RFC7540, 1)])


def order(play: Playbook) -> list[int]:
    """Whose frames of content are said now."""
    return [said.stream_id for said in play.said() if isinstance(said, DataFrame)]


def answer(play: Playbook, *stream_ids: int, frames: int = 2) -> None:
    for stream_id in stream_ids:
        play.ask(Response(stream_id, OK), Data(stream_id, bytes(frames * FRAME), True))


# -- the field of a request -------------------------------------------------------------------


def test_what_is_urgent_is_sent_first() -> None:
    play = serving()
    play.hear(FieldBlock(1, asking(b"u=5"), True), FieldBlock(3, asking(b"u=1"), True))
    play.hear(FieldBlock(5, GET, True))
    play.told()
    answer(play, 1, 3, 5)
    assert order(play) == [3, 3, 5, 5, 1, 1], "RFC 9218 §10: and 3 is what says nothing"
    assert play.engine.open_streams == 0


def test_incremental_responses_share() -> None:
    play = serving()
    play.hear(FieldBlock(1, asking(b"i"), True), FieldBlock(3, asking(b"i"), True))
    play.told()
    answer(play, 1, 3)
    assert order(play) == [1, 3, 1, 3]


@pytest.mark.parametrize(
    ("values", "priority"),
    [
        ((b"u=2, i",), Priority(2, True)),
        ((b"u=2", b"i"), Priority(2, True)),
        ((b"u=2", b"u=4"), Priority(4)),
        ((b"u=9, i",), Priority(3, True)),
        ((b"u=1,",), Priority()),
        ((b"u=1", b"!"), Priority()),
        ((b"",), Priority()),
        ((), Priority()),
    ],
)
def test_the_field_may_stand_in_several_lines_and_may_be_wrong(
    values: tuple[bytes, ...], priority: Priority
) -> None:
    play = serving()
    play.hear(FieldBlock(1, asking(*values)))
    play.expect_events(Request(1, asking(*values)), because="it is never a fault, nor is it hidden")
    assert play.engine.priority(1) == priority, "RFC 9651 §4.2: the lines are joined, or ignored"


def test_a_tunnel_shares_unless_its_client_wants_otherwise() -> None:
    play = serving()
    play.hear(
        FieldBlock(1, CONNECT),
        FieldBlock(3, [*CONNECT, (b"priority", b"u=2")]),
        FieldBlock(5, [*CONNECT, (b"priority", b"i=?0")]),
    )
    play.told()
    priorities = [play.engine.priority(stream_id) for stream_id in (1, 3, 5)]
    assert priorities == [Priority(3, True), Priority(2, True), Priority()], "RFC 9218 §10.1, §11"


def test_a_field_that_is_not_remembered_is_read_like_any_other() -> None:
    play = serving()
    play.hear(
        FieldBlock(1, [*GET, SensitiveField(b"priority", b"u=1")]),
        FieldBlock(3, asking(b"u=1, x=" + b"y" * 200)),
    )
    play.told()
    assert [play.engine.priority(stream_id) for stream_id in (1, 3)] == [Priority(1)] * 2


# -- what the server says ---------------------------------------------------------------------


def test_a_response_changes_what_its_field_names() -> None:
    play = serving()
    play.hear(FieldBlock(1, asking(b"u=5, i")), FieldBlock(3, asking(b"u=5, i")))
    play.told()
    play.ask(Response(1, [*OK, (b"priority", b"u=1")]))
    assert play.engine.priority(1) == Priority(1, True), "RFC 9218 §8: i as the client wanted"
    play.ask(Response(3, [*OK, (b"priority", b"u="), (b"priority", b"i=?0")]))
    assert play.engine.priority(3) == Priority(5, True), "of what cannot be read nothing counts"


def test_a_response_that_is_refused_changes_nothing() -> None:
    play = serving()
    play.hear(FieldBlock(1, GET))
    play.told()
    play.expect_refusal(
        Response(1, [*OK, (b"priority", b"u=1"), (b"content-length", b"5")], True),
        because="RFC 9113 §8.1.1: content is missing",
    )
    assert play.engine.priority(1) == Priority()


def test_the_server_has_the_last_word_on_what_it_has_named() -> None:
    play = serving()
    play.hear(FieldBlock(1, GET))
    play.told()
    play.ask(Response(1, [*OK, (b"priority", b"u=1")]))
    play.hear(PriorityUpdateFrame(1, b"u=7, i"))
    play.expect_events(PriorityUpdate(1, b"u=7, i"), because="it is told all the same")
    assert play.engine.priority(1) == Priority(1, True), "u is the server's, i the client's"
    play.engine.prioritize(1, Priority(4))
    play.hear(PriorityUpdateFrame(1, b"u=0, i"))
    play.told()
    assert play.engine.priority(1) == Priority(4), "and now it has named both"
    play.ask(Data(1, b""))
    play.engine.prioritize(1, Priority(2))
    assert play.engine.priority(1) == Priority(2), "against itself it may change its mind"


def test_a_response_that_is_being_sent_can_be_made_more_urgent() -> None:
    play = serving()
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
    play.told()
    answer(play, 1, 3, frames=8)
    assert [f.stream_id for f in play.said(2 * FRAME) if isinstance(f, DataFrame)] == [1]
    play.engine.prioritize(3, Priority(0))
    assert set(order(play)[1:9]) == {3}


def test_only_a_stream_that_was_opened_has_a_priority() -> None:
    play = serving()
    play.hear(FieldBlock(1, GET, True))
    play.told()
    answer(play, 1)
    play.said()
    play.engine.prioritize(1, Priority(0))
    with pytest.raises(LocalProtocolError, match="stream 3 is IDLE"):
        play.engine.prioritize(3, Priority(0))
    with pytest.raises(LocalProtocolError, match="stream 0 is IDLE"):
        play.engine.prioritize(0, Priority(0))
    with pytest.raises(LocalProtocolError, match="stream 1 is CLOSED"):
        play.engine.priority(1)
    play.expect_silence(because="a priority of ours is nobody else's business")


def test_what_is_pushed_is_a_step_less_urgent_than_what_was_asked_for() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(SettingId.ENABLE_PUSH, 1)])
    play.hear(FieldBlock(1, asking(b"u=2, i")), FieldBlock(3, asking(b"u=7")))
    play.told()
    play.ask(
        PushPromise(1, 2, GET),
        PushPromise(1, 4, asking(b"u=0")),
        PushPromise(3, 6, GET),
    )
    priorities = [play.engine.priority(stream_id) for stream_id in (2, 4, 6)]
    assert priorities == [Priority(3, True), Priority(0, True), Priority(7)], "RFC 9218 §10"
    play.hear(PriorityUpdateFrame(2, b"u=6"))
    play.told()
    assert play.engine.priority(2) == Priority(6), "RFC 9218 §7.1: it can be reprioritized"
    play.ask(Response(4, [*OK, (b"priority", b"i=?0")]))
    assert play.engine.priority(4) == Priority(0)


# -- PRIORITY_UPDATE, received ----------------------------------------------------------------


def test_an_update_counts_at_once_and_is_told() -> None:
    play = serving()
    play.hear(FieldBlock(1, GET, True), FieldBlock(3, asking(b"u=7"), True))
    play.told()
    play.hear(PriorityUpdateFrame(3, b"u=0"))
    play.expect_events(PriorityUpdate(3, b"u=0"), because="a proxy has to know")
    answer(play, 1, 3)
    assert order(play) == [3, 3, 1, 1]


def test_an_update_leaves_nothing_of_what_was_said_before() -> None:
    play = serving()
    play.hear(FieldBlock(1, asking(b"u=1, i")), PriorityUpdateFrame(1, b"i=?0"))
    play.told()
    assert play.engine.priority(1) == Priority(), "RFC 9218 §7: omitting signals the default"
    play.hear(PriorityUpdateFrame(1, b"u=1,,"))
    play.expect_events(PriorityUpdate(1, b"u=1,,"), because="MAY be an error, and is not worth it")
    assert play.engine.priority(1) == Priority()


def test_an_update_may_come_before_its_stream() -> None:
    play = serving()
    play.hear(PriorityUpdateFrame(5, b"u=1"), PriorityUpdateFrame(5, b"u=2, i"))
    assert len(play.told()) == 2
    play.hear(FieldBlock(3, asking(b"u=4")), FieldBlock(5, asking(b"u=7")), FieldBlock(7, GET))
    play.told()
    priorities = [play.engine.priority(stream_id) for stream_id in (3, 5, 7)]
    assert priorities == [Priority(4), Priority(2, True), Priority()], (
        "RFC 9218 §7: the most recently received frame, over any other signal"
    )


def test_an_update_for_a_stream_that_was_left_out_is_forgotten() -> None:
    play = serving(limit=2)
    for stream_id in range(1, 101, 4):
        # Prioritized, and then given up: the next one is used.
        play.hear(PriorityUpdateFrame(stream_id, b"u=1"), FieldBlock(stream_id + 2, GET))
        play.hear(RstStreamFrame(stream_id + 2, 8))
        play.told()
    assert not play.engine.closed, "RFC 9113 §5.1.1: it is closed, and so does not count"
    early = session(play.engine).early
    assert early is not None
    assert len(early) == 0


def test_an_update_for_a_stream_that_sends_no_more_is_discarded() -> None:
    play = serving()
    play.hear(FieldBlock(1, POST), FieldBlock(3, GET, True))
    play.told()
    answer(play, 1, 3)
    play.said()
    play.hear(PriorityUpdateFrame(1, b"u=1"), PriorityUpdateFrame(3, b"u=1"))
    play.expect_no_event(because="RFC 9218 §7.1: half-closed (local), closed: can be discarded")
    play.expect_silence(because="and is no fault")


def test_an_update_behind_our_goaway_is_discarded() -> None:
    play = serving()
    play.engine.shut_down(warn=False)
    play.hear(PriorityUpdateFrame(1, b"u=1"))
    play.expect_no_event(because="RFC 9113 §6.8: the stream would be ignored")
    assert session(play.engine).early is None


@pytest.mark.parametrize(
    ("role", "stream_id", "reason"),
    [
        (Role.CLIENT, 1, "RFC 9218 §7.1: servers MUST NOT send PRIORITY_UPDATE frames"),
        (Role.SERVER, 0, "RFC 9218 §7.1: a prioritized stream ID of 0x0 MUST be an error"),
        (Role.SERVER, 2, "RFC 9218 §7.1: a push stream in the idle state MUST be one"),
    ],
)
def test_an_update_that_cannot_be_is_a_connection_error(
    role: Role, stream_id: int, reason: str
) -> None:
    play = Playbook.opened(role)
    # The reserved bit is set, and ignored.
    play.hear(b"\0\0\7\x10\0\0\0\0\0" + (stream_id | 0x80000000).to_bytes(4, "big") + b"u=1")
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, because=reason)


def test_more_idle_streams_than_allowed_are_a_connection_error() -> None:
    play = serving(limit=3)
    play.hear(FieldBlock(1, POST), PriorityUpdateFrame(5, b"u=1"), PriorityUpdateFrame(7, b"u=1"))
    play.told()
    play.hear(PriorityUpdateFrame(7, b"u=2"), PriorityUpdateFrame(1, b"u=2"))
    assert len(play.told()) == 2, "those that count already can be told again"
    play.hear(PriorityUpdateFrame(9, b"u=1"))
    fault = play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        because="RFC 9218 §7.1: idle and active streams MUST NOT exceed MAX_CONCURRENT_STREAMS",
    )
    assert "3" in fault.expected
    assert session(play.engine).early is None, "nothing of it is kept"


def test_who_cannot_know_the_limit_is_not_punished_for_it() -> None:
    play = Playbook(Role.SERVER, limits=Limits(max_concurrent_streams=1))
    play.hear(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SettingsFrame())
    play.hear(*[PriorityUpdateFrame(stream_id, b"u=1") for stream_id in (1, 3, 5)])
    assert play.told()[1:] == [PriorityUpdate(1, b"u=1")], "the others have no place"
    play.hear(SettingsFrame(ack=True), PriorityUpdateFrame(7, b"u=1"))
    assert play.told()[-1] != PriorityUpdate(7, b"u=1")
    assert play.engine.closed, "now it knows"


def test_however_many_streams_are_allowed_what_is_held_has_a_bound() -> None:
    play = Playbook.opened(
        Role.SERVER,
        settings=[(STREAMS, 2**32 - 1)],
        limits=Limits(ledger_burst=1e9),
    )
    frames = [serialize(PriorityUpdateFrame(stream_id, b"u=1")) for stream_id in range(1, 6_001, 2)]
    play.hear(b"".join(frames))
    assert len(play.told()) == 1_000
    early = session(play.engine).early
    assert early is not None
    assert len(early) == 1_000


# -- PRIORITY_UPDATE, sent --------------------------------------------------------------------


def test_a_client_says_an_update() -> None:
    play = client_of()
    play.ask(Request(1, GET, True), Request(3, POST), PriorityUpdate(1, b"u=1, i"))
    play.ask(PriorityUpdate(3, b""))
    assert play.said()[2:] == [PriorityUpdateFrame(1, b"u=1, i"), PriorityUpdateFrame(3, b"")]


def test_an_update_may_go_before_its_request() -> None:
    play = client_of((NO_RFC7540, 1), (STREAMS, 3))
    play.ask(Request(1, POST), PriorityUpdate(5, b"u=1"), PriorityUpdate(7, b"u=1"))
    play.ask(PriorityUpdate(7, b"u=2"))
    play.said()
    play.expect_refusal(
        PriorityUpdate(9, b"u=1"),
        because="RFC 9218 §7.1: idle and active streams MUST NOT exceed the limit",
        says="at most 3 streams",
    )
    play.ask(Request(7, POST))
    play.said()
    play.ask(PriorityUpdate(9, b"u=1"))
    play.expect_frames(PriorityUpdateFrame(9, b"u=1"), because="5 is no longer idle, 7 is active")


def test_before_the_server_has_spoken_an_update_is_said_within_what_is_assumed() -> None:
    play = Playbook(Role.CLIENT, limits=Limits(assumed_concurrency=1))
    play.said()
    play.ask(PriorityUpdate(1, b"u=1"))
    play.expect_frames(PriorityUpdateFrame(1, b"u=1"), because="RFC 9218 §2.1.1: SHOULD send both")
    play.expect_refusal(PriorityUpdate(3, b"u=1"), because="more could be refused")


@pytest.mark.parametrize("settings", [(STREAMS, 50), (NO_RFC7540, 0)])
def test_to_a_server_that_does_not_read_them_no_update_is_said(settings: tuple[int, int]) -> None:
    play = client_of(settings)
    play.ask(Request(1, GET, True))
    play.said()
    play.ask(PriorityUpdate(1, b"u=1"), PriorityUpdate(5, b"u=1"))
    play.expect_silence(because="RFC 9218 §2.1.1: it SHOULD stop, they are likely to be ignored")


def test_an_update_for_a_request_that_waits_goes_out_behind_it() -> None:
    play = client_of((NO_RFC7540, 1), (STREAMS, 1))
    play.ask(Request(1, GET, True), Request(3, GET, True), Request(5, GET, True))
    play.ask(PriorityUpdate(3, b"u=5"), PriorityUpdate(3, b"u=1"), PriorityUpdate(5, b"u=2"))
    play.ask(Reset(5))
    play.expect_frames(FieldBlock(1, GET, True), because="there is one slot")
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.expect_frames(
        FieldBlock(3, GET, True), PriorityUpdateFrame(3, b"u=1"), because="the last one counts"
    )
    play.hear(FieldBlock(3, OK, True))
    play.told()
    play.expect_silence(because="5 was given up, with what was to be said of it")


def test_an_update_for_a_response_that_has_come_is_not_said() -> None:
    play = client_of()
    play.ask(Request(1, POST), Request(3, GET, True))
    play.hear(FieldBlock(1, OK, True), FieldBlock(3, OK, True))
    play.told()
    play.said()
    play.ask(PriorityUpdate(1, b"u=1"), PriorityUpdate(3, b"u=1"))
    play.expect_silence(because="RFC 9218 §7.1: SHOULD be of streams where data may still come")


@pytest.mark.parametrize("value", [b"u=1,", b"u=\xff", b"U=1", b"x" * 300])
def test_an_update_that_nobody_could_read_is_a_wrong_call(value: bytes) -> None:
    play = client_of()
    play.ask(Request(1, GET, True))
    play.expect_refusal(
        PriorityUpdate(1, value),
        because="RFC 9218 §7: it MAY be treated as a connection error",
        says="expected a Dictionary",
    )


@pytest.mark.parametrize("stream_id", [0, -1, 2**31])
def test_an_update_is_for_a_stream(stream_id: int) -> None:
    play = client_of()
    play.expect_refusal(PriorityUpdate(stream_id, b"u=1"), because="RFC 9218 §7.1")


def test_only_what_was_promised_can_be_prioritized() -> None:
    play = Playbook.opened(
        Role.CLIENT, settings=[(SettingId.ENABLE_PUSH, 1)], peer=[(NO_RFC7540, 1)]
    )
    play.ask(Request(1, GET, True))
    play.said()
    play.expect_refusal(
        PriorityUpdate(2, b"u=1"),
        because="RFC 9218 §7.1: clients MUST NOT prioritize an idle push stream",
        says="was not promised",
    )
    block = play.encoder.encode(GET)
    length = (len(block) + 4).to_bytes(3, "big")
    play.hear(length + b"\5\4\0\0\0\1\0\0\0\2" + block)
    assert play.told() == [PushPromise(1, 2, GET)]
    play.ask(PriorityUpdate(2, b"u=1"))
    play.expect_frames(PriorityUpdateFrame(2, b"u=1"), because="reserved (remote)")


def test_a_server_says_no_update() -> None:
    play = serving()
    play.hear(FieldBlock(1, GET))
    play.told()
    play.expect_refusal(
        PriorityUpdate(1, b"u=1"), because="RFC 9218 §7.1: servers MUST NOT", says="only a client"
    )


def test_a_client_may_order_its_uploads() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(WINDOW, 2**31 - 1)])
    play.hear(WindowUpdateFrame(0, 2**30))
    play.told()
    for stream_id in (1, 3):
        play.ask(Request(stream_id, POST), Data(stream_id, bytes(3 * FRAME), True))
    play.engine.prioritize(3, Priority(1))
    assert order(play) == [3, 3, 3, 1, 1, 1], "RFC 9218 §9: a client MAY make such choices"


# -- SETTINGS_NO_RFC7540_PRIORITIES -----------------------------------------------------------


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_both_ends_say_that_they_have_nothing_to_do_with_the_tree(role: Role) -> None:
    play = Playbook(role)
    first = play.said()[0]
    assert isinstance(first, SettingsFrame)
    assert (NO_RFC7540, 1) in first.values, "RFC 9218 §2.1: in the first SETTINGS frame"


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize("first", [0, 1])
def test_our_setting_does_not_change(role: Role, first: int) -> None:
    play = Playbook.opened(role, settings=[(NO_RFC7540, first)])
    play.ask(Settings([(NO_RFC7540, first)]))
    play.expect_refusal(
        Settings([(WINDOW, 1), (NO_RFC7540, 1 - first)]),
        because="RFC 9218 §2.1: senders MUST NOT change the value after the first SETTINGS",
        says="NO_RFC7540_PRIORITIES",
    )


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize("peer", [[], [(NO_RFC7540, 0)], [(NO_RFC7540, 1)]])
def test_the_peers_setting_does_not_change(role: Role, peer: list[tuple[int, int]]) -> None:
    play = Playbook.opened(role, peer=peer)
    before = dict(peer).get(NO_RFC7540, 0)
    play.hear(SettingsFrame([(NO_RFC7540, before)]))
    assert play.told() == [Settings([(NO_RFC7540, before)])], "to say it again is no change"
    play.hear(SettingsFrame([(NO_RFC7540, 1 - before)]))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        because="RFC 9218 §2.1: receivers that detect a change MAY treat it as an error",
    )


# -- what it takes ----------------------------------------------------------------------------


def test_a_connection_that_is_over_holds_no_priorities() -> None:
    play = serving()
    play.hear(PriorityUpdateFrame(5, b"u=1"), GoAwayFrame(0, 2))
    play.told()
    play.hear_the_end()
    play.told()
    assert session(play.engine).early is None
    client = Connection(Role.CLIENT)
    with pytest.raises(LocalProtocolError):
        client.priority(1)


def test_a_signal_costs_the_same_however_many_streams_wait() -> None:
    counts: list[int] = []
    for waiting in (100, 400):
        play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=1_000))
        for stream_id in range(1, 2 * waiting, 2):
            play.hear(FieldBlock(stream_id, asking(b"u=%d" % (stream_id // 2 % 8)), True))
            play.told()
            play.ask(Response(stream_id, OK), Data(stream_id, bytes(20_000), True))
        updates = [PriorityUpdateFrame(each, b"u=%d" % (each % 8)) for each in range(1, 101, 2)]
        frames = b"".join(map(serialize, updates))

        def hear(engine: Connection = play.engine, frames: bytes = frames) -> None:
            engine.receive_data(frames, 1_000.0)
            while engine.next_event() is not None:
                engine.prioritize(1, Priority(2))

        hear()
        counts.append(lines_run(hear))
        assert play.engine.open_streams == waiting
    assert counts[1] <= counts[0] * 1.1 + 10, "CVE-2019-9513: churning costs what it costs"
