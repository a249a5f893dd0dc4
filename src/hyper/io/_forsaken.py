"""The end of a connection that must not look like one.

Not here: when that is so, which the engine knows.
"""

import contextlib
import socket
import struct
import sys
from typing import Final, Protocol

# `struct linger`, on, for no time: what is unsent is dropped and the peer gets a RST.
_AT_ONCE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class HasOptions(Protocol):
    """A socket, or what an event loop shows of one."""

    def setsockopt(self, level: int, name: int, value: bytes, /) -> None:
        """Set an option."""


def forsake(sock: HasOptions | None) -> None:
    """Have the kernel reset the connection when `sock` is closed, in place of a FIN."""
    if sock is not None:
        # A socket that is gone has nothing to hide any more.
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
