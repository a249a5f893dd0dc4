"""What the caller asks for about the connection (RFC 9113 §6.5 to §6.8).

That a wrong call raises and changes nothing is in test_send, for all calls together.
"""

import pytest

from hyper.frame import AltSvcFrame, ErrorCode, GoAwayFrame, PingFrame, SettingId, SettingsFrame
from hyper.h2 import (
    AltSvc,
    Connection,
    GoAway,
    InformationalResponse,
    Limits,
    Ping,
    PushPromise,
    Request,
    Response,
    Settings,
    Trailers,
)
from hyper.wire import Field, LocalProtocolError, Role
from tests.support.playbook import GET, OK, FieldBlock, Playbook


def test_what_the_peer_will_not_take_is_not_sent() -> None:
    play = Playbook.opened(Role.SERVER, peer=[(SettingId.MAX_HEADER_LIST_SIZE, 200)])
    play.hear(FieldBlock(1, GET, True))
    play.told()
    # RFC 9113 §6.5.2: each counts its name, its value and 32: 42 for the status.
    fits: list[Field] = [*OK, (b"x", b"y" * (200 - 42 - 33))]
    too_large: list[Field] = [*OK, (b"x", b"y" * (200 - 42 - 32))]
    play.expect_refusal(
        Response(1, too_large), because="RFC 9113 §10.5.1", says="sections of 200 bytes, not 201"
    )
    play.expect_refusal(
        InformationalResponse(1, [(b":status", b"103"), *too_large[1:]]), because="the same"
    )
    play.ask(Response(1, fits))
    play.expect_refusal(
        Trailers(1, [(b"x", b"y" * 168)]), because="trailers are a section too", says="201"
    )
    play.expect_refusal(PushPromise(1, 2, [*GET, *too_large[1:]]), because="and so is a promise")
    play.ask(Trailers(1, [(b"x", b"y" * 167)]))
    play.expect_frames(
        FieldBlock(1, fits),
        FieldBlock(1, [(b"x", b"y" * 167)], True),
        because="what fits is sent, and what was refused has left no trace",
    )


def test_a_client_is_held_to_it_too() -> None:
    play = Playbook.opened(Role.CLIENT, peer=[(SettingId.MAX_HEADER_LIST_SIZE, 300)])
    play.expect_refusal(Request(1, [*GET, (b"x", b"y" * 200)], True), because="RFC 9113 §10.5.1")
    play.ask(Request(1, GET, True))
    play.expect_frames(FieldBlock(1, GET, True), because="and the id is still free")


def test_an_unsuitable_setting_of_the_constructor_is_refused_too() -> None:
    for values in ([(2, 1)], [(5, 0)], [(1, -1)]):
        with pytest.raises(LocalProtocolError):
            Connection(Role.SERVER, settings=values)
    for limits in (Limits(stream_window=2**31), Limits(connection_window=2**31)):
        with pytest.raises(LocalProtocolError, match="2147483647"):
            Connection(Role.SERVER, limits=limits)
    with pytest.raises(LocalProtocolError, match="MAX_FRAME_SIZE"):
        Connection(Role.SERVER, limits=Limits(max_frame_size=16_383))


def test_the_frames_of_the_connection_are_written_as_they_are_asked() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(AltSvc(0, b"https://example.org", b'h3=":443"'), AltSvc(1, b"", b"clear"))
    play.ask(Settings([(SettingId.MAX_CONCURRENT_STREAMS, 7)]), Ping(b"12345678"))
    play.ask(GoAway(1, ErrorCode.NO_ERROR, b"maintenance"))
    play.expect_frames(
        AltSvcFrame(0, b"https://example.org", b'h3=":443"'),
        AltSvcFrame(1, b"", b"clear"),
        SettingsFrame([(SettingId.MAX_CONCURRENT_STREAMS, 7)]),
        PingFrame(b"12345678"),
        GoAwayFrame(1, ErrorCode.NO_ERROR, b"maintenance"),
        because="each as it was asked, in order",
    )


def test_what_just_fits_its_frame_is_sent() -> None:
    play = Playbook.opened(Role.SERVER)
    values = [(0, 0), (2**16 - 1, 2**32 - 1), *[(0x1000, 1)] * 2_728]
    origin, value = b"https://example.org", bytes(16_384 - 2 - 19)
    play.ask(Settings(values), AltSvc(0, origin, value), GoAway(0, 2**32 - 1, bytes(16_376)))
    play.expect_frames(
        SettingsFrame(values),
        AltSvcFrame(0, origin, value),
        GoAwayFrame(0, 2**32 - 1, bytes(16_376)),
        because="RFC 9113 §4.2: a payload of 16,384 bytes, and values of all their bits, are legal",
    )
