"""A request that waits until the connection is free for it.

HTTP/1.1 has one exchange at a time.  What is asked for meanwhile is checked at once, against an
engine that it has to itself, and said when its turn comes.

Not here: whose turn it is.
"""

from typing import Final

from hyper import h1, h2
from hyper.http.heads import has_length, request_to
from hyper.wire import LocalProtocolError, Role


class Waiting:
    """One request, and as much of its content as was given so far."""

    __slots__ = ("_drops_trailers", "_trial", "ended", "request", "said", "size")

    def __init__(self, request: h2.Request, scheme: bytes) -> None:
        """Raises `LocalProtocolError` for what could not be sent."""
        self._trial: Final = h1.Connection(Role.CLIENT)
        self._trial.send(request_to(1, request.fields, request.end_stream, scheme))
        self._drops_trailers: Final = has_length(request.fields)
        self.request: Final = request
        self.said: Final[list[h2.Data | h2.Trailers]] = []
        self.size = 0  # of the content
        self.ended = request.end_stream

    def send(self, event: h2.Data | h2.Trailers) -> None:
        """Keep a piece of it; `LocalProtocolError` for what could not be sent."""
        if self.ended:
            raise LocalProtocolError(f"exchange {event.stream_id}: content behind its end")
        if isinstance(event, h2.Data):
            size = len(event.data)
            self._trial.send_elsewhere(1, size, event.end_stream)
            self.size += size
            self.ended = event.end_stream
        elif self._drops_trailers:
            self._trial.send_elsewhere(1, 0, True)
            self.ended = True
        else:
            self._trial.send(h1.Trailers(1, event.fields))
            self.ended = True
        self.said.append(event)
