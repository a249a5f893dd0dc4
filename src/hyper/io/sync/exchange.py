"""What a handler of the world of threads gets: a request, and the means to answer it."""

from collections.abc import Sequence

from hyper.frame import ErrorCode
from hyper.io._message import TrailersOrMaker, response_fields
from hyper.io.sync._channel import Body, Channel
from hyper.io.sync._incoming import Incoming
from hyper.wire import Buffer, Field


class Exchange(Incoming):
    """A request and its response.

    Reading and writing raise `StreamReset`, `ConnectionLost`, `TruncatedBody` or `TimedOut` when
    the peer or the network ended the exchange; a handler may let them pass.
    """

    def __init__(self, channel: Channel, peer: tuple[str, int]) -> None:
        """Not to be called: handlers are given theirs."""
        super().__init__(channel)
        self.method = self.pseudo(b":method")
        """Such as "GET"."""
        self.scheme = self.pseudo(b":scheme")
        """Such as "https"."""
        # RFC 9113 §8.3.1: where it is there, Host MUST NOT be used in its place.
        self.authority = self.pseudo(b":authority")
        """Host and port as the client knows them."""
        self.path = self.pseudo(b":path")
        """Path and query, as they came."""
        self.peer = peer
        """Address and port of the client."""

    def send_informational(self, status: int, fields: Sequence[Field] = ()) -> None:
        """Send an interim response, 103 for instance, before the final one."""
        self._channel.inform(status, fields)

    def respond(
        self,
        status: int,
        fields: Sequence[Field] = (),
        body: Body = b"",
        trailers: TrailersOrMaker = (),
    ) -> None:
        """Send a whole response.

        The length of a `body` that is there is announced; one that is an iterable is asked for
        more as the client takes it.  To a HEAD request only the head goes.
        """
        if isinstance(body, Buffer):
            # RFC 9112 §7.1.2: in HTTP/1.1 trailers have room behind chunks alone.
            if not trailers or self.http_version == "2":
                fields = response_fields(status, fields, len(body))
            if not trailers:
                self._channel.answer(status, fields, bytes(body))
                return
        self._channel.respond(status, fields, end=False)
        if not self._box.sent_end:
            self._channel.send_body(body, trailers)

    def start(self, status: int, fields: Sequence[Field] = ()) -> None:
        """Send the head of a response; `write` and `end` follow."""
        self._channel.respond(status, fields, end=False)

    def write(self, chunk: bytes) -> None:
        """Send a piece of the body; waits while too much is unsent."""
        self._channel.write(chunk)

    def end(self, trailers: Sequence[Field] = ()) -> None:
        """The response is complete."""
        self._channel.end(trailers)

    def reset(self, code: int = ErrorCode.CANCEL) -> None:
        """Cut the exchange off; does nothing on one that is over."""
        self._channel.reset(code)
