"""The events of h11: frozen, complete and checked when made."""

import re
from abc import ABC
from dataclasses import dataclass
from typing import Final

from hyper.compat.h11._abnf import method as method_pattern
from hyper.compat.h11._abnf import request_target
from hyper.compat.h11._headers import (
    HOST,
    SECOND_HOST,
    Headers,
    HeaderTypes,
    kinds,
    normalize_and_validate,
)
from hyper.compat.h11._util import LocalProtocolError, bytesify, unhashable, validate

__all__ = [
    "ConnectionClosed",
    "Data",
    "EndOfMessage",
    "Event",
    "InformationalResponse",
    "Request",
    "Response",
]

_METHOD: Final = re.compile(method_pattern.encode("ascii"))
_TARGET: Final = re.compile(request_target.encode("ascii"))

_set = object.__setattr__


class Event(ABC):
    """What both directions of a connection are made of."""

    __slots__ = ()

    def __setstate__(self, state: tuple[None, dict[str, object]]) -> None:
        """What `copy` and `pickle` call: they would assign the fields, and those are frozen."""
        for name, value in state[1].items():
            _set(self, name, value)


@dataclass(init=False, frozen=True)
class Request(Event):
    """The head of a request.

    Raises `LocalProtocolError` where method or target have bytes that they may not have, and for a
    request of HTTP/1.1 without exactly one Host.
    """

    __slots__ = ("headers", "http_version", "method", "target")

    method: bytes
    headers: Headers
    target: bytes
    http_version: bytes

    def __init__(
        self,
        *,
        method: bytes | str,
        headers: HeaderTypes,
        target: bytes | str,
        http_version: bytes | str = b"1.1",
        _parsed: bool = False,
    ) -> None:
        section = (
            headers
            if isinstance(headers, Headers) and _parsed
            else normalize_and_validate(headers, _parsed=_parsed)
        )
        if _parsed:
            _set(self, "method", method)
            _set(self, "target", target)
            _set(self, "http_version", http_version)
        else:
            _set(self, "method", bytesify(method))
            _set(self, "target", bytesify(target))
            _set(self, "http_version", bytesify(http_version))
        _set(self, "headers", section)
        found = kinds(section)
        # RFC 9112 §3.2: Host, and no more than one.
        if self.http_version == b"1.1" and not found & HOST:
            raise LocalProtocolError("a request of HTTP/1.1 without Host")
        if found & SECOND_HOST:
            raise LocalProtocolError("a request with more than one Host")
        validate(_METHOD, self.method, "a method that is no token")
        validate(_TARGET, self.target, "a target with bytes that no target has")

    __hash__ = unhashable


@dataclass(init=False, frozen=True)
class _ResponseBase(Event):
    __slots__ = ("headers", "http_version", "reason", "status_code")

    headers: Headers
    http_version: bytes
    reason: bytes
    status_code: int

    def __init__(
        self,
        *,
        headers: HeaderTypes,
        status_code: int,
        http_version: bytes | str = b"1.1",
        reason: bytes | str = b"",
        _parsed: bool = False,
    ) -> None:
        section = (
            headers
            if isinstance(headers, Headers) and _parsed
            else normalize_and_validate(headers, _parsed=_parsed)
        )
        _set(self, "headers", section)
        if _parsed:
            _set(self, "http_version", http_version)
            _set(self, "reason", reason)
            _set(self, "status_code", status_code)
        else:
            if not isinstance(status_code, int):
                raise LocalProtocolError("a status code that is no integer")
            # http.HTTPStatus is an int; what is kept is no more than that.
            _set(self, "status_code", int(status_code))
            _set(self, "http_version", bytesify(http_version))
            _set(self, "reason", bytesify(reason))
        self.__post_init__()

    def __post_init__(self) -> None:
        """Refuse a status code of the other kind."""

    __hash__ = unhashable


@dataclass(init=False, frozen=True)
class InformationalResponse(_ResponseBase):
    """The head of an interim response: `status_code` is 100 to 199, or `LocalProtocolError`."""

    def __post_init__(self) -> None:
        """Refuse any other status code."""
        if not 100 <= self.status_code < 200:
            raise LocalProtocolError(
                f"an InformationalResponse has a status code of 100 to 199, not {self.status_code}"
            )


@dataclass(init=False, frozen=True)
class Response(_ResponseBase):
    """The head of a final response: `status_code` is 200 to 999, or `LocalProtocolError`."""

    def __post_init__(self) -> None:
        """Refuse any other status code."""
        if not 200 <= self.status_code < 1000:
            raise LocalProtocolError(
                f"a Response has a status code of 200 to 999, not {self.status_code}"
            )


@dataclass(init=False, frozen=True)
class Data(Event):
    """A piece of content.

    Received, `chunk_start` and `chunk_end` tell where a chunk began and ended.  Sent, they are not
    looked at, and `data` may be any buffer, or for `send_with_data_passthrough` anything that has
    a length.
    """

    __slots__ = ("chunk_end", "chunk_start", "data")

    data: bytes
    chunk_start: bool
    chunk_end: bool

    def __init__(self, data: bytes, chunk_start: bool = False, chunk_end: bool = False) -> None:
        _set(self, "data", data)
        _set(self, "chunk_start", chunk_start)
        _set(self, "chunk_end", chunk_end)

    __hash__ = unhashable


@dataclass(init=False, frozen=True)
class EndOfMessage(Event):
    """The end of a message, with its trailers if it has any."""

    __slots__ = ("headers",)

    headers: Headers

    def __init__(self, *, headers: HeaderTypes | None = None, _parsed: bool = False) -> None:
        if headers is None:
            section = _NOTHING
        elif isinstance(headers, Headers) and _parsed:
            section = headers
        else:
            section = normalize_and_validate(headers, _parsed=_parsed)
        _set(self, "headers", section)

    __hash__ = unhashable


@dataclass(frozen=True)
class ConnectionClosed(Event):
    """The sender will say nothing more; what it still hears is another matter."""


_NOTHING: Final = Headers([])
