"""Origins in their ASCII form, and the frame that names them (RFC 8336 §2)."""

import pytest

from hyper.frame import OriginFrame, pack_header
from hyper.h2 import Limits, Origin
from hyper.h2.origins import is_origin
from hyper.wire import Role
from tests.support.playbook import Playbook

HTTPS = b"https://example.org"


@pytest.mark.parametrize(
    "octets", [HTTPS, b"https://example.org:8443", b"http://[::1]:80", b"https://xn--bcher-kva.ch"]
)
def test_an_origin_is_a_scheme_a_host_and_perhaps_a_port(octets: bytes) -> None:
    assert is_origin(octets), "RFC 6454 §6.2"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"null",
        b"example.org",
        HTTPS + b"/",
        HTTPS + b"\n",
        b"https://",
        b"https://a b",
        b"://x",
    ],
)
def test_what_is_more_or_less_than_that_is_none(octets: bytes) -> None:
    assert not is_origin(octets), "RFC 6454 §6.2"


def raw(payload: bytes, flags: int = 0, stream_id: int = 0) -> bytes:
    return pack_header(len(payload), 0xC, flags, stream_id) + payload


def test_a_client_is_told_what_the_server_speaks_for() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear(OriginFrame([HTTPS, b"https://example.com"]), OriginFrame([]))
    play.expect_events(
        Origin([HTTPS, b"https://example.com"]), Origin([]), because="RFC 8336 §2.3: even none"
    )


def test_an_entry_that_is_no_origin_is_left_out() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear(OriginFrame([b"nonsense", HTTPS]))
    play.expect_events(Origin([HTTPS]), because="RFC 8336 §2.2: the field MUST be ignored")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (raw(b"", stream_id=1), "RFC 8336 §2.2: on a stream"),
        (raw(b"", flags=0x1), "RFC 8336 §2.2: a flag that may change its meaning"),
        (raw(b"\x00"), "a length cut short"),
        (raw(b"\x00\x09https://"), "an entry cut short"),
    ],
)
def test_a_frame_that_must_be_ignored_is(said: bytes, why: str) -> None:
    play = Playbook.opened(Role.CLIENT)
    play.hear(said)
    play.expect_no_event(because=why)
    assert not play.engine.closed, "an extension does not end what it extends"


def test_a_server_ignores_it() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(OriginFrame([HTTPS]))
    play.expect_no_event(because="RFC 8336 §2: it is a server's word to a client")


def test_a_flood_of_it_is_paid_for() -> None:
    play = Playbook.opened(Role.CLIENT, limits=Limits(ledger_burst=9, ledger_rate=0))
    play.hear(*[OriginFrame([HTTPS])] * 10)
    fault = play.told()[-1]
    assert str(fault).startswith("ENHANCE_YOUR_CALM on connection"), "each costs one"


def test_a_server_says_it_on_stream_zero() -> None:
    play = Playbook.opened(Role.SERVER)
    play.ask(Origin([HTTPS]))
    play.expect_frames(OriginFrame([HTTPS]), because="RFC 8336 §2.2")


def test_a_wrong_one_is_refused() -> None:
    play = Playbook.opened(Role.SERVER)
    play.expect_refusal(Origin([HTTPS, b"no"]), because="RFC 8336 §2", says="expected an origin")
    play.expect_refusal(Origin([HTTPS] * 1_000), because="RFC 9113 §4.2", says="one frame")
    client = Playbook.opened(Role.CLIENT)
    client.expect_refusal(Origin([HTTPS]), because="RFC 8336 §2", says="only a server")
