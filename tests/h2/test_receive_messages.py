"""DATA and HEADERS as the messages they carry: lengths, tunnels, interim responses, trailers."""

import pytest

from hyper.frame import (
    DataFrame,
    ErrorCode,
    HeadersFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
)
from hyper.h2 import (
    Data,
    InformationalResponse,
    Limits,
    PeerFault,
    Request,
    Response,
    Settings,
    SettingsAcknowledged,
    Trailers,
)
from hyper.wire import Field, Role
from tests.support.inside import lost_credit
from tests.support.playbook import CONNECT, GET, HEAD, OK, POST, FieldBlock, Heard, Playbook

TUNNEL = [*CONNECT[:1], (b":protocol", b"websocket"), *GET[1:]]


def length(fields: list[Field], count: int) -> list[Field]:
    return [*fields, (b"content-length", b"%d" % count)]


def status(code: int, *more: Field) -> list[Field]:
    return [(b":status", b"%d" % code), *more]


def client_with(head: list[Field], end_stream: bool = True) -> Playbook:
    """A client that has sent a request of this head on stream 1."""
    play = Playbook.opened(Role.CLIENT)
    play.ask(Request(1, head, end_stream))
    play.said()
    return play


def expect_malformed(play: Playbook, because: str) -> None:
    """The last event is a stream error PROTOCOL_ERROR on stream 1, and its reset is written."""
    fault = play.told()[-1]
    assert isinstance(fault, PeerFault), because
    assert (fault.stream_id, fault.code, fault.scope) == (
        1,
        ErrorCode.PROTOCOL_ERROR,
        Scope.STREAM,
    ), because
    assert play.said()[-1] == RstStreamFrame(1, ErrorCode.PROTOCOL_ERROR), because
    assert play.engine.open_streams == 0, because


# -- content-length (RFC 9113 §8.1.1) ---------------------------------------------------------


@pytest.mark.parametrize(
    "pieces", [[b"12345"], [b"123", b"45"], [b"12345", b""], [b"", b"1", b"2345"]]
)
def test_content_of_the_announced_length_passes(pieces: list[bytes]) -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, length(POST, 5)))
    for number, piece in enumerate(pieces, 1):
        play.hear(DataFrame(1, piece, number == len(pieces), pad_length=3))
    events = play.told()[1:]
    content = b"".join(event.data for event in events if isinstance(event, Data))
    assert content == b"12345", "RFC 9113 §8.1.1: the sum of the payload lengths, padding apart"
    last = events[-1]
    assert isinstance(last, Data)
    assert last.end_stream


SHORT: list[list[Heard]] = [
    [DataFrame(1, b"1234", end_stream=True)],
    [DataFrame(1, b"1234"), DataFrame(1, b"", end_stream=True)],
    [DataFrame(1, b"1234"), FieldBlock(1, [(b"a", b"b")], True)],
    [FieldBlock(1, [(b"a", b"b")], True)],
]
LONG: list[list[Heard]] = [
    [DataFrame(1, b"123456")],
    [DataFrame(1, b"12345"), DataFrame(1, b"6", end_stream=True)],
]


@pytest.mark.parametrize("said", [*SHORT, *LONG])
def test_content_of_another_length_is_malformed(said: list[Heard]) -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, length(POST, 5)), *said)
    expect_malformed(server, "RFC 9113 §8.1.1: does not equal the sum of the DATA payload lengths")
    client = client_with(GET)
    client.hear(FieldBlock(1, length(OK, 5)), *said)
    expect_malformed(client, "RFC 9113 §8.1.1: of a response too")


def test_a_head_that_ends_its_message_announces_no_content() -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, length(POST, 1), True))
    expect_malformed(server, "RFC 9113 §8.1.1: a byte is announced, and none can come")
    client = client_with(GET)
    client.hear(FieldBlock(1, length(OK, 1), True))
    expect_malformed(client, "RFC 9113 §8.1.1: likewise")
    client = client_with(GET)
    client.hear(FieldBlock(1, length(OK, 0), True))
    client.expect_events(Response(1, length(OK, 0), True), because="nothing is nothing")


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        pytest.param(HEAD, length(OK, 5), id="HEAD"),
        pytest.param(GET, length(status(204), 5), id="204"),
        pytest.param(GET, length(status(304), 5), id="304"),
    ],
)
def test_a_response_without_content_may_announce_a_length(
    head: list[Field], answer: list[Field]
) -> None:
    for end in (True, False):
        play = client_with(head)
        play.hear(FieldBlock(1, answer, end))
        if not end:
            play.hear(DataFrame(1, b"", end_stream=True))
        assert play.told()[0] == Response(1, answer, end), "RFC 9113 §8.1.1: MAY have one"
        assert play.engine.open_streams == 0
    play = client_with(head)
    play.hear(FieldBlock(1, answer), DataFrame(1, b"1"))
    expect_malformed(play, "RFC 9110 §6.4.1: it is defined as having no content")


# -- order of the parts (RFC 9113 §8.1) -------------------------------------------------------


def test_content_before_the_head_of_a_response_is_malformed() -> None:
    play = client_with(GET)
    play.hear(DataFrame(1, b"early"))
    expect_malformed(play, "RFC 9113 §8.1: a message begins with its header section")
    play = client_with(GET)
    play.hear(FieldBlock(1, status(103)), DataFrame(1, b"early"))
    expect_malformed(play, "RFC 9110 §15.2: an interim response has no content")


@pytest.mark.parametrize("trailers", [[(b"a", b"b")], OK, status(103)])
def test_a_second_head_that_does_not_end_the_stream_is_malformed(trailers: list[Field]) -> None:
    play = client_with(GET)
    play.hear(FieldBlock(1, OK), FieldBlock(1, trailers))
    expect_malformed(play, "RFC 9113 §8.1: HEADERS without END_STREAM after the final status")
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, POST), FieldBlock(1, [(b"a", b"b")]))
    expect_malformed(server, "RFC 9113 §8.1: HEADERS without END_STREAM after those that open")


@pytest.mark.parametrize("field", [(b":status", b"200"), (b":path", b"/"), (b"connection", b"x")])
def test_malformed_trailers_are_a_stream_error(field: Field) -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, POST), FieldBlock(1, [(b"a", b"b"), field], True))
    expect_malformed(server, "RFC 9113 §8.1: MUST NOT include pseudo-header fields")


def test_an_interim_response_does_not_end_the_stream() -> None:
    play = client_with(GET)
    play.hear(FieldBlock(1, status(100), True))
    expect_malformed(play, "RFC 9113 §8.1: END_STREAM with an informational status is malformed")


def test_interim_responses_may_come_before_the_final_one_only() -> None:
    play = client_with(POST, end_stream=False)
    play.hear(FieldBlock(1, status(100)), FieldBlock(1, status(103, (b"link", b"</a>"))))
    play.hear(FieldBlock(1, status(199)), FieldBlock(1, OK, True))
    play.expect_events(
        InformationalResponse(1, status(100)),
        InformationalResponse(1, status(103, (b"link", b"</a>"))),
        InformationalResponse(1, status(199)),
        Response(1, OK, True),
        because="RFC 9113 §8.1: any number of them",
    )


def test_a_malformed_response_is_not_passed_on() -> None:
    play = client_with(GET)
    play.hear(FieldBlock(1, [*OK, (b"Server", b"x")], True))
    expect_malformed(play, "RFC 9113 §8.1.1: clients MUST NOT accept a malformed response")


def test_what_comes_behind_a_malformed_message_is_discarded() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, [*POST, (b"upgrade", b"h2c")]), DataFrame(1, b"x" * 100))
    play.hear(FieldBlock(1, [(b"a", b"b")], True), FieldBlock(3, GET, True))
    first, second = play.told()
    assert isinstance(first, PeerFault)
    assert second == Request(3, GET, True), "RFC 9113 §5.4.2: other streams are not affected"


# -- tunnels (RFC 9113 §8.5, RFC 8441) --------------------------------------------------------


def test_a_tunnel_carries_content_both_ways_and_counts_none_of_it() -> None:
    server = Playbook.opened(Role.SERVER)
    asked = length(CONNECT, 3)
    server.hear(FieldBlock(1, asked))
    server.expect_events(Request(1, asked), because="a length means nothing in CONNECT")
    server.ask(Response(1, OK))
    server.hear(DataFrame(1, b"more than three"), DataFrame(1, b"", end_stream=True))
    server.expect_events(
        Data(1, b"more than three"),
        Data(1, b"", True),
        because="RFC 9110 §9.3.6: it is the tunnel's",
    )
    client = client_with(CONNECT, end_stream=False)
    client.hear(FieldBlock(1, length(OK, 3)), DataFrame(1, b"more than three"))
    client.expect_events(
        Response(1, length(OK, 3)),
        Data(1, b"more than three"),
        because="RFC 9110 §9.3.6: a client MUST ignore Content-Length in a 2xx to CONNECT",
    )


def test_there_are_no_trailers_in_a_tunnel() -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, CONNECT))
    server.told()
    server.ask(Response(1, OK))
    server.said()
    server.hear(FieldBlock(1, [(b"a", b"b")], True))
    expect_malformed(server, "RFC 9113 §8.5: frame types other than DATA MUST NOT be sent")
    client = client_with(CONNECT, end_stream=False)
    client.hear(FieldBlock(1, OK), FieldBlock(1, [(b"a", b"b")], True))
    expect_malformed(client, "RFC 9113 §8.5: likewise")


def test_a_connect_that_was_refused_is_answered_like_any_request() -> None:
    refused = length(status(407), 4)
    client = client_with(CONNECT, end_stream=False)
    client.hear(FieldBlock(1, refused), DataFrame(1, b"auth"), FieldBlock(1, [(b"a", b"b")], True))
    client.expect_events(
        Response(1, refused),
        Data(1, b"auth"),
        Trailers(1, [(b"a", b"b")]),
        because="there is no tunnel: content, length and trailers are the response's",
    )
    client = client_with(CONNECT, end_stream=False)
    client.hear(FieldBlock(1, refused), DataFrame(1, b"too long"))
    expect_malformed(client, "and its length counts")


def test_extended_connect_is_malformed_until_it_was_allowed() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, TUNNEL))
    expect_malformed(play, "RFC 9113 §8.3: undefined pseudo-header fields")
    play = Playbook.opened(Role.SERVER, settings=[(SettingId.ENABLE_CONNECT_PROTOCOL, 1)])
    play.hear(FieldBlock(1, TUNNEL))
    play.expect_events(Request(1, TUNNEL), because="RFC 8441 §4: now it is defined")
    play.ask(Response(1, OK), Data(1, b"\x81\x00"))
    play.expect_frames(
        FieldBlock(1, OK), DataFrame(1, b"\x81\x00"), because="the tunnel is open, both ways"
    )


def test_extended_connect_may_be_used_from_the_settings_on() -> None:
    play = Playbook(Role.SERVER, settings=[(SettingId.ENABLE_CONNECT_PROTOCOL, 1)])
    play.hear(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SettingsFrame(), FieldBlock(1, TUNNEL))
    play.expect_events(
        Settings([]), Request(1, TUNNEL), because="what we loosen holds from its declaration on"
    )


# -- credit on the way out ---------------------------------------------------------------------


FAULTS: list[tuple[str, list[Heard]]] = [
    ("too long", [FieldBlock(1, length(POST, 5)), DataFrame(1, b"x" * 600, pad_length=9)]),
    ("out of order", [FieldBlock(1, POST, True), DataFrame(1, b"x" * 600, pad_length=9)]),
    (
        "over the stream's window",
        [FieldBlock(1, POST), DataFrame(1, b"x" * 900), DataFrame(1, b"y" * 900, pad_length=9)],
    ),
    (
        "malformed trailers",
        [FieldBlock(1, POST), DataFrame(1, b"x" * 900), FieldBlock(1, [(b"A", b"")], True)],
    ),
    ("refused", [FieldBlock(3, GET), FieldBlock(5, POST), DataFrame(5, b"x" * 600, pad_length=9)]),
    ("malformed head", [FieldBlock(1, POST[1:]), DataFrame(1, b"x" * 600, pad_length=9)]),
    (
        "reset by the peer",
        [FieldBlock(1, POST), DataFrame(1, b"x" * 600, pad_length=9), RstStreamFrame(1, 8)],
    ),
    ("empty and padded", [FieldBlock(1, POST), DataFrame(1, b"", pad_length=255)]),
]


@pytest.mark.parametrize("said", [f[1] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_no_credit_is_lost_with_a_stream(said: list[Heard]) -> None:
    play = Playbook.opened(
        Role.SERVER,
        limits=Limits(stream_window=1_000, connection_window=70_000, max_concurrent_streams=1),
    )
    for octets in said:
        play.hear(octets)
        play.told()
    assert lost_credit(play.engine) == 0, (
        "RFC 9113 §6.9: the receiver MUST always account for a flow-controlled frame"
    )


def test_credit_of_frames_behind_our_goaway_is_not_lost() -> None:
    play = Playbook.opened(Role.SERVER)
    play.engine.shut_down(warn=False)
    play.hear(FieldBlock(1, POST), DataFrame(1, b"x" * 600), DataFrame(1, b"", True, 255))
    play.expect_no_event(because="RFC 9113 §6.8: ignored")
    assert lost_credit(play.engine) == 0, "RFC 9113 §6.8: DATA frames MUST be counted"


# -- the compression context --------------------------------------------------------------------


def test_every_block_is_decoded_whatever_becomes_of_its_stream() -> None:
    play = Playbook.opened(Role.SERVER, limits=Limits(max_concurrent_streams=1))
    extra = [(b"x-%d" % number, b"v") for number in range(6)]
    play.hear(FieldBlock(1, GET, True))
    play.hear(FieldBlock(3, [*GET, extra[0]], True))  # refused
    play.hear(FieldBlock(1, [extra[1]], True))  # STREAM_CLOSED: a stream error
    play.hear(FieldBlock(1, [extra[2]], True))  # on a stream we have reset
    play.told()
    play.said()  # the resets leave, and with them the slots are free
    play.hear(FieldBlock(5, [extra[3]], True))  # malformed
    play.told()
    play.said()
    play.hear(FieldBlock(7, [*GET, *extra[:4]], True))
    play.expect_events(
        Request(7, [*GET, *extra[:4]], True),
        because="RFC 9113 §4.3: an endpoint MUST decompress every field block",
    )
    play.engine.shut_down(warn=False)
    play.hear(FieldBlock(9, [*GET, extra[4]], True))
    play.hear(FieldBlock(11, [*GET, extra[4]], True))
    play.expect_no_event(because="behind GOAWAY they are decoded and ignored; no COMPRESSION_ERROR")


def test_a_smaller_table_of_ours_is_taken_up_with_the_acknowledgement() -> None:
    play = Playbook(Role.SERVER, settings=[(SettingId.HEADER_TABLE_SIZE, 0)])
    play.hear(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SettingsFrame(), FieldBlock(1, GET, True))
    assert play.told()[-1] == Request(1, GET, True), "sent before the client saw our SETTINGS"
    play.hear(SettingsFrame(ack=True))
    play.encoder.set_max_table_size(0)
    play.hear(FieldBlock(3, GET, True))
    acknowledged, request = play.told()
    assert isinstance(acknowledged, SettingsAcknowledged)
    assert request == Request(3, GET, True), "RFC 7541 §4.2: a size update comes first"


def test_a_peer_that_ignores_our_smaller_table_is_a_compression_error() -> None:
    play = Playbook.opened(Role.SERVER, settings=[(SettingId.HEADER_TABLE_SIZE, 0)])
    play.hear(FieldBlock(1, GET, True))
    play.expect_fault(
        ErrorCode.COMPRESSION_ERROR,
        Scope.CONNECTION,
        1,
        because="RFC 9113 §4.3.1: MUST be treated as a connection error",
    )


def test_a_block_that_breaks_hpack_is_a_compression_error_whatever_its_stream() -> None:
    play = Playbook.opened(Role.SERVER)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.hear(HeadersFrame(1, b"\xff\xff\xff\xff\xff\xff", end_stream=True))
    play.expect_fault(
        ErrorCode.COMPRESSION_ERROR,
        Scope.CONNECTION,
        1,
        because="RFC 9113 §4.3: a decoding error in a field block",
    )
