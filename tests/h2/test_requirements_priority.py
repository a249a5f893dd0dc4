"""Priorities: the requirements of RFC 9218 §2.1 and §7.1, by their ids in spec/rfc9218.toml."""

import pytest

from hyper.frame import ErrorCode, Priority, PriorityFrame, Scope, SettingId
from hyper.h2 import Data, Request, Response, Settings
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
