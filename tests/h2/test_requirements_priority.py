"""Priorities: the requirements of RFC 9218 §2.1 and §7.1, by their ids in spec/rfc9218.toml."""

import pytest

from hyper.frame import (
    ErrorCode,
    Priority,
    PriorityFrame,
    PriorityUpdateFrame,
    Scope,
    SettingId,
    SettingsFrame,
)
from hyper.h2 import Data, Limits, PriorityUpdate, Request, Response, Settings
from hyper.wire import Role
from tests.support.playbook import GET, OK, FieldBlock, Playbook, Said

NO_RFC7540 = SettingId.NO_RFC7540_PRIORITIES
PROTOCOL = ErrorCode.PROTOCOL_ERROR


# -- SETTINGS_NO_RFC7540_PRIORITIES -----------------------------------------------------------


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize("value", [2, 2**32 - 1])
def test_the_setting_is_0_or_1(role: Role, value: int) -> None:
    play = Playbook.opened(role)
    play.expect_refusal(
        Settings([(NO_RFC7540, value)]), because="9218-2.1-1: 0 or 1", says="NO_RFC7540_PRIORITIES"
    )
    # By its octets: a frame value would refuse it as well.
    play.hear(b"\0\0\6\4\0\0\0\0\0\0\x09" + value.to_bytes(4, "big"))
    play.expect_fault(
        PROTOCOL, Scope.CONNECTION, because="9218-2.1-2: any other value is a connection error"
    )


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_the_setting_is_said_first_and_for_good(role: Role) -> None:
    play = Playbook(role)
    first = play.said()[0]
    assert isinstance(first, SettingsFrame)
    assert (NO_RFC7540, 1) in first.values, "9218-2.1-3: MUST be sent in the first SETTINGS frame"
    for value, refused in ((1, False), (0, True)):
        if refused:
            play.expect_refusal(
                Settings([(NO_RFC7540, value)]), because="9218-2.1-4: MUST NOT change after that"
            )
        else:
            play.ask(Settings([(NO_RFC7540, value)]))
    without = Playbook(role, settings=[(NO_RFC7540, 0)])
    without.expect_refusal(
        Settings([(NO_RFC7540, 1)]), because="9218-2.1-3, 9218-2.1-4: not in a later frame either"
    )


def test_signals_of_rfc_7540_have_no_effect() -> None:
    said: list[list[Said]] = []
    for weights in ((1, 256), (256, 1)):
        play = Playbook.opened(Role.SERVER, peer=[(NO_RFC7540, 1)])
        for stream_id, weight in zip((1, 3), weights, strict=True):
            play.hear(FieldBlock(stream_id, GET, True, priority=Priority(0, weight)))
            play.hear(PriorityFrame(stream_id, Priority(0, weight)))
        assert play.told() == [Request(1, GET, True), Request(3, GET, True)], (
            "9218-2.1-5: the signals are taken and ignored"
        )
        for stream_id in (1, 3):
            play.ask(Response(stream_id, OK), Data(stream_id, bytes(30_000)))
        said.append(play.said())
    assert said[0] == said[1], "9218-2.1-5: whatever the weights, the same frames are sent"


# -- PRIORITY_UPDATE --------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
def test_priority_update_belongs_on_stream_0(role: Role) -> None:
    play = Playbook.opened(role)
    play.hear(b"\0\0\7\x10\0\0\0\0\1\0\0\0\1u=1")
    play.expect_fault(
        PROTOCOL,
        Scope.CONNECTION,
        1,
        because="9218-7.1-2: on another stream it is a connection error",
    )


def test_a_client_says_priority_update_on_stream_0_and_within_the_limit() -> None:
    play = Playbook.opened(
        Role.CLIENT, peer=[(NO_RFC7540, 1), (SettingId.MAX_CONCURRENT_STREAMS, 2)]
    )
    play.ask(Request(1, GET, True))
    play.said()
    play.ask(PriorityUpdate(1, b"u=1"), PriorityUpdate(3, b"u=1"))
    octets = play.engine.data_to_send()
    frame = b"\0\0\7\x10\0\0\0\0\0\0\0\0%cu=1"
    assert octets == frame % 1 + frame % 3, (
        "9218-7.1-1: the stream identifier of the frame MUST be zero"
    )
    play.expect_refusal(
        PriorityUpdate(5, b"u=1"), because="9218-7.1-3: idle and active MUST NOT exceed the limit"
    )
    play.expect_refusal(
        PriorityUpdate(2, b"u=1"), because="9218-7.1-5: no push stream in the idle state"
    )


def test_a_server_says_no_priority_update() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET))
    play.told()
    play.expect_refusal(PriorityUpdate(1, b"u=1"), because="9218-7.1-8: servers MUST NOT send it")


@pytest.mark.parametrize(
    ("role", "streams", "reason"),
    [
        (Role.SERVER, (1, 3, 5), "9218-7.1-4: more idle and active streams than allowed"),
        (Role.SERVER, (2,), "9218-7.1-6: a push stream that is idle"),
        (Role.SERVER, (0,), "9218-7.1-7: a prioritized stream of 0"),
        (Role.CLIENT, (1,), "9218-7.1-9: it is not for a server to say"),
    ],
)
def test_priority_update_that_must_not_be_ends_the_connection(
    role: Role, streams: tuple[int, ...], reason: str
) -> None:
    play = Playbook.opened(role, limits=Limits(max_concurrent_streams=2))
    if role is Role.CLIENT:
        play.ask(Request(1, GET, True))
        play.said()
    for stream_id in streams[:-1]:
        play.hear(PriorityUpdateFrame(stream_id, b"u=1"))
        play.told()
    # By its octets: a frame value would refuse some of them as well.
    play.hear(b"\0\0\7\x10\0\0\0\0\0" + streams[-1].to_bytes(4, "big") + b"u=1")
    play.expect_fault(PROTOCOL, Scope.CONNECTION, because=reason)
