"""What coded content can be refused for.

All of these are the peer's doing: a `RemoteProtocolError` each.  Not here: wrong calls, which are a
`LocalProtocolError` as everywhere.
"""

from hyper.wire import RemoteProtocolError


class CodingError(RemoteProtocolError):
    """The root: catch it to catch everything that is wrong with coded content."""


class BadCodingField(CodingError):
    """An Accept-Encoding or Content-Encoding that breaks the grammar (RFC 9110 §8.4, §12.5.3)."""

    def __init__(self, name: str, expected: str, came: bytes) -> None:
        super().__init__(f"{name}: expected {expected}, got {came[:64]!r}")
        self.name = name
        self.expected = expected
        self.came = came


class UnknownCoding(CodingError):
    """A content coding that nobody has heard of, or that nothing here can decode.

    A server answers 415 (Unsupported Media Type) to it (RFC 9110 §8.4); `coding` is its name.
    """

    def __init__(self, coding: str, known: tuple[str, ...]) -> None:
        super().__init__(f"expected a coding of {', '.join(known)}, got {coding!r}")
        self.coding = coding


class CorruptContent(CodingError):
    """The content is not what its coding says: broken on the way, or never right."""

    def __init__(self, coding: str, reason: str) -> None:
        super().__init__(f"expected content in {coding}, got {reason}")
        self.coding = coding
        self.reason = reason


class TruncatedContent(CodingError):
    """The message has ended and its content has not: some of it is missing."""

    def __init__(self, coding: str, taken: int) -> None:
        super().__init__(f"expected more content in {coding}, got {taken} bytes")
        self.coding = coding
        self.taken = taken


class TrailingContent(CodingError):
    """The content has ended and the message has not: what follows is no part of it.

    Not to be passed on and not to be ignored: two readers that disagree about where content ends
    can be played against each other.
    """

    def __init__(self, coding: str, trailing: bytes) -> None:
        super().__init__(f"expected the end of the content in {coding}, got {trailing[:16]!r}")
        self.coding = coding
        self.trailing = trailing


class DecodeLimitExceeded(CodingError):
    """The content goes over one of `DecodeLimits`: most likely it was made to.

    `limit` is the name of the limit, `allowed` its figure, and `came` what came, at least.
    """

    def __init__(self, limit: str, allowed: float, came: float, what: str) -> None:
        super().__init__(f"expected at most {allowed:,.0f} {what} ({limit}), got {came:,.0f}")
        self.limit = limit
        self.allowed = allowed
        self.came = came
