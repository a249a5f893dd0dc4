"""Reading a message in the world of tasks: in pieces, whole, cancelled, and cut short."""

import asyncio

import pytest

from hyper.frame import ErrorCode
from hyper.io import BodyTooLarge, ConnectionLost, StreamReset, TimedOut, TruncatedBody
from hyper.io.asyncio._incoming import Incoming
from tests.support.links import AT_ONCE, NARROW, WINDOW, held, tasks
from tests.support.wire import POST
from tests.support.worlds import collect


def test_what_is_taken_in_pieces_and_what_is_left_make_the_whole() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            request = Incoming(theirs)
            for piece in (b"one", b"two"):
                await ours.write(piece)
                assert await request.receive() == piece, "a piece as it comes"
            await ours.write(b"three")
            ours.end([(b"x-sum", b"1")])
            early = request.trailers
            assert await request.read() == b"three", "all that is left"
            assert request.trailers == [(b"x-sum", b"1")], "what came with the end"
            assert early is None, "and not before"
            assert await request.receive() == b"", "the end stays the end"
            assert await request.read() == b"", "however it is asked for"
            assert await collect(aiter(request)) == b"", "content is read once"

    asyncio.run(main())


def test_an_iteration_ends_with_the_content() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            request = Incoming(theirs)
            await ours.write(bytes(5_000))
            await ours.write(bytes(6_000), end=True)
            first = await anext(aiter(request))
            assert first, "an empty piece would look like the end"
            rest = await collect(aiter(request))
            assert first + rest == bytes(11_000), "one that is left can be taken up again"

    asyncio.run(main())


def test_reading_gives_room_for_more() -> None:
    async def main() -> None:
        async with tasks(limits=NARROW) as pair:
            ours, theirs = await pair.meet()
            theirs.answer(200, (), bytes(3 * WINDOW))
            await held(ours, WINDOW)
            assert ours.box.held == WINDOW, "one window's worth, and no more unasked"
            assert len(await Incoming(ours).read()) == 3 * WINDOW, "the rest as it is read"

    asyncio.run(main())


def test_a_limit_is_the_most_that_is_read() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            await ours.write(bytes(10), end=True)
            assert len(await Incoming(theirs).read(10)) == 10, "ten are not more than ten"
            ours, theirs = await pair.meet(POST, end=False)
            await ours.write(bytes(11))
            with pytest.raises(BodyTooLarge) as caught:
                await Incoming(theirs).read(10)  # and does not wait for the end
            assert caught.value.limit == 10, "it says how many would have been well"
            theirs.answer(413, (), b"too much")
            assert await Incoming(ours).read() == b"too much", "the exchange goes on"

    asyncio.run(main())


def test_a_read_that_is_cancelled_resets_the_stream() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            request = Incoming(theirs)
            reading = asyncio.create_task(request.read())
            await asyncio.sleep(0)  # it is the first in line
            await ours.write(b"some")
            await theirs.link.wait(
                theirs.box.stream_id,
                lambda: True if theirs.box.received else None,
                10.0,
                TimeoutError,
            )
            assert theirs.box.held == 0, "it has taken what came"
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            with pytest.raises(StreamReset, match="by this side"):
                await request.receive()
            with pytest.raises(StreamReset) as caught:
                await Incoming(ours).read()
            assert caught.value.code == ErrorCode.CANCEL, "what it had taken is gone for good"

    asyncio.run(main())


def test_a_read_that_is_cancelled_when_all_is_over_resets_nothing() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet()
            theirs.answer(200, (), b"hello")
            await held(ours, 5)
            reading = asyncio.create_task(Incoming(ours).read())
            await asyncio.sleep(0)
            assert reading.done(), "what is there is read without waiting"
            assert not reading.cancel(), "so there is nothing to cancel"
            assert await reading == b"hello", "nor to lose"
            assert ours.box.error is None, "and the stream ended well"

    asyncio.run(main())


def test_a_piece_that_is_not_waited_for_any_more_is_there_for_the_next() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            request = Incoming(theirs)
            for wait in (request.receive, aiter(request).__anext__):
                waiting = asyncio.ensure_future(wait())
                await asyncio.sleep(0)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
            await ours.write(b"late", end=True)
            assert await request.read() == b"late", "unlike `read`, one piece can be asked anew"

    asyncio.run(main())


def test_what_came_before_a_reset_is_read_before_it_is_raised() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            request = Incoming(theirs)
            await ours.write(b"some")
            await held(theirs, 4)
            ours.reset(ErrorCode.CANCEL)
            assert await request.receive() == b"some", "it was there"
            with pytest.raises(StreamReset, match="CANCEL"):
                await request.read()
            with pytest.raises(StreamReset, match="CANCEL"):
                await anext(aiter(request))

    asyncio.run(main())


def test_a_connection_that_ends_in_the_middle_says_how_much_came() -> None:
    async def main() -> None:
        async with tasks() as pair:
            ours, theirs = await pair.meet(POST, end=False)
            await ours.write(bytes(11))
            await held(theirs, 11)
            pair.client.pump.lose("an accident")
            pair.client.touch()
            with pytest.raises(TruncatedBody, match="its first 11 bytes") as caught:
                await Incoming(theirs).read()
            assert caught.value.received == 11, "for whoever can go on from there"
            assert isinstance(caught.value, ConnectionLost), "which is what it is"

    asyncio.run(main())


def test_content_that_does_not_come_is_waited_for_as_long_as_allowed() -> None:
    async def main() -> None:
        async with tasks(server=AT_ONCE) as pair:
            ours, theirs = await pair.meet(POST, end=False)
            with pytest.raises(TimedOut, match="expected more content") as caught:
                await Incoming(theirs).read()
            assert caught.value.phase == "read", "it says at what"
            with pytest.raises(StreamReset, match="CANCEL"):
                await Incoming(ours).read()

    asyncio.run(main())
