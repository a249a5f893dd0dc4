"""Bombs are held to their step, and what a stream had goes back."""

import gc
import resource
import tracemalloc
from collections.abc import Callable

import pytest

from bindings.brotli.tests.samples import bomb, stream
from hyper_brotli import Decompressor, OutputTooLarge, decompress

KIB = 1024
MIB = KIB * KIB


def peak_of(call: Callable[[], object]) -> int:
    """The most memory of Python's that `call` had at one time."""
    gc.collect()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_is_held_to_its_step() -> None:
    coded = bomb(32 * MIB)
    assert len(coded) < KIB, "32 MiB in less than a kilobyte"

    def take() -> None:
        decompressor = Decompressor()
        total = len(decompressor.process(coded, 64 * KIB))
        while not decompressor.finished:
            total += len(decompressor.process(b"", 64 * KIB))
        assert total == 32 * MIB, "all of it went by"

    assert peak_of(take) <= 128 * KIB, "never more than two steps at once"


def test_a_bomb_at_once_ends_at_max_output() -> None:
    coded = bomb(32 * MIB)

    def refuse() -> None:
        with pytest.raises(OutputTooLarge):
            decompress(coded, MIB)

    assert peak_of(refuse) <= 2 * MIB, "it is refused while it is small"


def test_streams_that_are_dropped_on_the_way_leave_nothing_behind() -> None:
    coded = stream(bytes(5 * MIB))

    def drop() -> None:
        for _ in range(50):
            Decompressor().process(coded, 1)

    drop()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    drop()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 32 * KIB, "50 windows of 4 MiB would be 200 MiB (the figure is in KiB)"
