"""A field that must not leak: through compression, nor through a log.

This module alone of its package stays interpreted: mypyc cannot make a subclass of tuple native.
"""

from typing import final


@final
class SensitiveField(tuple[bytes, bytes]):
    """A `(name, value)` pair whose value is a secret.

    It unpacks, compares and hashes as the plain tuple.  HPACK sends it as a literal that is never
    indexed (RFC 7541 §6.2.3) and marks what it receives in that form with this type, so that a
    proxy passes the mark on.  Its `repr` hides the value.
    """

    __slots__ = ()

    def __new__(cls, name: bytes, value: bytes) -> "SensitiveField":
        """Make the pair `(name, value)`."""
        return super().__new__(cls, (name, value))

    def __getnewargs__(self) -> tuple[bytes, bytes]:
        # `copy` and `pickle` call `__new__` with these.
        return self[0], self[1]

    def __repr__(self) -> str:
        return f"SensitiveField({self[0]!r}, <{len(self[1])} bytes hidden>)"
