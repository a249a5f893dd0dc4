"""What the errors say, and that one `except` catches all of them."""

import pytest

from hyper.coding import (
    BadCodingField,
    CodingError,
    CorruptContent,
    DecodeLimitExceeded,
    TrailingContent,
    TruncatedContent,
    UnknownCoding,
)
from hyper.wire import RemoteProtocolError

SAID = [
    (
        BadCodingField("Content-Encoding", "a list of tokens", b"gzip;"),
        "Content-Encoding: expected a list of tokens, got b'gzip;'",
    ),
    (UnknownCoding("compress", ("br", "gzip")), "expected a coding of br, gzip, got 'compress'"),
    (CorruptContent("gzip", "noise"), "expected content in gzip, got noise"),
    (TruncatedContent("br", 7), "expected more content in br, got 7 bytes"),
    (
        TrailingContent("deflate", b"more"),
        "expected the end of the content in deflate, got b'more'",
    ),
    (
        DecodeLimitExceeded("total", 10, 12, "bytes of content"),
        "expected at most 10 bytes of content (total), got 12",
    ),
]


@pytest.mark.parametrize(("error", "text"), SAID)
def test_an_error_says_what_was_expected_and_what_came(error: CodingError, text: str) -> None:
    assert str(error) == text
    assert isinstance(error, RemoteProtocolError), "the peer made it so"


def test_an_error_quotes_no_more_than_a_little_of_what_came() -> None:
    assert len(str(TrailingContent("gzip", bytes(10**6)))) < 200, "it goes into a log"
    assert len(str(BadCodingField("Accept-Encoding", "a list", b"x" * 10**6))) < 200, "so does this"
