"""The client of the world of threads: one connection, any number of threads.

Not here: pools, redirects, cookies; see `hyper.client`.
"""

import socket
import ssl as tls
from collections.abc import Callable, Sequence
from time import monotonic
from types import TracebackType
from typing import Final, Self

from hyper.frame import ErrorCode
from hyper.h1 import Limits as Http1Limits
from hyper.h2 import Limits
from hyper.http import ALL_VERSIONS, Version
from hyper.io._faults import (
    agreed,
    connect_error,
    connect_timeout,
    tls_error,
    tls_timeout,
)
from hyper.io._mailbox import Informational, pseudo
from hyper.io._message import (
    TrailersOrMaker,
    default_authority,
    request_fields,
    sized,
)
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION
from hyper.io.errors import GoneAway, TimedOut, TransportError
from hyper.io.sync._channel import Body, Channel
from hyper.io.sync._incoming import Incoming
from hyper.io.sync._link import Link
from hyper.io.tap import Tap
from hyper.io.timeouts import CLIENT_TIMEOUTS, Timeouts
from hyper.wire import Field, Role


def connect(
    host: str,
    port: int,
    *,
    ssl: tls.SSLContext | None = None,
    server_hostname: str | None = None,
    versions: Sequence[Version] = ALL_VERSIONS,
    timeouts: Timeouts = CLIENT_TIMEOUTS,
    settings: Sequence[tuple[int, int]] = (),
    limits: Limits | None = None,
    http1_limits: Http1Limits | None = None,
    tap: Tap | None = None,
) -> "ClientConnection":
    """Connect to a server; returns when requests can be sent.

    Over TLS the server chooses among `versions` by ALPN, from what the context offers; HTTP/1.1 is
    what it speaks if it chooses nothing.  In cleartext, where nobody can be asked, the first of
    `versions` is spoken: HTTP/2 with prior knowledge (RFC 9113 §3.3) unless told otherwise.
    `server_hostname` is what the certificate must be for, `host` by default.  `settings` are for
    HTTP/2; of `limits`, windows and water marks hold for both.  `tap` sees all bytes above TLS.
    Raises `ConnectError`, `TLSError`, `NoVersionError`, `TimedOut`, `PeerFaultError` or
    `ConnectionLost`.
    """
    sock, local, remote = _dial(host, port, timeouts.connect)
    start = monotonic()
    try:
        version = versions[0]
        if ssl is not None:
            name = server_hostname or host
            sock, version = _secure(sock, ssl, (host, port), name, timeouts.handshake, versions)
        pump = Pump(
            Role.CLIENT,
            peer=f"{host}:{port}",
            timeouts=timeouts,
            now=start,
            version=version,
            secure=ssl is not None,
            settings=settings,
            limits=limits,
            http1_limits=http1_limits,
            tap=tap,
        )
        link = Link(sock, pump)
    except BaseException:
        sock.close()
        raise
    try:
        link.wait(CONNECTION, pump.opened, None, TimeoutError)
    except BaseException:
        link.close()
        raise
    return ClientConnection(link, host, port, local, remote)


class ClientConnection:
    """A connection to a server.  Any thread may use it at any time; each request is one thread's.

    As a context manager it closes itself.
    """

    def __init__(
        self,
        link: Link,
        host: str,
        port: int,
        local: tuple[str, int],
        remote: tuple[str, int],
    ) -> None:
        """Not to be called: see `connect`."""
        self._link: Final = link
        sock = link.sock
        self._secure = isinstance(sock, tls.SSLSocket)
        self.tls_version: str | None = sock.version() if isinstance(sock, tls.SSLSocket) else None
        """The version of TLS, such as "TLSv1.3"; `None` in cleartext."""
        self.peer = remote
        """Address and port of the other end."""
        self.local = local
        """Address and port of this end."""
        self._authority = default_authority(host, port, secure=self._secure)

    def request(
        self,
        method: str,
        path: str,
        *,
        authority: str | None = None,
        scheme: str | None = None,
        fields: Sequence[Field] = (),
        body: Body | None = None,
        trailers: TrailersOrMaker = (),
        on_informational: Callable[[Informational], None] | None = None,
    ) -> "Response":
        """Send a request; returns when the head of the final response has come.

        `authority` is by default what was connected to, `scheme` what the connection is.  `body`
        may be an iterable: it is asked for more as the peer takes it, until the response has come
        whole or the peer wants no more of it.  `trailers` may be a function, called after the
        body.  `on_informational` is given each interim response (103, for instance) in turn.
        Whatever this raises, the stream is over and the connection is not, unless it was lost.
        """
        head = request_fields(
            method,
            scheme or ("https" if self._secure else "http"),
            authority or self._authority,
            path,
            fields if trailers else sized(fields, body),
        )
        stream = self.open(head, end_stream=body is None and not trailers)
        try:
            if body is not None or trailers:
                stream.send_body(body or b"", trailers)
            return stream.response(on_informational)
        except BaseException:
            stream.reset()
            raise

    def open(self, fields: Sequence[Field], *, end_stream: bool = False) -> "ClientStream":
        """Send a head as it is given, pseudo-fields first; the body follows by `write` and `end`.

        For what `request` does not cover: two-way streams, CONNECT.  HTTP/1.1 has one exchange at a
        time: what is asked for meanwhile waits for its turn, as it does in HTTP/2 for a slot.
        """
        box = self._link.ask(lambda: self._link.pump.request(fields, end_stream=end_stream))
        return ClientStream(Channel(self._link, box))

    def ping(self) -> float:
        """The time in seconds until the peer has answered a PING.

        `LocalProtocolError` over HTTP/1.1, which has none.
        """
        link = self._link
        start = monotonic()
        payload = link.ask(link.pump.ping)
        seconds = link.pump.timeouts.read
        link.wait(
            CONNECTION,
            lambda: link.pump.ponged(payload),
            seconds,
            lambda: TimedOut(
                f"{link.pump.peer}: expected an answer to PING within {seconds:g} s, got none",
                phase="read",
            ),
        )
        return monotonic() - start

    def close(self, deadline: float = 1.0) -> None:
        """Say GOAWAY, in HTTP/2, and close, in at most `deadline` seconds.

        Open streams are reset.
        """
        link = self._link
        link.ask(lambda: link.pump.close("closed by this side"))
        link.flush(deadline)
        link.close()

    @property
    def http_version(self) -> str:
        """What is spoken: "2" or "1.1"."""
        return self._link.pump.http_version

    @property
    def closed(self) -> bool:
        """Whether the connection is over."""
        return self._link.pump.over

    @property
    def can_open(self) -> bool:
        """Whether a new request would be sent."""
        return self._link.pump.can_open

    @property
    def open_streams(self) -> int:
        """How many streams are open."""
        return self._link.pump.open_streams

    @property
    def going_away(self) -> GoneAway | None:
        """The peer's announcement that it takes no more requests, once it has come."""
        return self._link.pump.going_away

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class ClientStream:
    """A request on its way, for those who send it piece by piece."""

    def __init__(self, channel: Channel) -> None:
        """Not to be called: see `ClientConnection.open`."""
        self._channel: Final = channel

    @property
    def stream_id(self) -> int:
        """The number of the stream."""
        return self._channel.box.stream_id

    def write(self, chunk: bytes) -> None:
        """Send a piece of the body; waits while too much is unsent."""
        self._channel.write(chunk)

    def end(self, trailers: Sequence[Field] = ()) -> None:
        """The body is complete."""
        self._channel.end(trailers)

    def send_body(self, body: Body, trailers: TrailersOrMaker = ()) -> None:
        """Send the whole body, or as much as the peer wants of it before it answers.

        If the head had `expect: 100-continue`, the server has a second to refuse it first.
        """
        try:
            if self._channel.box.expects and not self._channel.told_to_go_on():
                return
            self._channel.send_body(body, trailers)
        except TransportError as error:
            # RFC 9113 §8.1: a server may answer and ask us to stop sending; clients MUST NOT
            # discard the response over that.
            if error is not self._channel.box.error or not self._channel.box.ended:
                raise

    def response(
        self, on_informational: Callable[[Informational], None] | None = None
    ) -> "Response":
        """Wait for the final head."""
        while (news := self._channel.next_interim()) is not None:
            if on_informational is not None:
                on_informational(news)
        return Response(self._channel)

    def reset(self, code: int = ErrorCode.CANCEL) -> None:
        """Give up; does nothing on a stream that is over."""
        self._channel.reset(code)


class Response(Incoming):
    """A response.  As a context manager it resets its stream if that is left unfinished."""

    def __init__(self, channel: Channel) -> None:
        """Not to be called: see `ClientConnection.request`."""
        super().__init__(channel)
        self.status = int(pseudo(self._head, b":status"))
        """The status code."""
        self.reason = channel.box.reason
        """The phrase beside it in HTTP/1.1, such as "Not Found"; "" in HTTP/2, which has none."""

    @property
    def informational(self) -> Sequence[Informational]:
        """The interim responses that came before."""
        return self._box.informational

    def reset(self, code: int = ErrorCode.CANCEL) -> None:
        """Want no more of it; does nothing on a stream that is over."""
        self._channel.reset(code)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.reset()

    def __del__(self) -> None:
        # A response dropped unread would hold its share of the connection's window for ever.  No
        # lock may be taken here; appending is one step, and the next to use the pump cleans up.
        self._channel.abandon()


def _dial(
    host: str, port: int, seconds: float | None
) -> tuple[socket.socket, tuple[str, int], tuple[str, int]]:
    """A connected socket, and the names of both ends."""
    sock = None
    try:
        sock = socket.create_connection((host, port), timeout=seconds)
        # Asked at once: a connection that the peer has reset has no names any more.
        return sock, sock.getsockname()[:2], sock.getpeername()[:2]
    except TimeoutError as error:
        # Without a timeout of ours it is the kernel's.
        if seconds is None:
            raise connect_error(host, port, error) from error
        raise connect_timeout(host, port, seconds) from error
    except (OSError, UnicodeError, OverflowError) as error:
        if sock is not None:
            sock.close()
        raise connect_error(host, port, error) from error


def _secure(
    sock: socket.socket,
    context: tls.SSLContext,
    address: tuple[str, int],
    server_hostname: str,
    seconds: float | None,
    versions: Sequence[Version],
) -> tuple[tls.SSLSocket, Version]:
    host, port = address
    sock.settimeout(seconds)
    try:
        # RFC 9113 §9.2: clients MUST send the name of the server, where it has one.
        secured = context.wrap_socket(sock, server_hostname=server_hostname)
    except TimeoutError as error:
        raise tls_timeout(host, port, seconds or 0.0) from error
    except (OSError, ValueError) as error:
        raise tls_error(host, port, error) from error
    try:
        return secured, agreed(host, port, secured.selected_alpn_protocol(), versions)
    except TransportError:
        secured.close()
        raise
