"""What a field block can be refused for (RFC 7541 §3, §7.4).

Three classes, because three things follow.  After `FieldListTooLarge` the dynamic tables of the two
ends are the same, and only the message is over.  After `HpackError` they are no longer known to be,
and the connection is; `ExcessiveFieldList` is the one of its kinds in which RFC 7541 was kept, and
only our limits were not.
"""

from typing import Final

from hyper.wire import RemoteProtocolError


class HpackError(RemoteProtocolError):
    """The block cannot be decoded: a connection error COMPRESSION_ERROR (RFC 9113 §4.3).

    `expected` and `came` say what was wrong, `offset` where: octets from the start of the block.
    No value of a field is ever part of it.
    """

    def __init__(self, expected: str, came: str, offset: int) -> None:
        # All of them, not a message: an exception is copied and pickled by its arguments.
        super().__init__(expected, came, offset)
        self.expected: Final = expected
        self.came: Final = came
        self.offset: Final = offset

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.came} at offset {self.offset}"


class ExcessiveFieldList(HpackError):
    """The fields go so far over a limit of ours that the rest of the block was not decoded.

    The peer broke no rule of RFC 7541: ENHANCE_YOUR_CALM tells it better what is wrong than
    COMPRESSION_ERROR does.
    """


class InvalidIndex(HpackError):
    """The block refers to an entry that neither table has (RFC 7541 §2.3.3)."""


class InvalidTableSize(HpackError):
    """The peer's encoder takes a larger table than it may, or says nothing of a smaller one when it
    must (RFC 7541 §4.2, §6.3).
    """


class FieldListTooLarge(RemoteProtocolError):
    """The block is sound, but its fields are more than we take (RFC 9113 §10.5.1).

    It was decoded to its end without being kept, so that the dynamic table is in step and later
    blocks can be read: the message alone is refused.  `offset` is where in the block the limit was
    found to be broken, in octets.
    """

    def __init__(self, expected: str, came: str, offset: int) -> None:
        super().__init__(expected, came, offset)
        self.expected: Final = expected
        self.came: Final = came
        self.offset: Final = offset

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.came} at offset {self.offset}"
