"""Content, trailers and the bytes that are taken (RFC 9112 §6, §7.1)."""

import pytest

from hyper.h1 import Connection, Data, EndOfInput, PeerFault, Preface, Response, Trailers
from hyper.wire import LocalProtocolError, Role
from tests.support.h1_playbook import GET, Play, post


def answering(*fields: tuple[bytes, bytes], head: bytes = GET) -> Play:
    """A server that has begun its response."""
    play = Play(Role.SERVER)
    play.hear(head)
    play.told()
    play.ask(Response(1, 200, fields))
    play.said()
    return play


def test_content_of_a_known_length_is_said_as_it_is() -> None:
    play = answering((b"content-length", b"10"))
    play.ask(Data(1, b"hello"), Data(1, b""), Data(1, b"world", True))
    play.expect_octets(b"helloworld", because="there is no framing but the length")


def test_one_piece_is_handed_on_as_the_object_it_is() -> None:
    play = answering((b"content-length", b"%d" % 100_000))
    piece = bytes(100_000)
    play.ask(Data(1, piece, True))
    assert play.engine.data_to_send() is piece, "not copied once"


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([Data(1, b"12345678901")], 10),
        ([Data(1, b"123456", True)], 10),
        ([Data(1, b"", True)], 10),
        ([Data(1, b"1234567890"), Data(1, b"x")], 0),
        ([Trailers(1, [(b"a", b"b")])], 10),
    ],
)
def test_content_that_differs_from_its_length_is_refused(
    events: list[Data | Trailers], left: int
) -> None:
    play = answering((b"content-length", b"10"))
    play.ask(*events[:-1])
    play.expect_refusal(
        events[-1], because="RFC 9110 §8.6: MUST NOT be incorrect", says=f"{left} bytes"
    )


def test_content_of_unknown_length_is_chunked() -> None:
    play = answering()
    play.ask(Data(1, b"hello"), Data(1, b""), Data(1, b"x" * 26))
    play.expect_octets(
        b"5\r\nhello\r\n1a\r\n" + b"x" * 26 + b"\r\n",
        because="RFC 9112 §7.1; an empty chunk would be the last",
    )
    play.ask(Data(1, b"!", True))
    play.expect_octets(b"1\r\n!\r\n0\r\n\r\n", because="the last piece and the end")


@pytest.mark.parametrize("end", [Data(1, b"", True), Trailers(1, [])])
def test_chunks_end_with_the_empty_one(end: Data | Trailers) -> None:
    play = answering()
    play.ask(end)
    play.expect_octets(b"0\r\n\r\n", because="RFC 9112 §7.1: last-chunk")


def test_trailers_stand_behind_the_last_chunk() -> None:
    play = answering()
    play.ask(Data(1, b"hi"), Trailers(1, [(b"x-sum", b"1")], (b"X-Sum",)))
    play.expect_octets(
        b"2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n", because="RFC 9112 §7.1.2: the trailer section"
    )


@pytest.mark.parametrize(
    "field",
    [
        (b"content-length", b"5"),
        (b"transfer-encoding", b"chunked"),
        (b"Host", b"a"),
        (b"set-cookie", b"a=b"),
        (b"a", b"b\r\n\r\n"),
        (b"a b", b"c"),
    ],
)
def test_trailers_that_may_not_be_are_refused(field: tuple[bytes, bytes]) -> None:
    play = answering()
    play.expect_refusal(Trailers(1, [field]), because="RFC 9110 §6.5.1: MUST NOT generate")
    play.ask(Data(1, b"", True))


def test_trailers_have_no_place_behind_a_length() -> None:
    play = answering((b"content-length", b"0"))
    play.expect_refusal(
        Trailers(1, [(b"a", b"b")]), because="RFC 9112 §7.1.2", says="body that has none"
    )


def test_content_for_http_1_0_ends_with_the_connection() -> None:
    play = answering(head=b"GET / HTTP/1.0\r\n\r\n")
    play.ask(Data(1, b"hello"), Trailers(1, [(b"a", b"b")]))
    play.expect_octets(b"hello", because="RFC 9110 §6.5: trailers can be lost on the way")
    assert play.engine.may_close


@pytest.mark.parametrize("status", [204, 304])
def test_a_response_without_content_ends_when_it_is_said_to(status: int) -> None:
    play = Play(Role.SERVER)
    play.hear(GET)
    play.told()
    play.ask(Response(1, status, []))
    play.said()
    play.expect_refusal(Data(1, b"x"), because="RFC 9110 §6.4.1: it has none")
    play.ask(Data(1, b"", True))
    play.expect_octets(b"", because="there is nothing to end")


def test_content_for_head_is_refused_as_well() -> None:
    play = answering((b"content-length", b"5"), head=b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
    play.expect_refusal(Data(1, b"hello", True), because="RFC 9110 §9.3.2: MUST NOT")
    play.ask(Data(1, b"", True))


# -- chunk extensions -------------------------------------------------------------------------


def test_an_extension_stands_behind_the_size_of_its_chunk() -> None:
    play = answering()
    play.ask(Data(1, b"hello", False, b";a=1"), Data(1, b"", True, b";end"))
    play.expect_octets(b"5;a=1\r\nhello\r\n0;end\r\n\r\n", because="RFC 9112 §7.1.1")


@pytest.mark.parametrize("extension", [b"a", b";a\r\n0\r\n\r\n", b";a=b\n", b" ;a", b";"])
def test_what_is_no_extension_is_refused(extension: bytes) -> None:
    play = answering()
    play.expect_refusal(Data(1, b"x", False, extension), because="it must not end its line")


def test_an_extension_needs_a_chunk() -> None:
    play = answering((b"content-length", b"1"))
    play.expect_refusal(Data(1, b"x", True, b";a"), because="there are none", says="without chunks")


# -- order ------------------------------------------------------------------------------------


def test_content_needs_a_head() -> None:
    play = Play(Role.SERVER)
    play.expect_refusal(Data(1, b"x"), because="no exchange has begun", says="exchange 0")
    play.hear(GET)
    play.told()
    play.expect_refusal(Data(1, b"x"), because="the response has no head", says="AWAIT")
    play.expect_refusal(Data(2, b"x"), because="there is no such exchange", says="exchange 1")
    play.ask(Response(1, 200, [], True))
    play.expect_refusal(Data(1, b"x"), because="the response is complete", says="IDLE")


@pytest.mark.parametrize("event", [EndOfInput(True), Preface(), PeerFault(1, 400, "", "")])
def test_what_is_only_told_cannot_be_sent(event: EndOfInput | Preface | PeerFault) -> None:
    # The type says so already; who has no checker gets to hear it from us.
    name = "send"
    with pytest.raises((LocalProtocolError, TypeError)):
        getattr(Connection(Role.SERVER), name)(event)


# -- content that is written elsewhere --------------------------------------------------------


def test_content_written_elsewhere_is_framed_around() -> None:
    play = Play(Role.SERVER)
    play.hear(GET)
    play.told()
    play.ask(Response(1, 200, []))
    before, behind = play.engine.send_elsewhere(1, 70_000)
    assert before == b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n"
    assert behind == b"\r\n"
    assert play.engine.send_elsewhere(1, 16, end_stream=True) == (b"10\r\n", b"\r\n0\r\n\r\n")
    assert not play.engine.wants_to_send, "all of it was returned"
    assert play.engine.can_open is False
    play.expect_octets(b"", because="nothing is left")


def test_content_written_elsewhere_counts_against_the_length() -> None:
    play = answering((b"content-length", b"100"))
    assert play.engine.send_elsewhere(1, 60) == (b"", b"")
    for count, ends in ((41, False), (39, True), (-1, False)):
        with pytest.raises(LocalProtocolError):
            play.engine.send_elsewhere(1, count, ends)
    assert play.engine.send_elsewhere(1, 40, end_stream=True) == (b"", b"")
    play.hear(GET)
    assert len(play.told()) == 1, "the exchange is complete"


def test_nothing_can_be_written_elsewhere_too() -> None:
    play = answering()
    assert play.engine.send_elsewhere(1, 0) == (b"", b""), "an empty chunk would be the last"
    assert play.engine.send_elsewhere(1, 0, end_stream=True) == (b"", b"0\r\n\r\n")


# -- bytes out --------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 2, 7, 19, 20, 1_000])
def test_bytes_are_taken_in_pieces_of_at_most_a_limit(limit: int) -> None:
    play = Play(Role.SERVER)
    play.hear(GET)
    play.told()
    play.ask(Response(1, 200, []), Data(1, b"hello"), Data(1, b"world", True))
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    whole += b"5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"
    taken = []
    while play.engine.wants_to_send:
        before = play.engine.pending(1)
        piece = play.said(limit)
        assert 0 < len(piece) <= limit
        assert play.engine.pending(1) == before - len(piece)
        taken.append(piece)
    assert b"".join(taken) == whole
    assert play.said(limit) == b""


def test_a_limit_of_nothing_takes_nothing() -> None:
    play = answering()
    play.ask(Data(1, b"x"))
    assert play.said(0) == b""
    assert play.said() == b"1\r\nx\r\n"


def test_a_request_is_sent_by_the_same_rules() -> None:
    play = Play(Role.CLIENT)
    play.ask(post(), Data(1, b"hi"), Trailers(1, [(b"a", b"b")]))
    assert play.said().endswith(b"chunked\r\n\r\n2\r\nhi\r\n0\r\na: b\r\n\r\n")
