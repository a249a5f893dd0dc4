"""One connection shared by threads: a non-blocking socket, the pump, a lock.

There is no background thread.  A thread that has to wait becomes the leader if there is none: it
alone watches the socket, without the lock, and serves everybody with what comes.  The others sleep
until something happens to their stream, or until the leader leaves and one of them must follow.
The lock also keeps reading and writing apart: an SSL object cannot do both at once.
"""

import contextlib
import selectors
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Final, TypeVar

from hyper.io._faults import transport_reason
from hyper.io._forsaken import forsake
from hyper.io._pump import Pump
from hyper.io._streams import CONNECTION

T = TypeVar("T")

# One TLS record is at most 16 KiB; a socket buffer is a few hundred.
_CHUNK: Final = 65_536
# Then the others get the lock, and what they consumed becomes credit.
_READS_AT_ONCE: Final = 16

_WANT_READ: Final = (BlockingIOError, InterruptedError, ssl.SSLWantReadError)

# One descriptor less for each connection than with epoll, and one socket is all there is to watch.
# select() itself cannot watch descriptors above 1,023.
if sys.platform == "win32":
    _Selector = selectors.SelectSelector
else:
    _Selector = selectors.PollSelector


class Link:
    """The verbs of a world: `ask` now, or `wait` until it can be."""

    def __init__(self, sock: socket.socket, pump: Pump) -> None:
        sock.setblocking(False)
        with contextlib.suppress(OSError):
            # Small frames in quick succession are the rule; Nagle's algorithm would hold them back.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pump: Final = pump
        self.sock: Final = sock
        self._lock: Final = threading.Lock()
        self._waiters: Final[dict[int, list[threading.Condition]]] = {}
        self._leading = False
        self._led_stream = CONNECTION  # what the leader waits for
        self._led_until: float | None = None  # when it wakes by itself
        self._led_writes = False  # whether it watches for room to write
        self._led_reads = True  # whether it watches for input
        self._unsent: memoryview = memoryview(b"")
        self._broken = False  # the peer takes nothing more
        self._ended = False  # nor does it say any more
        self._crossed = False  # TLS must write before it can read on
        self._more = False  # TLS holds bytes that the socket cannot show
        self._cut = False  # no more waiting
        self._lingering = False
        self._closing = False
        self._closed = False
        self._selector: Final = _Selector()
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self._watched = 0  # what of the socket the selector looks at
        self._selector.register(self._bell, selectors.EVENT_READ)
        # From here on nobody sleeps on what could be sent: each change is followed by `_progress`.
        self._progress()

    # -- the two verbs -----------------------------------------------------------------------

    def ask(self, act: Callable[[], T]) -> T:
        """Do something with the pump, and send what comes of it as far as that goes at once."""
        with self._lock:
            try:
                return act()
            finally:
                self._progress()

    def wait(
        self,
        stream_id: int,
        ready: Callable[[], T | None],
        seconds: float | None,
        late: Callable[[], Exception],
    ) -> T:
        """What `ready` returns once that is not `None`; after `seconds`, raises what `late` makes.

        Both are called with the lock held.
        """
        deadline = None if seconds is None else monotonic() + seconds
        with self._lock:
            try:
                while (result := ready()) is None:
                    now = monotonic()
                    if deadline is not None and now >= deadline:
                        raise late()
                    if self._leading:
                        self._follow(stream_id, None if deadline is None else deadline - now)
                    else:
                        self._lead(stream_id, deadline, now)
                return result
            finally:
                self._progress()
                self._pass_on()

    def _follow(self, stream_id: int, seconds: float | None) -> None:
        bell = threading.Condition(self._lock)
        line = self._waiters.setdefault(stream_id, [])
        line.append(bell)
        try:
            bell.wait(seconds)
        finally:
            line.remove(bell)
            if not line:
                del self._waiters[stream_id]

    def _lead(self, stream_id: int, deadline: float | None, now: float) -> None:
        due = [time for time in (deadline, self.pump.next_timer()) if time is not None]
        self._led_until = min(due, default=None)
        self._led_writes = (bool(self._unsent) or self._crossed) and not self._broken
        self._led_reads = self._wants_input()
        self._led_stream = stream_id
        self._leading = True
        timeout = None if self._led_until is None else max(0.0, self._led_until - now)
        self._watch()
        self._lock.release()
        try:
            self._selector.select(0.0 if self._more and self._led_reads else timeout)
        finally:
            self._lock.acquire()
            self._leading = False
        if self._closing:
            self._dispose()
            return
        with contextlib.suppress(BlockingIOError, InterruptedError):
            self._bell.recv(64)
        self._read()
        now = monotonic()
        timer = self.pump.next_timer()
        if timer is not None and timer <= now:
            self.pump.handle_timer(now)
        self._progress()

    def _watch(self) -> None:
        """Have the selector look for what there is to do: an input that ended stays readable."""
        wanted = 0 if self._ended or not self._led_reads else selectors.EVENT_READ
        if self._led_writes:
            wanted |= selectors.EVENT_WRITE
        if wanted == self._watched:
            return
        if not self._watched:
            self._selector.register(self.sock, wanted)
        elif wanted:
            self._selector.modify(self.sock, wanted)
        else:
            self._selector.unregister(self.sock)
        self._watched = wanted

    def _pass_on(self) -> None:
        """Whoever leaves makes sure that somebody leads, if somebody waits."""
        if not self._leading:
            for line in self._waiters.values():
                line[0].notify()
                return

    # -- moving bytes; with the lock ---------------------------------------------------------

    def _read(self) -> None:
        pump = self.pump
        self._crossed = False
        self._more = False
        tls = isinstance(self.sock, ssl.SSLSocket)
        for _ in range(_READS_AT_ONCE):
            if pump.error is not None or self._ended:
                return
            if not self._wants_input():
                break
            try:
                data = self.sock.recv(_CHUNK)
            except _WANT_READ:
                return
            except ssl.SSLWantWriteError:
                self._crossed = True
                return
            except OSError as error:
                pump.lose(transport_reason(error))
                return
            self._ended = not data
            pump.receive(data, monotonic())
            if self._ended and self._broken:
                pump.lose(transport_reason(None))
            if not tls and len(data) < _CHUNK:
                return
        self._more = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def _wants_input(self) -> bool:
        if self.pump.error is not None:
            return False  # it is not read any more, and would be ready for ever
        # A peer that takes nothing more has left: what it said before cannot be much.
        return self.pump.wants_input or self._broken

    def _progress(self) -> None:
        """Write what can be written, wake whom it concerns."""
        if not self._closed:
            self._write()
        ring = False
        for stream_id in self.pump.take_changed():
            for bell in self._waiters.get(stream_id, ()):
                bell.notify()
            ring = ring or stream_id == self._led_stream
        if self._leading:
            # What this thread did may be what the leader waits for, or give it more to watch.
            due = self.pump.next_timer()
            sooner = due is not None and (self._led_until is None or due < self._led_until)
            more = bool(self._unsent) and not self._led_writes
            more = more or (self._wants_input() and not self._led_reads)
            if ring or sooner or more:
                self._ring()

    def _write(self) -> None:
        self.pump.stuck = False
        while not self._broken:
            if not self._unsent:
                self._unsent = memoryview(self.pump.output(_CHUNK, monotonic()))
                if not self._unsent:
                    return
            try:
                sent = self.sock.send(self._unsent)
            except (*_WANT_READ, ssl.SSLWantWriteError):
                self.pump.stuck = True
                return
            except OSError:
                # What the peer said before it left, a GOAWAY or a whole response, is still to be
                # read, and reading tells why it left.
                self._broken = True
                self._unsent = memoryview(b"")
                if self._ended or self.pump.error is not None:
                    self.pump.lose(transport_reason(None))
                return
            self._unsent = self._unsent[sent:]

    def _ring(self) -> None:
        # A full bell rings already.
        with contextlib.suppress(OSError):
            self._rope.send(b"!")

    # -- the end -----------------------------------------------------------------------------

    @property
    def flushed(self) -> bool:
        """Whether all that could be sent was sent; to be asked with the lock held."""
        return self._broken or not (self._unsent or self.pump.wants_to_send)

    def alone(self) -> bool:
        """Whether no other thread leads; one that does is woken.  With the lock held."""
        if self._leading:
            self._ring()
        return not self._leading

    def flush(self, seconds: float) -> None:
        """Send what is queued, for as long as that may take."""
        with contextlib.suppress(TimeoutError):
            self.wait(
                CONNECTION,
                lambda: True if self.flushed or self.pump.error is not None else None,
                seconds,
                TimeoutError,
            )

    def linger(self, seconds: float) -> None:
        """Say goodbye and wait for the peer to do so.

        To be called by the last thread of a connection.  A socket closed with bytes unread makes
        the kernel send a TCP reset, which can destroy what the peer has yet to read.
        """
        deadline = monotonic() + seconds
        with self._lock:
            if self._cut:
                return
            self._lingering = True
        try:
            if isinstance(self.sock, ssl.SSLSocket):
                with contextlib.suppress(ssl.SSLError):
                    self.sock.unwrap()  # sends close_notify, and does not wait for the peer's
            self.sock.shutdown(socket.SHUT_WR)
            while (left := deadline - monotonic()) > 0:
                self.sock.settimeout(left)
                if not self.sock.recv(_CHUNK):
                    return
        except (OSError, ValueError):
            return

    def cut(self, reason: str) -> None:
        """End everything now; the thread that attends the connection closes the socket."""
        self.ask(lambda: self.pump.close(reason))
        self.ask(lambda: self.pump.lose(reason))
        with self._lock, contextlib.suppress(OSError):
            self._cut = True
            if self._lingering and not self._closed:
                # Wakes the thread that waits for the peer to close.
                socket.socket.shutdown(self.sock, socket.SHUT_RD)

    def close(self) -> None:
        """Close the socket.  Threads that still wait fail with the pump's error."""
        with self._lock:
            self._closing = True
            self.pump.lose("closed by this side")
            if self._leading:
                # The leader has the socket in its hands; it disposes of it when it wakes.
                self._ring()
            else:
                self._dispose()
            self._progress()

    def _dispose(self) -> None:
        if not self._closed:
            self._closed = True
            self._selector.close()
            self._bell.close()
            self._rope.close()
            if self.pump.must_abort:
                forsake(self.sock)
            elif isinstance(self.sock, ssl.SSLSocket):
                with contextlib.suppress(OSError, ValueError):
                    self.sock.unwrap()
            self.sock.close()
