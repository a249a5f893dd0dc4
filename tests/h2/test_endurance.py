"""One connection for a hundred thousand requests: it is no larger at the end than after the first
few thousand, and still as quick.
"""

import gc
import sys

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Data, Event, PeerFault, Ping, Request, Reset, Response, Trailers
from tests.support.inside import look, session
from tests.support.pair import Pair
from tests.support.playbook import GET, OK, POST

REQUESTS = 100_000
BATCH = 50

BODY = bytes(300)
ANSWER = bytes(2_000)


def answer(pair: Pair, event: Event) -> int:
    """What the server does about an event; 1 for a request."""
    assert not isinstance(event, PeerFault), str(event)
    if not isinstance(event, Request):
        return 0
    stream_id = event.stream_id
    kind = stream_id // 2 % 10
    head = [*OK, (b"x-request", b"%d" % stream_id), (b"etag", b'"%d"' % stream_id)]
    if kind < 5:
        pair.server.send(Response(stream_id, head, True))
    elif kind < 9:
        pair.server.send(Response(stream_id, head))
        pair.server.send(Data(stream_id, ANSWER, kind != 8))
        if kind == 8:
            pair.server.send(Trailers(stream_id, [(b"checksum", b"%d" % stream_id)]))
    return 1


def a_batch(pair: Pair) -> int:
    """Fifty requests of different kinds; how many of them the server saw."""
    client = pair.client
    stream_id = 0
    for _ in range(BATCH):
        stream_id = client.next_stream_id()
        path = (b":path", b"/%d" % stream_id)
        if stream_id // 2 % 3:
            client.send(Request(stream_id, [*GET[:3], path], True))
        else:
            client.send(Request(stream_id, [*POST[:3], path]))
            client.send(Data(stream_id, BODY, True))
    client.send(Ping(b"%08d" % stream_id))
    seen = 0
    _, to_server = pair.flow()
    for event in to_server:
        seen += answer(pair, event)
    # A tenth of them is never answered, and given up.
    for stream_id in range(client.next_stream_id() - 2 * BATCH, client.next_stream_id(), 2):
        if stream_id // 2 % 10 == 9:
            client.send(Reset(stream_id, ErrorCode.CANCEL))
    to_client, _ = pair.flow()
    faults = [str(event) for event in to_client if isinstance(event, PeerFault)]
    assert faults == [], "an honest server"
    assert client.open_streams == pair.server.open_streams == 0
    pair.now += 0.5
    return seen


def size(thing: object) -> int:
    """How many things there are in what `look` shows."""
    if isinstance(thing, list):
        return 1 + sum(size(each) for each in thing)
    if isinstance(thing, tuple):
        return sum(size(each) for each in thing)
    return 1


@pytest.mark.slow
def test_a_connection_of_a_hundred_thousand_requests_does_not_grow() -> None:
    pair = Pair(auto_consume=True)
    pair.flow()
    seen = 0
    blocks: list[int] = []
    sizes: list[tuple[int, int]] = []
    for number in range(1, REQUESTS // BATCH + 1):
        seen += a_batch(pair)
        if number in {REQUESTS // BATCH // 10, REQUESTS // BATCH}:
            gc.collect()
            blocks.append(sys.getallocatedblocks())
            sizes.append((size(look(session(pair.client))), size(look(session(pair.server)))))
    assert seen == REQUESTS, "all have arrived"
    assert pair.client.next_stream_id() == 2 * REQUESTS + 1
    assert sizes[1] == sizes[0], "neither engine holds one thing more than after a tenth of them"
    # Caches of fields fill and are emptied; each of them has a bound of its own.
    assert blocks[1] <= blocks[0] + 10_000, "nor does anything grow with each of 90,000 requests"
