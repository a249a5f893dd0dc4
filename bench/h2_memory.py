"""What a connection and a stream take, beside h2: bytes as `tracemalloc` counts them.

    python -m bench.h2_memory [--quick] [--write]

Client and server are both counted and the sum is halved.  A peer that allocates in another language
hides from this count, so there is only one.
"""

import gc
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

from bench.h2_cycle import H2Pair, Pair
from bench.harness import OURS, Row, options, report

PEER = "h2"
STREAMS = 1_000

_ENDS = 2


def bytes_of(make: Callable[[], object], count: int) -> float:
    """What one end takes of that which `make` makes, when it makes `count` and all are kept."""
    make()  # what is made once and shared is not to be counted
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept = [make() for _ in range(count)]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / (len(kept) * _ENDS)


def used(pair: Pair | H2Pair) -> Pair | H2Pair:
    """The pair after one request and its response."""
    pair.cycle()
    return pair


def bytes_a_stream(pair: Pair | H2Pair) -> float:
    """What one end takes for a request that is open, and that the application knows of."""
    used(pair).open_others(10)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    pair.open_others(STREAMS)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / (STREAMS * _ENDS)


def main() -> None:
    """Measure and report."""
    asked = options()
    count = 10 * asked.rounds
    idle = {OURS: bytes_of(Pair, count)}
    after_use = {OURS: bytes_of(lambda: used(Pair()), count)}
    streams = {OURS: bytes_a_stream(Pair(max_concurrent_streams=2 * STREAMS))}
    with suppress(ImportError):
        idle[PEER] = bytes_of(lambda: H2Pair(PEER), count)
        after_use[PEER] = bytes_of(lambda: used(H2Pair(PEER)), count)
        streams[PEER] = bytes_a_stream(H2Pair(PEER, max_concurrent_streams=2 * STREAMS))
    rows = [
        Row("a connection that is idle", idle, 2.0, unit="B"),
        Row("a connection that is idle after one request", after_use, unit="B"),
        Row("a stream that is open", streams, 2.0, unit="B"),
    ]
    report("HTTP/2 memory", rows, [PEER], write=asked.write)


if __name__ == "__main__":
    main()
