"""Content is encoded so that others can read it, and a live encoder holds nothing back."""

from typing import TYPE_CHECKING

import pytest

from hyper.coding import Decoder, Encoder, decode, encode
from hyper.wire import LocalProtocolError
from tests.support.coded import CODINGS, CONTENTS, TEXT, cut

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_encoded_can_be_decoded(coding: str, name: str) -> None:
    content = CONTENTS[name]
    assert decode(encode(content, coding), coding) == content, "at once"
    encoder = Encoder(coding)
    pieces = [encoder.compress(piece) for piece in cut(content, 3333)]
    assert decode(b"".join([*pieces, encoder.finish()]), coding) == content, "in steps"


@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_a_live_encoder_holds_nothing_back(coding: str) -> None:
    encoder, decoder = Encoder(coding, live=True), Decoder(coding)
    for line in TEXT.splitlines(keepends=True)[:100]:
        assert decoder.decompress(encoder.compress(line)) == line, "each line at once"
    assert encoder.compress(b"") == b"", "nothing costs nothing"
    decoder.decompress(encoder.finish())
    decoder.finish()


@pytest.mark.parametrize("coding", CODINGS)
def test_an_encoder_that_is_not_live_waits_for_more(coding: str) -> None:
    encoder, decoder = Encoder(coding), Decoder(coding)
    first = encoder.compress(TEXT[:100])
    assert not first or decoder.decompress(first) == b"", "a line alone is not worth a block"
    assert decoder.decompress(encoder.flush()) == TEXT[:100], "until it is asked for"


@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_what_has_ended_goes_on_no_more(coding: str) -> None:
    encoder = Encoder(coding)
    encoder.finish()
    calls: list[Callable[[], bytes]] = [
        lambda: encoder.compress(b"x"),
        encoder.flush,
        encoder.finish,
    ]
    for call in calls:
        with pytest.raises(LocalProtocolError, match="expected content that goes on"):
            call()


@pytest.mark.parametrize("coding", CODINGS)
def test_a_higher_level_is_smaller(coding: str) -> None:
    content = b"".join(b"%d %d\n" % (n, n * n % 9973) for n in range(20_000))
    fast, small = len(encode(content, coding, level=1)), len(encode(content, coding, level=9))
    assert small < fast


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_any_buffer_is_taken(coding: str, kind: type[bytes | bytearray | memoryview]) -> None:
    made = encode(kind(TEXT), coding)
    assert type(made) is bytes, "bytes come out"
    assert decode(kind(made), coding) == TEXT, "and anything goes in"


def test_a_coding_that_is_not_here_is_a_wrong_call() -> None:
    with pytest.raises(LocalProtocolError, match=r"expected a coding of .*, got 'compress'"):
        Encoder("compress")
