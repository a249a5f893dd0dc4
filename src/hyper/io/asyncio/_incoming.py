"""A message that has come, and the reading of its content, in the world of tasks."""

from collections.abc import AsyncIterator

from hyper.frame import ErrorCode
from hyper.io._message import Message
from hyper.io.asyncio._channel import Channel
from hyper.io.errors import BodyTooLarge


class Incoming(Message):
    """Its content is read once, in pieces or whole; taking a piece lets the peer send more.

    Reading raises `StreamReset`, `TruncatedBody`, `ConnectionLost`, `PeerFaultError` or `TimedOut`
    when the content does not come to its end.
    """

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel.box)
        self._channel = channel

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while chunk := await self._channel.take():
            yield chunk

    async def receive(self) -> bytes:
        """The next piece of content; b"" at its end, and from then on."""
        return await self._channel.take()

    async def read(self, limit: int | None = None) -> bytes:
        """All the content, or all that is left of it.

        `BodyTooLarge` beyond `limit` bytes.  Cancelled half-way it resets the stream: what it had
        taken is gone.
        """
        chunks: list[bytes] = []
        size = 0
        try:
            while chunk := await self._channel.take():
                size += len(chunk)
                if limit is not None and size > limit:
                    raise BodyTooLarge(limit)
                chunks.append(chunk)
        except BaseException as error:
            if not isinstance(error, Exception):
                self._channel.reset(ErrorCode.CANCEL)
            raise
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)
