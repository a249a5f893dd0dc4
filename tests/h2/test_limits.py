"""Every limit, driven to its edge and one step beyond: the fault, what the peer is told, and that
no more is held than the limit says.
"""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from hyper.frame import (
    ContinuationFrame,
    DataFrame,
    ErrorCode,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import (
    Data,
    Limits,
    PeerFault,
    Ping,
    Request,
    Reset,
    Response,
    Settings,
    Writable,
)
from hyper.wire import Field, Role
from tests.support.inside import session
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook


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


# -- field sections ---------------------------------------------------------------------------


def padded(size: int) -> list[Field]:
    """A request whose field section counts `size` bytes (RFC 9113 §6.5.2: 32 more a field)."""
    base = sum(len(name) + len(value) + 32 for name, value in GET)
    return [*GET, (b"x", b"y" * (size - base - 33))]


def test_max_field_list_size() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_field_list_size=1_000))
    play.hear(FieldBlock(1, padded(1_000), True))
    play.expect_events(Request(1, padded(1_000), True), because="exactly the limit")
    play.hear(FieldBlock(3, padded(1_001), True))
    fault = play.expect_fault(
        ErrorCode.ENHANCE_YOUR_CALM, Scope.STREAM, 3, because="a byte above it costs the stream"
    )
    assert "1000" in fault.came
    play.expect_frames(RstStreamFrame(3, ErrorCode.ENHANCE_YOUR_CALM), because="the peer learns")
    play.hear(FieldBlock(5, [*GET, (b"x", b"y" * 99)], True))
    play.expect_events(
        Request(5, [*GET, (b"x", b"y" * 99)], True), because="the tables are still in step"
    )
    play.hear(FieldBlock(7, padded(2_001), True))
    fault = play.expect_fault(
        ErrorCode.ENHANCE_YOUR_CALM, Scope.CONNECTION, 7, because="twice the limit is not decoded"
    )
    assert "twice 1000 octets in all fields, got 2001" in fault.came, "no rule of HPACK was broken"
    [goaway] = [each for each in play.said() if isinstance(each, GoAwayFrame)]
    assert goaway.code == ErrorCode.ENHANCE_YOUR_CALM, "and the peer is told so"


def test_max_fields() -> None:
    limits = Limits(max_fields=10)
    for count, legal in ((6, True), (7, False)):
        play = Playbook.opened(Role.SERVER, limits=limits)
        crumbs = [*GET, *[(b"cookie", b"a=b")] * count]
        play.hear(FieldBlock(1, crumbs, True))
        if legal:
            play.expect_events(Request(1, crumbs, True), because="ten fields, crumbs counted")
        else:
            play.expect_fault(ErrorCode.ENHANCE_YOUR_CALM, Scope.STREAM, 1, because="eleven")


def test_max_fields_of_trailers() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_fields=10))
    play.hear(FieldBlock(1, POST), FieldBlock(1, [(b"a", b"b")] * 11, True))
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault)
    assert (fault.stream_id, fault.code) == (1, ErrorCode.ENHANCE_YOUR_CALM), "they count too"


def test_max_field_size() -> None:
    for size, legal in ((100, True), (101, False)):
        play = Playbook.opened(Role.SERVER, limits=Limits(max_field_size=100))
        head = [*GET, (b"x" * 50, b"y" * (size - 50))]
        play.hear(FieldBlock(1, head, True))
        if legal:
            play.expect_events(Request(1, head, True), because="name and value together")
        else:
            play.expect_fault(ErrorCode.ENHANCE_YOUR_CALM, Scope.STREAM, 1, because="one too many")


def test_max_block_size() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_block_size=1_000))
    play.hear(HeadersFrame(1, bytes(600), end_headers=False))
    play.hear(ContinuationFrame(1, bytes(400), end_headers=False))
    expect_alive(play)
    play.hear(ContinuationFrame(1, bytes(1), end_headers=False))
    expect_calm(play, "counted over all its frames, before it is kept")
    play = Playbook.opened(Role.SERVER, limits=Limits(max_block_size=1_000))
    play.hear(HeadersFrame(1, bytes(1_001), end_headers=False))
    expect_calm(play, "and in the first frame alone")


def test_max_encoder_table() -> None:
    for most, used in ((4_096, 4_096), (1_000, 1_000), (70_000, 65_536)):
        play = Playbook.opened(
            Role.CLIENT,
            limits=Limits(max_encoder_table=most),
            peer=[(SettingId.HEADER_TABLE_SIZE, 65_536)],
        )
        assert session(play.engine).encoder.table_size == used, "what the peer allows, and no more"


def test_max_continuations() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_continuations=3))
    head = HeadersFrame(1, play.encoder.encode(GET), True, False)
    play.hear(head, *[ContinuationFrame(1, b"", False)] * 2, ContinuationFrame(1, b""))
    play.expect_events(Request(1, GET, True), because="three are allowed, even empty ones")
    play.hear(HeadersFrame(3, b"", True, False), *[ContinuationFrame(3, b"", False)] * 4)
    expect_calm(play, "VU#421644: a block that never ends", 1)


# -- control frames ---------------------------------------------------------------------------


def test_max_settings() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_settings=3))
    play.hear(SettingsFrame([(0x1000, 1)] * 3))
    play.expect_events(Settings([(0x1000, 1)] * 3), because="three are allowed")
    play.hear(SettingsFrame([(0x1000, 1)] * 4))
    expect_calm(play, "four are not")


@pytest.mark.parametrize("frame", [PingFrame(bytes(8)), SettingsFrame()], ids=["PING", "SETTINGS"])
def test_max_unsent_acks(frame: Frame) -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_unsent_acks=3))
    for _ in range(3):
        play.hear(*[frame] * 3)
        play.told()
        assert len(play.said()) == 3, "three may wait; once written, they are not counted"
    play.hear(*[frame] * 4)
    fault = expect_calm(play, "CVE-2019-9512, CVE-2019-9515: the peer asks and does not read")
    assert "3 answers" in fault.expected


def test_answers_that_were_written_in_part_are_counted_exactly() -> None:
    # A big download, taken in pieces: something always waits in the engine, but never an answer.
    play = Playbook.opened(Role.SERVER, limits=Limits(max_unsent_acks=2), peer=[(4, 2**31 - 1)])
    play.hear(WindowUpdateFrame(0, 2**30), FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(3_000_000)))
    for number in range(90):
        play.hear(PingFrame(b"%08d" % number))
        play.expect_events(Ping(b"%08d" % number), because="an honest peer measures the path")
        assert play.said(30_000), "there is always content left"
    play.hear(*[PingFrame(bytes(8))] * 3)
    expect_calm(play, "three that wait are one too many", 1)


def test_max_pings() -> None:
    play = Playbook.opened(Role.CLIENT, limits=Limits(max_pings=2))
    play.ask(Ping(b"aaaaaaaa"), Ping(b"bbbbbbbb"))
    play.expect_refusal(
        Ping(b"cccccccc"),
        because="a peer that answers none would fill our memory",
        says="at most 2",
    )
    play.said()
    play.hear(PingFrame(b"aaaaaaaa", ack=True))
    play.told()
    play.ask(Ping(b"cccccccc"))
    play.expect_frames(PingFrame(b"cccccccc"), because="one was answered")


# -- what is open, what is held ---------------------------------------------------------------


def test_max_concurrent_streams() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=2))
    play.hear(*[FieldBlock(stream_id, GET, True) for stream_id in (1, 3, 5)])
    first, second, fault = play.told()
    assert isinstance(first, Request)
    assert isinstance(second, Request)
    assert isinstance(fault, PeerFault)
    assert (fault.code, fault.scope) == (ErrorCode.REFUSED_STREAM, Scope.STREAM)
    assert play.engine.open_streams == 2
    play.expect_frames(RstStreamFrame(5, ErrorCode.REFUSED_STREAM), because="RFC 9113 §5.1.2")


@pytest.mark.parametrize(
    "answer",
    [Response(1, [*OK, (b"set-cookie", b"x" * 1_000)], True), Reset(1)],
    ids=["a head", "a reset"],
)
def test_streams_whose_end_was_not_written_yet_count_as_open(answer: Response | Reset) -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=2))
    most = 0
    for stream_id in range(1, 2_001, 2):
        play.hear(FieldBlock(stream_id, GET, True))
        for event in play.told():
            if isinstance(event, Request):
                if isinstance(answer, Reset):
                    play.ask(Reset(stream_id))
                else:
                    play.ask(Response(stream_id, answer.fields, True))
        most = max(most, session(play.engine).out_size)
    assert most <= 2 * 1_100 + 202 * 13, "CVE-2019-9517: who does not read gets no more answers"
    assert play.engine.closed, "and is sent away in the end"


def test_streams_whose_end_was_written_in_part_are_counted_exactly() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=2))
    stream_id = 1
    play.hear(FieldBlock(1, GET, True))
    for _ in range(50):
        assert isinstance(play.told()[0], Request), "it was asked for within the limit"
        play.ask(Response(stream_id, OK, True))
        stream_id += 2
        play.hear(FieldBlock(stream_id, GET, True))
        play.told()
        play.ask(Response(stream_id, OK, True))
        assert len(play.engine.data_to_send(10)) == 10, "the first of the two answers, whole"
        stream_id += 2
        play.hear(FieldBlock(stream_id, GET, True))
        assert isinstance(play.engine.next_event(), Request), "its slot is free"
        play.ask(Response(stream_id, OK, True))
        stream_id += 2
        play.engine.data_to_send()
        play.hear(FieldBlock(stream_id, GET, True))


def test_assumed_concurrency() -> None:
    play = Playbook(Role.CLIENT, limits=Limits(assumed_concurrency=3))
    play.said()
    for stream_id in (1, 3, 5, 7):
        play.ask(Request(stream_id, GET, True))
    assert len(play.said()) == 3, "the server's limit is not known, so one is assumed"


@pytest.mark.parametrize("which", ["stream", "connection"])
def test_windows_bound_what_is_held(which: str) -> None:
    limits = Limits(stream_window=20_000) if which == "stream" else Limits(connection_window=65_535)
    play = Playbook.opened(Role.SERVER, limits=limits)
    play.hear(FieldBlock(1, POST))
    play.told()
    held = 0
    while not isinstance(event := play.engine.next_event(), PeerFault):
        if event is None:
            play.hear(DataFrame(1, bytes(5_000)))
        else:
            assert isinstance(event, Data)
            held += len(event.data)
    assert event.code is ErrorCode.FLOW_CONTROL_ERROR
    assert held == (20_000 if which == "stream" else 65_000), "and not a byte more"


def test_grown_window() -> None:
    for limit, grown in ((1, 65_535), (100_000, 100_000), (200_000, 131_070)):
        limits = Limits(stream_window=65_535, grown_window=limit)
        play = Playbook.opened(Role.SERVER, limits=limits, auto_consume=True)
        play.hear(FieldBlock(1, POST), *[DataFrame(1, bytes(16_384))] * 2)
        play.told()
        play.said()
        play.now += 0.1
        play.hear(*[DataFrame(1, bytes(16_384))] * 3, PingFrame(b"hyperb\0\1", ack=True))
        play.told()
        assert session(play.engine).local.initial_window_size == grown, "doubled, up to the limit"


def test_max_frame_size() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_frame_size=17_000))
    play.hear(FieldBlock(1, POST), DataFrame(1, bytes(17_000)))
    assert play.told()[-1] == Data(1, bytes(17_000))
    play.hear(pack_header(17_001, 0, 0, 1))
    play.expect_fault(ErrorCode.FRAME_SIZE_ERROR, Scope.CONNECTION, 1, because="told by its header")


def test_send_high_water_and_send_low_water() -> None:
    play = Playbook.opened(
        Role.SERVER,
        limits=Limits(send_high_water=100, send_low_water=10),
        peer=[(SettingId.INITIAL_WINDOW_SIZE, 0)],
    )
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(101)))
    play.hear(WindowUpdateFrame(1, 90))
    play.told()
    play.said()
    play.expect_no_event(because="eleven bytes are above the low-water mark")
    play.hear(WindowUpdateFrame(1, 1))
    play.told()
    play.said()
    play.expect_events(Writable(1), because="ten are not")
    play.ask(Data(1, bytes(90)))
    play.hear(WindowUpdateFrame(1, 95))
    play.told()
    play.said()
    play.expect_no_event(because="a hundred never were above the high-water mark")


def test_remembered_resets() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(remembered_resets=3))
    for stream_id in range(1, 21, 2):
        play.hear(FieldBlock(stream_id, POST))
        play.told()
        play.ask(Reset(stream_id))
    play.said()
    assert len(session(play.engine).resets) == 3, "the newest"
    play.hear(*[DataFrame(stream_id, b"late") for stream_id in range(1, 21, 2)])
    play.expect_no_event(because="the older ones are told by their number: no honest peer is hurt")
    play.hear(FieldBlock(21, GET, True))
    play.told()
    play.ask(Response(21, OK, True))
    play.said()
    play.hear(DataFrame(21, b"late"))
    play.expect_fault(
        ErrorCode.STREAM_CLOSED, Scope.CONNECTION, 21, because="this one was never reset"
    )


def test_pushes_are_forbidden_by_default() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(PushPromiseFrame(1, 2, b"\x82"))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §8.4: ENABLE_PUSH is 0"
    )


def test_max_promises() -> None:
    play = Playbook.opened(
        Role.CLIENT, settings=[(SettingId.ENABLE_PUSH, 1)], limits=Limits(max_promises=2)
    )
    play.ask(Request(1, GET, True))
    play.said()
    for promised_id in (2, 4):
        play.hear(FieldBlock(1, GET, promised_stream_id=promised_id))
    expect_alive(play)
    play.hear(FieldBlock(1, GET, promised_stream_id=6))
    play.expect_fault(
        ErrorCode.REFUSED_STREAM, Scope.STREAM, 6, because="two reserved streams are the limit"
    )
    play.expect_frames(
        RstStreamFrame(6, ErrorCode.REFUSED_STREAM), because="the server may say it again later"
    )
    play.hear(FieldBlock(2, OK, True), FieldBlock(1, GET, promised_stream_id=8))
    play.told()
    play.expect_silence(because="the first was used, and left its place to another")


# -- all of them ------------------------------------------------------------------------------


def test_every_limit_has_a_test() -> None:
    here = Path(__file__).parent
    names = "\n".join([path.read_text(encoding="utf-8") for path in here.glob("test_*.py")])
    tests = "\n".join(re.findall(r"^def (test_\w+)", names, re.MULTILINE))
    windows = {"stream_window", "connection_window"}
    missing = [each.name for each in fields(Limits) if each.name not in tests]
    assert set(missing) == windows, "those two have test_windows_bound_what_is_held"


def test_limits_are_a_value() -> None:
    assert Limits() == Limits(), "compared by what it says"
    assert Limits(max_fields=5) != Limits()
    assert "max_fields=5" in repr(Limits(max_fields=5)), "a log can show what a server runs with"
