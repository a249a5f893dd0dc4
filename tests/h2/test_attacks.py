"""Ten megabytes of each kind of malice: an engine holds little, answers little, and says GOAWAY.

The kinds are in `tests.support.attacks`, by the rows of docs/decisions/attacks.md.  Costs are
counted, not timed: frames taken in until the end, bytes held, lines run.  At the end of this file
are the rows that are no flood.
"""

import tracemalloc

import pytest

from hyper.frame import (
    PREFACE,
    DataFrame,
    ErrorCode,
    GoAwayFrame,
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
    PeerFault,
    Request,
    Reset,
)
from hyper.wire import Role
from tests.support.attacks import ATTACKS, HEADS, Attacker, pack
from tests.support.counted import lines_run
from tests.support.inside import session
from tests.support.pair import drained
from tests.support.playbook import GET, POST, FieldBlock, Playbook
from tests.support.victims import Victim, suffer

TOTAL = 10 * 2**20
HELD = 2 * 2**20
STEP = 64 * 1024

# What is no attack when the answers are read.
UNREAD = [name for name, attack in ATTACKS.items() if attack.victim == HEADS]
RUNS = [(name, False) for name in ATTACKS] + [
    (name, True) for name in ATTACKS if name not in UNREAD
]


def named(run: tuple[str, bool]) -> str:
    return f"{run[0]}-{'read' if run[1] else 'unread'}"


@pytest.mark.parametrize("run", RUNS, ids=named)
def test_malice_ends_in_goaway_and_leaves_little_behind(run: tuple[str, bool]) -> None:
    name, reads = run
    attack = ATTACKS[name]
    source = attack.source()
    victim = Victim(attack.victim)
    tracemalloc.start()
    try:
        meter = suffer(victim, source, reads, attack.frames)
        heard = meter.octets
        # The rest in large pieces: what is over costs nothing.
        while heard < TOTAL:
            octets = next(source)
            octets *= STEP // len(octets) + 1
            victim.hear(octets)
            heard += len(octets)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    fault = victim.fault
    assert fault is not None, f"it is noticed within {attack.frames} frames"
    assert fault.code is attack.code, str(fault)
    assert victim.told_after == 0, "the fault is the last that is told"
    assert peak <= HELD, f"{peak} bytes held at the worst moment"
    assert victim.last_word().code == attack.code, "the last word is GOAWAY, and says why"
    assert victim.engine.closed
    assert sum(victim.told.values()) <= meter.frames + 100, "an event for each frame, or less"
    assert victim.written <= HELD, "and little is said"


@pytest.mark.parametrize("name", [name for name in ATTACKS if name not in UNREAD])
def test_a_hostile_frame_costs_little_and_the_next_no_more(name: str) -> None:
    attack = ATTACKS[name]
    source = attack.source()
    victim = Victim(attack.victim)
    octets = lines = 0
    for _ in range(3):
        if victim.fault is not None:
            break
        frames = octets = 0

        def hear() -> None:
            nonlocal frames, octets
            meter = suffer(victim, source, True, 30)
            frames, octets = meter.frames, meter.octets

        lines = lines_run(hear)
        # Of a block each byte can be a field, and of a SETTINGS frame each sixth one a setting.
        assert lines <= 1_000 * frames + 30 * octets, "counted in lines, by frames and bytes"


def test_a_slot_is_free_when_its_reset_has_been_taken_and_not_before() -> None:
    # Row 10, CVE-2023-44487.  Whatever comes at once, an application that takes one event after the
    # other never has more requests than it allows, nor hears of the next before it let go of one.
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=2))
    play.hear(FieldBlock(1, POST))
    for stream_id in range(3, 103, 2):
        play.hear(FieldBlock(stream_id, GET, True), RstStreamFrame(stream_id, ErrorCode.CANCEL))
    live: set[int] = set()
    cancelled = 0
    while (event := play.engine.next_event()) is not None:
        if isinstance(event, Request):
            live.add(event.stream_id)
        elif isinstance(event, Reset):
            live.remove(event.stream_id)
            cancelled += 1
        assert len(live) <= 2, "never more at work than it allows"
        assert play.engine.open_streams == len(live), "the engine says what the last event said"
    assert (cancelled, live) == (50, {1})


# -- the rows that are no flood, and what goes with the floods --------------------------------


def test_the_101st_stream_costs_only_itself() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(*[FieldBlock(stream_id, POST) for stream_id in range(1, 201, 2)])
    assert len(play.told()) == 100
    play.hear(FieldBlock(201, POST))
    play.expect_fault(
        ErrorCode.REFUSED_STREAM,
        Scope.STREAM,
        201,
        because="row 19, RFC 9113 §5.1.2: a client that raced our SETTINGS loses no other stream",
    )
    play.expect_frames(RstStreamFrame(201, ErrorCode.REFUSED_STREAM), because="and may try again")
    play.hear(DataFrame(1, b"alive", end_stream=True))
    play.expect_events(Data(1, b"alive", True), because="the hundred go on")


def test_refusals_do_not_wait_for_the_acknowledgement_of_our_settings() -> None:
    play = Playbook(Role.SERVER, limits=Limits(max_concurrent_streams=2))
    play.hear(PREFACE, SettingsFrame(), *[FieldBlock(i, GET, True) for i in (1, 3, 5)])
    assert isinstance(play.told()[-1], PeerFault), "row 19: a flood before the ACK is a flood too"


def test_an_acknowledgement_that_never_comes_ends_the_connection() -> None:
    play = Playbook(Role.SERVER)
    play.hear(PREFACE, SettingsFrame())
    play.told()
    play.said()
    for _ in range(9):
        play.wait(1.0)
        play.hear(FieldBlock(2 * int(play.now) + 1, GET, True))
        assert isinstance(play.told()[0], Request), "meanwhile there is service"
    play.wait(1.1)
    play.expect_fault(
        ErrorCode.SETTINGS_TIMEOUT,
        Scope.CONNECTION,
        because="row 18: who withholds it would keep the old limits for ever",
    )


def test_a_peer_that_says_nothing_is_not_waited_for() -> None:
    play = Playbook(Role.SERVER)
    play.said()
    play.engine.handle_timer(play.now)
    play.wait(10.0)
    play.wait(10.0)
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert fault.code is ErrorCode.SETTINGS_TIMEOUT, "row 18: not even a preface comes"


def test_content_that_nobody_reads_is_not_cut_into_frames() -> None:
    victim = Victim()
    client = Attacker()
    victim.hear(pack(SettingsFrame([(SettingId.INITIAL_WINDOW_SIZE, 2**31 - 1)])))
    victim.hear(pack(WindowUpdateFrame(0, 2**31 - 65_536)))
    while victim.engine.open_streams < 100:
        victim.hear(client.block(GET))
    assert session(victim.engine).out_size < 5_000, "row 7: heads, and not a byte of the megabyte"
    assert victim.engine.pending(1) == 10_000, "the program sees what it has queued"
    assert len(victim.engine.data_to_send(1_000)) == 1_000
    assert session(victim.engine).out_size < 25_000, "one frame is cut at a time"


def test_requests_that_nobody_takes_are_not_parsed() -> None:
    engine = Connection(Role.SERVER)
    client = Attacker()
    octets = b"".join(client.block(GET) for _ in range(90))
    engine.receive_data(PREFACE + pack(SettingsFrame()) + octets, 0.0)
    for _ in range(3):
        engine.next_event()
    assert engine.open_streams == 2, "row 21: SETTINGS and two requests; the rest is bytes"


def test_one_frame_is_held_at_most_however_large_they_may_be() -> None:
    engine = Connection(Role.SERVER, limits=Limits(max_frame_size=2**20), auto_consume=True)
    client = Attacker()
    engine.receive_data(PREFACE + pack(SettingsFrame(), SettingsFrame(ack=True)), 0.0)
    engine.receive_data(client.block(POST, end=False), 0.0)
    drained(engine)
    frame = serialize(DataFrame(1, bytes(200_000)), 2**20)
    tracemalloc.start()
    try:
        for _ in range(50):
            for at in range(0, len(frame), 10_000):
                engine.receive_data(frame[at : at + 10_000], 0.0)
                drained(engine)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not engine.closed
    assert peak <= 5 * len(frame), "row 17: what arrives, what is whole, and what is handed out"


def test_a_frame_too_large_is_refused_by_its_header() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.hear(b"\xff\xff\xff\0\0\0\0\0\1")
    play.expect_fault(
        ErrorCode.FRAME_SIZE_ERROR,
        Scope.CONNECTION,
        1,
        because="row 17: nine bytes condemn it, the 16 MiB behind them are not waited for",
    )


def test_a_request_that_crosses_our_goaway_is_neither_answered_nor_lost() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, POST))
    play.told()
    play.engine.shut_down(warn=False)
    play.hear(FieldBlock(3, POST), DataFrame(3, b"x" * 1_000), DataFrame(1, b"rest", True))
    play.expect_events(Data(1, b"rest", True), because="row 20: what was promised is heard")
    play.expect_frames(
        GoAwayFrame(1, ErrorCode.NO_ERROR),
        because="RFC 9113 §6.8: the client knows that 3 was not processed; no RST_STREAM is due",
    )


def test_requests_behind_our_goaway_are_paid_for() -> None:
    victim = Victim()
    victim.engine.shut_down(warn=False)
    client = Attacker()
    for _ in range(1_100):
        victim.hear(client.block(GET))
    assert victim.fault is not None, "each costs its decoding"
    assert victim.fault.code is ErrorCode.ENHANCE_YOUR_CALM


def test_the_cost_of_a_frame_does_not_grow_with_the_streams_that_are_over() -> None:
    sizes: list[int] = []
    for count in (500, 2_000):
        victim = Victim()
        client = Attacker()
        tracemalloc.start()
        try:
            for _ in range(count):
                victim.hear(client.block(GET))
                victim.hear(pack(WindowUpdateFrame(0, 10_000)))
                victim.read()
            sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        assert victim.fault is None, "honest work"
        assert victim.engine.open_streams == 0
    assert sizes[1] <= sizes[0] * 1.5 + 20_000, "nothing is kept of a stream that is over"
