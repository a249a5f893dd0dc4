"""The fault a peer makes in one frame: its code, how far it reaches, what was expected and came."""

from typing import Final

from hyper.frame.types import ErrorCode, Scope
from hyper.wire import RemoteProtocolError


class FrameError(RemoteProtocolError):
    """A frame that breaks RFC 9113 §4 or §6, or the RFC of its extension.

    `code` and `scope` say what the answer must be: RST_STREAM on `stream_id`, or GOAWAY.

    `fragment` is not empty where a stream alone is at fault but the frame carried a field block:
    the block must pass through the HPACK decoder all the same (RFC 9113 §4.3).
    """

    def __init__(
        self,
        code: ErrorCode,
        scope: Scope,
        stream_id: int,
        expected: str,
        came: str,
        fragment: bytes = b"",
    ) -> None:
        # All of them, not a message: an exception is copied and pickled by its arguments.
        super().__init__(code, scope, stream_id, expected, came, fragment)
        self.code: Final = code
        self.scope: Final = scope
        self.stream_id: Final = stream_id
        self.expected: Final = expected
        self.came: Final = came
        self.fragment: Final = fragment

    def __repr__(self) -> str:
        # The arguments stay out of it: a literal in the fragment may be a secret.
        return f"{type(self).__name__}({str(self)!r})"

    def __str__(self) -> str:
        where = "connection" if self.scope == Scope.CONNECTION else f"stream {self.stream_id}"
        return f"{self.code.name} on {where}: expected {self.expected}, got {self.came}"
