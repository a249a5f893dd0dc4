"""What parsing and building a frame raise, under the names of hyperframe.

Not here: `hyper.frame.FrameError`, which also says what the connection has to do about it.
"""

from hyper.wire import HyperError


class HyperframeError(HyperError):
    """The root: catch it to catch everything the frames raise on purpose."""


class UnknownFrameError(HyperframeError):
    """The frame has a type without a class, and the parser was told to be strict about it."""

    def __init__(self, frame_type: int, length: int) -> None:
        super().__init__(frame_type, length)
        self.frame_type = frame_type
        self.length = length

    def __str__(self) -> str:
        return (
            f"UnknownFrameError: Unknown frame type 0x{self.frame_type:X} received, "
            f"length {self.length} bytes"
        )


class InvalidPaddingError(HyperframeError):
    """The padding is as long as the payload, or longer (RFC 9113 §6.1)."""


class InvalidFrameError(HyperframeError):
    """The frame is not as long as its type asks for (RFC 9113 §4.2)."""


class InvalidDataError(HyperframeError):
    """A field of the frame has a value that it may not have."""
