"""Threads: each with an object of its own run side by side; two at one object are told so."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bindings.brotli.tests.samples import TEXT, stream
from hyper_brotli import Compressor, Decompressor, InUse, compress, decompress

CODED = stream(TEXT)


def test_many_threads_at_once_each_get_their_own() -> None:
    contents = [bytes([n]) * 1000 + TEXT[: n * 997] for n in range(64)]

    def both_ways(content: bytes) -> bool:
        coded = compress(content, quality=3)
        decompressor = Decompressor()
        made = b"".join(
            decompressor.process(coded[at : at + 99]) for at in range(0, len(coded), 99)
        )
        return made == decompress(coded) == content

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(both_ways, contents * 4)), "no two calls share memory"


def hammered(call: Callable[[], object], times: int) -> int:
    """How many of `times` calls from each of four threads were refused; others may not fail."""
    barrier = threading.Barrier(4)

    def strike() -> int:
        refused = 0
        barrier.wait(30)
        for _ in range(times):
            try:
                call()
            except InUse:
                refused += 1
        return refused

    with ThreadPoolExecutor(4) as pool:
        return sum(found.result() for found in [pool.submit(strike) for _ in range(4)])


def test_calls_that_collide_are_refused_and_the_one_at_work_goes_on() -> None:
    compressor = Compressor(quality=10)
    part = TEXT[:30_000]
    made: list[bytes] = []

    def work() -> None:
        made.append(compressor.process(part) + compressor.flush())

    refused = hammered(work, 3)
    assert refused > 0, "four threads cannot all have found it idle for a hundred milliseconds"
    whole = decompress(b"".join(made) + compressor.finish())
    assert not whole.replace(part, b""), "what was served is whole, and in some order"


def test_a_decompressor_that_is_hammered_still_knows_what_it_does() -> None:
    decompressor = Decompressor()
    made: list[bytes] = [decompressor.process(CODED, 1)]
    refused = hammered(lambda: made.append(decompressor.process(b"", 500)), 50)
    assert len(made) - 1 + refused == 200, "each call is served or refused"
    made.append(decompressor.process(b""))
    assert sorted(b"".join(made)) == sorted(TEXT), "each byte came out once"
