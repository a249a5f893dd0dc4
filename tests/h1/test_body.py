"""Bodies that are received: content, its framing taken away (RFC 9112 §6, §7.1)."""

from itertools import pairwise

import pytest

from hyper.h1.body import BodyReader
from hyper.h1.buffer import InputBuffer
from hyper.h1.events import Data, Trailers
from hyper.h1.fields import FieldReader
from hyper.h1.framing import Body
from hyper.h1.head import Fault
from hyper.h1.leniences import Leniences
from hyper.h1.limits import Limits
from hyper.wire import Role


class Reading:
    """A body that comes in pieces, and what is made of it."""

    def __init__(
        self,
        body: Body,
        length: int = 0,
        *,
        role: Role = Role.SERVER,
        limits: Limits | None = None,
        leniences: Leniences | None = None,
        keep_extensions: bool = False,
    ) -> None:
        leniences = leniences or Leniences()
        self.buffer = InputBuffer()
        self.reader = BodyReader(
            role,
            self.buffer,
            FieldReader(leniences),
            limits or Limits(),
            leniences,
            keep_extensions,
        )
        self.first_fault = self.reader.begin(body, length)
        self.told: list[Data | Trailers | Fault] = []
        self.over = False

    def feed(self, octets: bytes) -> "Reading":
        """Bytes come; read until more are needed."""
        self.buffer.append(octets)
        while not self.over:
            piece = self.reader.read(1)
            if piece is None:
                break
            self.told.append(piece)
            self.over = not isinstance(piece, Data) or piece.end_stream
        return self

    @property
    def content(self) -> bytes:
        """What came of it."""
        return b"".join([each.data for each in self.told if isinstance(each, Data)])

    @property
    def fault(self) -> Fault | None:
        """What was wrong with it, if anything."""
        last = self.told[-1] if self.told else None
        return last if isinstance(last, Fault) else None


def every_cut(octets: bytes) -> list[list[bytes]]:
    """The octets whole, in two pieces at every place, and byte by byte."""
    cuts = [[octets[:at], octets[at:]] for at in range(len(octets) + 1)]
    return [*cuts, [octets[at : at + 1] for at in range(len(octets))]]


def chunked(*pieces: bytes) -> bytes:
    return b"".join([b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces]) + b"0\r\n\r\n"


# -- by length --------------------------------------------------------------------------------


def test_a_body_ends_after_so_many_bytes_and_leaves_the_rest() -> None:
    for pieces in every_cut(b"hellorest"):
        reading = Reading(Body.LENGTH, 5)
        for piece in pieces:
            reading.feed(piece)
        assert reading.content == b"hello"
        assert reading.over
        assert reading.buffer.take() == b"rest"


def test_content_that_comes_in_one_piece_is_handed_on_as_it_came() -> None:
    piece = bytes(70_000)
    reading = Reading(Body.LENGTH, 140_000).feed(piece)
    assert isinstance(reading.told[0], Data)
    assert reading.told[0].data is piece, "not copied once"
    assert reading.reader.remaining == 70_000


def test_content_beyond_the_limit_is_refused_before_any_of_it_comes() -> None:
    fault = Reading(Body.LENGTH, 11, limits=Limits(max_content=10)).first_fault
    assert fault is not None
    assert fault.status == 413, "RFC 9110 §15.5.14"
    assert Reading(Body.LENGTH, 10, limits=Limits(max_content=10)).first_fault is None
    fault = Reading(Body.LENGTH, 11, role=Role.CLIENT, limits=Limits(max_content=10)).first_fault
    assert fault is not None
    assert fault.status == 502


# -- until the connection closes --------------------------------------------------------------


def test_a_body_without_an_end_ends_with_the_input() -> None:
    reading = Reading(Body.UNTIL_CLOSE, role=Role.CLIENT).feed(b"a").feed(b"b")
    assert reading.told == [Data(1, b"a"), Data(1, b"b")]
    assert reading.reader.end(1) == Data(1, b"", True)
    assert Reading(Body.LENGTH, 5).reader.end(1) is None, "others are cut short by it"


@pytest.mark.parametrize("cut", range(9))
def test_a_body_without_an_end_has_the_limit_all_the_same(cut: int) -> None:
    reading = Reading(Body.UNTIL_CLOSE, role=Role.CLIENT, limits=Limits(max_content=5))
    octets = b"12345678"
    reading.feed(octets[:cut]).feed(octets[cut:])
    assert reading.content == b"12345", "what is allowed is told, however it is cut"
    assert reading.fault is not None


def test_a_limit_that_is_reached_exactly_is_kept() -> None:
    reading = Reading(Body.UNTIL_CLOSE, role=Role.CLIENT, limits=Limits(max_content=5))
    reading.feed(b"123").feed(b"45")
    assert reading.content == b"12345"
    assert reading.fault is None


# -- in chunks --------------------------------------------------------------------------------

BODIES = [
    (chunked(b"hello"), b"hello"),
    (chunked(b"hello", b" ", b"world"), b"hello world"),
    (chunked(), b""),
    (chunked(b"x" * 300), b"x" * 300),
    (b"5;a=b\r\nhello\r\n0;c\r\n\r\n", b"hello"),
    (b"005\r\nhello\r\n000\r\n\r\n", b"hello"),
    (chunked(b"\r\n", b"0\r\n\r\n"), b"\r\n0\r\n\r\n"),
]


@pytest.mark.parametrize(("octets", "content"), BODIES)
def test_chunks_are_joined_whatever_the_cut(octets: bytes, content: bytes) -> None:
    for pieces in every_cut(octets + b"rest"):
        reading = Reading(Body.CHUNKED)
        for piece in pieces:
            reading.feed(piece)
        assert reading.content == content
        assert reading.over
        assert reading.fault is None
        assert reading.buffer.take() == b"rest"


def test_small_chunks_that_came_together_are_one_piece() -> None:
    reading = Reading(Body.CHUNKED).feed(chunked(b"a", b"b", b"c"))
    assert reading.told == [Data(1, b"abc", True)], "an event costs more than a copy"


def test_large_chunks_are_not_copied_together() -> None:
    reading = Reading(Body.CHUNKED).feed(chunked(b"a" * 20_000, b"b" * 20_000))
    assert [len(each.data) for each in reading.told if isinstance(each, Data)] == [20_000, 20_000]


def test_a_piece_in_the_middle_of_a_chunk_is_handed_on_as_it_came() -> None:
    reading = Reading(Body.CHUNKED).feed(b"%x\r\n" % 200_000)
    piece = bytes(70_000)
    reading.feed(piece)
    assert isinstance(reading.told[0], Data)
    assert reading.told[0].data is piece


@pytest.mark.parametrize(
    ("octets", "content"),
    [
        (b"5\r\nhelloXX0\r\n\r\n", b"hello"),
        (b"5\r\nhello\r0\r\n\r\n", b"hello"),
        (b"5\r\nhello\n0\r\n\r\n", b"hello"),
        (b"5\r\nhello\n\r0\r\n\r\n", b"hello"),
        (b"5\nhello\r\n0\r\n\r\n", b""),
        (b"x\r\n", b""),
        (b"\r\n", b""),
        (b"5\r\nhello\r\n\r\n", b"hello"),
        (b"5\r\nhello\r\n-1\r\n", b"hello"),
        (b"5 \r\nhello\r\n0\r\n\r\n", b""),
        (b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", b"hello"),
        (b"5\r\nhello\r\n0\r\na : b\r\n\r\n", b"hello"),
        (b"5\r\nhello\r\n0\r\na: b\n\r\n\r\n", b"hello"),
        (b"0\r\n\n", b""),
        (b"5;" + b"x" * 300 + b"\r\nhello", b""),
        (b"5\r\nhello\r\n" + b"0" * 300, b"hello"),
    ],
)
def test_what_comes_before_a_fault_is_told_and_the_fault_is_the_same(
    octets: bytes, content: bytes
) -> None:
    faults = set()
    for pieces in every_cut(octets):
        reading = Reading(Body.CHUNKED)
        for piece in pieces:
            reading.feed(piece)
        assert reading.content == content, "nothing received before it is lost"
        fault = reading.fault
        assert fault is not None, pieces
        faults.add((fault.status, fault.expected, fault.came))
    assert len(faults) == 1, "RFC 9112 §7.1; CVE-2025-43859"


def test_the_content_of_chunks_has_a_limit() -> None:
    octets = chunked(b"1234", b"5678")
    for pieces in every_cut(octets):
        reading = Reading(Body.CHUNKED, limits=Limits(max_content=7))
        for piece in pieces:
            reading.feed(piece)
        assert reading.content == b"1234"
        assert reading.fault is not None
        assert reading.fault.status == 413
    assert Reading(Body.CHUNKED, limits=Limits(max_content=8)).feed(octets).fault is None


def test_extensions_beyond_what_content_pays_for_are_refused() -> None:
    line = b"1;" + b"x" * 200 + b"\r\ny\r\n"
    reading = Reading(Body.CHUNKED, limits=Limits(chunk_overhead=1_000)).feed(line * 20)
    assert reading.fault is not None, "CVE-2023-39326"
    assert reading.fault.status == 400
    assert len(reading.content) == 5
    slow = Reading(Body.CHUNKED, limits=Limits(chunk_overhead=1_000))
    for _ in range(20):
        slow.feed(line)
    assert len(slow.content) == 5, "however it is cut"


def test_tokens_one_by_one_are_no_attack() -> None:
    reading = Reading(Body.CHUNKED)
    for _ in range(50_000):
        reading.feed(b"1\r\nx\r\n")
    assert reading.fault is None, "one byte a chunk is slow, and honest"
    assert len(reading.content) == 50_000


# -- trailers ---------------------------------------------------------------------------------


def test_trailers_are_an_event_of_their_own() -> None:
    octets = b'5\r\nhello\r\n0\r\nX-Sum: 1\r\netag: "a"\r\n\r\nrest'
    for pieces in every_cut(octets):
        reading = Reading(Body.CHUNKED)
        for piece in pieces:
            reading.feed(piece)
        assert reading.told[-1] == Trailers(
            1, [(b"x-sum", b"1"), (b"etag", b'"a"')], (b"X-Sum", b"etag")
        ), "RFC 9112 §7.1.2: MUST NOT be merged into the header section"
        assert reading.content == b"hello"
        assert reading.buffer.take() == b"rest"


@pytest.mark.parametrize("name", [b"Content-Length", b"Transfer-Encoding", b"Host", b"Set-Cookie"])
def test_trailers_cannot_frame_route_or_authenticate(name: bytes) -> None:
    reading = Reading(Body.CHUNKED).feed(b"0\r\n" + name + b": 5\r\n\r\n")
    assert reading.fault is not None, "RFC 9110 §6.5.1"
    assert name.lower().decode() in reading.fault.came


def test_trailers_have_the_limits_of_a_head() -> None:
    limits = Limits(max_fields=3, max_field_line=20, max_head=50)
    for trailers in (b"a: b\r\n" * 4, b"a: " + b"x" * 30 + b"\r\n", b"a: bcdefghijkl\r\n" * 3):
        for pieces in every_cut(b"0\r\n" + trailers + b"b: c\r\n\r\n"):
            reading = Reading(Body.CHUNKED, limits=limits)
            for piece in pieces:
                reading.feed(piece)
            assert reading.fault is not None
            assert reading.fault.status == 431


# -- on request -------------------------------------------------------------------------------


def test_extensions_come_with_the_piece_that_their_chunk_begins() -> None:
    octets = b"5;a=1\r\nhello\r\n6\r\n world\r\n1;b\r\n!\r\n0;end\r\n\r\n"
    for pieces in every_cut(octets):
        reading = Reading(Body.CHUNKED, keep_extensions=True)
        for piece in pieces:
            reading.feed(piece)
        found = [
            (each.chunk_extension, each.end_stream)
            for each in reading.told
            if isinstance(each, Data) and (each.chunk_extension or each.end_stream)
        ]
        assert found == [(b";a=1", False), (b";b", False), (b";end", True)]
        assert reading.content == b"hello world!"


def test_white_space_in_chunk_lines_passes_where_it_is_let() -> None:
    octets = b"5 ;a = b\r\nhello\r\n0 \r\n\r\n"
    reading = Reading(Body.CHUNKED, leniences=Leniences(chunk_whitespace=True)).feed(octets)
    assert reading.content == b"hello"
    assert reading.fault is None


def test_one_reader_reads_body_after_body() -> None:
    reading = Reading(Body.CHUNKED).feed(chunked(b"one"))
    reading.reader.begin(Body.LENGTH, 3)
    reading.over = False
    reading.feed(b"two")
    reading.reader.begin(Body.CHUNKED, 0)
    reading.over = False
    reading.feed(chunked(b"three"))
    assert reading.content == b"onetwothree"


def test_the_rest_of_a_body_is_known_as_far_as_it_can_be() -> None:
    reading = Reading(Body.LENGTH, 10).feed(b"123")
    assert reading.reader.remaining == 7
    reading = Reading(Body.CHUNKED).feed(b"a\r\n123")
    assert reading.reader.remaining == 7, "of the chunk"


def test_pieces_of_every_size_make_the_same_content() -> None:
    content = bytes(range(256)) * 40
    octets = chunked(*[content[a:b] for a, b in pairwise(range(0, len(content) + 1, 160))])
    for size in (1, 2, 3, 7, 100, 161, 5_000):
        reading = Reading(Body.CHUNKED)
        for at in range(0, len(octets), size):
            reading.feed(octets[at : at + size])
        assert reading.content == content
        assert reading.over
