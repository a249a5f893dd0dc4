"""What can go wrong, each under a name of its own.  All of them are a `BrotliError`.

`error` and `Error` are that class too: the names by which brotli, brotlicffi and brotlipy have it.
"""


class BrotliError(Exception):
    """The root: catch it to catch everything that this package raises on purpose.

    A wrong parameter (a quality of 12) raises it as it is; an argument that is no buffer is a
    `TypeError`.
    """


class CorruptInput(BrotliError):
    """The input is no Brotli stream (RFC 7932).  `code` is libbrotli's, a negative number."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(f"not a Brotli stream: {reason} (code {code})")
        self.reason = reason
        self.code = code


class TruncatedInput(BrotliError):
    """The input ended before the stream did."""


class TrailingInput(BrotliError):
    """There is more input than the stream has."""


class OutputTooLarge(BrotliError):
    """The output is larger than `limit`, the `max_output` that was asked for; none of it is given
    out.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"expected at most {limit} bytes of output, there are more")
        self.limit = limit


class InUse(BrotliError):
    """The object is at work in another thread.  That call goes on; this one did nothing."""


error = Error = BrotliError
