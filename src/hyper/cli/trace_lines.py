"""The lines of a trace: what they are made of, and which values stay hidden in them.

Not here: what the lines are about; see `trace` and `trace_http1`.
"""

from typing import Final, TypeAlias

from hyper.cli.output import Span
from hyper.cli.text import printable_bytes
from hyper.wire import Field, SensitiveField

Line: TypeAlias = list[Span]

# A detail stands under the name of its frame.
INDENT: Final = " " * 18
"""How far what belongs to a line above is set in."""

_SECRET: Final = {b"authorization", b"cookie", b"proxy-authorization", b"set-cookie"}


def detail(name: str, value: str) -> Line:
    """Something that belongs to the line above."""
    return [(INDENT, ""), (name, "name"), (": ", ""), (value, "")]


def field_detail(field: Field, name: bytes, *, show_secrets: bool) -> Line:
    """A field, spelled `name`; of credentials and cookies only the length."""
    secret = isinstance(field, SensitiveField) or field[0] in _SECRET
    hidden = secret and not show_secrets
    value = f"<{len(field[1])} bytes hidden>" if hidden else printable_bytes(field[1])
    return detail(printable_bytes(name), value)


def bad(text: str) -> Line:
    """What is wrong with the line above."""
    return [(INDENT, ""), (text, "bad")]
