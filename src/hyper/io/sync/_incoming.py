"""A message that has come, and the reading of its content, in the world of threads."""

from collections.abc import Iterator

from hyper.io._message import Message
from hyper.io.errors import BodyTooLarge
from hyper.io.sync._channel import Channel


class Incoming(Message):
    """Its content is read once, in pieces or whole; taking a piece lets the peer send more.

    Reading raises `StreamReset`, `TruncatedBody`, `ConnectionLost`, `PeerFaultError` or `TimedOut`
    when the content does not come to its end.
    """

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel.box)
        self._channel = channel

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._channel.take():
            yield chunk

    def receive(self) -> bytes:
        """The next piece of content; b"" at its end, and from then on."""
        return self._channel.take()

    def read(self, limit: int | None = None) -> bytes:
        """All the content, or all that is left of it.  `BodyTooLarge` beyond `limit` bytes."""
        chunks: list[bytes] = []
        size = 0
        while chunk := self._channel.take():
            size += len(chunk)
            if limit is not None and size > limit:
                raise BodyTooLarge(limit)
            chunks.append(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)
