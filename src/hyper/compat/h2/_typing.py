"""The type of everything that a `receive_data` of h2 takes.

Python 3.12 has it as `collections.abc.Buffer`; software that runs on 3.11 too imports this one.
"""

from typing import Protocol


class Buffer(Protocol):
    """Anything that exports its bytes: `bytes`, `bytearray`, `memoryview`, an `array`."""

    def __buffer__(self, flags: int, /) -> memoryview:
        """A view of the bytes (PEP 688)."""
        ...
