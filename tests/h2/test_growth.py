"""Windows that grow to the path: two engines with a virtual network between them."""

import pytest

from hyper.frame import DataFrame, PingFrame, SettingId, SettingsFrame, WindowUpdateFrame
from hyper.h2 import Connection, Data, Limits, Request, Response, Settings
from hyper.wire import Role
from tests.support.inside import session
from tests.support.pair import drained
from tests.support.playbook import GET, OK, FieldBlock, Playbook

WINDOW = SettingId.INITIAL_WINDOW_SIZE
MIB = 2**20


def windows(engine: Connection) -> tuple[int, int]:
    """What the streams and the connection of an engine may hold."""
    state = session(engine)
    return state.local.initial_window_size, state.inbound.size


def deliver(engine: Connection, octets: bytes, now: float) -> None:
    if octets:
        engine.receive_data(octets, now)


def round_trips(size: int, limits: Limits | None, speed: int = 2**40) -> tuple[int, Connection]:
    """How many round trips a download of `size` bytes takes, over a path of 100 ms that carries
    `speed` bytes in one; and the client afterwards.
    """
    client, server = Connection(Role.CLIENT, limits=limits), Connection(Role.SERVER)
    now = 0.0
    client.send(Request(1, GET, True))
    server.receive_data(client.data_to_send(now=now), now)
    drained(server)
    server.send(Response(1, OK))
    server.send(Data(1, bytes(size), True))
    received = 0
    trips = 0
    while received < size:
        trips += 1
        assert trips < 1_000, "it comes to its end"
        # What goes at the same time arrives at the same time, half a round trip later; a queue on
        # the path makes it longer.
        to_client = server.data_to_send(now=now)
        to_server = client.data_to_send(now=now)
        now += max(0.05, 0.05 * len(to_client) / speed)
        deliver(client, to_client, now)
        while (event := client.next_event()) is not None:
            if isinstance(event, Data):
                received += len(event.data)
                client.consume(1, len(event.data))
        deliver(server, to_server, now)
        drained(server)
    return trips, client


def test_a_download_over_a_long_path_gets_a_larger_window() -> None:
    fixed, client = round_trips(64 * MIB, Limits(grown_window=1))
    assert windows(client) == (MIB, 16 * MIB)
    grown, client = round_trips(64 * MIB, None)
    assert windows(client) == (8 * MIB, 16 * MIB), "three times it was used up, three times doubled"
    assert grown * 4 < fixed, "a window in a round trip is all there is to speed"


def test_a_path_that_carries_no_more_gets_no_more() -> None:
    _, client = round_trips(64 * MIB, None, speed=3 * MIB)
    assert windows(client)[0] <= 8 * MIB, "what does not come faster needs no more room"


def test_a_server_grows_where_it_is_asked_to() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(grown_window=MIB), auto_consume=True)
    play.hear(FieldBlock(1, GET))
    play.told()
    for _ in range(8):
        play.hear(DataFrame(1, bytes(16_384)))
    play.told()
    assert play.said() == [WindowUpdateFrame(1, 131_072), PingFrame(b"hyperb\0\1")], (
        "half of the window is used up: how long does the path take?"
    )
    play.now += 0.1
    for _ in range(11):
        play.hear(DataFrame(1, bytes(16_384)))
    play.hear(PingFrame(b"hyperb\0\1", ack=True))
    play.told()
    said = play.said()
    assert SettingsFrame([(WINDOW, 524_288)]) in said, "two thirds of it and more in a round trip"
    assert windows(play.engine) == (524_288, MIB), "the connection is larger than that already"


def test_the_connection_grows_and_its_streams_after_it() -> None:
    limits = Limits(stream_window=65_535, connection_window=65_535, grown_window=100_000)
    play = Playbook.opened(Role.CLIENT, limits=limits, auto_consume=True)
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(FieldBlock(1, OK))
    grown: list[tuple[int, int]] = []
    for number in (1, 2):
        play.hear(*[DataFrame(1, bytes(16_384))] * 2)
        play.told()
        probe = PingFrame(b"hyperb\0%c" % number)
        assert probe in play.said()
        play.now += 0.1 / number
        play.hear(*[DataFrame(1, bytes(16_384))] * 3, PingFrame(probe.data, ack=True))
        play.told()
        play.said()
        grown.append(windows(play.engine))
    assert grown == [(65_535, 100_000), (100_000, 100_000)], "what is in the way first, first"
    play.hear(*[DataFrame(1, bytes(16_384))] * 6)
    play.told()
    assert not [each for each in play.said() if isinstance(each, PingFrame)], (
        "as large as they may be: there is nothing left to measure"
    )


def test_a_stream_gets_no_more_than_the_connection_lets_through() -> None:
    limits = Limits(stream_window=65_535, connection_window=70_000, grown_window=100_000)
    play = Playbook.opened(Role.CLIENT, limits=limits, auto_consume=True)
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(FieldBlock(1, OK), DataFrame(1, bytes(16_384)), DataFrame(1, bytes(16_384)))
    play.told()
    play.said()
    play.now += 0.1
    play.hear(*[DataFrame(1, bytes(16_384))] * 3, PingFrame(b"hyperb\0\1", ack=True))
    play.told()
    said = play.said()
    assert SettingsFrame([(WINDOW, 100_000)]) in said, "RFC 9113 §6.9.2: for all streams"
    assert windows(play.engine) == (100_000, 100_000)


def test_who_reads_nothing_measures_nothing() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(FieldBlock(1, OK), *[DataFrame(1, bytes(16_384))] * 60)
    play.told()
    play.expect_silence(because="no credit is given, so nothing waits for it")


@pytest.mark.parametrize("how", ["limits", "settings", "later"])
def test_whoever_sets_a_window_by_hand_keeps_it(how: str) -> None:
    engine = Connection(
        Role.CLIENT,
        limits=Limits(stream_window=100_000) if how == "limits" else None,
        settings=[(WINDOW, 100_000)] if how == "settings" else (),
    )
    if how == "later":
        assert session(engine).bandwidth is not None
        engine.send(Settings([(SettingId.MAX_FRAME_SIZE, 20_000)]))
        assert session(engine).bandwidth is not None, "that is another matter"
        engine.send(Settings([(WINDOW, 100_000)]))
    assert session(engine).bandwidth is None
    asked = Connection(
        Role.CLIENT, limits=Limits(grown_window=200_000), settings=[(WINDOW, 100_000)]
    )
    assert session(asked).bandwidth is not None, "unless he has said what it may grow to"
