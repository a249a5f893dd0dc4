"""Each lenience: what it lets pass, and that without it nothing does."""

from dataclasses import fields

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.h2 import (
    Data,
    InformationalResponse,
    Leniences,
    PushPromise,
    Request,
    Response,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import Field, LocalProtocolError, Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook

PADDED: list[Field] = [(b"x", b" y ")]
SPLITTING: list[Field] = [(b"x", b"y\r\nz: 1")]
PUSH = [(SettingId.ENABLE_PUSH, 1)]


def test_none_is_granted_by_default() -> None:
    assert not any(getattr(Leniences(), each.name) for each in fields(Leniences)), "by name only"


# -- fields_received --------------------------------------------------------------------------


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    "head",
    [
        [*GET, *PADDED],
        [*GET, (b"Upper", b"case")],
        [*GET, (b"connection", b"close")],
        GET[1:],
        [*GET[:1], (b"x", b"y"), *GET[1:]],
    ],
)
def test_requests_that_are_malformed(head: list[Field], lenient: bool) -> None:
    play = Playbook.opened(Role.SERVER, leniences=Leniences(fields_received=lenient))
    play.hear(FieldBlock(1, head, True))
    if lenient:
        play.expect_events(Request(1, head, True), because="told as it came")
    else:
        play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 1, because="RFC 9113 §8.1.1")


def test_responses_trailers_and_promises_that_are_malformed() -> None:
    play = Playbook.opened(Role.CLIENT, settings=PUSH, leniences=Leniences(fields_received=True))
    play.ask(Request(1, GET, True))
    promise = [*GET, *PADDED]
    play.hear(
        FieldBlock(1, promise, promised_stream_id=2),
        FieldBlock(1, [(b":status", b"103"), *PADDED]),
        FieldBlock(1, [*OK, *PADDED]),
        FieldBlock(1, PADDED, True),
    )
    play.expect_events(
        PushPromise(1, 2, promise),
        InformationalResponse(1, [(b":status", b"103"), *PADDED]),
        Response(1, [*OK, *PADDED]),
        Trailers(1, PADDED),
        because="told as they came",
    )


def test_what_splits_a_message_is_never_let_through() -> None:
    play = Playbook.opened(Role.SERVER, leniences=Leniences(fields_received=True))
    play.hear(FieldBlock(1, [*GET, *SPLITTING], True))
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 1, because="RFC 9113 §10.3")
    play.hear(FieldBlock(3, POST), FieldBlock(3, SPLITTING, True))
    assert Trailers(3, SPLITTING) not in play.told(), "nor in trailers"


def test_a_lenience_may_be_granted_and_taken_back_on_the_way() -> None:
    leniences = Leniences()
    play = Playbook.opened(Role.SERVER, leniences=leniences)
    leniences.fields_received = True
    play.hear(FieldBlock(1, [*GET, *PADDED], True))
    play.expect_events(Request(1, [*GET, *PADDED], True), because="from the next frame on")
    leniences.fields_received = False
    play.hear(FieldBlock(3, [*GET, *PADDED], True))
    play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.STREAM, 3, because="the same backwards")


# -- fields_sent ------------------------------------------------------------------------------


def test_what_is_sent_may_be_malformed() -> None:
    for lenient in (False, True):
        play = Playbook.opened(Role.CLIENT, leniences=Leniences(fields_sent=lenient))
        assert play.refuses(Request(1, [*GET, *PADDED], True)) is not lenient, "RFC 9113 §8.2.1"
        assert play.refuses(Request(3, [*GET, *SPLITTING], True)), "whatever is granted"


def test_responses_trailers_and_promises_sent_may_be_malformed() -> None:
    play = Playbook.opened(Role.SERVER, leniences=Leniences(fields_sent=True), peer=PUSH)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    said = [
        FieldBlock(1, [*GET, *PADDED], promised_stream_id=2),
        FieldBlock(1, [(b":status", b"103"), *PADDED]),
        FieldBlock(1, [*OK, *PADDED]),
        FieldBlock(1, PADDED, True),
    ]
    play.ask(
        PushPromise(1, 2, said[0].fields),
        InformationalResponse(1, said[1].fields),
        Response(1, said[2].fields),
        Trailers(1, PADDED),
    )
    play.expect_frames(*said, because="as they were given")


# -- lengths_sent -----------------------------------------------------------------------------


def test_what_is_sent_may_be_of_another_length_than_announced() -> None:
    head = [*POST, (b"content-length", b"3")]
    for lenient in (False, True):
        play = Playbook.opened(Role.CLIENT, leniences=Leniences(lengths_sent=lenient))
        assert play.refuses(Request(1, head, True)) is not lenient, "RFC 9113 §8.1.1: none"
        stream_id = play.engine.next_stream_id()
        play.ask(Request(stream_id, head))
        assert play.refuses(Data(stream_id, b"12345")) is not lenient, "too much"


def test_a_response_may_be_of_another_length_too() -> None:
    head = [*OK, (b"content-length", b"3")]
    for lenient in (False, True):
        play = Playbook.opened(Role.SERVER, leniences=Leniences(lengths_sent=lenient))
        play.hear(FieldBlock(1, GET, True), FieldBlock(3, GET, True))
        play.told()
        assert play.refuses(Response(1, head, True)) is not lenient, "RFC 9113 §8.1.1: none"
        play.ask(Response(3, head))
        try:
            play.engine.write(Data(3, b"1", True))
        except LocalProtocolError:
            assert not lenient, "too little"
        else:
            assert lenient, "nobody counts"


# -- late_settings ----------------------------------------------------------------------------


def test_the_first_frame_may_be_another_than_settings() -> None:
    for lenient in (False, True):
        play = Playbook(Role.CLIENT, leniences=Leniences(late_settings=lenient))
        play.ask(Request(1, GET, True))
        play.hear(FieldBlock(1, OK), DataFrame(1, b"x", True))
        if lenient:
            play.expect_events(Response(1, OK), Data(1, b"x", True), because="as if they had come")
            play.hear(SettingsFrame([(SettingId.MAX_FRAME_SIZE, 20_000)]), WindowUpdateFrame(0, 1))
            assert len(play.told()) == 1, "and may come now"
            assert play.engine.peer_settings.max_frame_size == 20_000, "with effect"
        else:
            play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, 1, because="§3.4")


def test_settings_may_be_acknowledged_that_nobody_sent() -> None:
    for lenient in (False, True):
        play = Playbook.opened(Role.SERVER, leniences=Leniences(late_settings=lenient))
        play.hear(SettingsFrame(ack=True))
        if lenient:
            play.expect_events(SettingsAcknowledged([]), because="nothing changes by it")
        else:
            play.expect_fault(ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, because="it is confused")


def test_settings_acknowledged_again_and_again_are_paid_for() -> None:
    play = Playbook.opened(Role.SERVER, leniences=Leniences(late_settings=True))
    play.hear(*[SettingsFrame(ack=True)] * 2_000)
    play.told()
    assert play.engine.closed, "a lenience is no way around the budgets"
