"""Messages: the requirements of RFC 9113 §8 and of RFC 8441, by their ids in spec/."""

from dataclasses import dataclass

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    PingFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
)
from hyper.h2 import (
    Data,
    InformationalResponse,
    PeerFault,
    Ping,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    Trailers,
)
from hyper.wire import Field, Role
from tests.support.playbook import CONNECT, GET, OK, POST, FieldBlock, Playbook

EXTENDED: list[Field] = [CONNECT[0], (b":protocol", b"websocket"), *GET[1:]]
ALLOWED = [(SettingId.ENABLE_CONNECT_PROTOCOL, 1)]
STATUS_103: list[Field] = [(b":status", b"103")]


def but(fields: list[Field], name: bytes, *values: bytes) -> list[Field]:
    """The fields with other values of one name, in its place; without it for no value."""
    found: list[Field] = []
    for field in fields:
        found += [(name, value) for value in values] if field[0] == name else [field]
    return found


# -- malformed heads and trailers (§8.1 to §8.5) ----------------------------------------------


@dataclass(slots=True)
class Bad:
    """A field section that is malformed, whoever makes it."""

    id: str
    fields: list[Field]


BAD_REQUESTS = [
    Bad("9113-8.2-1", [*GET, (b"Accept", b"*/*")]),
    Bad("9113-8.2.1-2", [*GET, (b"a b", b"x")]),
    Bad("9113-8.2.1-2", [*GET, (b"a\0", b"x")]),
    Bad("9113-8.2.1-2", [*GET, (b"aB", b"x")]),
    Bad("9113-8.2.1-2", [*GET, (b"a\x7f", b"x")]),
    Bad("9113-8.2.1-2", [*GET, (b"caf\xe9", b"x")]),
    Bad("9113-8.2.1-3", [*GET, (b"a:b", b"x")]),
    Bad("9113-8.2.1-4", [*GET, (b"a", b"x\0y")]),
    Bad("9113-8.2.1-4", [*GET, (b"a", b"x\ny")]),
    Bad("9113-8.2.1-4", [*GET, (b"a", b"x\ry")]),
    Bad("9113-8.2.1-5", [*GET, (b"a", b" x")]),
    Bad("9113-8.2.1-5", [*GET, (b"a", b"x\t")]),
    Bad("9113-8.2.2-1", [*GET, (b"connection", b"close")]),
    Bad("9113-8.2.2-1", [*GET, (b"transfer-encoding", b"chunked")]),
    Bad("9113-8.2.2-2", [*GET, (b"keep-alive", b"timeout=5")]),
    Bad("9113-8.2.2-2", [*GET, (b"proxy-connection", b"close")]),
    Bad("9113-8.2.2-2", [*GET, (b"upgrade", b"h2c")]),
    Bad("9113-8.2.2-3", [*GET, (b"te", b"gzip")]),
    Bad("9113-8.3-1", [(b":foo", b"bar"), *GET]),
    Bad("9113-8.3-3", [*GET, (b":status", b"200")]),
    Bad("9113-8.3-5", [(b":unknown", b""), *GET]),
    Bad("9113-8.3-5", but(GET, b":method", b"G T")),
    Bad("9113-8.3-6", [*GET[:3], (b"a", b"b"), GET[3]]),
    Bad("9113-8.3-7", [(b"a", b"b"), *GET]),
    Bad("9113-8.3-8", but(GET, b":path", b"/", b"/")),
    Bad("9113-8.3-9", but(GET, b":method", b"GET", b"HEAD")),
    Bad("9113-8.3.1-3", but(GET, b":authority", b"")),
    Bad("9113-8.3.1-4", [*GET, (b"host", b"other.example")]),
    Bad("9113-8.3.1-5", [*but(GET, b":scheme", b"http"), (b"host", b"example.org:443")]),
    Bad("9113-8.3.1-9", but(GET, b":authority", b"user@example.org")),
    Bad("9113-8.3.1-10", but(GET, b":path", b"")),
    Bad("9113-8.3.1-11", but(GET, b":path", b"index.html")),
    Bad("9113-8.3.1-12", but(GET, b":path", b"*")),
    Bad("9113-8.3.1-13", but(GET, b":method")),
    Bad("9113-8.3.1-13", but(GET, b":scheme")),
    Bad("9113-8.3.1-13", but(GET, b":path")),
    Bad("9113-8.3.1-13", but(GET, b":scheme", b"ht tp")),
    Bad("9113-8.5-1", [*CONNECT, (b":path", b"/")]),
    Bad("9113-8.5-1", [*CONNECT, (b":scheme", b"https")]),
    Bad("8441-4-1", but(EXTENDED, b":scheme")),
    Bad("8441-4-1", but(EXTENDED, b":path")),
    Bad("8441-5-4", [*EXTENDED, (b"connection", b"upgrade")]),
    Bad("8441-5-4", [*EXTENDED, (b"upgrade", b"websocket")]),
]

BAD_RESPONSES = [
    Bad("9113-8.2-1", [*OK, (b"Server", b"x")]),
    Bad("9113-8.2.1-2", [*OK, (b"", b"x")]),
    Bad("9113-8.2.1-4", [*OK, (b"a", b"x\r\nset-cookie: a=b")]),
    Bad("9113-8.2.2-1", [*OK, (b"connection", b"close")]),
    Bad("9113-8.2.2-2", [*OK, (b"te", b"trailers")]),
    Bad("9113-8.3-1", [*OK, (b":foo", b"bar")]),
    Bad("9113-8.3-2", [*OK, (b":path", b"/")]),
    Bad("9113-8.3-2", [*OK, (b":method", b"GET")]),
    Bad("9113-8.3-6", [(b"a", b"b"), *OK]),
    Bad("9113-8.3-7", [(b"server", b"x"), *OK]),
    Bad("9113-8.3-9", [*OK, *OK]),
    Bad("9113-8.3.2-1", [(b"server", b"x")]),
    Bad("9113-8.3.2-1", []),
]

BAD_TRAILERS = [
    Bad("9113-8.1-2", [(b":status", b"200")]),
    Bad("9113-8.1-3", [(b"a", b"b"), (b":path", b"/")]),
    Bad("9113-8.3-4", [(b":method", b"GET")]),
    Bad("9113-8.2.1-6", [(b"A", b"b")]),
    Bad("9113-8.2.1-6", [(b"a", b"b ")]),
    Bad("9113-8.2.2-2", [(b"connection", b"close")]),
]


def names(bads: list[Bad]) -> list[str]:
    return [f"{bad.id} ({number})" for number, bad in enumerate(bads)]


def expect_malformed(play: Playbook, id: str) -> None:
    """The last event is a stream error PROTOCOL_ERROR on stream 1; the connection lives on."""
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault), id
    wanted = (1, ErrorCode.PROTOCOL_ERROR, Scope.STREAM)
    assert (fault.stream_id, fault.code, fault.scope) == wanted, (
        f"{id}, 9113-8.1.1-2, 9113-8.2.1-6: malformed, so a stream error PROTOCOL_ERROR"
    )
    assert play.said()[-1] == RstStreamFrame(1, ErrorCode.PROTOCOL_ERROR), id
    play.hear(PingFrame(bytes(8)))
    play.expect_events(Ping(bytes(8)), because="RFC 9113 §5.4.2: the connection lives on")
    play.said()


def expect_refusal(play: Playbook, event: Sendable, id: str) -> None:
    """The engine refuses to say it, and says nothing."""
    play.expect_refusal(event, because=f"{id}: an endpoint does not make what is malformed")
    play.expect_silence(because="nothing of it was written")


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=names(BAD_REQUESTS))
def test_a_malformed_request_is_neither_told_nor_made(bad: Bad) -> None:
    server = Playbook.opened(Role.SERVER, settings=ALLOWED)
    server.hear(FieldBlock(1, bad.fields, True))
    expect_malformed(server, bad.id)
    client = Playbook.opened(Role.CLIENT, peer=ALLOWED)
    expect_refusal(client, Request(1, bad.fields, True), bad.id)


@pytest.mark.parametrize("bad", BAD_RESPONSES, ids=names(BAD_RESPONSES))
def test_a_malformed_response_is_neither_told_nor_made(bad: Bad) -> None:
    client = Playbook.opened(Role.CLIENT)
    client.ask(Request(1, GET, True))
    client.hear(FieldBlock(1, bad.fields, True))
    # 9113-8.1.1-3: a client does not accept a malformed response; 9113-8.1.1-1: nor does a proxy
    # get one that it could forward.
    expect_malformed(client, bad.id)
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, GET, True))
    server.told()
    expect_refusal(server, Response(1, bad.fields, True), bad.id)


@pytest.mark.parametrize("bad", BAD_TRAILERS, ids=names(BAD_TRAILERS))
def test_malformed_trailers_are_neither_told_nor_made(bad: Bad) -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, POST), FieldBlock(1, bad.fields, True))
    expect_malformed(server, bad.id)
    client = Playbook.opened(Role.CLIENT)
    client.ask(Request(1, POST))
    client.said()
    expect_refusal(client, Trailers(1, bad.fields), bad.id)


GOOD = [
    [*GET, (b"te", b"trailers"), (b"host", b"example.org")],
    [*GET, (b"host", b"EXAMPLE.org:443")],
    but(GET, b":path", b"/?q"),
    but(but(GET, b":method", b"OPTIONS"), b":path", b"*"),
    [*GET, (b"a", b""), (b"b", b"x y\tz"), (b"c", b"\x80\xff")],
    [(b":method", b"OPTIONS"), (b":scheme", b"coap"), (b":path", b"x")],
    CONNECT,
    EXTENDED,
]


@pytest.mark.parametrize("fields", GOOD)
def test_the_same_rules_let_through_what_is_right(fields: list[Field]) -> None:
    client = Playbook.opened(Role.CLIENT, peer=ALLOWED)
    client.ask(Request(1, fields, True))
    server = Playbook.opened(Role.SERVER, settings=ALLOWED)
    server.hear(client.engine.data_to_send())
    server.expect_events(
        Request(1, fields, True),
        because="9113-8.2.2-3, 9113-8.3.1-5, 9113-8.3.1-12: what the rules except passes",
    )


# -- the order of a message (§8.1) ------------------------------------------------------------


def test_a_second_head_must_end_its_stream() -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, POST), FieldBlock(1, [(b"a", b"b")]))
    expect_malformed(server, "9113-8.1-4")
    for second in ([(b"a", b"b")], OK, STATUS_103):
        client = Playbook.opened(Role.CLIENT)
        client.ask(Request(1, GET, True))
        client.hear(FieldBlock(1, STATUS_103), FieldBlock(1, OK), FieldBlock(1, second))
        expect_malformed(client, "9113-8.1-4")


def test_an_interim_response_has_its_status_too() -> None:
    client = Playbook.opened(Role.CLIENT)
    client.ask(Request(1, GET, True))
    client.hear(FieldBlock(1, STATUS_103), FieldBlock(1, [(b"link", b"</a>")]))
    assert client.engine.next_event() == InformationalResponse(1, STATUS_103)
    expect_malformed(client, "9113-8.3.2-1")


def test_a_response_survives_the_reset_that_stops_its_request() -> None:
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, POST), Data(1, bytes(100_000)))
    play.said()
    play.hear(FieldBlock(1, OK), DataFrame(1, b"all of it", end_stream=True))
    play.hear(RstStreamFrame(1, ErrorCode.NO_ERROR))
    play.expect_events(
        Response(1, OK),
        Data(1, b"all of it", True),
        Reset(1, ErrorCode.NO_ERROR),
        because="9113-8.1-5: the response is not discarded",
    )


def test_fields_that_would_split_a_message_reach_no_translator() -> None:
    # 9113-8.2.1-1, 9113-8.2.1-7, 9113-10.3-1: validated before anybody could translate them.
    for value in (b"x\r\nevil: 1", b"x\ny", b"x\0"):
        server = Playbook.opened(Role.SERVER)
        server.hear(FieldBlock(1, [*GET, (b"a", value)], True))
        expect_malformed(server, "9113-8.2.1-1")


# -- CONNECT (§8.5, RFC 8441) -----------------------------------------------------------------


@pytest.mark.parametrize("head", [CONNECT, EXTENDED])
def test_a_tunnel_carries_data_and_nothing_else(head: list[Field]) -> None:
    server = Playbook.opened(Role.SERVER, settings=ALLOWED)
    server.hear(FieldBlock(1, head))
    server.told()
    server.ask(Response(1, OK))
    server.said()
    expect_refusal(server, Trailers(1, [(b"a", b"b")]), "9113-8.5-2")
    server.hear(DataFrame(1, b"through"), FieldBlock(1, [(b"a", b"b")], True))
    assert server.engine.next_event() == Data(1, b"through")
    expect_malformed(server, "9113-8.5-3")


def test_extended_connect_is_switched_on_and_stays_on() -> None:
    server = Playbook.opened(Role.SERVER)
    for wrong in (2, 2**32 - 1):
        server.expect_refusal(
            Settings([(SettingId.ENABLE_CONNECT_PROTOCOL, wrong)]), because="8441-3-1: 0 or 1"
        )
    server.ask(Settings([(SettingId.ENABLE_CONNECT_PROTOCOL, 0)]), Settings(ALLOWED))
    server.said()
    server.expect_refusal(
        Settings([(SettingId.ENABLE_CONNECT_PROTOCOL, 0)]), because="8441-3-2: never back to 0"
    )
    for values in ([(8, 2)], [(8, 1), (8, 0)]):
        client = Playbook.opened(Role.CLIENT)
        # By its octets: a frame value would refuse it as well.
        octets = b"".join(b"\0\x08" + value.to_bytes(4, "big") for _, value in values)
        client.hear(b"\0\0" + bytes([len(octets)]) + b"\4\0\0\0\0\0" + octets)
        client.expect_fault(
            ErrorCode.PROTOCOL_ERROR,
            Scope.CONNECTION,
            because="8441-3-1, 8441-3-2: a server that breaks these is confused",
        )
    client = Playbook.opened(Role.CLIENT)
    client.hear(SettingsFrame(ALLOWED), SettingsFrame(ALLOWED))
    client.expect_events(Settings(ALLOWED), Settings(ALLOWED), because="8441-3-2: 1 again is fine")


def test_a_server_is_told_of_a_protocol_and_not_of_a_tunnel() -> None:
    play = Playbook.opened(Role.SERVER, settings=ALLOWED)
    play.hear(FieldBlock(1, EXTENDED))
    (request,) = play.told()
    assert isinstance(request, Request)
    assert (b":protocol", b"websocket") in request.fields, (
        "8441-4-2: the server sees that :authority names its own origin, not a host to connect to"
    )
