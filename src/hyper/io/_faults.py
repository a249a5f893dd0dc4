"""The operating system's complaints, turned into errors of ours: one line, nothing internal."""

import os
import re
import socket
import ssl
from collections.abc import Sequence
from typing import Final

from hyper.http import Version, version_by_alpn
from hyper.io.errors import (
    ConnectError,
    NoHTTP2Error,
    NoVersionError,
    TimedOut,
    TLSError,
)
from hyper.io.tls import tls_reason

_ERRNO: Final = re.compile(r"\[Errno (\d+)\]")


def transport_reason(error: BaseException | None) -> str:
    """Why a connection broke."""
    if error is None:
        return "the peer closed the connection"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {tls_reason(error)}"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "the peer reset the connection"
    return f"the connection broke: {_text(error)}"


def connect_error(host: str, port: int, error: Exception) -> ConnectError:
    """Why there is no connection to `host`; also when the name or the port cannot be one."""
    if isinstance(error, socket.gaierror):
        reason = f"the name is not known ({error.strerror})"
    else:
        reason = _text(error)
    return ConnectError(f"cannot connect to {host}:{port}: {reason}", host=host, port=port)


def connect_timeout(host: str, port: int, seconds: float) -> TimedOut:
    """Nobody answered in time."""
    return TimedOut(
        f"cannot connect to {host}:{port}: expected an answer within {seconds:g} s, got none",
        phase="connect",
        retryable=True,
    )


def tls_error(host: str, port: int, error: Exception) -> TLSError:
    """Why TLS was not established with `host`."""
    return TLSError(
        f"no TLS with {host}:{port}: {tls_reason(error)}",
        host=host,
        port=port,
    )


def tls_timeout(host: str, port: int, seconds: float) -> TimedOut:
    """The peer accepted and then said nothing."""
    return TimedOut(
        f"no TLS with {host}:{port}: expected the handshake within {seconds:g} s",
        phase="handshake",
        retryable=True,
    )


def agreed(host: str, port: int, chosen: str | None, versions: Sequence[Version]) -> Version:
    """The version that ALPN has chosen, if it is one of `versions` (RFC 9113 §3.2, §3.3)."""
    version = version_by_alpn(chosen)
    if version is not None and version in versions:
        return version
    wanted = " or ".join([each.value for each in versions])
    came = "no protocol" if chosen is None else chosen
    kind = NoVersionError if Version.HTTP_1_1 in versions else NoHTTP2Error
    raise kind(
        f"{host}:{port}: expected {wanted} to be chosen by ALPN, got {came}", host=host, port=port
    )


def _text(error: BaseException) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number is None:
        # asyncio joins the failures of several addresses into one text; the first will do.
        match = _ERRNO.search(str(error))
        if match is not None:
            number = int(match[1])
    return os.strerror(number) if number else str(error) or type(error).__name__
