"""Sentinels, errors, and the two helpers that the rest of h11 is written with."""

import re
from typing import NoReturn

__all__ = [
    "LocalProtocolError",
    "ProtocolError",
    "RemoteProtocolError",
    "bytesify",
    "validate",
]


class ProtocolError(Exception):
    """The rules of HTTP/1.1 were broken, by us or by the peer; raised as one of its two subclasses.

    `error_status_hint` is the status code with which a server may answer.
    """

    def __init__(self, msg: str, error_status_hint: int = 400) -> None:
        if type(self) is ProtocolError:
            raise TypeError("ProtocolError is abstract: raise LocalProtocolError or its sibling")
        super().__init__(msg)
        self.error_status_hint = error_status_hint


class LocalProtocolError(ProtocolError):
    """The program asked for what the protocol forbids."""

    def _reraise_as_remote_protocol_error(self) -> NoReturn:
        """Raise the same fault as one of the peer's."""
        error = RemoteProtocolError(self.args[0], self.error_status_hint)
        raise error.with_traceback(self.__traceback__) from self.__cause__


class RemoteProtocolError(ProtocolError):
    """The peer did what the protocol forbids."""


class Sentinel(type):
    """The type of a constant that is its own type: `type(IDLE) is IDLE`, and its name its repr.

    Written `class IDLE(Sentinel, metaclass=Sentinel)`.  So `Literal`-like checks work with `is`,
    and each constant can be named in an annotation.
    """

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, object], **kwds: object
    ) -> "Sentinel":
        """Make one; it becomes its own class."""
        made = super().__new__(cls, name, bases, namespace, **kwds)
        # By its name: there is no way to tell a type checker of a class that is its own type.
        setattr(made, "__class__", made)
        return made

    def __repr__(cls) -> str:
        return cls.__name__


def unhashable(self: object) -> int:
    """For `__hash__` of what is equal to something that has none."""
    raise TypeError(f"unhashable type: {type(self).__name__!r}")


def bytesify(s: bytes | bytearray | memoryview | int | str) -> bytes:
    """Text as ASCII, any buffer as bytes.

    Raises `UnicodeEncodeError` for text beyond ASCII, `TypeError` for what is neither.
    """
    if type(s) is bytes:
        return s
    if isinstance(s, str):
        return s.encode("ascii")
    if isinstance(s, int):
        # `bytes(5)` would be five zeros.
        raise TypeError("expected a buffer or text, got int")
    return bytes(s)


def validate(
    regex: re.Pattern[bytes],
    data: bytes | bytearray,
    msg: str = "malformed data",
    *format_args: object,
) -> dict[str, bytes]:
    """The named groups of `regex` on all of `data`; `LocalProtocolError` where it does not match.

    The message is `msg`, formatted with `format_args` where there are any.
    """
    found = regex.fullmatch(data)
    if found is None:
        raise LocalProtocolError(msg.format(*format_args) if format_args else msg)
    return found.groupdict()
