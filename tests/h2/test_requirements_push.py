"""Push and padding: the requirements of RFC 9113 §5.1, §6.6 and §8.4, by their ids in spec/."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PingFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    pack_header,
)
from hyper.h2 import Connection, Data, PeerFault, PushPromise, Request, Reset, Response, Trailers
from hyper.wire import Field, Role
from tests.support.playbook import GET, HEAD, OK, POST, FieldBlock, Heard, Playbook

PUSH = (SettingId.ENABLE_PUSH, 1)
PROTOCOL = ErrorCode.PROTOCOL_ERROR
LENGTH = (b"content-length", b"1")


def client() -> Playbook:
    """A client that takes pushes, with a request on stream 1 that awaits its response."""
    play = Playbook.opened(Role.CLIENT, settings=[PUSH])
    play.ask(Request(1, GET, True))
    play.said()
    return play


def server(*peer: tuple[int, int]) -> Playbook:
    """A server that owes its client an answer on stream 1."""
    play = Playbook.opened(Role.SERVER, peer=peer)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    return play


def promised(stream_id: int, fields: list[Field]) -> FieldBlock:
    return FieldBlock(1, fields, promised_stream_id=stream_id)


def expect_connection_error(play: Playbook, id: str) -> None:
    faults = [event for event in play.told() if isinstance(event, PeerFault)]
    assert [(each.code, each.scope) for each in faults] == [(PROTOCOL, Scope.CONNECTION)], id
    last = play.said()[-1]
    assert isinstance(last, GoAwayFrame), id


# -- a client -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("9113-6.6-4", [PushPromiseFrame(1, 2, b"\x82", end_headers=False), PingFrame(bytes(8))]),
        ("9113-6.6-4", [b"\0\0\5\5\0\0\0\0\1\0\0\0\2\x82", b"\0\0\1\x09\4\0\0\0\3\x84"]),
        ("9113-6.6-4", [PushPromiseFrame(1, 2, b"\x82", end_headers=False), FieldBlock(1, OK)]),
        ("9113-6.6-6", [b"\0\0\5\5\4\0\0\0\0\0\0\0\2\x82"]),
        ("9113-6.6-12", [b"\0\0\5\5\4\0\0\0\3\0\0\0\2\x82"]),
        ("9113-6.6-12", [FieldBlock(1, OK, True), promised(2, GET)]),
        ("9113-6.6-14", [b"\0\0\5\5\4\0\0\0\1\0\0\0\0\x82"]),
        ("9113-6.6-14", [b"\0\0\5\5\4\0\0\0\1\0\0\0\3\x82"]),
        ("9113-6.6-14", [promised(4, GET), promised(2, GET)]),
        ("9113-6.6-15", [b"\0\0\6\5\x0c\0\0\0\1\6\0\0\0\2\x82"]),
        ("9113-6.6-15", [b"\0\0\6\5\x0c\0\0\0\1\2\0\0\0\2\x82"]),
        ("9113-5.1-6", [promised(2, GET), DataFrame(2, b"early")]),
        ("9113-5.1-6", [promised(2, GET), b"\0\0\4\x08\0\0\0\0\2\0\0\0\1"]),
    ],
)
def test_a_promise_that_breaks_a_rule_ends_the_connection(id: str, said: list[Heard]) -> None:
    play = client()
    play.hear(*said)
    expect_connection_error(play, id)


def test_a_promise_on_a_stream_that_cannot_carry_one_ends_the_connection() -> None:
    play = Playbook.opened(
        Role.CLIENT, settings=[PUSH], peer=[(SettingId.MAX_CONCURRENT_STREAMS, 1)]
    )
    play.ask(Request(1, POST), Request(3, GET, True))
    play.hear(FieldBlock(1, OK, True), promised(2, GET))
    expect_connection_error(play, "9113-6.6-12: half-closed (remote), though we still send")
    play = Playbook.opened(
        Role.CLIENT, settings=[PUSH], peer=[(SettingId.MAX_CONCURRENT_STREAMS, 1)]
    )
    play.ask(Request(1, POST), Request(3, GET, True))
    play.said()
    play.hear(FieldBlock(3, GET, promised_stream_id=2))
    expect_connection_error(play, "9113-6.6-12: idle, for 3 waits and has not left us")
    play = client()
    play.hear(promised(2, GET), FieldBlock(2, OK))
    play.told()
    play.hear(FieldBlock(2, GET, promised_stream_id=4))
    expect_connection_error(play, "9113-6.6-12: a stream of the server's own")


def test_a_client_that_takes_no_pushes_gets_none() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(promised(2, GET))
    expect_connection_error(play, "9113-6.5.2-2, 9113-6.6-8: ENABLE_PUSH of 0 was acknowledged")


@pytest.mark.parametrize(
    ("id", "fields"),
    [
        ("9113-8.4-2", POST),
        ("9113-8.4-2", [(b":method", b"OPTIONS"), *GET[1:]]),
        ("9113-8.4-2", [*GET, LENGTH]),
        ("9113-8.4.1-3", GET[:3]),
        ("9113-8.4.1-3", [*GET, (b"Accept", b"*/*")]),
        ("9113-8.4.1-3", [(b":method", b"PUT"), *GET[1:]]),
    ],
)
def test_a_promise_of_what_cannot_be_pushed_is_reset(id: str, fields: list[Field]) -> None:
    play = client()
    play.hear(promised(2, fields))
    play.expect_fault(PROTOCOL, Scope.STREAM, 2, because=f"{id}: a stream error of the promise")
    play.expect_frames(RstStreamFrame(2, PROTOCOL), because=f"{id}: it is reset")
    play.hear(FieldBlock(1, OK, True))
    play.expect_events(Response(1, OK, True), because="the request itself is none the worse")


def test_a_promise_that_crossed_our_reset_is_handled() -> None:
    play = client()
    play.ask(Reset(1))
    play.said()
    play.hear(promised(2, [*GET, (b"x-new", b"1")]), FieldBlock(2, OK), DataFrame(2, b"x", True))
    play.expect_no_event(because="9113-6.6-13: its request was given up, and so is it")
    play.expect_frames(
        RstStreamFrame(2, ErrorCode.CANCEL), because="9113-6.6-13: the stream was reserved"
    )
    play.ask(Request(3, GET, True))
    play.hear(FieldBlock(3, [*OK, (b"x-new", b"1")], True))
    play.expect_events(
        Response(3, [*OK, (b"x-new", b"1")], True),
        because="9113-6.6-13: the block was decoded: the tables agree",
    )


def test_a_client_says_nothing_on_a_promised_stream_but_that_it_is_not_wanted() -> None:
    play = client()
    play.hear(promised(2, GET))
    play.told()
    for event in (Data(2, b"x"), Trailers(2, [(b"a", b"b")]), Response(2, OK), Request(2, GET)):
        play.expect_refusal(event, because="9113-5.1-5: reserved (remote)")
    play.expect_refusal(PushPromise(1, 4, GET), because="9113-8.4.1-4: a client does not push")
    play.ask(Reset(2))
    play.expect_frames(RstStreamFrame(2, ErrorCode.CANCEL), because="9113-5.1-5: which it may say")


# -- a server -----------------------------------------------------------------------------------


def test_a_server_promises_even_streams_that_are_idle() -> None:
    play = server()
    play.ask(PushPromise(1, 4, GET))
    for wrong in (0, 2, 3, 4, 7, 2**31):
        play.expect_refusal(
            PushPromise(1, wrong, GET),
            because="9113-5.1.1-2, 9113-6.6-1, 9113-6.6-10, 9113-6.6-11: even, new and 31 bits",
            says="promised stream id",
        )
    play.ask(PushPromise(1, 6, HEAD))
    play.expect_frames(
        promised(4, GET), promised(6, HEAD), because="9113-5.1.1-2: those were even and idle"
    )


def test_a_server_promises_on_a_request_that_it_still_answers() -> None:
    play = server()
    play.ask(PushPromise(1, 2, GET), Response(1, OK))
    play.ask(PushPromise(1, 4, GET))
    play.said()
    for on, why in ((3, "idle"), (2, "our own"), (0, "no stream at all")):
        play.expect_refusal(
            PushPromise(on, 6, GET), because=f"9113-6.6-5, 9113-6.6-9, 9113-8.4.1-5: it is {why}"
        )
    play.ask(Response(2, OK))
    play.expect_refusal(
        PushPromise(2, 6, GET), because="9113-6.6-5: half-closed (remote), but not the client's"
    )
    play.ask(Data(1, b"", True))
    play.said()
    play.expect_refusal(
        PushPromise(1, 6, GET), because="9113-6.6-5, 9113-6.6-9, 9113-8.4.1-5: it is closed"
    )
    play.hear(FieldBlock(3, POST))
    play.told()
    play.ask(Response(3, OK, True))
    play.expect_refusal(
        PushPromise(3, 6, GET),
        because="9113-6.6-5, 9113-6.6-9, 9113-8.4.1-5: it is half-closed (local)",
    )


def test_a_server_does_not_push_where_it_is_not_wanted() -> None:
    play = server((SettingId.ENABLE_PUSH, 0))
    play.expect_refusal(
        PushPromise(1, 2, GET),
        because="9113-6.5.2-1, 9113-6.6-7: the client has set ENABLE_PUSH to 0",
        says="no pushes",
    )
    play.hear(SettingsFrame([PUSH]))
    play.told()
    play.ask(PushPromise(1, 2, GET))


@pytest.mark.parametrize(
    ("id", "fields"),
    [
        ("9113-8.4-1", POST),
        ("9113-8.4.1-2", [(b":method", b"OPTIONS"), *GET[1:]]),
        ("9113-8.4.1-2", [(b":method", b"DELETE"), *GET[1:]]),
        ("9113-8.4.1-1", GET[:3]),
        ("9113-8.4.1-1", [*GET, (b"connection", b"close")]),
    ],
)
def test_a_server_promises_what_can_be_pushed(id: str, fields: list[Field]) -> None:
    play = server()
    play.expect_refusal(PushPromise(1, 2, fields), because=f"{id}: safe, cacheable and complete")
    play.expect_silence(because="nothing of it was written")


def test_a_server_answers_what_it_has_promised_with_a_head_first() -> None:
    play = server()
    play.ask(PushPromise(1, 2, GET), PushPromise(1, 4, GET))
    play.said()
    for event in (Data(2, b"x"), Trailers(2, [(b"a", b"b")]), PushPromise(2, 6, GET)):
        play.expect_refusal(event, because="9113-5.1-3: reserved (local)")
    play.ask(Response(2, OK, True), Reset(4))
    play.expect_frames(
        FieldBlock(2, OK, True),
        RstStreamFrame(4, ErrorCode.CANCEL),
        because="9113-5.1-3: HEADERS and RST_STREAM may be sent",
    )


@pytest.mark.parametrize("said", [FieldBlock(2, OK), DataFrame(2, b"x")])
def test_a_client_says_neither_heads_nor_content_on_a_promised_stream(said: Heard) -> None:
    play = server()
    play.ask(PushPromise(1, 2, GET), PushPromise(1, 4, GET))
    play.said()
    play.hear(b"\0\0\4\x08\0\0\0\0\2\0\0\0\1", b"\0\0\5\2\0\0\0\0\2\0\0\0\0\x0f")
    play.expect_no_event(because="9113-5.1-4: WINDOW_UPDATE and PRIORITY may come")
    play.hear(RstStreamFrame(4, ErrorCode.CANCEL))
    play.expect_events(Reset(4), because="9113-5.1-4: and so may RST_STREAM")
    play.hear(said)
    expect_connection_error(play, "9113-5.1-4")


def test_a_client_that_pushes_ends_the_connection() -> None:
    play = server()
    play.hear(PushPromiseFrame(1, 2, b"\x82"))
    expect_connection_error(play, "9113-8.4-6: a client cannot push")


def test_a_long_promise_goes_on_in_continuation_frames() -> None:
    play = server()
    play.ask(PushPromise(1, 2, [*GET, *[(b"x-%d" % n, b"~" * 15_000) for n in range(3)]]))
    play.engine.send(Response(1, OK))
    octets = play.engine.data_to_send()
    kinds: list[tuple[int, int, int]] = []
    while octets:
        size = int.from_bytes(octets[:3], "big")
        kinds.append((octets[3], octets[4], int.from_bytes(octets[5:9], "big")))
        octets = octets[9 + size :]
    assert kinds == [(5, 0, 1), (9, 0, 1), (9, 4, 1), (1, 4, 1)], (
        "9113-6.6-3: PUSH_PROMISE, its CONTINUATION frames on the same stream, then the rest"
    )


# -- padding ------------------------------------------------------------------------------------


def test_padding_is_zeros() -> None:
    engine = Connection(Role.SERVER, padding=lambda _: 20)
    peer = Playbook.opened(Role.CLIENT, settings=[PUSH])
    peer.ask(Request(1, GET, True))
    hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + pack_header(0, 4, 0, 0)
    engine.receive_data(hello + peer.engine.data_to_send(), 0.0)
    while engine.next_event() is not None:
        pass
    engine.data_to_send()
    for event in (PushPromise(1, 2, GET), Response(1, OK), Data(1, b"content")):
        engine.send(event)
    octets = engine.data_to_send()
    kinds: list[int] = []
    while octets:
        end = 9 + int.from_bytes(octets[:3], "big")
        kinds.append(octets[3])
        assert octets[4] & 0x8, "PADDED"
        assert octets[9] == 19, "the Pad Length, itself the twentieth octet"
        assert octets[end - 19 : end] == bytes(19), "9113-6.1-1, 9113-6.2-1, 9113-6.6-2: all zeros"
        octets = octets[end:]
    assert kinds == [5, 1, 0], "9113-6.6-2, 9113-6.2-1, 9113-6.1-1: each of the three"
