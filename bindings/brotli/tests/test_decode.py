"""Streams come out as they went in, each limit holds to the byte, each fault has its name."""

import array
import mmap
from collections.abc import Callable

import pytest

import hyper_brotli
from bindings.brotli.tests.samples import CONTENTS, TEXT, stream
from hyper_brotli import (
    BrotliError,
    CorruptInput,
    Decompressor,
    OutputTooLarge,
    TrailingInput,
    TruncatedInput,
    decompress,
)

KIB = 1024


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("lgwin", [10, 16, 22, 24])
def test_a_stream_comes_out_whole_at_once_and_in_steps(name: str, lgwin: int) -> None:
    content = CONTENTS[name]
    coded = stream(content, lgwin)
    assert decompress(coded) == content, "at once"
    decompressor = Decompressor()
    cuts = range(0, len(coded), 1000)
    made = b"".join(decompressor.process(coded[at : at + 1000]) for at in cuts)
    assert made == content, "as it comes"
    assert decompressor.finished, "and the end is known"


@pytest.mark.parametrize("limit", [1, 7, 1000, 16 * KIB, 64 * KIB, 100_000])
@pytest.mark.parametrize("lgwin", [10, 14, 22])
def test_a_limit_holds_to_the_byte(limit: int, lgwin: int) -> None:
    content = TEXT[: 300 * limit]
    decompressor = Decompressor()
    made = [decompressor.process(stream(content, lgwin), limit)]
    while not decompressor.finished:
        assert not decompressor.needs_input, "all of the input is there"
        made.append(decompressor.process(b"", limit))
    assert b"".join(made) == content, "nothing is lost at a limit"
    full, rest = divmod(len(content), limit)
    sizes = [len(piece) for piece in made]
    assert sizes == [limit] * full + ([rest] if rest else []), "every step but the last is full"


def test_the_end_is_known_with_the_last_byte() -> None:
    decompressor = Decompressor()
    assert decompressor.process(stream(TEXT), len(TEXT)) == TEXT, "exactly as much as there is"
    assert decompressor.finished, "no further call is needed to learn of the end"
    assert not decompressor.needs_input, "what has ended needs nothing"


def test_more_input_is_asked_for_when_no_output_is_left() -> None:
    coded = stream(TEXT)
    decompressor = Decompressor()
    assert decompressor.needs_input, "at first"
    decompressor.process(coded[:-1])
    assert decompressor.needs_input, "the last byte is missing"
    assert not decompressor.finished, "and the end is not there"
    decompressor.process(coded[-1:])
    assert decompressor.finished, "now it is"


def test_a_limit_of_nothing_keeps_the_input() -> None:
    decompressor = Decompressor()
    assert decompressor.process(stream(b"x"), 0) == b"", "no room"
    assert not decompressor.needs_input, "what came is still here"
    assert decompressor.process(b"", -1) == b"", "below nothing is nothing, as brotlicffi has it"
    assert decompressor.process() == b"x", "and comes out when there is room"
    assert decompressor.finished, "that was all"
    assert decompressor.unused_data == b"", "nothing came behind it"


def test_new_input_while_the_old_one_has_output_is_refused_and_changes_nothing() -> None:
    decompressor = Decompressor()
    made = decompressor.process(stream(TEXT), 10)
    with pytest.raises(BrotliError, match="expected b'' until there is no more output, got 4"):
        decompressor.process(b"more")
    assert made + decompressor.process() == TEXT, "as if nobody had called"


@pytest.mark.parametrize("room", [None, len(TEXT), 100])
def test_what_comes_behind_the_end_is_unused(room: int | None) -> None:
    decompressor = Decompressor()
    made = decompressor.process(stream(TEXT) + b"behind", room)
    assert decompressor.unused_data == (b"" if room == 100 else b"behind"), "known with the end"
    made += decompressor.process()
    assert made == TEXT, "it does no harm to what came before"
    assert decompressor.unused_data == b"behind", "and is given back"


def test_input_after_the_end_is_trailing() -> None:
    decompressor = Decompressor()
    decompressor.process(stream(b"x"))
    assert decompressor.process(b"") == b"", "no input is no fault"
    with pytest.raises(TrailingInput, match="got 3 bytes behind the stream"):
        decompressor.process(b"end")
    assert decompressor.finished, "the stream itself was sound"


@pytest.mark.parametrize("make", [bytearray, memoryview, lambda data: array.array("B", data)])
def test_a_buffer_may_be_reused_while_its_input_waits(make: Callable[[bytes], bytearray]) -> None:
    buffer = bytearray(stream(TEXT))
    decompressor = Decompressor()
    made = decompressor.process(make(bytes(buffer)), 10)
    buffer[:] = bytes(len(buffer))
    assert made + decompressor.process() == TEXT, "what waits was copied"


def test_any_buffer_is_read_where_it_lies() -> None:
    coded = stream(TEXT)
    padded = coded + bytes(-len(coded) % 4)
    assert decompress(memoryview(b"--" + coded)[2:]) == TEXT, "a part of something"
    made = Decompressor().process(memoryview(padded).cast("I"))
    assert made == TEXT, "items larger than bytes are bytes all the same"
    with mmap.mmap(-1, len(coded)) as mapped:
        mapped.write(coded)
        assert decompress(mapped) == TEXT, "a file in memory"
    resized = bytearray(coded)
    decompress(resized)
    resized.append(0)  # a view that was left open would raise BufferError here


@pytest.mark.parametrize("wrong", ["text", 7, None])
def test_what_is_no_buffer_is_a_type_error(wrong: str | int | None) -> None:
    calls: list[Callable[..., bytes]] = [decompress, hyper_brotli.compress, Decompressor().process]
    for call in calls:
        with pytest.raises(TypeError):
            call(wrong)


def test_what_does_not_lie_in_one_piece_is_refused() -> None:
    with pytest.raises((BufferError, ValueError)):
        decompress(memoryview(bytes(10))[::2])


CORRUPT = {
    "a reserved window": b"\x11\x00\x00\x00",
    "noise": bytes(range(255, 155, -1)),
    "a stream with its middle changed": stream(TEXT)[:100] + b"\xff" * 20 + stream(TEXT)[120:],
}


@pytest.mark.parametrize("name", CORRUPT)
def test_what_is_no_stream_is_corrupt_now_and_ever_after(name: str) -> None:
    with pytest.raises(CorruptInput) as caught:
        decompress(CORRUPT[name])
    assert caught.value.code < 0, "libbrotli's number, to look up what it means"
    decompressor = Decompressor()
    with pytest.raises(CorruptInput):
        decompressor.process(CORRUPT[name])
    for call in (decompressor.process, decompressor.finish):
        with pytest.raises(CorruptInput) as again:
            call()
        assert again.value.reason == caught.value.reason, "what was wrong stays wrong"
    assert not decompressor.finished, "a broken stream has no end"
    assert not decompressor.needs_input, "and nothing can mend it"


def test_a_full_step_is_not_lost_to_the_fault_behind_it() -> None:
    window = 1 << 16
    compressor = hyper_brotli.Compressor(quality=5, lgwin=16)
    good = compressor.process(TEXT[:window]) + compressor.flush()
    decompressor = Decompressor()
    made = decompressor.process(good + b"\xff" * 40, window)
    assert made == TEXT[:window], "the step was full before the fault was met"
    with pytest.raises(CorruptInput):
        decompressor.process()


def test_nothing_and_half_a_stream_are_truncated() -> None:
    coded = stream(TEXT)
    for part in (b"", coded[:1], coded[: len(coded) // 2], coded[:-1]):
        with pytest.raises(TruncatedInput):
            decompress(part)
        decompressor = Decompressor()
        decompressor.process(part)
        with pytest.raises(TruncatedInput):
            decompressor.finish()
    with pytest.raises(TrailingInput):
        decompress(coded + b"x")


@pytest.mark.parametrize("size", [0, 1, 1000, 65_536, 65_537, 300_000])
@pytest.mark.parametrize("lgwin", [10, 22])
def test_max_output_lets_through_exactly_what_it_says(size: int, lgwin: int) -> None:
    coded = stream(TEXT[:size], lgwin)
    assert decompress(coded, size) == TEXT[:size], "as much as is allowed"
    if size:
        with pytest.raises(OutputTooLarge) as caught:
            decompress(coded, size - 1)
        assert caught.value.limit == size - 1, "one byte more is too many"
    with pytest.raises(TruncatedInput):
        decompress(coded[:-1], size + 1)
    with pytest.raises(TrailingInput):
        decompress(coded + b"x", size)


def test_a_negative_max_output_is_a_mistake() -> None:
    with pytest.raises(BrotliError, match="expected a max_output of 0 or more, got -1"):
        decompress(stream(b"x"), -1)
