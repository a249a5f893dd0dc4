"""The receive window of h2 that opens itself again (RFC 9113 §5.2).

Not here: the windows of `hyper.h2`, which grow with the bandwidth of the peer.
"""

from typing import Final

from hyper.compat.h2.exceptions import FlowControlError

LARGEST_FLOW_CONTROL_WINDOW: Final = 2**31 - 1


class WindowManager:
    """One receive window, in bytes: what the peer may still send, and when to tell it of more.

    Consumed bytes are given back in portions: once they make half of the largest window, or, where
    the peer has nothing left, once they are more than a quarter of it or than 1024 bytes.
    """

    def __init__(self, max_window_size: int) -> None:

        if max_window_size > LARGEST_FLOW_CONTROL_WINDOW:
            # A wrong call of the program's, and the type that h2 raises for it.
            raise AssertionError(f"a window of {max_window_size} bytes is over 2^31-1")
        self.max_window_size = max_window_size
        self.current_window_size = max_window_size
        self._bytes_processed = 0

    def window_consumed(self, size: int) -> None:
        """Take off the `size` bytes that came; `FlowControlError` below zero."""
        self.current_window_size -= size
        if self.current_window_size < 0:
            raise FlowControlError("Flow control window shrunk below 0")

    def window_opened(self, size: int) -> None:
        """Add the `size` bytes that the peer was given by hand.

        The window may become larger than ever before, and stays so; above 2^31-1 it raises
        `FlowControlError` (RFC 9113 §6.9.1).
        """
        self.current_window_size += size
        if self.current_window_size > LARGEST_FLOW_CONTROL_WINDOW:
            raise FlowControlError(
                f"Flow control window mustn't exceed {LARGEST_FLOW_CONTROL_WINDOW}"
            )
        self.max_window_size = max(self.max_window_size, self.current_window_size)

    def process_bytes(self, size: int) -> int | None:
        """Count `size` bytes as consumed by the program.

        What comes back is the increment for a WINDOW_UPDATE, already added; 0 or `None` asks for
        none yet.
        """
        self._bytes_processed += size
        processed = self._bytes_processed
        if not processed:
            return None
        current = self.current_window_size
        largest = self.max_window_size
        if processed < largest // 2 and (current or processed <= min(1024, largest // 4)):
            return 0
        increment = min(processed, largest - current)
        self._bytes_processed = 0
        self.current_window_size = current + increment
        return increment
