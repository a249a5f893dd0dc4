"""What the servers of both worlds share: listening, and what becomes of a handler's end.

Not here: accepting connections and running handlers, which is each world's own.
"""

import errno
import logging
import os
import socket
import ssl as tls
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from hyper.h1 import Limits as Http1Limits
from hyper.h2 import Limits
from hyper.http import Version, version_by_alpn
from hyper.io._mailbox import Mailbox
from hyper.io._pump import Pump
from hyper.io.errors import ConnectError
from hyper.io.timeouts import Timeouts
from hyper.wire import LocalProtocolError, Role

ErrorHook: TypeAlias = Callable[[str, BaseException], None]
"""Hears of a handler that raised: which request it was for, and what it raised."""

# Accepting goes on when others have closed what they held.
NO_ROOM: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
NO_ROOM_PAUSE: Final = 0.5

# Peers that wait to be accepted; the kernel may allow fewer.
_BACKLOG: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What both servers are told, but for the handler."""

    ssl: tls.SSLContext | None
    versions: Sequence[Version]
    timeouts: Timeouts
    max_connections: int
    settings: Sequence[tuple[int, int]]
    limits: Limits | None
    http1_limits: Http1Limits | None
    on_error: ErrorHook | None

    def pump(self, peer: tuple[str, int], now: float) -> Pump:
        """The pump of a connection with `peer`.  Over TLS, `chosen` says what it speaks."""
        return Pump(
            Role.SERVER,
            peer=f"{peer[0]}:{peer[1]}",
            timeouts=self.timeouts,
            now=now,
            # In cleartext the first bytes of the client tell.
            version=self.versions[0] if len(set(self.versions)) == 1 else None,
            secure=self.ssl is not None,
            settings=self.settings,
            limits=self.limits,
            http1_limits=self.http1_limits,
        )

    def chosen(self, alpn: str | None) -> Version | None:
        """What is spoken behind a TLS handshake; `None` if it is nothing that we speak."""
        version = version_by_alpn(alpn)
        return version if version in self.versions else None


_log: Final = logging.getLogger("hyper.io")


def listen(host: str, port: int) -> list[socket.socket]:
    """A listening, non-blocking socket for each address of `host`, "" for all of them.

    With port 0 they all get the same free one.  `ConnectError` when none can be had, or the port
    is taken at one of them.
    """
    listeners: list[socket.socket] = []
    absent: OSError | None = None
    try:
        for family, kind, number, address in _addresses(host, port):
            wanted = listeners[0].getsockname()[1] if listeners else port
            try:
                listeners.append(
                    _listener(family, kind, number, (address[0], wanted, *address[2:]))
                )
            except OSError as error:
                # A name may have addresses of a family that this machine does not speak.
                if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
                absent = error
        if not listeners and absent is not None:
            raise absent
    except (OSError, UnicodeError, OverflowError) as error:
        for sock in listeners:
            sock.close()
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConnectError(
            f"cannot listen on {host or '*'}:{port}: {reason}", host=host, port=port
        ) from error
    return listeners


def finish(pump: Pump, box: Mailbox, failure: BaseException | None) -> BaseException | None:
    """A handler has ended, by raising `failure` or by returning: see the stream to its end.

    Returns what is worth a report.
    """
    complete = pump.streams.finish(box)
    if failure is None:
        if complete:
            return None
        return LocalProtocolError("expected the handler to respond, it returned without")
    # What the peer or the network did to the exchange is no fault of the handler's.
    return None if failure is box.error else failure


def report(hook: ErrorHook | None, what: str, failure: BaseException) -> None:
    """Tell whoever wants to know.  A hook that fails itself goes to the log."""
    if hook is not None:
        try:
            hook(what, failure)
        except Exception:  # noqa: BLE001 - a hook that fails must not end the connection
            _log.exception("%s: the error hook failed", what)
        return
    _log.error("%s: the handler failed", what, exc_info=failure)


_Address: TypeAlias = tuple[str | int | bytes, ...]


def _addresses(host: str, port: int) -> Iterable[tuple[int, int, int, _Address]]:
    """What `host` stands for, each once and in order."""
    infos = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return dict.fromkeys((family, kind, number, at) for family, kind, number, _, at in infos)


def _listener(family: int, kind: int, number: int, address: _Address) -> socket.socket:
    sock = socket.socket(family, kind, number)
    try:
        if os.name == "posix":
            # A server that was just stopped can be started again at once.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except (OSError, OverflowError):
        sock.close()
        raise
    return sock
