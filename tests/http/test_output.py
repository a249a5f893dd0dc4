"""A queue of bytes with pieces that are not copied twice."""

import random

from hyper.http.output import Output


def test_what_goes_in_comes_out_in_order_whatever_the_pieces() -> None:
    chance = random.Random(5)
    output = Output()
    put = taken = b""
    for _ in range(500):
        piece = chance.randbytes(chance.choice([0, 1, 10, 5_000]))
        if chance.random() < 0.5:
            output.put(piece)
            put += piece
        else:
            output.put_around(b"<", piece, b">")
            put += b"<" + piece + b">"
        limit = chance.choice([None, 0, 1, 7, 4_096, 9_000])
        part = output.take(limit)
        assert limit is None or len(part) <= limit, "not a byte above the limit"
        taken += part
        assert output.size == len(put) - len(taken), "it knows what it holds"
    assert taken + output.take(None) == put, "nothing is lost, doubled or moved"


def test_as_much_is_taken_as_may_be() -> None:
    output = Output()
    for piece in (b"ab", b"cd", b"ef"):
        output.put(piece)
    assert output.take(3) == b"abc", "over the edges of pieces"
    assert output.take(100) == b"def", "and no more than there is"
    assert output.take(None) == b"", "then nothing"


def test_a_large_piece_comes_out_as_the_object_it_is() -> None:
    output = Output()
    large = bytes(100_000)
    output.put(large)
    assert output.take(None) is large, "it was not copied"
    output.put_around(b"186a0\r\n", large, b"\r\n")
    assert output.take(7) == b"186a0\r\n", "what frames it stands beside it"
    assert output.take(100_000) is large, "so that it need not be copied either"
    assert output.take(None) == b"\r\n", "and behind it"


def test_what_waits_can_be_forgotten() -> None:
    output = Output()
    output.put(b"abc")
    output.take(1)
    output.clear()
    assert (output.size, output.take(None)) == (0, b""), "it is empty"
    output.put(b"xyz")
    assert output.take(2) == b"xy", "and begins anew"
