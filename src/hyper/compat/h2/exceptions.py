"""The exceptions of h2, each with the error code that the peer is told.

Not here: the faults of a peer as events, as `hyper.h2` has them.
"""

from typing import TYPE_CHECKING

from hyper.compat.h2.errors import ErrorCodes

if TYPE_CHECKING:
    from hyper.compat.h2.events import Event


class H2Error(Exception):
    """What all exceptions of h2 have in common."""


class ProtocolError(H2Error):
    """A rule of HTTP/2 was broken: by the peer, or by a call that would have broken it."""

    error_code: ErrorCodes = ErrorCodes.PROTOCOL_ERROR
    """What GOAWAY or RST_STREAM says of it (RFC 9113 §7)."""


class FrameTooLargeError(ProtocolError):
    """A frame was longer than SETTINGS_MAX_FRAME_SIZE allows (RFC 9113 §4.2)."""

    error_code = ErrorCodes.FRAME_SIZE_ERROR


class FrameDataMissingError(ProtocolError):
    """A frame was too short for the fields of its type (RFC 9113 §4.2)."""

    error_code = ErrorCodes.FRAME_SIZE_ERROR


class TooManyStreamsError(ProtocolError):
    """One more stream would pass SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113 §5.1.2)."""


class FlowControlError(ProtocolError):
    """More was sent than a window allows, or a window outgrew 2^31-1 (RFC 9113 §6.9)."""

    error_code = ErrorCodes.FLOW_CONTROL_ERROR


class StreamIDTooLowError(ProtocolError):
    """A new stream had an identifier that was used or skipped before (RFC 9113 §5.1.1)."""

    def __init__(self, stream_id: int, max_stream_id: int) -> None:
        super().__init__(stream_id, max_stream_id)
        self.stream_id = stream_id
        self.max_stream_id = max_stream_id

    def __str__(self) -> str:
        return f"StreamIDTooLowError: {self.stream_id} is lower than {self.max_stream_id}"


class NoAvailableStreamIDError(ProtocolError):
    """All identifiers of this side are used: a new connection is needed (RFC 9113 §5.1.1)."""


class NoSuchStreamError(ProtocolError):
    """There is no such stream: it was never opened, or was closed and forgotten."""

    def __init__(self, stream_id: int) -> None:
        super().__init__(stream_id)
        self.stream_id = stream_id


class StreamClosedError(NoSuchStreamError):
    """The stream was there and is closed (RFC 9113 §5.1)."""

    def __init__(self, stream_id: int) -> None:
        super().__init__(stream_id)
        self.error_code = ErrorCodes.STREAM_CLOSED
        self.events: list[Event] = []
        """What a connection tells its user where the fault costs the stream alone."""

    @property
    def _events(self) -> "list[Event]":
        # What h2 calls them; software that reaches for it finds it.
        return self.events


class InvalidSettingsValueError(ProtocolError, ValueError):
    """A setting had a value outside of its range (RFC 9113 §6.5.2)."""

    def __init__(self, msg: str, error_code: ErrorCodes) -> None:
        super().__init__(msg)
        self.error_code = error_code


class InvalidBodyLengthError(ProtocolError):
    """The DATA frames of a message do not add up to its content-length (RFC 9113 §8.1.1)."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(expected, actual)
        self.expected_length = expected
        self.actual_length = actual

    def __str__(self) -> str:
        return (
            f"InvalidBodyLengthError: Expected {self.expected_length} bytes, "
            f"received {self.actual_length}"
        )


class UnsupportedFrameError(ProtocolError):
    """A frame of a type that is not known.  Nothing raises it: such frames are events."""


class RFC1122Error(H2Error):
    """A call is within the letter of the RFC, but peers exist that it would break.

    So is a server that sends priorities (RFC 1122 §1.2.2: be conservative in what you send).
    """


class DenialOfServiceError(ProtocolError):
    """The peer does what is allowed so often that only an attack explains it."""

    error_code = ErrorCodes.ENHANCE_YOUR_CALM
