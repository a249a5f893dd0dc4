"""Fields: a name and a value in bytes, and which bytes are legal (RFC 9110 §5, RFC 9113 §8.2.1).

A field is a plain `(name, value)` tuple.  Not here: what a whole message must look like; each
engine knows that for its version.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

Field: TypeAlias = tuple[bytes, bytes]
"""One field line: name and value."""

# RFC 9110 §5.6.2: token = 1*tchar.  RFC 9113 §8.2.1: upper case is malformed in HTTP/2.
_LOWER_TCHAR: Final = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"

# RFC 9110 §5.5: field-content is HTAB, SP, VCHAR and obs-text.  NUL, CR and LF split messages
# when they pass through a gateway to HTTP/1.1; the other controls have no use and are refused too.
_VALUE_BYTES: Final = bytes([9, *range(32, 127), *range(128, 256)])


def field_name_fault(name: bytes) -> str | None:
    """What is wrong with a field name (not a pseudo-field's), or `None` for a legal one."""
    if not name:
        return "an empty field name"
    # RFC 9113 §8.2.1: no control, space, upper case or colon, and nothing beyond ASCII.
    # `translate` deletes the legal bytes in one pass of C; what is left is the fault.
    bad = name.translate(None, _LOWER_TCHAR)
    if bad:
        return f"byte 0x{bad[0]:02x} in the field name {name[:64]!r}"
    return None


def field_value_fault(value: bytes) -> str | None:
    """What is wrong with a field value, or `None`.  The value itself is never quoted: it may be a
    secret.
    """
    bad = value.translate(None, _VALUE_BYTES)
    if bad:
        return f"byte 0x{bad[0]:02x} in a field value"
    # RFC 9113 §8.2.1: a field value MUST NOT start or end with SP or HTAB.
    if value and (value[0] in (32, 9) or value[-1] in (32, 9)):
        return "white space at the edge of a field value"
    return None


def field_values_fault(values: Sequence[bytes]) -> str | None:
    """What is wrong with the first bad one of `values`, or `None`: `field_value_fault` for all the
    values of a message at once.
    """
    # A value is short and a call is dear: the values are checked joined, by a byte none may have.
    joined = b"\n" + b"\n".join(values) + b"\n"
    if (
        len(joined.translate(None, _VALUE_BYTES)) == len(values) + 1
        and b"\n " not in joined
        and b" \n" not in joined
        and b"\t" not in joined
    ):
        return None
    for value in values:
        fault = field_value_fault(value)
        if fault is not None:
            return fault
    return None
