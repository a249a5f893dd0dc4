"""What a caller may put into a frame value.  What does not fit is a `LocalProtocolError`.

The comparison stands in each constructor, which every received frame passes too; only the message
is made here.
"""

from hyper.frame.types import MAX_STREAM_ID
from hyper.wire import LocalProtocolError


def bad_stream(frame: str, stream_id: int, least: int = 1) -> LocalProtocolError:
    """A stream identifier that is none, or 0 where the frame needs a stream."""
    return out_of_range(f"a stream identifier for {frame}", stream_id, least, MAX_STREAM_ID)


def out_of_range(what: str, number: int, least: int, most: int) -> LocalProtocolError:
    """A number that does not fit its field."""
    return LocalProtocolError(f"expected {what} of {least} to {most}, got {number}")
