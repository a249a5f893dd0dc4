"""What work costs as things grow, counted and not timed: n against 4n."""

import tracemalloc
from collections.abc import Callable
from functools import partial

import pytest

from hyper.h1 import Connection, Data, Limits, Request, Response
from hyper.wire import Role
from tests.support.counted import lines_run
from tests.support.h1_playbook import CHUNKED_POST, GET, drained


def fed(octets: bytes, step: int = 1, limits: Limits | None = None) -> Connection:
    """A server that hears this in small pieces, each looked at as it comes."""
    engine = Connection(Role.SERVER, limits=limits)
    for at in range(0, len(octets), step):
        engine.receive_data(octets[at : at + step], 0.0)
        drained(engine)
    return engine


def long_line(size: int) -> bytes:
    return GET[:-2] + b"X-Long: " + b"x" * size + b"\r\n\r\n"


def many_fields(size: int) -> bytes:
    return GET[:-2] + b"X-Few: 1\r\n" * (size // 10) + b"\r\n"


def one_chunk(size: int) -> bytes:
    return CHUNKED_POST + b"%x\r\n" % size + bytes(size) + b"\r\n0\r\n\r\n"


def small_chunks(size: int) -> bytes:
    return CHUNKED_POST + b"1\r\nx\r\n" * (size // 6) + b"0\r\n\r\n"


def long_extensions(size: int) -> bytes:
    return CHUNKED_POST + (b"1;" + b"x" * 200 + b"\r\ny\r\n") * (size // 200) + b"0\r\n\r\n"


def long_trailers(size: int) -> bytes:
    return CHUNKED_POST + b"0\r\n" + b"X-Few: 1\r\n" * (size // 10) + b"\r\n"


def content(size: int) -> bytes:
    return GET[:-2] + b"Content-Length: %d\r\n\r\n" % size + bytes(size)


@pytest.mark.parametrize(
    "message",
    [
        long_line,
        many_fields,
        one_chunk,
        small_chunks,
        long_extensions,
        long_trailers,
        content,
    ],
)
def test_a_message_that_comes_byte_by_byte_costs_in_proportion_to_its_size(
    message: Callable[[int], bytes],
) -> None:
    limits = Limits(max_head=2**20, max_field_line=2**20, max_fields=2**20, chunk_overhead=2**30)
    small, large = message(2_000), message(8_000)
    counts = [lines_run(partial(fed, octets, limits=limits)) for octets in (small, large)]
    assert counts[1] <= 4.5 * counts[0], "linear, not quadratic"


def test_requests_that_wait_cost_nothing_while_they_wait() -> None:
    counts: list[int] = []
    for waiting in (50, 200):
        engine = Connection(Role.SERVER)
        engine.receive_data(GET * waiting, 0.0)

        def answer_all(engine: Connection = engine) -> None:
            while isinstance(event := engine.next_event(), Request):
                engine.send(Response(event.stream_id, 204, [], True))
                engine.data_to_send()

        counts.append(lines_run(answer_all))
        assert engine.next_stream_id() == waiting + 1
    assert counts[1] <= 4.2 * counts[0], "each is read when its turn has come"


def test_an_exchange_costs_the_same_however_many_there_were() -> None:
    engine = Connection(Role.SERVER, limits=Limits(max_requests=10**9))

    def exchange() -> None:
        engine.receive_data(GET, 0.0)
        event = engine.next_event()
        assert isinstance(event, Request)
        engine.send(Response(event.stream_id, 200, [(b"content-length", b"2")]))
        engine.send(Data(event.stream_id, b"hi", True))
        engine.data_to_send()
        assert engine.next_event() is None

    for _ in range(3):
        exchange()
    first = lines_run(exchange)
    for _ in range(2_000):
        exchange()
    assert lines_run(exchange) == first, "nothing is kept of exchanges that are over"


def test_many_pieces_of_content_are_sent_in_proportion_to_their_number() -> None:
    def send(pieces: int) -> None:
        engine = Connection(Role.SERVER)
        engine.receive_data(GET, 0.0)
        drained(engine)
        engine.send(Response(1, 200, []))
        for _ in range(pieces):
            engine.send(Data(1, b"x" * 100))
        engine.data_to_send()

    assert lines_run(lambda: send(2_000)) <= 4.2 * lines_run(lambda: send(500))


def peak(work: Callable[[], object]) -> int:
    """How many bytes are held at most while `work` is done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "piece",
    [
        b"GET /" + b"x" * 60_000,
        GET[:-2] + b"a: " + b"x" * 60_000,
        GET[:-2] + b"a: b\r\n" * 10_000,
        CHUNKED_POST + b"0" * 60_000,
        CHUNKED_POST + b"1;" + b"x" * 60_000,
        CHUNKED_POST + b"0\r\n" + b"a: b\r\n" * 10_000,
        b"\r\n" * 30_000,
        b"\x00" * 60_000,
    ],
)
def test_what_never_ends_is_not_held(piece: bytes) -> None:
    engine = Connection(Role.SERVER)

    def attack() -> None:
        for at in range(0, len(piece), 4_096):
            engine.receive_data(piece[at : at + 4_096], 0.0)
            drained(engine)
        for _ in range(100):
            engine.receive_data(bytes(60_000), 0.0)
            drained(engine)

    assert peak(attack) < 1_000_000, "six megabytes came, and what is held has a limit"


def test_a_large_body_passes_through_without_being_held() -> None:
    size = 50_000_000
    engine = Connection(Role.SERVER)
    engine.receive_data(GET[:-2] + b"Content-Length: %d\r\n\r\n" % size, 0.0)
    drained(engine)
    piece = bytes(100_000)

    def upload() -> None:
        read = 0
        for _ in range(size // len(piece)):
            engine.receive_data(piece, 0.0)
            for event in drained(engine):
                assert isinstance(event, Data)
                assert event.data is piece, "nor copied once"
                read += len(event.data)
        assert read == size

    assert peak(upload) < 100_000


def test_an_idle_connection_is_small() -> None:
    engines: list[Connection] = []

    def connect() -> None:
        for _ in range(200):
            engine = Connection(Role.SERVER)
            engine.receive_data(GET, 0.0)
            drained(engine)
            engine.send(Response(1, 204, [], True))
            engine.data_to_send()
            engine.next_event()
            engines.append(engine)

    assert peak(connect) / 200 < 8_000, "bytes of a connection that waits for its next request"
    assert len(engines) == 200
