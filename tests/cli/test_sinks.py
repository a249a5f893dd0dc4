"""Where bodies go, and in which order."""

import asyncio
import io
from pathlib import Path

import pytest

from hyper.cli.errors import CommandError, Exit
from hyper.cli.sinks import FileSink, Sink, StdoutQueue


async def fill(sink: Sink, *pieces: bytes) -> None:
    sink.open()
    for piece in pieces:
        await sink.write(piece)
    await sink.close()


def test_a_file_has_what_was_written(tmp_path: Path) -> None:
    asyncio.run(fill(FileSink(str(tmp_path / "f")), b"one ", b"two"))
    assert (tmp_path / "f").read_bytes() == b"one two"


def test_an_empty_body_makes_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("old")
    asyncio.run(fill(FileSink(str(tmp_path / "f"))))
    assert (tmp_path / "f").read_bytes() == b""


def test_a_request_that_fails_leaves_an_old_file_alone(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("old")
    sink = FileSink(str(tmp_path / "f"))
    asyncio.run(sink.close())
    sink.drop()
    assert (tmp_path / "f").read_text() == "old", "no body has come"


@pytest.mark.parametrize("size", [10, 10_000_000], ids=["at the end", "in the middle"])
def test_a_full_disk_is_told(size: int) -> None:
    sink = FileSink("/dev/full")
    with pytest.raises(CommandError, match=r"^/dev/full: No space left on device$") as caught:
        asyncio.run(fill(sink, bytes(size)))
    assert caught.value.code is Exit.LOCAL
    sink.drop()


def test_a_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        asyncio.run(fill(FileSink(str(tmp_path / "no" / "f"))))


def test_the_first_body_goes_straight_through() -> None:
    async def scenario() -> None:
        stream = io.BytesIO()
        sink = StdoutQueue(stream).sink()
        sink.open()
        await sink.write(b"at once")
        assert stream.getvalue() == b"at once", "a reader downstream need not wait for the end"
        await sink.close()

    asyncio.run(scenario())


def test_bodies_stand_in_the_order_of_their_sinks() -> None:
    async def scenario() -> None:
        stream = io.BytesIO()
        queue = StdoutQueue(stream)
        one, two, three = queue.sink(), queue.sink(), queue.sink()
        last = asyncio.create_task(fill(three, b"3", b"3"))
        await two.write(b"2")
        await one.write(b"1")
        assert stream.getvalue() == b"1", "the others wait"
        await one.close()
        await two.write(b"2")
        assert stream.getvalue() == b"122", "its turn: what it had, and what came now"
        await two.close()
        await last
        assert stream.getvalue() == b"12233"

    asyncio.run(scenario())


def test_a_large_body_that_has_to_wait_does_so_on_disk() -> None:
    async def scenario() -> None:
        stream = io.BytesIO()
        queue = StdoutQueue(stream)
        one, two = queue.sink(), queue.sink()
        piece = bytes(range(256)) * 4_096
        waiting = asyncio.create_task(fill(two, piece, piece, piece))
        await fill(one, b"first")
        await waiting
        assert stream.getvalue() == b"first" + piece * 3

    asyncio.run(scenario())


def test_a_body_that_failed_does_not_hold_up_the_next() -> None:
    async def scenario() -> None:
        stream = io.BytesIO()
        queue = StdoutQueue(stream)
        one, two, three = queue.sink(), queue.sink(), queue.sink()
        await two.write(b"half")
        one.drop()
        await two.close()
        await fill(three, b"whole")
        assert stream.getvalue() == b"halfwhole"

    asyncio.run(scenario())


class Full(io.BytesIO):
    def write(self, data: object, /) -> int:
        del data
        raise OSError(28, "No space left on device")


def test_a_stdout_that_fails_fails_once_for_all() -> None:
    async def scenario() -> None:
        queue = StdoutQueue(Full())
        failures: list[CommandError] = []
        for sink in (queue.sink(), queue.sink()):
            try:
                await sink.write(b"x")
            except CommandError as error:
                failures.append(error)
            await sink.close()
        assert failures[0] is failures[1], "the same error, so that it is told once"
        assert str(failures[0]) == "stdout: No space left on device"

    asyncio.run(scenario())


def test_a_terminal_is_spared_what_is_no_text() -> None:
    stream = io.BytesIO()
    queue = StdoutQueue(stream, text_only=True)
    with pytest.raises(CommandError, match="not text; use -o FILE"):
        asyncio.run(fill(queue.sink(), b"\x7fELF\0\0"))
    assert stream.getvalue() == b""
    asyncio.run(fill(StdoutQueue(stream, text_only=True).sink(), "größe".encode()))
    assert stream.getvalue() == "größe".encode()
