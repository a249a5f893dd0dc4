"""The verbs of a stream in the world of tasks: what they send, and what they wait for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from functools import partial

import pytest

from hyper.frame import ErrorCode
from hyper.http import Version
from hyper.io import StreamReset, TimedOut
from hyper.io.asyncio._channel import Body, Channel
from hyper.wire import Field, LocalProtocolError
from tests.support.links import AT_ONCE, NARROW, WINDOW, held, moving, tasks
from tests.support.wire import GET, POST


async def drain(channel: Channel) -> bytes:
    """All the content there is to come."""
    content = b""
    while chunk := await channel.take():
        content += chunk
    return content


# -- from the peer ---------------------------------------------------------------------------


def test_interim_responses_are_taken_in_turn_until_the_final_head_is_there() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet()
            theirs.inform(103, [(b"link", b"</a.css>")])
            theirs.inform(103, [(b"link", b"</b.css>")])
            for name in (b"</a.css>", b"</b.css>"):
                interim = await ours.next_interim()
                assert interim is not None, "one that was not told of"
                assert interim.fields == [(b"link", name)], "in the order they were sent"
            theirs.respond(200, (), end=True)
            assert await ours.next_interim() is None, "no other will come"
            assert ours.box.head == [(b":status", b"200")], "the final head is there"

    asyncio.run(main())


def test_content_is_taken_piece_by_piece_to_its_end() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            for piece in (b"one", b"two"):
                await ours.write(piece)
                assert await theirs.take() == piece, "as soon as it is there"
            ours.end([(b"x-sum", b"1")])
            assert await theirs.take() == b"", "the end"
            assert await theirs.take() == b"", "which stays the end"
            assert theirs.box.trailers == [(b"x-sum", b"1")], "what came with it"

    asyncio.run(main())


def test_taking_content_tells_a_client_that_waits_to_be_told() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet([*POST, (b"expect", b"100-continue")], end=False)
            taking = asyncio.create_task(theirs.take())
            interim = await ours.next_interim()
            assert interim is not None, "RFC 9110 §10.1.1: the client waits for it"
            assert interim.status == 100, "go on"
            await ours.write(b"content", end=True)
            assert await taking == b"content", "which it does"
            theirs.respond(200, (), end=True)
            assert await ours.next_interim() is None, "it is told once"

    asyncio.run(main())


def test_a_take_that_is_cancelled_takes_nothing() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            taking = asyncio.create_task(theirs.take())
            await ours.write(b"first")
            # This task is the first in line: the other is woken too, and has yet to run.
            await held(theirs, 5)
            taking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await taking
            assert await theirs.take() == b"first", "nothing is lost between the two"
            ours.end(())
            assert await theirs.take() == b"", "and nothing comes twice"

    asyncio.run(main())


# -- to the peer -----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"hello", b""], ids=["content", "no content"])
def test_an_answer_is_a_whole_response(content: bytes) -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet()
            theirs.answer(200, [(b"a", b"1")], content)
            assert await ours.next_interim() is None, "its head"
            assert ours.box.head == [(b":status", b"200"), (b"a", b"1")], "the fields in order"
            assert await drain(ours) == content, "its content, to its end"
            with pytest.raises(LocalProtocolError):
                await theirs.write(b"more")

    asyncio.run(main())


def test_a_writer_waits_while_too_much_is_queued() -> None:
    async def main() -> None:
        async with tasks(limits=NARROW) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            writing = asyncio.create_task(ours.write(bytes(4 * WINDOW)))
            await held(theirs, WINDOW)
            assert not writing.done(), "three windows' worth lies here; memory is not endless"
            size = 0
            while size < 4 * WINDOW:
                size += len(await theirs.take())
            await writing  # the reader has read, the writer goes on
            await ours.write(b"little", end=True)
            assert await drain(theirs) == b"little", "and little is not waited for"

    asyncio.run(main())


def test_a_write_that_is_cancelled_has_queued_its_piece() -> None:
    async def main() -> None:
        async with tasks(limits=NARROW) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            writing = asyncio.create_task(ours.write(bytes(4 * WINDOW)))
            await held(theirs, WINDOW)
            writing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writing
            ours.end(())
            assert len(await drain(theirs)) == 4 * WINDOW, "it waited for room, not to be sent"

    asyncio.run(main())


def test_the_last_piece_is_not_waited_for() -> None:
    async def main() -> None:
        async with tasks(limits=NARROW, client=AT_ONCE) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            await ours.write(bytes(4 * WINDOW), end=True)  # whoever waited would fail
            assert len(await drain(theirs)) == 4 * WINDOW, "it goes by itself"

    asyncio.run(main())


def test_a_writer_that_waits_is_told_of_the_reset() -> None:
    async def main() -> None:
        async with tasks(limits=NARROW) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            writing = asyncio.create_task(ours.write(bytes(4 * WINDOW)))
            await held(theirs, WINDOW)
            theirs.reset(ErrorCode.ENHANCE_YOUR_CALM)
            with pytest.raises(StreamReset, match="ENHANCE_YOUR_CALM"):
                await writing

    asyncio.run(main())


async def pieces_in_turn() -> AsyncIterator[bytes]:
    for piece in (b"he", b"", b"llo"):
        yield piece


BODIES: dict[str, Callable[[], Body]] = {
    "bytes": lambda: b"hello",
    "array": lambda: bytearray(b"hello"),
    "view": lambda: memoryview(b"hello"),
    "pieces": lambda: iter([b"he", b"", b"llo"]),
    "pieces in turn": pieces_in_turn,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("trailers", [(), [(b"x-end", b"1")]], ids=["plain", "trailers"])
def test_a_body_may_be_there_or_come_in_either_way(
    body: Callable[[], Body], trailers: Sequence[Field]
) -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            await ours.send_body(body(), trailers)
            assert await drain(theirs) == b"hello", "all of it, an empty piece is not the end"
            assert (theirs.box.trailers or ()) == trailers, "with trailers if there are any"

    asyncio.run(main())


@pytest.mark.parametrize("in_turn", [True, False], ids=["asynchronous", "plain"])
def test_a_body_in_pieces_is_asked_for_more_as_there_is_room(in_turn: bool) -> None:
    asked: list[int] = []
    over: list[str] = []

    def pieces() -> Iterator[bytes]:
        for number in range(8):
            asked.append(number)
            yield bytes(WINDOW)
        over.append("body")

    async def awaited() -> AsyncIterator[bytes]:
        for piece in pieces():
            yield piece

    def trailers() -> Sequence[Field]:
        over.append("trailers")
        return [(b"x-sum", b"1")]

    async def main() -> None:
        async with tasks(limits=NARROW) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            body = awaited() if in_turn else pieces()
            sending = asyncio.create_task(ours.send_body(body, trailers))
            await held(theirs, WINDOW)
            assert len(asked) <= 3, "one is at the peer, two lie here; the rest is not made yet"
            assert len(await drain(theirs)) == 8 * WINDOW, "all of it came"
            await sending
            assert over == ["body", "trailers"], "a checksum is known when the last piece is"
            assert theirs.box.trailers == [(b"x-sum", b"1")], "and came too"

    asyncio.run(main())


# -- early ends ------------------------------------------------------------------------------


def test_a_reset_is_heard_at_both_ends() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            waiting = asyncio.create_task(ours.next_interim())
            await asyncio.sleep(0)
            ours.reset(ErrorCode.REFUSED_STREAM)
            ours.reset(ErrorCode.CANCEL)  # the second does nothing
            with pytest.raises(StreamReset, match="by this side"):
                await waiting
            with pytest.raises(StreamReset, match="REFUSED_STREAM") as caught:
                await theirs.take()
            assert caught.value.by_peer, "the other end did it"
            for verb in (ours.take, ours.next_interim, partial(ours.write, b"x")):
                with pytest.raises(StreamReset, match="by this side"):
                    await verb()

    asyncio.run(main())


def test_a_reset_of_what_is_over_does_nothing() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet()
            theirs.answer(200, (), b"hello")
            assert await ours.next_interim() is None, "the response is there"
            theirs.reset(ErrorCode.CANCEL)
            assert theirs.box.error is None, "the server has done its part"
            assert await drain(ours) == b"hello", "which is not taken back"
            ours.reset(ErrorCode.CANCEL)
            assert ours.box.error is None, "nothing has failed"

    asyncio.run(main())


def test_a_stream_may_be_abandoned_in_any_thread_and_the_next_use_resets_it() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            # Destructors run where they will, where asyncio itself must not be called.
            await asyncio.to_thread(ours.abandon)
            pair.client.touch()
            with pytest.raises(StreamReset, match="CANCEL"):
                await theirs.take()

    asyncio.run(main())


def test_what_is_over_and_read_is_not_abandoned() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet()
            theirs.answer(200, (), b"hello")
            assert await drain(ours) == b"hello", "all there was"
            ours.abandon()
            assert not pair.client.pump.abandoned, "nobody has anything to clear up"

    asyncio.run(main())


Verb = Callable[[Channel, Channel], Awaitable[object]]


async def response(ours: Channel, _: Channel) -> None:
    await ours.next_interim()


async def content(ours: Channel, theirs: Channel) -> None:
    theirs.respond(200, (), end=False)
    has_head = partial(ours.link.pump.streams.has_head, ours.box)
    await ours.link.wait(ours.box.stream_id, has_head, 10.0, TimeoutError)
    await ours.take()


async def room(ours: Channel, _: Channel) -> None:
    await ours.write(bytes(4 * WINDOW))


@pytest.mark.parametrize(
    ("verb", "phase", "message"),
    [
        (response, "read", "expected a response within 0 s"),
        (content, "read", "expected more content within 0 s"),
        (room, "write", "expected room for more content within 0 s"),
    ],
    ids=["response", "content", "room"],
)
def test_a_wait_that_is_too_long_says_for_what_and_resets_the_stream(
    verb: Verb, phase: str, message: str
) -> None:
    async def main() -> None:
        async with tasks(limits=NARROW, client=AT_ONCE) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            with pytest.raises(TimedOut, match=message) as caught:
                await verb(ours, theirs)
            assert caught.value.phase == phase, "what it was at"
            with pytest.raises(StreamReset, match="CANCEL"):
                await drain(theirs)
            with pytest.raises(TimedOut):
                await ours.write(b"x")
            other, theirs = await pair.meet()
            theirs.answer(200, (), b"")
            has_head = partial(pair.client.pump.streams.has_head, other.box)
            await pair.client.wait(other.box.stream_id, has_head, 10.0, TimeoutError)
            assert await other.take() == b"", "the connection is none the worse"

    asyncio.run(main())


def test_time_counts_from_ones_turn_on_a_connection_of_http_1_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        async with tasks(client=AT_ONCE, version=Version.HTTP_1_1) as pair:
            ours, theirs = await pair.meet([*POST, (b"content-length", b"2")], end=False)
            second = pair.client.ask(lambda: pair.client.pump.request(GET, end_stream=True))
            # The time is up, but something has moved since; from then on there is no hurry.
            monkeypatch.setattr(pair.client.pump, "patience", moving())
            waiting = asyncio.create_task(Channel(pair.client, second).next_interim())
            await ours.write(b"o")
            await held(theirs, 1)
            assert not waiting.done(), "the server owes nothing to a request that was not sent"
            await ours.write(b"k", end=True)
            await held(theirs, 2)
            theirs.respond(204, (), end=True)
            with pytest.raises(TimedOut, match="expected a response within 0 s"):
                await waiting
            assert ours.box.ended, "it was its turn: the one before has its answer"

    asyncio.run(main())


def test_a_request_behind_a_response_that_nobody_reads_gives_up() -> None:
    async def main() -> None:
        async with tasks(client=AT_ONCE, version=Version.HTTP_1_1) as pair:
            ours, theirs = await pair.meet(GET, end=True)
            second = pair.client.ask(lambda: pair.client.pump.request(GET, end_stream=True))
            lost = "a response to those before this request within 0 s"
            with pytest.raises(TimedOut, match=lost):
                await Channel(pair.client, second).next_interim()
            theirs.respond(204, (), end=True)
            has_head = partial(pair.client.pump.streams.has_head, ours.box)
            done = await pair.client.wait(ours.box.stream_id, has_head, 10.0, TimeoutError)
            assert done, "none the worse"

    asyncio.run(main())
