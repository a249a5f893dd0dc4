"""Numbers about a connection, counted along with a conversation."""

from hyper.frame import (
    DataFrame,
    ErrorCode,
    FrameType,
    PingFrame,
    RstStreamFrame,
    SettingId,
    SettingsFrame,
    serialize,
)
from hyper.h2 import Connection, Data, FrameCounts, Limits, Ping, Request, Reset, Response
from hyper.wire import Role
from tests.support.pair import drained
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook


def test_streams_are_counted_by_who_opened_and_who_ended_them() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=3))
    for stream_id in (1, 3, 5):
        play.hear(FieldBlock(stream_id, POST))
    play.hear(FieldBlock(9, GET, True))  # one too many; 7 was left out
    play.told()
    counters = play.engine.counters
    assert (counters.opened_by_peer, counters.open) == (4, 3), "the one that was refused is counted"
    assert (counters.resets_sent, counters.faults) == (1, 1)
    play.said()
    play.ask(Reset(1))
    play.hear(RstStreamFrame(3, ErrorCode.CANCEL), DataFrame(5, b"", end_stream=True))
    play.told()
    play.ask(Response(5, OK, True))
    play.said()
    counters = play.engine.counters
    assert (counters.opened_by_peer, counters.open) == (4, 0)
    assert (counters.resets_sent, counters.resets_received) == (2, 1)
    play.hear(RstStreamFrame(3, ErrorCode.CANCEL))
    play.told()
    assert play.engine.counters.resets_received == 1, "of a stream that is over it resets nothing"


def test_a_connection_that_is_over_still_tells_its_story() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST), FieldBlock(3, POST))
    play.told()
    play.hear(DataFrame(9, b"idle"))
    play.told()
    counters = play.engine.counters
    assert (counters.opened_by_peer, counters.open, counters.faults) == (2, 0, 1)


def test_requests_that_wait_are_not_open_yet() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.MAX_CONCURRENT_STREAMS, 1)])
    for stream_id in (1, 3, 5):
        play.ask(Request(stream_id, GET, True))
    counters = play.engine.counters
    assert (counters.opened, counters.open, counters.waiting) == (1, 3, 2)
    play.ask(Reset(5))
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.said()
    counters = play.engine.counters
    assert (counters.opened, counters.open, counters.waiting) == (2, 1, 0), "5 never left"
    assert counters.resets_sent == 0


def test_pings_and_budgets() -> None:
    limits = Limits(ledger_burst=10, ledger_rate=0, reset_burst=5, reset_rate=0)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.ask(Ping(b"12345678"))
    play.said()
    counters = play.engine.counters
    assert (counters.unanswered_pings, counters.round_trip) == (1, None)
    play.now += 0.5
    play.hear(PingFrame(b"12345678", ack=True), PingFrame(bytes(8)))
    play.hear(FieldBlock(1, GET, True), RstStreamFrame(1, ErrorCode.CANCEL))
    play.told()
    later = play.engine.counters
    assert (later.unanswered_pings, later.round_trip) == (0, 0.5)
    assert (later.ledger, later.reset_budget) == (9, 4), "a PING, a request that was cancelled"
    assert counters.round_trip is None, "a value: what was read does not change"


def test_frames_are_counted_by_a_trace() -> None:
    counts = FrameCounts()
    client = Connection(Role.CLIENT, trace=counts)
    for stream_id in (1, 3):
        client.send(Request(stream_id, POST))
        client.send(Data(stream_id, bytes(100), True))
    client.data_to_send()
    client.receive_data(serialize(SettingsFrame()) + serialize(PingFrame(bytes(8))), 0.0)
    drained(client)
    assert counts.sent[FrameType.DATA] == (2, 218), "two, with their headers"
    assert counts.sent[FrameType.HEADERS][0] == 2
    assert counts.received == {FrameType.SETTINGS: (1, 9), FrameType.PING: (1, 17)}
    client.data_to_send()
    assert counts.sent[FrameType.SETTINGS][0] == 2, "ours, and the acknowledgement of theirs"
