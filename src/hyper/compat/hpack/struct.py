"""A field, with or without the mark that no hop may index it (RFC 7541 §6.2.3).

Not here: `hyper.wire.SensitiveField`, which hides its value and is what `hyper.hpack` speaks.
"""

from typing import TYPE_CHECKING, ClassVar, Final, Self, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class HeaderTuple(tuple[bytes, bytes]):
    """A `(name, value)` pair: a tuple in every way but its type."""

    __slots__ = ()

    indexable: ClassVar[bool] = True
    """Whether a hop may put the field into its dynamic table."""

    def __new__(cls, *args: object) -> Self:
        """Make a tuple of `args`: name and value, nothing about them checked."""
        return _make(cls, args)

    def __getnewargs__(self) -> tuple[bytes, ...]:
        # `copy` and `pickle` call `__new__` with these.
        return tuple(self)


class NeverIndexedHeaderTuple(HeaderTuple):
    """A pair that every hop has to pass on as a literal that is never indexed."""

    __slots__ = ()

    indexable: ClassVar[bool] = False


Header: TypeAlias = HeaderTuple | NeverIndexedHeaderTuple | tuple[bytes, bytes]
"""What a decoder gives, or anything like it."""

HeaderWeaklyTyped: TypeAlias = (
    HeaderTuple | NeverIndexedHeaderTuple | tuple[bytes | str, bytes | str]
)
"""The same as text too, which is encoded as UTF-8."""

_T = TypeVar("_T")

# Items of other kinds, and other than two of them, go into the same tuple.
_make: Final = cast("Callable[[type[_T], Iterable[object]], _T]", tuple.__new__)
