"""What a field block can be refused for (RFC 7541 §3, §7.4).

Two classes, because two things follow: after `HpackError` the dynamic tables of the two ends are no
longer known to be the same, and the connection is over; after `FieldListTooLarge` they are, and
only the message is.
"""

from hyper.wire import RemoteProtocolError


class HpackError(RemoteProtocolError):
    """The block cannot be decoded: a connection error COMPRESSION_ERROR (RFC 9113 §4.3).

    `expected` and `came` say what was wrong, `offset` where: octets from the start of the block.
    No value of a field is ever part of it.
    """

    def __init__(self, expected: str, came: str, offset: int) -> None:
        super().__init__(f"expected {expected}, got {came} at offset {offset}")
        self.expected = expected
        self.came = came
        self.offset = offset


class FieldListTooLarge(RemoteProtocolError):
    """The block is sound, but its fields are more than we take (RFC 9113 §10.5.1).

    It was decoded to its end without being kept, so that the dynamic table is in step and later
    blocks can be read: the message alone is refused.
    """

    def __init__(self, expected: str, came: str) -> None:
        super().__init__(f"expected {expected}, got {came}")
        self.expected = expected
        self.came = came
