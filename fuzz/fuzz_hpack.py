"""Field blocks out of any bytes: fields or a documented error, and the two ends never out of step.

The first byte chooses the limits of a strict decoder.  Then come the blocks of one connection, each
behind a byte that gives its length; 255 is followed by two bytes for a new limit of the table.
"""

from fuzz.harness import run
from hyper.hpack import Decoder, Encoder, FieldListTooLarge, HpackError
from hyper.wire import Field, SensitiveField

NO_LIMIT = 2**30


class Ends:
    """The decoders and encoders of one connection, all told the same."""

    def __init__(self, choice: int) -> None:
        self.strict = Decoder(4096, 40 << (choice & 7), 1 + (choice >> 3 & 3), 8 << (choice >> 5))
        self.generous = Decoder(4096, NO_LIMIT, NO_LIMIT, NO_LIMIT)
        self.encoder = Encoder()
        self.reader = Decoder(4096, NO_LIMIT, NO_LIMIT, NO_LIMIT)

    def set_max_table_size(self, size: int) -> None:
        """The limit of the table has changed at both ends."""
        for end in (self.strict, self.generous, self.encoder, self.reader):
            end.set_max_table_size(size)

    def take(self, block: bytes) -> bool:
        """Hand a block to all; whether the connection goes on."""
        try:
            fields = self.generous.decode(memoryview(block))
        except HpackError as error:
            offset = error.offset
        else:
            self.forward(fields)
            return self.limit(block, fields)
        assert 0 <= offset <= len(block), "the error lies outside the block"
        self.refuse(block)
        return False

    def refuse(self, block: bytes) -> None:
        """What is no block is none for anybody."""
        try:
            self.strict.decode(block)
        except HpackError:
            return
        raise AssertionError("limits have made a block of it")

    def forward(self, fields: list[Field]) -> None:
        """What was understood can be said again, its secrets as secrets."""
        again = self.reader.decode(self.encoder.encode(fields))
        assert again == fields, "other fields"
        for field, copy in zip(fields, again, strict=True):
            kept = isinstance(copy, SensitiveField) or not isinstance(field, SensitiveField)
            assert kept, "a secret was given away"

    def limit(self, block: bytes, fields: list[Field]) -> bool:
        """Limits decide what is kept, not what is understood."""
        strict = self.strict
        sizes = [len(name) + len(value) for name, value in fields]
        used = [
            (sum(sizes) + 32 * len(sizes), strict.max_list_size),
            (len(sizes), strict.max_fields),
            (max(sizes, default=0), strict.max_field_size),
        ]
        try:
            kept = strict.decode(block)
        except FieldListTooLarge:
            assert any(have > limit for have, limit in used), "within the limits"
        except HpackError:
            assert any(have > 2 * limit for have, limit in used), "not twice beyond a limit"
            return False
        else:
            assert all(have <= limit for have, limit in used), "beyond a limit"
            assert kept == fields, "other fields"
        assert repr(strict) == repr(self.generous), "the tables are out of step"
        return True


def one_input(data: bytes) -> None:
    """One connection, to its first error."""
    ends = Ends(data[0] if data else 0)
    at = 1
    while at < len(data):
        length = data[at]
        at += 1
        if length == 255:
            ends.set_max_table_size(int.from_bytes(data[at : at + 2], "big"))
            at += 2
        elif ends.take(data[at : at + length]):
            at += length
        else:
            return


if __name__ == "__main__":
    run(one_input)
