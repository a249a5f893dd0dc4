"""Content of any bytes, in any codings: decoded or refused, and alike however it is cut.

The first byte chooses the coding, and whether another is around it; the second the size of the
pieces and the limits.
"""

from fuzz.harness import run
from hyper.coding import CodingError, DecodeLimitExceeded, DecodeLimits, Decoder, encode

CODINGS = ("gzip", "deflate", "br", "zstd")


def taken(
    decoder: Decoder, pieces: list[bytes], step: int
) -> tuple[bytes, type[CodingError] | None]:
    """What comes out, and the kind of error that ended it."""
    made: list[bytes] = []
    try:
        for piece in pieces:
            made.append(decoder.decompress(piece))
            while not (decoder.needs_input or decoder.eof):
                made.append(decoder.decompress())
        decoder.finish()
    except CodingError as error:
        assert not decoder.eof, "a fault is no end"
        return b"".join(made), type(error)
    assert decoder.eof, "finished, and not at the end"
    assert all(len(piece) <= step for piece in made), "more than a step"
    return b"".join(made), None


def one_input(data: bytes) -> None:
    """One body, read twice."""
    if len(data) < 2:
        return
    choice, size, body = data[0], data[1], data[2:]
    chain = [CODINGS[choice & 3]]
    if choice & 4:
        chain.append(CODINGS[choice >> 3 & 3])
        if choice & 0x20:
            body = encode(body, chain[1], level=1)
    step = 1024 << (size & 3)
    limits = DecodeLimits(step=step, total=2**18, ratio=100, ratio_after=2**16, members=20)
    pieces = [body[at : at + (size >> 2) + 1] for at in range(0, len(body), (size >> 2) + 1)]
    whole, fault = taken(Decoder(chain, limits), [body], step)
    parts, other = taken(Decoder(chain, limits), pieces, step)
    assert max(len(whole), len(parts)) <= limits.total, "beyond the total"
    # libzstd reads a broken frame by another way when it is whole, and sees other faults in it.
    if "zstd" in chain:
        return
    # A ratio and a number of members are of what has come so far: cut, less has come.
    if DecodeLimitExceeded not in {fault, other}:
        assert other == fault, f"{fault} when whole, {other} in pieces"
    if fault is None and other is None:
        assert whole == parts, "other content"
    assert whole.startswith(parts) or parts.startswith(whole), "other content"


if __name__ == "__main__":
    run(one_input)
