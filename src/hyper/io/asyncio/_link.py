"""One connection shared by tasks: a protocol of asyncio, the pump, futures to wait on.

Everything happens in the loop's thread, so there is no lock.  What is queued within one turn of
the loop is written once, at its end.
"""

import asyncio
from asyncio import AbstractEventLoop, Future, Handle, Task, TimerHandle, Transport
from collections.abc import Callable, Coroutine
from typing import Final, TypeVar, cast

from hyper.frame import ErrorCode
from hyper.http import Version
from hyper.io._faults import transport_reason
from hyper.io._forsaken import forsake
from hyper.io._mailbox import Mailbox
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION

T = TypeVar("T")

# What is handed to the transport at once, and how much of it may lie there before we wait.
_CHUNK: Final = 65_536


class Link(asyncio.Protocol):
    """The verbs of a world: `ask` now, or `wait` until it can be.

    A server gives `on_change`, which is called when something happened to the connection as such,
    and `chosen`, which says what is spoken after ALPN.
    """

    def __init__(
        self,
        pump: Pump,
        loop: AbstractEventLoop,
        on_change: Callable[[], None] | None = None,
        chosen: Callable[[str | None], Version | None] | None = None,
    ) -> None:
        self.pump: Final = pump
        self.loop: Final = loop
        self.closed: Final[Future[None]] = loop.create_future()
        self._on_change: Final = on_change
        self._chosen: Final = chosen
        self._transport: Transport | None = None
        self._waiters: Final[dict[int, list[Future[None]]]] = {}
        self._uploads: Final[dict[Mailbox, Task[None]]] = {}
        self._paused = False  # the transport has enough for now
        self._reading = True  # whether the transport reads
        self._ended = False  # the peer has closed its end
        self._ending = False  # the transport was told to close
        self._soon: Handle | None = None
        self._timer: TimerHandle | None = None

    # -- what asyncio calls ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport is there, TLS and all."""
        # asyncio's annotation is wider than what it passes, and the transports of other loops are
        # none of its classes.
        self._transport = cast("Transport", transport)
        self._transport.set_write_buffer_limits(high=_CHUNK)
        secured = transport.get_extra_info("ssl_object")
        if secured is not None and self._chosen is not None:
            version = self._chosen(secured.selected_alpn_protocol())
            if version is None:
                self._transport.abort()
                return
            self.pump.agree(version, self.loop.time())
        self._progress()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self.pump.receive(data, self.loop.time())
        self._progress()

    def eof_received(self) -> bool:
        """The peer has no more to say, and may be listening; returns whether to go on writing."""
        self._ended = True
        self.pump.receive(b"", self.loop.time())
        self._progress()
        # TLS ends both ways at once here: asyncio does not ask, and complains of being told.
        return self._transport is not None and not (
            self._ending or self._transport.get_extra_info("ssl_object") is not None
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """The transport is gone."""
        self.pump.lose(transport_reason(exc))
        self._transport = None
        self._progress()
        if self._soon is not None:
            self._soon.cancel()
        if self._timer is not None:
            self._timer.cancel()
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        """The transport has more than it can write."""
        self._paused = self.pump.stuck = True

    def resume_writing(self) -> None:
        """The transport has room again."""
        self._paused = self.pump.stuck = False
        self._progress()

    # -- the two verbs -----------------------------------------------------------------------

    def ask(self, act: Callable[[], T]) -> T:
        """Do something with the pump; what comes of it is sent at the end of this turn."""
        try:
            return act()
        finally:
            self.touch()

    async def wait(
        self,
        stream_id: int,
        ready: Callable[[], T | None],
        seconds: float | None,
        late: Callable[[], Exception],
    ) -> T:
        """What `ready` returns once that is not `None`; after `seconds`, raises `late`'s error."""
        deadline = None if seconds is None else self.loop.time() + seconds
        try:
            while (result := ready()) is None:
                if deadline is not None and self.loop.time() >= deadline:
                    raise late()
                await self._sleep(stream_id, deadline)
            return result
        finally:
            # What was taken lets the peer send more: HTTP/2 has to be told, HTTP/1.1 to be read.
            if self.pump.wants_to_send or self.pump.wants_input != self._reading:
                self.touch()

    async def _sleep(self, stream_id: int, deadline: float | None) -> None:
        waiter = self.loop.create_future()
        line = self._waiters.setdefault(stream_id, [])
        line.append(waiter)
        timer = None
        if deadline is not None:
            timer = self.loop.call_at(deadline, _wake, waiter)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()
            line.remove(waiter)
            if not line:
                self._waiters.pop(stream_id, None)

    def touch(self) -> None:
        """Something may have changed: have it seen to before the loop waits."""
        if self._soon is None and not self.loop.is_closed():
            self._soon = self.loop.call_soon(self._progress)

    def upload(self, box: Mailbox, sending: Coroutine[None, None, None]) -> None:
        """Send content in a task of its own, which ends with the stream at the latest."""

        async def guarded() -> None:
            try:
                await sending
            except Exception as error:  # noqa: BLE001 - raised anew where the response is awaited
                failure = error
                self.ask(lambda: self.pump.streams.reset(box, ErrorCode.CANCEL, failure))

        def done(_: Task[None]) -> None:
            del self._uploads[box]

        task = self.loop.create_task(guarded())
        self._uploads[box] = task
        task.add_done_callback(done)

    # -- moving bytes ------------------------------------------------------------------------

    def _progress(self) -> None:
        """Write what can be written, wake whom it concerns, set the alarm."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        pump = self.pump
        transport = self._transport
        if transport is not None and not transport.is_closing():
            while not self._paused:
                data = pump.output(_CHUNK, self.loop.time())
                if not data:
                    break
                transport.write(data)
            if pump.wants_input != self._reading:
                self._reading = not self._reading
                if self._reading:
                    transport.resume_reading()
                else:
                    transport.pause_reading()
        changed = pump.take_changed()
        for stream_id in changed:
            for waiter in self._waiters.get(stream_id, ()):
                _wake(waiter)
        if CONNECTION in changed and self._on_change is not None:
            self._on_change()
        if self._uploads:
            for box in [box for box in self._uploads if box.error is not None]:
                self._uploads[box].cancel()
        # RFC 9113 §5.4.1: after the GOAWAY of an error the connection MUST be closed.
        if pump.finished:
            self._end()
        if not self._ending:
            self._set_alarm()

    def _set_alarm(self) -> None:
        due = self.pump.next_timer()
        # An alarm that comes too early looks again; only one that would come too late is replaced.
        if due is None or (self._timer is not None and self._timer.when() <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(due, self._alarm)

    def _alarm(self) -> None:
        self._timer = None
        self.pump.handle_timer(self.loop.time())
        self._progress()

    # -- the end -----------------------------------------------------------------------------

    def _end(self) -> None:
        """All is said: let the transport write the rest and close."""
        transport = self._transport
        if transport is None:
            return
        if not self.pump.polite:
            # The peer has left, or does not react: there is nobody to be polite to.  Or it must
            # see that something is missing.
            self._abort()
        elif not self._ending:
            self._ending = True
            if self._timer is not None:
                self._timer.cancel()
            secure = transport.get_extra_info("ssl_object") is not None
            if self._on_change is not None and not (secure or self._ended):
                # A socket closed with bytes unread makes the kernel send a TCP reset, which can
                # destroy what the peer has yet to read: so a server lets the client close first.
                # Over TLS the transport waits for the peer's close_notify by itself.
                transport.write_eof()
            else:
                # Not at once: asyncio's TLS reads on while it closes, and must not be in the
                # middle of handing us data when it does.
                self.loop.call_soon(transport.close)
            seconds = self.pump.farewell(self.loop.time())
            self._timer = self.loop.call_later(seconds, self._abort)

    def _abort(self) -> None:
        if self._transport is not None:
            if self.pump.must_abort:
                forsake(self._transport.get_extra_info("socket"))
            self._transport.abort()

    def cut(self, reason: str) -> None:
        """End everything now."""
        self.pump.close(reason)
        self._progress()
        self.pump.lose(reason)
        self._progress()

    async def close(self, seconds: float) -> None:
        """See the transport closed, by force after `seconds`."""
        self._progress()
        await asyncio.wait((self.closed,), timeout=seconds)
        self._abort()
        await asyncio.wait((self.closed,))


def _wake(waiter: Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
