"""Any content in any codings, cut anywhere: it comes out the same, or is refused the same."""

from hypothesis import given
from hypothesis import strategies as st

from hyper.coding import CodingError, DecodeLimits, Decoder, Encoder, decode
from tests.support.coded import CODINGS, GENEROUS, coded, taken

CONTENTS = st.lists(
    st.builds(lambda piece, times: piece * times, st.binary(max_size=40), st.integers(1, 2000)),
    max_size=6,
).map(b"".join)
CHAINS = st.lists(st.sampled_from(CODINGS), max_size=5)
BUFFERS = st.sampled_from([bytes, bytearray, memoryview])


def cuts(data: st.DataObject, whole: bytes) -> list[bytes]:
    """`whole` in pieces that Hypothesis chooses, none of them empty."""
    at = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    pieces = [whole[a:b] for a, b in zip([0, *at], [*at, len(whole)], strict=True)]
    return [piece for piece in pieces if piece]


@given(content=CONTENTS, chain=CHAINS, kind=BUFFERS, data=st.data())
def test_content_comes_out_as_it_went_in(
    content: bytes,
    chain: list[str],
    kind: type[bytes | bytearray | memoryview],
    data: st.DataObject,
) -> None:
    whole = coded(content, chain, 1)
    limits = DecodeLimits(
        step=data.draw(st.integers(1024, 100_000)), total=len(content) * 4 + 10**6, ratio=1e9
    )
    length = data.draw(st.just(-1) | st.integers(max(1, len(content) // 100), len(content) + 1))
    decoder = Decoder(chain, limits)
    made = taken(decoder, [kind(piece) for piece in cuts(data, whole)], length)
    assert b"".join(made) == content
    assert decoder.eof, "to the end"
    assert all(len(piece) <= limits.step for piece in made), "no call gives more than a step"
    assert length < 0 or all(len(piece) <= length for piece in made), "nor than was asked for"


@given(content=CONTENTS, coding=st.sampled_from(CODINGS), live=st.booleans(), data=st.data())
def test_content_may_be_encoded_in_pieces(
    content: bytes, coding: str, live: bool, data: st.DataObject
) -> None:
    encoder, decoder, made = Encoder(coding, level=1, live=live), Decoder(coding, GENEROUS), b""
    for piece in cuts(data, content):
        out = encoder.compress(piece) + (encoder.flush() if data.draw(st.booleans()) else b"")
        now = b"".join(taken_so_far(decoder, out))
        made += now
        assert not live or now == piece, "a live encoder holds nothing back"
    made += b"".join(taken(decoder, [encoder.finish()]))
    assert made == content


def taken_so_far(decoder: Decoder, piece: bytes) -> list[bytes]:
    made = [decoder.decompress(piece)]
    while not (decoder.needs_input or decoder.eof):
        made.append(decoder.decompress())
    return made


Outcome = tuple[bytes, type[CodingError] | None]


def outcome(chain: list[str], pieces: list[bytes], limits: DecodeLimits) -> Outcome:
    """All that was given out, and the kind of error that ended it."""
    made: list[bytes] = []
    try:
        taken(Decoder(chain, limits), pieces, made=made)
    except CodingError as error:
        return b"".join(made), type(error)
    return b"".join(made), None


# libzstd reads a broken frame by another way when it is whole, and sees other faults in it.
BREAKABLE = st.lists(st.sampled_from(["br", "gzip", "deflate"]), max_size=4)


@given(content=CONTENTS, chain=BREAKABLE, data=st.data())
def test_what_is_broken_is_refused_alike_however_it_is_cut(
    content: bytes, chain: list[str], data: st.DataObject
) -> None:
    whole = bytearray(coded(content, chain, 1))
    for _ in range(data.draw(st.integers(0, 2))):
        if whole:
            whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    broken = bytes(whole) + data.draw(st.binary(max_size=3))
    broken = broken[: data.draw(st.integers(0, len(broken)))]
    limits = DecodeLimits(ratio=1e9, total=1e8)
    made, error = outcome(chain, [broken], limits)
    cut_made, cut_error = outcome(chain, cuts(data, broken), limits)
    assert cut_error == error, "the same fault"
    # How much comes before a fault is a library's affair; what comes is the same.
    assert made.startswith(cut_made) or cut_made.startswith(made), "of the same content"
    if error is None:
        assert made == cut_made == decode(broken, chain, limits)


@given(content=CONTENTS, data=st.data())
def test_broken_zstd_is_decoded_or_refused(content: bytes, data: st.DataObject) -> None:
    whole = bytearray(coded(content, ["zstd"], 1))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    for pieces in ([bytes(whole)], cuts(data, bytes(whole))):
        made, error = outcome(["zstd"], pieces, DecodeLimits(ratio=1e9, total=1e8))
        assert error is not None or len(made) < 1e8, "never another exception"
