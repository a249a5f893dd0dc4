"""What a handler of the world of threads can do with a request, and what it cannot."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from hyper.frame import ErrorCode
from hyper.io import StreamReset
from hyper.io.sync import Exchange
from hyper.io.sync._channel import Channel
from hyper.wire import Buffer, Field, LocalProtocolError
from tests.support.links import NARROW, WINDOW, ThreadPair, attended, threads
from tests.support.wire import GET, HEAD, POST

CLIENT = ("192.0.2.1", 50_000)

Response = tuple[Sequence[Field], bytes, Sequence[Field] | None]


def serve(
    pair: ThreadPair, fields: Sequence[Field] = GET, *, end: bool = True
) -> tuple[Channel, Exchange]:
    """The client's end of a stream, and the server's as a handler gets it."""
    ours, theirs = pair.meet(fields, end=end)
    return ours, Exchange(theirs, CLIENT)


def answer(ours: Channel) -> Response:
    """Head, content and trailers of the final response."""
    while ours.next_interim() is not None:
        pass
    content = b""
    while chunk := ours.take():
        content += chunk
    return ours.box.head or (), content, ours.box.trailers


def test_a_request_is_shown_as_it_came() -> None:
    with threads() as pair:
        _, exchange = serve(pair, [*GET, (b"x-note", b"one"), (b"x-note", b"two")])
        assert exchange.method == "GET", ":method"
        assert exchange.scheme == "https", ":scheme"
        assert exchange.authority == "a", ":authority"
        assert exchange.path == "/", ":path"
        assert exchange.peer == CLIENT, "who asks"
        assert exchange.fields == [(b"x-note", b"one"), (b"x-note", b"two")], "regular fields only"
        assert exchange.field(b"x-note") == b"one", "the first of them"


def test_a_request_without_a_path_has_an_empty_one() -> None:
    with threads() as pair:
        tunnel = [(b":method", b"CONNECT"), (b":authority", b"a:1")]
        _, exchange = serve(pair, tunnel, end=False)
        assert (exchange.scheme, exchange.path) == ("", ""), "RFC 9113 §8.5: CONNECT has neither"


# -- whole responses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"hello", bytearray(b"hello"), memoryview(b"hello")], ids=["bytes", "array", "view"]
)
def test_the_length_of_a_body_that_is_there_is_announced(body: Buffer) -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.respond(200, [(b"a", b"1")], body)
        head = [(b":status", b"200"), (b"a", b"1"), (b"content-length", b"5")]
        assert answer(ours) == (head, b"hello", None), "head and content, and no trailers"


def test_a_response_without_a_body_has_none() -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.respond(204)
        assert answer(ours) == ([(b":status", b"204")], b"", None), "RFC 9110 §8.6: no length"


def test_a_body_in_pieces_comes_as_it_is_made_and_trailers_after_it() -> None:
    made: list[str] = []

    def pieces() -> Iterator[bytes]:
        for name in ("one", "two"):
            made.append(name)
            yield name.encode()

    def trailers() -> Sequence[Field]:
        return [(b"x-made", b"%d" % len(made))]

    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.respond(200, (), pieces(), trailers)
        head = [(b":status", b"200")]
        assert answer(ours) == (head, b"onetwo", [(b"x-made", b"2")]), "of a length unknown before"


def test_a_body_that_is_there_may_have_trailers_too() -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.respond(200, (), b"hello", [(b"x-sum", b"1")])
        head = [(b":status", b"200"), (b"content-length", b"5")]
        assert answer(ours) == (head, b"hello", [(b"x-sum", b"1")]), "all three"


def test_a_head_request_gets_the_head_and_its_body_is_not_even_made() -> None:
    made: list[str] = []

    def pieces() -> Iterator[bytes]:
        made.append("content")
        yield b"hello"

    def trailers() -> Sequence[Field]:
        made.append("trailers")
        return [(b"x-sum", b"1")]

    with threads() as pair:
        ours, exchange = serve(pair, HEAD)
        exchange.respond(200, (), pieces(), trailers)
        assert answer(ours) == ([(b":status", b"200")], b"", None), "RFC 9110 §9.3.2: no content"
        assert made == [], "nobody takes it"
        for more in ((), [(b"x-sum", b"1")]):
            ours, exchange = serve(pair, HEAD)
            exchange.respond(200, (), b"hello", more)
            head = [(b":status", b"200"), (b"content-length", b"5")]
            assert answer(ours) == (head, b"", None), "the length a GET would have got"


# -- responses in pieces ---------------------------------------------------------------------


def test_a_response_may_be_written_step_by_step() -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.send_informational(103, [(b"link", b"</a.css>")])
        interim = ours.next_interim()
        assert interim is not None, "it goes at once, before there is an answer"
        assert interim.status == 103, "with its status"
        exchange.start(200, [(b"a", b"1")])
        assert ours.next_interim() is None, "the head goes before there is content"
        exchange.write(b"one")
        assert ours.take() == b"one", "and so does each piece"
        exchange.write(b"two")
        exchange.end([(b"x-sum", b"1")])
        head = [(b":status", b"200"), (b"a", b"1")]
        assert answer(ours) == (head, b"two", [(b"x-sum", b"1")]), "to the end"


def test_a_handler_that_writes_faster_than_the_client_reads_waits() -> None:
    with threads(limits=NARROW) as pair, ThreadPoolExecutor() as crew:
        ours, exchange = serve(pair)
        written = 0

        def handler() -> None:
            nonlocal written
            exchange.start(200)
            for _ in range(20):
                exchange.write(bytes(WINDOW))
                written += 1
            exchange.end()

        running = crew.submit(handler)
        ours.next_interim()
        assert len(ours.take()) > 0, "some has come"
        assert written < 20, "not all: one window is open, and memory is not endless"
        with attended(pair.server):
            assert len(answer(ours)[1]) > 18 * WINDOW, "the rest comes as it is read"
        running.result(10)
        assert written == 20, "and the handler comes to its end"


# -- wrong calls -----------------------------------------------------------------------------

Act = Callable[[Exchange], None]

BEFORE: dict[str, Act] = {
    "content before the head": lambda exchange: exchange.write(b"x"),
    "the end before the head": lambda exchange: exchange.end(),
    "trailers before the head": lambda exchange: exchange.end([(b"x-sum", b"1")]),
    "an interim response that is none": lambda exchange: exchange.send_informational(200),
    "a final response that is none": lambda exchange: exchange.start(103),
    "a name in capitals": lambda exchange: exchange.respond(200, [(b"X-Note", b"1")]),
    "a value of two lines": lambda exchange: exchange.respond(200, [(b"a", b"1\r\nb: 2")]),
    "a pseudo-field": lambda exchange: exchange.respond(200, [(b":path", b"/")]),
}


@pytest.mark.parametrize("wrong", BEFORE.values(), ids=BEFORE.keys())
def test_a_wrong_call_before_the_head_leaves_the_exchange_as_it_was(wrong: Act) -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        with pytest.raises(LocalProtocolError):
            wrong(exchange)
        exchange.respond(200, (), b"hello")
        head = [(b":status", b"200"), (b"content-length", b"5")]
        assert answer(ours) == (head, b"hello", None), "the right call works, and nothing else came"


BETWEEN: dict[str, Act] = {
    "a second head": lambda exchange: exchange.start(200),
    "a second response": lambda exchange: exchange.respond(200, (), b"again"),
    "an interim response after the final head": lambda exchange: exchange.send_informational(103),
    "a pseudo-field at the end": lambda exchange: exchange.end([(b":status", b"200")]),
}


@pytest.mark.parametrize("wrong", BETWEEN.values(), ids=BETWEEN.keys())
def test_a_wrong_call_in_the_middle_leaves_the_response_as_it_was(wrong: Act) -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.start(200)
        exchange.write(b"one")
        with pytest.raises(LocalProtocolError):
            wrong(exchange)
        exchange.write(b"two")
        exchange.end()
        assert answer(ours) == ([(b":status", b"200")], b"onetwo", None), "nothing but the response"


AFTER: dict[str, Act] = {
    **BETWEEN,
    "content after the end": lambda exchange: exchange.write(b"x"),
    "a second end": lambda exchange: exchange.end(),
}


@pytest.mark.parametrize("wrong", AFTER.values(), ids=AFTER.keys())
@pytest.mark.parametrize("end", [True, False], ids=["request over", "request under way"])
def test_a_wrong_call_after_the_end_harms_nobody(wrong: Act, end: bool) -> None:
    with threads() as pair:
        ours, exchange = serve(pair, POST, end=end)
        exchange.respond(200, (), b"hello")
        with pytest.raises(LocalProtocolError):
            wrong(exchange)
        assert answer(ours)[1:] == (b"hello", None), "the response is what it was"
        ours, exchange = serve(pair)
        exchange.respond(200)
        assert answer(ours)[1:] == (b"", None), "and so is the connection"


# -- early ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [None, ErrorCode.ENHANCE_YOUR_CALM])
def test_a_reset_cuts_the_exchange_off(code: ErrorCode | None) -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.start(200)
        if code is None:
            exchange.reset()
        else:
            exchange.reset(code)
        exchange.reset(ErrorCode.INTERNAL_ERROR)  # the second does nothing
        with pytest.raises(StreamReset) as caught:
            answer(ours)
        assert caught.value.code == (code or ErrorCode.CANCEL), "the first code, or CANCEL"
        with pytest.raises(StreamReset, match="by this side"):
            exchange.write(b"x")


def test_a_reset_after_the_end_does_nothing() -> None:
    with threads() as pair:
        ours, exchange = serve(pair)
        exchange.respond(200, (), b"hello")
        exchange.reset()
        assert answer(ours)[1] == b"hello", "the exchange was over"


def test_a_handler_learns_at_its_next_call_that_the_client_has_left() -> None:
    with threads() as pair:
        ours, exchange = serve(pair, POST, end=False)
        ours.reset(ErrorCode.CANCEL)
        with pytest.raises(StreamReset, match="CANCEL"):
            exchange.read()
        calls: list[Callable[[], None]] = [
            lambda: exchange.respond(200, (), b"hello"),
            lambda: exchange.send_informational(103),
            lambda: exchange.start(200),
            lambda: exchange.write(b"x"),
            exchange.end,
        ]
        for call in calls:
            with pytest.raises(StreamReset) as caught:
                call()
            assert caught.value.by_peer, "it is no fault of the handler's"
