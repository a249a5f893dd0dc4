"""The client of the world of tasks: one connection, any number of requests at once.

Not here: pools, redirects, cookies; see `hyper.client`.
"""

import asyncio
import ssl as tls
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self, cast

from hyper.frame import ErrorCode
from hyper.h1 import Limits as Http1Limits
from hyper.h2 import Limits
from hyper.http import ALL_VERSIONS, Version
from hyper.io._deadlines import LINGER
from hyper.io._faults import agreed, connect_error, connect_timeout, tls_error, tls_timeout
from hyper.io._mailbox import Informational, pseudo
from hyper.io._message import (
    TrailersOrMaker,
    default_authority,
    request_fields,
    sized,
)
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION
from hyper.io.asyncio._channel import Body, Channel
from hyper.io.asyncio._incoming import Incoming
from hyper.io.asyncio._link import Link
from hyper.io.errors import GoneAway, TimedOut, TransportError
from hyper.io.tap import Tap
from hyper.io.timeouts import CLIENT_TIMEOUTS, Timeouts
from hyper.wire import Buffer, Field, Role

# RFC 8305 §5: the delay before the next address is tried beside the one that does not answer.
_CONNECTION_ATTEMPT_DELAY: Final = 0.25

# asyncio takes no "never" for a handshake; whoever asks for that gets a day.
_NEVER: Final = 86_400.0


async def connect(
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
    loop = asyncio.get_running_loop()
    transport, held = await _dial(host, port, timeouts.connect)
    start = loop.time()
    version = versions[0]
    try:
        if ssl is not None:
            name = server_hostname or host
            transport = await _secure(transport, held, ssl, (host, port), name, timeouts.handshake)
            chosen = transport.get_extra_info("ssl_object").selected_alpn_protocol()
            version = agreed(host, port, chosen, versions)
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
        link = Link(pump, loop)
        held.hand_over(transport, link)
        await link.wait(CONNECTION, pump.opened, None, TimeoutError)
    except BaseException:
        transport.abort()
        raise
    return ClientConnection(link, transport, host, port)


class ClientConnection:
    """A connection to a server, for any number of tasks of one loop.

    As an asynchronous context manager it closes itself.
    """

    def __init__(self, link: Link, transport: asyncio.Transport, host: str, port: int) -> None:
        """Not to be called: see `connect`."""
        self._link: Final = link
        secured = transport.get_extra_info("ssl_object")
        self._secure = secured is not None
        self.tls_version: str | None = None if secured is None else secured.version()
        """The version of TLS, such as "TLSv1.3"; `None` in cleartext."""
        self.peer: tuple[str, int] = transport.get_extra_info("peername", (host, port))[:2]
        """Address and port of the other end."""
        self.local: tuple[str, int] = transport.get_extra_info("sockname", ("", 0))[:2]
        """Address and port of this end."""
        self._authority = default_authority(host, port, secure=self._secure)

    async def request(
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
        may be an iterable of either kind: a task asks it for more as the peer takes it, also after
        this has returned.  `trailers` may be a function, called after the body.
        `on_informational` is given each interim response (103, for instance) in turn.  Whatever
        this raises, being cancelled included, the stream is over and the connection is not, unless
        it was lost.
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
            if isinstance(body, Buffer) or (body is None and trailers):
                await stream.send_body(body or b"", trailers)
            elif body is not None:
                stream.upload(body, trailers)
            return await stream.response(on_informational)
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

    async def ping(self) -> float:
        """The time in seconds until the peer has answered a PING.

        `LocalProtocolError` over HTTP/1.1, which has none.
        """
        link = self._link
        start = link.loop.time()
        payload = link.ask(link.pump.ping)
        seconds = link.pump.timeouts.read
        await link.wait(
            CONNECTION,
            lambda: link.pump.ponged(payload),
            seconds,
            lambda: TimedOut(
                f"{link.pump.peer}: expected an answer to PING within {seconds:g} s, got none",
                phase="read",
            ),
        )
        return link.loop.time() - start

    async def close(self, deadline: float = 1.0) -> None:
        """Say GOAWAY, in HTTP/2, and close, in at most `deadline` seconds.

        Open streams are reset.
        """
        self._link.ask(lambda: self._link.pump.close("closed by this side"))
        await self._link.close(deadline)

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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


class ClientStream:
    """A request on its way, for those who send it piece by piece."""

    def __init__(self, channel: Channel) -> None:
        """Not to be called: see `ClientConnection.open`."""
        self._channel: Final = channel

    @property
    def stream_id(self) -> int:
        """The number of the stream."""
        return self._channel.box.stream_id

    async def write(self, chunk: bytes) -> None:
        """Send a piece of the body; waits while too much is unsent."""
        await self._channel.write(chunk)

    async def end(self, trailers: Sequence[Field] = ()) -> None:
        """The body is complete."""
        self._channel.end(trailers)

    async def send_body(self, body: Body, trailers: TrailersOrMaker = ()) -> None:
        """Send the whole body, or as much as the peer wants of it before it answers.

        If the head had `expect: 100-continue`, the server has a second to refuse it first.
        """
        try:
            if self._channel.box.expects and not await self._channel.told_to_go_on():
                return
            await self._channel.send_body(body, trailers)
        except TransportError as error:
            # RFC 9113 §8.1: a server may answer and ask us to stop sending; clients MUST NOT
            # discard the response over that.
            if error is not self._channel.box.error or not self._channel.box.ended:
                raise

    def upload(self, body: Body, trailers: TrailersOrMaker = ()) -> None:
        """`send_body` in a task, which ends with the stream at the latest."""
        self._channel.link.upload(self._channel.box, self.send_body(body, trailers))

    async def response(
        self, on_informational: Callable[[Informational], None] | None = None
    ) -> "Response":
        """Wait for the final head."""
        while (news := await self._channel.next_interim()) is not None:
            if on_informational is not None:
                on_informational(news)
        return Response(self._channel)

    def reset(self, code: int = ErrorCode.CANCEL) -> None:
        """Give up; does nothing on a stream that is over."""
        self._channel.reset(code)


class Response(Incoming):
    """A response.

    As an asynchronous context manager it resets its stream if that is left unfinished.
    """

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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.reset()

    def __del__(self) -> None:
        # A response dropped unread would hold its share of the connection's window for ever.  This
        # may be any thread; appending is one step, and the next to use the pump cleans up.
        self._channel.abandon()


async def _dial(host: str, port: int, seconds: float | None) -> "tuple[asyncio.Transport, _Held]":
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            return await loop.create_connection(
                _Held, host, port, happy_eyeballs_delay=_CONNECTION_ATTEMPT_DELAY
            )
    except TimeoutError as error:
        # Without a timeout of ours it is the kernel's.
        if seconds is None:
            raise connect_error(host, port, error) from error
        raise connect_timeout(host, port, seconds) from error
    except (OSError, UnicodeError, OverflowError) as error:
        raise connect_error(host, port, error) from error


class _Held(asyncio.Protocol):
    """Keeps what comes before the protocol that understands it is in place.

    Which one that is, ALPN says at the end of the TLS handshake; asyncio may have more for us in
    the same turn.
    """

    def __init__(self) -> None:
        self._data: bytes = b""
        self._ended = False
        self._lost: list[Exception | None] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # asyncio's annotation is wider than what it passes.
        cast("asyncio.Transport", transport).pause_reading()

    def data_received(self, data: bytes) -> None:
        self._data += data

    def eof_received(self) -> None:
        self._ended = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost.append(exc)

    def hand_over(self, transport: asyncio.Transport, link: Link) -> None:
        """From now on it is the link's."""
        transport.set_protocol(link)
        transport.resume_reading()
        link.connection_made(transport)
        if self._data:
            link.data_received(self._data)
        if self._ended:
            link.eof_received()
        for exc in self._lost:
            link.connection_lost(exc)


async def _secure(
    transport: asyncio.Transport,
    held: _Held,
    context: tls.SSLContext,
    address: tuple[str, int],
    server_hostname: str,
    seconds: float | None,
) -> asyncio.Transport:
    host, port = address
    try:
        async with asyncio.timeout(seconds):
            secured = await asyncio.get_running_loop().start_tls(
                transport,
                held,
                context,
                # RFC 9113 §9.2: clients MUST send the name of the server, where it has one.
                server_hostname=server_hostname,
                ssl_handshake_timeout=_NEVER if seconds is None else seconds + 1.0,
                ssl_shutdown_timeout=LINGER,
            )
    except TimeoutError as error:
        raise tls_timeout(host, port, seconds or 0.0) from error
    except (OSError, ValueError) as error:
        raise tls_error(host, port, error) from error
    if secured is None:
        # asyncio returns none when the transport was closed meanwhile.
        raise tls_error(host, port, ConnectionResetError("the peer closed the connection"))
    return secured
