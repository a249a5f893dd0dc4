"""What a handler of the world of tasks can do with a request, and what it cannot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from functools import partial

import pytest

from hyper.frame import ErrorCode
from hyper.io import StreamReset
from hyper.io.asyncio import Exchange
from hyper.io.asyncio._channel import Body, Channel
from hyper.wire import Buffer, Field, LocalProtocolError
from tests.support.links import NARROW, WINDOW, TaskPair, held, tasks
from tests.support.wire import GET, HEAD, POST

CLIENT = ("192.0.2.1", 50_000)

Response = tuple[Sequence[Field], bytes, Sequence[Field] | None]


async def serve(
    pair: TaskPair, fields: Sequence[Field] = GET, *, end: bool = True
) -> tuple[Channel, Exchange]:
    """The client's end of a stream, and the server's as a handler gets it."""
    ours, theirs = await pair.meet(fields, end=end)
    return ours, Exchange(theirs, CLIENT)


async def answer(ours: Channel) -> Response:
    """Head, content and trailers of the final response."""
    while await ours.next_interim() is not None:
        pass
    content = b""
    while chunk := await ours.take():
        content += chunk
    return ours.box.head or (), content, ours.box.trailers


def test_a_request_is_shown_as_it_came() -> None:
    async def main() -> None:
        async with tasks() as pair:
            _, exchange = await serve(pair, [*GET, (b"x-note", b"one"), (b"x-note", b"two")])
            assert exchange.method == "GET", ":method"
            assert exchange.scheme == "https", ":scheme"
            assert exchange.authority == "a", ":authority"
            assert exchange.path == "/", ":path"
            assert exchange.peer == CLIENT, "who asks"
            assert exchange.fields == [(b"x-note", b"one"), (b"x-note", b"two")], "no pseudo-field"
            tunnel = [(b":method", b"CONNECT"), (b":authority", b"a:1")]
            _, exchange = await serve(pair, tunnel, end=False)
            assert (exchange.scheme, exchange.path) == ("", ""), "RFC 9113 §8.5: it has neither"

    asyncio.run(main())


# -- whole responses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [b"hello", bytearray(b"hello"), memoryview(b"hello")], ids=["bytes", "array", "view"]
)
@pytest.mark.parametrize("trailers", [None, [(b"x-sum", b"1")]], ids=["plain", "trailers"])
def test_the_length_of_a_body_that_is_there_is_announced(
    body: Buffer, trailers: Sequence[Field] | None
) -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            await exchange.respond(200, [(b"a", b"1")], body, trailers or ())
            head = [(b":status", b"200"), (b"a", b"1"), (b"content-length", b"5")]
            assert await answer(ours) == (head, b"hello", trailers), "head, content, trailers"

    asyncio.run(main())


def test_a_response_without_a_body_has_none() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            await exchange.respond(204)
            head = [(b":status", b"204")]
            assert await answer(ours) == (head, b"", None), "RFC 9110 §8.6: no length"

    asyncio.run(main())


@pytest.mark.parametrize("in_turn", [True, False], ids=["asynchronous", "plain"])
def test_a_body_in_pieces_comes_as_it_is_made_and_trailers_after_it(in_turn: bool) -> None:
    made: list[str] = []

    def pieces() -> Iterator[bytes]:
        for name in ("one", "two"):
            made.append(name)
            yield name.encode()

    async def awaited() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    def trailers() -> Sequence[Field]:
        return [(b"x-made", b"%d" % len(made))]

    async def main() -> None:
        async with tasks() as pair:
            body: Body = awaited() if in_turn else pieces()
            ours, exchange = await serve(pair)
            await exchange.respond(200, (), body, trailers)
            head = [(b":status", b"200")]
            expected = (head, b"onetwo", [(b"x-made", b"2")])
            assert await answer(ours) == expected, "of a length unknown before"

    asyncio.run(main())


def test_a_head_request_gets_the_head_and_its_body_is_not_even_made() -> None:
    made: list[str] = []

    async def pieces() -> AsyncIterator[bytes]:
        made.append("content")
        yield b"hello"

    def trailers() -> Sequence[Field]:
        made.append("trailers")
        return [(b"x-sum", b"1")]

    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair, HEAD)
            await exchange.respond(200, (), pieces(), trailers)
            head = [(b":status", b"200")]
            assert await answer(ours) == (head, b"", None), "RFC 9110 §9.3.2: no content"
            assert made == [], "nobody takes it"
            for more in ((), [(b"x-sum", b"1")]):
                ours, exchange = await serve(pair, HEAD)
                await exchange.respond(200, (), b"hello", more)
                head = [(b":status", b"200"), (b"content-length", b"5")]
                assert await answer(ours) == (head, b"", None), "the length a GET would have got"

    asyncio.run(main())


# -- responses in pieces ---------------------------------------------------------------------


def test_a_response_may_be_written_step_by_step() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            await exchange.send_informational(103, [(b"link", b"</a.css>")])
            interim = await ours.next_interim()
            assert interim is not None, "it goes before there is an answer"
            assert interim.status == 103, "with its status"
            await exchange.start(200, [(b"a", b"1")])
            assert await ours.next_interim() is None, "the head goes before there is content"
            await exchange.write(b"one")
            assert await ours.take() == b"one", "and so does each piece"
            await exchange.write(b"two")
            await exchange.end([(b"x-sum", b"1")])
            head = [(b":status", b"200"), (b"a", b"1")]
            assert await answer(ours) == (head, b"two", [(b"x-sum", b"1")]), "to the end"

    asyncio.run(main())


def test_a_handler_that_writes_faster_than_the_client_reads_waits() -> None:
    written = 0

    async def main() -> None:
        async with tasks(limits=NARROW) as pair:
            ours, exchange = await serve(pair)

            async def handler() -> None:
                nonlocal written
                await exchange.start(200)
                for _ in range(20):
                    await exchange.write(bytes(WINDOW))
                    written += 1
                await exchange.end()

            running = asyncio.create_task(handler())
            await held(ours, WINDOW)
            assert written < 4, "one window is open, and memory is not endless"
            assert len((await answer(ours))[1]) == 20 * WINDOW, "the rest comes as it is read"
            await running

    asyncio.run(main())


# -- wrong calls -----------------------------------------------------------------------------

Act = Callable[[Exchange], Awaitable[None]]

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
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            with pytest.raises(LocalProtocolError):
                await wrong(exchange)
            await exchange.respond(200, (), b"hello")
            head = [(b":status", b"200"), (b"content-length", b"5")]
            assert await answer(ours) == (head, b"hello", None), "the right call works"

    asyncio.run(main())


BETWEEN: dict[str, Act] = {
    "a second head": lambda exchange: exchange.start(200),
    "a second response": lambda exchange: exchange.respond(200, (), b"again"),
    "an interim response after the final head": lambda exchange: exchange.send_informational(103),
    "a pseudo-field at the end": lambda exchange: exchange.end([(b":status", b"200")]),
}


@pytest.mark.parametrize("wrong", BETWEEN.values(), ids=BETWEEN.keys())
def test_a_wrong_call_in_the_middle_leaves_the_response_as_it_was(wrong: Act) -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            await exchange.start(200)
            await exchange.write(b"one")
            with pytest.raises(LocalProtocolError):
                await wrong(exchange)
            await exchange.write(b"two")
            await exchange.end()
            head = [(b":status", b"200")]
            assert await answer(ours) == (head, b"onetwo", None), "nothing but the response"

    asyncio.run(main())


AFTER: dict[str, Act] = {
    **BETWEEN,
    "content after the end": lambda exchange: exchange.write(b"x"),
    "a second end": lambda exchange: exchange.end(),
}


@pytest.mark.parametrize("wrong", AFTER.values(), ids=AFTER.keys())
@pytest.mark.parametrize("end", [True, False], ids=["request over", "request under way"])
def test_a_wrong_call_after_the_end_harms_nobody(wrong: Act, end: bool) -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair, POST, end=end)
            await exchange.respond(200, (), b"hello")
            with pytest.raises(LocalProtocolError):
                await wrong(exchange)
            assert (await answer(ours))[1:] == (b"hello", None), "the response is what it was"
            ours, exchange = await serve(pair)
            await exchange.respond(200)
            assert (await answer(ours))[1:] == (b"", None), "and so is the connection"

    asyncio.run(main())


# -- early ends ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [None, ErrorCode.ENHANCE_YOUR_CALM])
def test_a_reset_cuts_the_exchange_off(code: ErrorCode | None) -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            await exchange.start(200)
            if code is None:
                exchange.reset()
            else:
                exchange.reset(code)
            exchange.reset(ErrorCode.INTERNAL_ERROR)  # the second does nothing
            with pytest.raises(StreamReset) as caught:
                await answer(ours)
            assert caught.value.code == (code or ErrorCode.CANCEL), "the first code, or CANCEL"
            with pytest.raises(StreamReset, match="by this side"):
                await exchange.write(b"x")

    asyncio.run(main())


def test_a_reset_after_the_end_does_nothing() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair)
            await exchange.respond(200, (), b"hello")
            assert await ours.next_interim() is None, "it is on its way"
            exchange.reset()
            assert (await answer(ours))[1] == b"hello", "the exchange was over"

    asyncio.run(main())


def test_a_handler_learns_at_its_next_call_that_the_client_has_left() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, exchange = await serve(pair, POST, end=False)
            ours.reset(ErrorCode.CANCEL)
            with pytest.raises(StreamReset, match="CANCEL"):
                await exchange.read()
            calls: list[Callable[[], Awaitable[None]]] = [
                partial(exchange.respond, 200, (), b"hello"),
                partial(exchange.send_informational, 103),
                partial(exchange.start, 200),
                partial(exchange.write, b"x"),
                exchange.end,
            ]
            for call in calls:
                with pytest.raises(StreamReset) as caught:
                    await call()
                assert caught.value.by_peer, "it is no fault of the handler's"

    asyncio.run(main())
