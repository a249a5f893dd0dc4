"""What a wrong call is told.  Nothing was changed by it.

Not here: what a peer does wrong.  A priority is a hint, and one that cannot be read is no fault.
"""

from hyper.wire import LocalProtocolError


class StreamExists(LocalProtocolError):
    """The stream is there already, so it cannot be inserted."""

    def __init__(self, stream_id: int) -> None:
        super().__init__(f"expected a new stream, got stream {stream_id}, which is there already")
        self.stream_id = stream_id


class UnknownStream(LocalProtocolError):
    """There is no such stream: it was never inserted, or was removed."""

    def __init__(self, stream_id: int) -> None:
        super().__init__(f"expected a stream that was inserted, got stream {stream_id}")
        self.stream_id = stream_id


class TooManyStreams(LocalProtocolError):
    """One stream more than the limit (CVE-2016-6580): remove one, or set a higher limit."""

    def __init__(self, stream_id: int, limit: int) -> None:
        super().__init__(f"expected at most {limit} streams, got stream {stream_id} beside them")
        self.stream_id = stream_id
        self.limit = limit
