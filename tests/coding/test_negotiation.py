"""Accept-Encoding and Content-Encoding: what is legal is read, what is not is refused whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.coding import (
    BadCodingField,
    DecodeLimitExceeded,
    DecodeLimits,
    accept_encoding,
    coding_weights,
    content_codings,
    negotiate,
)
from hyper.wire import LocalProtocolError
from tests.support.coded import registry_with

OFFERED = ("br", "zstd", "gzip")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "identity"),
        (b"", "identity"),
        (b"gzip", "gzip"),
        (b"GZip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"compress, gzip", "gzip"),
        (b"gzip, br", "br"),
        (b"gzip;q=1.0, br;q=0.5", "gzip"),
        (b"gzip;q=0.001", "gzip"),
        (b"gzip;q=0", "identity"),
        (b"*", "br"),
        (b"*;q=0.5, gzip", "gzip"),
        (b"br;q=0, *", "zstd"),
        (b"compress", "identity"),
        (b"identity", "identity"),
        (b"identity, gzip;q=0.5", "identity"),
        (b"identity;q=0.5, gzip;q=0.5", "gzip"),
        (b"gzip;q=0.2, identity;q=0", "gzip"),
        (b"identity;q=0", None),
        (b"*;q=0", None),
        (b"*;q=0, identity", "identity"),
        (b"*;q=0, gzip;q=0.1", "gzip"),
        (b"compress;q=0.5, *;q=0", None),
    ],
)
def test_the_server_sends_what_the_client_likes_best(
    accept: bytes | None, chosen: str | None
) -> None:
    assert negotiate(accept, OFFERED) == chosen, "RFC 9110 §12.5.3"


def test_of_two_that_are_liked_alike_the_server_chooses() -> None:
    assert negotiate(b"br, gzip", ["gzip", "br"]) == "gzip", "its own order decides"
    assert negotiate(b"br, gzip", ["identity", "gzip"]) == "gzip", "no coding is liked less"
    assert negotiate(b"br", []) == "identity", "who has none sends none"


@pytest.mark.parametrize(
    ("value", "weights"),
    [
        (b"", {}),
        (b",, ,\t,", {}),
        (b"gzip", {"gzip": 1000}),
        (b"gzip ;\t q=0.12 ,br;Q=1", {"gzip": 120, "br": 1000}),
        (b"a;q=0.001, b;q=0.999, c;q=1.000, d;q=0.", {"a": 1, "b": 999, "c": 1000, "d": 0}),
        (b"gzip;q=0.5, x-gzip;q=0.3", {"gzip": 300}),
        (b"br;q=0, br", {"br": 0}),
    ],
)
def test_weights_are_read(value: bytes, weights: dict[str, int]) -> None:
    assert coding_weights(value) == weights


@pytest.mark.parametrize(
    "value",
    [
        b"gzip br",
        b"gzip;",
        b"gzip;q",
        b"gzip;q=",
        b"gzip;q=2",
        b"gzip;q=-1",
        b"gzip;q=.5",
        b"gzip;q=1.5",
        b"gzip;q=1.001",
        b"gzip;q=0.1234",
        b"gzip;q= 1",
        b"gzip;q =1",
        b"gzip;q=1;q=1",
        b"gzip;level=1",
        b";q=1",
        b'"gzip"',
        b"gz\xefp",
        b"gzip\x00",
        b"gzip\n",
        b"gzip;q=1\n",
    ],
)
def test_what_breaks_the_grammar_is_refused_whole(value: bytes) -> None:
    for call in (coding_weights, lambda value: negotiate(value, OFFERED)):
        with pytest.raises(BadCodingField, match="Accept-Encoding: expected a list of codings"):
            call(b"br, " + value)


@pytest.mark.parametrize(
    ("value", "codings"),
    [
        (b"", ()),
        (b"gzip", ("gzip",)),
        (b" X-GZIP\t", ("gzip",)),
        (b"gzip, br", ("gzip", "br")),
        (b"identity", ()),
        (b"gzip, identity,, br,", ("gzip", "br")),
        (b"unheard-of", ("unheard-of",)),
    ],
)
def test_the_codings_of_content_are_read_in_their_order(
    value: bytes, codings: tuple[str, ...]
) -> None:
    assert content_codings(value) == codings


@pytest.mark.parametrize("value", [b"gzip br", b"gzip;q=1", b"gz/ip", b"\xff", b"gzip\r"])
def test_codings_of_content_that_are_no_tokens_are_refused(value: bytes) -> None:
    with pytest.raises(BadCodingField, match="Content-Encoding: expected a list of tokens"):
        content_codings(value)


def test_too_many_codings_are_refused_by_name() -> None:
    assert len(content_codings(b"gzip," * 5)) == 5, "as many as the limit says"
    with pytest.raises(DecodeLimitExceeded) as caught:
        content_codings(b"gzip," * 6)
    error = caught.value
    assert (error.limit, error.allowed, error.came) == ("codings", 5, 6), "and no more"
    with pytest.raises(DecodeLimitExceeded):
        content_codings(b"gzip", DecodeLimits(codings=0))


def test_what_is_here_is_accepted() -> None:
    assert accept_encoding() == b"br, zstd, gzip, deflate", "everything"
    assert accept_encoding(registry=registry_with()) == b"gzip, deflate", "that is installed"
    assert accept_encoding(["gzip"]) == b"gzip", "or some of it"
    assert (
        accept_encoding({"br": 1, "gzip": 0.5, "identity": 0.25})
        == b"br, gzip;q=0.5, identity;q=0.25"
    )
    assert accept_encoding({"gzip": 0.0004, "br": 0.9999}) == b"gzip;q=0, br", "in three decimals"
    assert accept_encoding([]) == b"", "RFC 9110 §12.5.3: no coding is wanted"
    assert accept_encoding(["gzip"], identity=False) == b"gzip, identity;q=0", "nothing but that"


def test_what_could_not_be_decoded_is_not_accepted() -> None:
    with pytest.raises(LocalProtocolError, match="expected a coding of gzip, deflate, got 'br'"):
        accept_encoding(["br"], registry=registry_with())
    for weight in (-0.1, 1.1, float("nan")):
        with pytest.raises(LocalProtocolError, match="expected a weight of 0 to 1 for br"):
            accept_encoding({"br": weight})


WEIGHTS = st.dictionaries(st.sampled_from(["br", "zstd", "gzip", "deflate"]), st.integers(0, 1000))


@given(WEIGHTS)
def test_what_is_said_is_what_is_understood(weights: dict[str, int]) -> None:
    said = accept_encoding({coding: weight / 1000 for coding, weight in weights.items()})
    assert coding_weights(said) == weights


@given(WEIGHTS, st.booleans())
def test_nothing_is_sent_that_was_excluded(weights: dict[str, int], identity: bool) -> None:
    value = accept_encoding({c: w / 1000 for c, w in weights.items()}, identity=identity)
    chosen = negotiate(value, OFFERED)
    acceptable = {c for c, w in weights.items() if w and c in OFFERED}
    if acceptable:
        best = max(weights[c] for c in acceptable)
        assert chosen in acceptable, "something that the client takes"
        assert weights[str(chosen)] == best, "and nothing that it likes less"
    else:
        assert chosen == ("identity" if identity else None), "or what is always there"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(value: bytes) -> None:
    for call in (coding_weights, content_codings):
        try:
            call(value)
        except (BadCodingField, DecodeLimitExceeded):
            continue
