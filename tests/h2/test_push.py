"""Server push, from both ends (RFC 9113 §6.6, §8.4)."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    Connection,
    Data,
    Event,
    GoAway,
    InformationalResponse,
    PushPromise,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.h2.headers import HEAD_ONLY, Known, RequestHead
from hyper.h2.push import read_promise
from hyper.wire import Field, Role
from tests.support.inside import session
from tests.support.playbook import GET, HEAD, OK, POST, FieldBlock, Playbook

STYLE: list[Field] = [*GET[:3], (b":path", b"/style.css")]
PUSH = (SettingId.ENABLE_PUSH, 1)
NO_PUSH = (SettingId.ENABLE_PUSH, 0)
ONE_AT_A_TIME = (SettingId.MAX_CONCURRENT_STREAMS, 1)


def client(*, limit: int = 100) -> Playbook:
    """A client that takes pushes and has asked for something on stream 1."""
    settings = [PUSH, (SettingId.MAX_CONCURRENT_STREAMS, limit)]
    play = Playbook.opened(Role.CLIENT, settings=settings)
    play.ask(Request(1, GET, True))
    play.said()
    return play


def server(*peer: tuple[int, int]) -> Playbook:
    """A server whose client takes pushes and has asked for something on stream 1."""
    play = Playbook.opened(Role.SERVER, peer=peer)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    return play


def promised(stream_id: int, fields: list[Field] = STYLE, on: int = 1) -> FieldBlock:
    return FieldBlock(on, fields, promised_stream_id=stream_id)


# -- the head of a promise --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (POST, "neither GET nor HEAD"),  # RFC 9113 §8.4: safe and cacheable
        ([(b":method", b"OPTIONS"), *GET[1:]], "neither GET nor HEAD"),  # safe, not cacheable
        ([*GET, (b"content-length", b"1")], "with content"),
        ([GET[0], GET[1], GET[3], (b"host", b"example.org")], "without :authority"),
        ([*GET, (b"Upper", b"case")], "0x55 in the field name"),
        (OK, ":status in a request"),
    ],
)
def test_what_cannot_be_promised_is_told_in_words(fields: list[Field], says: str) -> None:
    head = read_promise(fields, Known())
    assert isinstance(head, str), "RFC 9113 §8.4 and §8.4.1"
    assert says in head, "it names the rule"


def test_a_promise_of_no_content_may_say_so() -> None:
    head = read_promise([*HEAD, (b"content-length", b"0")], Known())
    assert isinstance(head, RequestHead), "that indicates no content"
    assert head.kind == HEAD_ONLY, "the response to it has none either"


# -- a client ---------------------------------------------------------------------------------


def test_a_client_that_asks_for_pushes_is_told_of_the_promise_and_of_the_response() -> None:
    play = Playbook(Role.CLIENT, settings=[PUSH])
    first = play.said()[0]
    assert isinstance(first, SettingsFrame), "RFC 9113 §3.4"
    assert PUSH in first.values, "RFC 9113 §6.5.2: that is how a client switches it on"
    assert (SettingId.MAX_CONCURRENT_STREAMS, 100) in first.values, (
        "RFC 9113 §8.4.2: and that is how it bounds the responses that are pushed at once"
    )
    play.hear(SettingsFrame())
    play.ask(Request(1, GET, True))
    play.told()
    play.said()
    play.hear(promised(2), FieldBlock(2, OK), DataFrame(2, b"css", True), FieldBlock(1, OK, True))
    play.expect_events(
        PushPromise(1, 2, STYLE),
        Response(2, OK),
        Data(2, b"css", True),
        Response(1, OK, True),
        because="a pushed response comes as any other does",
    )
    assert play.engine.open_streams == 0, "both are over"


def test_push_is_off_by_default() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True))
    play.said()
    play.hear(promised(2))
    fault = play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §6.6: ENABLE_PUSH was 0"
    )
    assert fault.expected == "no PUSH_PROMISE", "the reason"


def test_a_promise_in_flight_is_taken_until_switching_off_is_acknowledged() -> None:
    play = client()
    play.ask(Settings([NO_PUSH]))
    play.hear(promised(2))
    play.expect_events(
        PushPromise(1, 2, STYLE), because="RFC 9113 §6.6: the server may not have known"
    )
    play.hear(SettingsFrame(ack=True))
    play.expect_events(SettingsAcknowledged([NO_PUSH]), because="now it knows")
    play.hear(promised(4))
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §6.6")


def test_push_can_be_switched_on_later() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, GET, True), Settings([PUSH]))
    play.said()
    play.hear(promised(2))
    play.expect_events(
        PushPromise(1, 2, STYLE), because="the server may act on it as soon as it has read it"
    )


def test_a_client_can_decline_a_promise() -> None:
    play = client()
    play.hear(promised(2))
    play.told()
    play.ask(Reset(2, ErrorCode.CANCEL))
    play.expect_frames(
        RstStreamFrame(2, ErrorCode.CANCEL), because="RFC 9113 §8.4.2: CANCEL or REFUSED_STREAM"
    )
    play.hear(FieldBlock(2, OK), DataFrame(2, b"css", True))
    play.expect_no_event(because="RFC 9113 §5.1: what was under way is discarded")
    assert session(play.engine).promises == 0, "the reservation is released"
    play.hear(FieldBlock(1, OK, True))
    play.expect_events(Response(1, OK, True), because="the tables are still in step")


def test_a_server_can_take_a_promise_back() -> None:
    play = client()
    play.hear(promised(2), RstStreamFrame(2, ErrorCode.CANCEL))
    play.expect_events(
        PushPromise(1, 2, STYLE), Reset(2, ErrorCode.CANCEL), because="RFC 9113 §5.1"
    )
    assert session(play.engine).promises == 0, "the reservation is released"


def test_the_response_to_a_promised_head_has_no_content() -> None:
    play = client()
    play.hear(promised(2, HEAD), FieldBlock(2, [*OK, (b"content-length", b"9")], True))
    play.expect_events(
        PushPromise(1, 2, HEAD),
        Response(2, [*OK, (b"content-length", b"9")], True),
        because="RFC 9110 §9.3.2",
    )


def test_a_promise_in_several_frames_is_one() -> None:
    play = client()
    block = promised(2)
    block.cuts = (1, 3)
    block.pad_length = 7
    play.hear(block)
    play.expect_events(PushPromise(1, 2, STYLE), because="RFC 9113 §6.6, §6.10")


@pytest.mark.parametrize(
    ("stream_id", "promised_id", "why"),
    [
        (3, 2, "RFC 9113 §6.6: on an idle stream"),
        (2, 4, "RFC 9113 §6.6: on a stream of the server's own"),
    ],
)
def test_a_promise_belongs_to_a_request_that_awaits_its_response(
    stream_id: int, promised_id: int, why: str
) -> None:
    play = client()
    play.hear(promised(promised_id, on=stream_id))
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, stream_id, because=why)


def test_a_promise_on_a_closed_stream_ends_the_connection() -> None:
    play = client()
    play.hear(FieldBlock(1, OK, True))
    play.told()
    play.hear(promised(2))
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §6.6")


def test_a_promise_on_a_request_in_line_ends_the_connection() -> None:
    play = Playbook.opened(Role.CLIENT, settings=[PUSH], peer=[ONE_AT_A_TIME])
    play.ask(Request(1, GET, True), Request(3, GET, True))
    play.said()
    play.hear(promised(2, on=3))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 3, because="it has not left us: it is idle"
    )


def test_a_promise_may_come_while_the_request_is_still_being_sent() -> None:
    play = Playbook.opened(Role.CLIENT, settings=[PUSH])
    play.ask(Request(1, POST))
    play.said()
    play.hear(promised(2))
    play.expect_events(PushPromise(1, 2, STYLE), because='RFC 9113 §6.6: "open" is one of the two')


@pytest.mark.parametrize(
    ("promised_id", "why"),
    [
        (4, "RFC 9113 §6.6: a stream that is not idle, for it was promised before"),
        (2, "RFC 9113 §5.1.1: a new id is greater than all before it"),
    ],
)
def test_a_promised_stream_must_be_idle(promised_id: int, why: str) -> None:
    play = client()
    play.hear(promised(4))
    play.told()
    play.hear(promised(promised_id))
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because=why)


@pytest.mark.parametrize("promised_id", [0, 3])
def test_a_promised_stream_is_one_of_the_servers(promised_id: int) -> None:
    play = client()
    payload = promised_id.to_bytes(4, "big") + b"\x82"
    play.hear(len(payload).to_bytes(3, "big") + b"\x05\x04\x00\x00\x00\x01" + payload)
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §5.1.1: they are even"
    )


def test_a_promise_that_crossed_our_reset_is_declined() -> None:
    play = client()
    play.ask(Reset(1), Request(3, GET, True))
    play.said()
    play.hear(promised(2))
    play.expect_no_event(because="who gave up the request does not want what comes with it")
    play.expect_frames(
        RstStreamFrame(2, ErrorCode.CANCEL), because="RFC 9113 §5.1: it is reserved all the same"
    )
    play.hear(FieldBlock(2, OK, True), FieldBlock(3, OK, True))
    play.expect_events(Response(3, OK, True), because="the compression state was kept in step")


@pytest.mark.parametrize("fields", [POST, GET[:2], [*GET, (b"content-length", b"3")]])
def test_a_malformed_promise_is_a_fault_of_the_promised_stream(fields: list[Field]) -> None:
    play = client()
    play.hear(promised(2, fields))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 2, because="RFC 9113 §8.4.1: on the promised stream"
    )
    play.expect_frames(RstStreamFrame(2, ErrorCode.PROTOCOL_ERROR), because="RFC 9113 §8.4.1")
    play.hear(promised(4))
    play.expect_events(PushPromise(1, 4, STYLE), because="the connection lives")


def test_a_promise_beyond_the_limit_of_fields_is_refused_alone() -> None:
    play = client()
    play.hear(promised(2, [*GET, *[(b"x", b"%d" % n) for n in range(128)]]))
    play.expect_fault(
        ErrorCode.ENHANCE_YOUR_CALM, Scope.STREAM, 2, because="132 fields, and 128 are allowed"
    )


def test_a_field_block_that_is_none_ends_the_connection() -> None:
    play = client()
    play.hear(PushPromiseFrame(1, 2, b"\xff\xff\xff\xff\xff\xff"))
    play.expect_fault(ErrorCode.COMPRESSION_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §4.3")


def test_pushed_responses_beyond_the_concurrency_limit_are_refused() -> None:
    play = client(limit=1)
    play.hear(promised(2), promised(4), FieldBlock(2, OK), FieldBlock(4, OK))
    told = play.told()
    assert told[:3] == [PushPromise(1, 2, STYLE), PushPromise(1, 4, STYLE), Response(2, OK)], (
        "RFC 9113 §8.4.2: reserved streams do not count, open ones do"
    )
    play.expect_frames(
        RstStreamFrame(4, ErrorCode.REFUSED_STREAM), because="RFC 9113 §5.1.2: one too many"
    )
    play.hear(DataFrame(2, b"", True), promised(6), FieldBlock(6, OK, True))
    play.expect_events(
        Data(2, b"", True),
        PushPromise(1, 6, STYLE),
        Response(6, OK, True),
        because="the first has made room",
    )


@pytest.mark.parametrize("said", [DataFrame(2, b"early"), WindowUpdateFrame(2, 1)])
def test_only_a_head_may_follow_a_promise(said: DataFrame | WindowUpdateFrame) -> None:
    play = client()
    play.hear(promised(2))
    play.told()
    play.hear(said)
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        2,
        because='RFC 9113 §5.1: in "reserved (remote)" it MUST be a connection error',
    )


def test_a_promise_after_our_goaway_is_ignored() -> None:
    play = client()
    play.ask(GoAway(0))
    play.said()
    play.hear(promised(2), FieldBlock(2, OK, True), FieldBlock(1, OK, True))
    play.expect_events(
        Response(1, OK, True), because="RFC 9113 §6.8: streams above its last id are ignored"
    )


def test_a_goaway_of_ours_names_the_last_promise_we_took() -> None:
    play = client()
    play.hear(promised(2), promised(4))
    play.told()
    play.engine.shut_down()
    play.expect_frames(GoAwayFrame(4), because="RFC 9113 §6.8: the highest stream of the peer's")


def test_a_client_sends_nothing_on_a_promised_stream_but_a_reset() -> None:
    play = client()
    play.hear(promised(2))
    play.told()
    play.expect_refusal(Data(2, b"x"), because='RFC 9113 §5.1: "reserved (remote)"', says="DATA")
    play.expect_refusal(Trailers(2, [(b"a", b"b")]), because="the same", says="trailers")


# -- a server ---------------------------------------------------------------------------------


def test_a_server_promises_and_answers_its_own_request() -> None:
    play = server()
    play.ask(
        PushPromise(1, 2, STYLE),
        Response(1, OK, True),
        Response(2, OK),
        Data(2, b"css", True),
    )
    play.expect_frames(
        promised(2),
        FieldBlock(1, OK, True),
        FieldBlock(2, OK),
        DataFrame(2, b"css", True),
        because="RFC 9113 §8.4.1: the promise before what refers to it",
    )
    assert play.engine.open_streams == 0, "both are over"
    assert play.engine.next_stream_id() == 4, "RFC 9113 §5.1.1: the next even one"


def test_a_promise_too_long_for_a_frame_goes_on_in_continuations() -> None:
    play = server()
    fields = [*STYLE, *[(b"x-%d" % n, bytes(b"y" * 3_000)) for n in range(10)]]
    play.ask(PushPromise(1, 2, fields))
    play.expect_frames(promised(2, fields), because="RFC 9113 §6.6: it is one field block")


def test_a_server_does_not_push_to_a_client_that_takes_no_pushes() -> None:
    play = server(NO_PUSH)
    play.expect_refusal(
        PushPromise(1, 2, STYLE), because="RFC 9113 §6.6: MUST NOT", says="takes no pushes"
    )
    play.hear(SettingsFrame([PUSH]))
    play.told()
    play.said()
    play.ask(PushPromise(1, 2, STYLE))
    play.expect_frames(promised(2), because="the client has changed its mind")


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (PushPromise(3, 2, STYLE), "stream 3"),  # idle
        (PushPromise(1, 3, STYLE), "expected the promised stream id 2, got 3"),  # the client's
        (PushPromise(1, 0, STYLE), "expected the promised stream id 2, got 0"),
        (PushPromise(1, 2**31, STYLE), "expected the promised stream id 2"),
        (PushPromise(1, 2, POST), "neither GET nor HEAD"),
        (Response(2, OK), "stream 2 is IDLE"),  # never promised
    ],
)
def test_a_wrong_promise_is_refused_and_changes_nothing(event: PushPromise, says: str) -> None:
    play = server()
    play.expect_refusal(event, because="RFC 9113 §6.6, §8.4", says=says)
    play.expect_silence(because="nothing was said")
    play.ask(PushPromise(1, 2, STYLE))
    play.expect_frames(promised(2), because="and the first id is still free")


def test_a_promise_needs_a_response_that_has_not_ended() -> None:
    play = server()
    play.ask(Response(1, OK, True))
    play.said()
    play.expect_refusal(
        PushPromise(1, 2, STYLE), because='RFC 9113 §6.6: "open" or "half-closed (remote)"'
    )


def test_a_promise_can_precede_content_that_is_queued() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(SettingId.INITIAL_WINDOW_SIZE, 0)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, b"body", True), PushPromise(1, 2, STYLE))
    play.expect_frames(
        FieldBlock(1, OK), promised(2), because="the stream's end has not been written yet"
    )


def test_a_promised_stream_cannot_promise() -> None:
    play = server()
    play.ask(PushPromise(1, 2, STYLE), Response(2, OK))
    play.said()
    play.expect_refusal(
        PushPromise(2, 4, STYLE), because="RFC 9113 §6.6: only on a stream the peer has opened"
    )


def test_a_client_cannot_promise() -> None:
    play = client()
    play.expect_refusal(
        PushPromise(1, 2, STYLE), because="RFC 9113 §8.4.1: MUST NOT", says="only a server"
    )


def test_a_server_cannot_ask_for_pushes() -> None:
    play = server()
    play.expect_refusal(Settings([PUSH]), because="RFC 9113 §6.5.2: MUST NOT", says="for clients")


def test_there_are_no_promises_after_the_clients_goaway() -> None:
    play = server()
    play.ask(PushPromise(1, 2, STYLE))
    play.hear(GoAwayFrame(2))
    play.told()
    play.said()
    play.expect_refusal(PushPromise(1, 4, STYLE), because="RFC 9113 §6.8: no additional streams")
    play.ask(Response(2, OK, True))
    play.expect_frames(FieldBlock(2, OK, True), because="the one it has heard of lives on")


def test_a_goaway_below_a_promise_takes_it_back() -> None:
    play = server(ONE_AT_A_TIME)
    play.ask(PushPromise(1, 2, STYLE), PushPromise(1, 4, STYLE), Response(2, OK), Response(4, OK))
    play.said()
    play.hear(GoAwayFrame(2))
    play.expect_events(
        GoAway(2), Reset(4, ErrorCode.REFUSED_STREAM), because="RFC 9113 §6.8: not processed"
    )
    play.ask(Data(2, b"", True))
    play.expect_frames(DataFrame(2, b"", True), because="4 has left the line")


def test_pushed_responses_wait_for_the_clients_concurrency_limit() -> None:
    play = server(ONE_AT_A_TIME)
    play.ask(PushPromise(1, 2, STYLE), PushPromise(1, 4, STYLE))
    play.ask(Response(2, OK), Response(4, OK), Data(4, b"two", True))
    play.expect_frames(
        promised(2),
        promised(4),
        FieldBlock(2, OK),
        because="RFC 9113 §5.1.2: MUST NOT exceed the limit; reserved streams do not count",
    )
    play.hear(GoAwayFrame(4))
    play.expect_events(GoAway(4), because="a response in line is not a stream in line")
    play.ask(Data(2, b"one", True))
    play.expect_frames(
        DataFrame(2, b"one", True),
        FieldBlock(4, OK),
        DataFrame(4, b"two", True),
        because="a slot is free, and nothing said meanwhile was lost",
    )


def test_a_response_in_line_can_be_reset() -> None:
    play = server(ONE_AT_A_TIME)
    play.ask(PushPromise(1, 2, STYLE), PushPromise(1, 4, STYLE), Response(2, OK), Response(4, OK))
    play.said()
    play.ask(Reset(4))
    play.expect_frames(
        RstStreamFrame(4, ErrorCode.CANCEL), because="the client has seen the promise"
    )
    play.ask(Data(2, b"", True))
    play.expect_frames(DataFrame(2, b"", True), because="nothing is left in line")
    assert play.engine.open_streams == 1, "the request itself"


def test_an_interim_response_can_open_a_pushed_stream_but_cannot_wait() -> None:
    interim: list[Field] = [(b":status", b"103")]
    play = server(ONE_AT_A_TIME)
    play.ask(PushPromise(1, 2, STYLE), PushPromise(1, 4, STYLE))
    play.ask(InformationalResponse(2, interim))
    play.expect_refusal(
        InformationalResponse(4, interim), because="the limit is one", says="cannot wait"
    )
    play.ask(Response(2, OK, True), InformationalResponse(4, interim), Response(4, OK, True))
    play.expect_frames(
        promised(2),
        promised(4),
        FieldBlock(2, interim),
        FieldBlock(2, OK, True),
        FieldBlock(4, interim),
        FieldBlock(4, OK, True),
        because="the first has made room for the second",
    )


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (RstStreamFrame(2, ErrorCode.CANCEL), Reset(2, ErrorCode.CANCEL)),
        (WindowUpdateFrame(2, 5), None),
    ],
)
def test_a_client_may_say_two_things_of_a_promise(
    said: RstStreamFrame | WindowUpdateFrame, event: Event | None
) -> None:
    play = server()
    play.ask(PushPromise(1, 2, STYLE))
    play.said()
    play.hear(said)
    expected = [] if event is None else [event]
    play.expect_events(*expected, because='RFC 9113 §5.1: "reserved (local)"')


@pytest.mark.parametrize("said", [FieldBlock(2, OK), DataFrame(2, b"x")])
def test_a_client_may_say_nothing_else_of_a_promise(said: FieldBlock | DataFrame) -> None:
    play = server()
    play.ask(PushPromise(1, 2, STYLE))
    play.said()
    play.hear(said)
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.CONNECTION,
        2,
        because='RFC 9113 §5.1: in "reserved (local)" it MUST be a connection error',
    )


def test_a_client_that_pushes_ends_the_connection() -> None:
    play = server()
    play.hear(PushPromiseFrame(1, 2, b"\x82"))
    play.expect_fault(
        ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="RFC 9113 §8.4: a client cannot push"
    )


# -- both -------------------------------------------------------------------------------------


def test_two_engines_push_to_each_other_without_a_word_too_many() -> None:
    left = Connection(Role.CLIENT, settings=[PUSH], auto_consume=True)
    right = Connection(Role.SERVER)
    left.send(Request(1, GET, True))
    right.receive_data(left.data_to_send(), 0.0)
    while (event := right.next_event()) is not None:
        if isinstance(event, Request):
            right.send(PushPromise(1, 2, STYLE))
            right.send(Response(1, OK, True))
            right.send(Response(2, OK))
            right.send(Data(2, bytes(100_000), True))
    received = 0
    while octets := right.data_to_send():
        left.receive_data(octets, 0.0)
        while (event := left.next_event()) is not None:
            if isinstance(event, Data):
                received += len(event.data)
        if octets := left.data_to_send():
            right.receive_data(octets, 0.0)
        while right.next_event() is not None:
            pass
    assert received == 100_000, "pushed content flows through the same windows"
    assert left.open_streams == right.open_streams == 0, "nothing is left over"
    assert not left.closed, "nobody found fault"
