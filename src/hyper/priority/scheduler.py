"""Which stream sends next, by RFC 9218: a scheduler that knows streams by their ids.

    scheduler.insert(1)                                     # asked for first
    scheduler.insert(3, Priority(urgency=1))                # but this one is urgent
    while (stream_id := scheduler.next()) is not None:      # 3, until it is done
        count, more = send_a_piece_of(stream_id)
        scheduler.sent(stream_id, count)
        if not more:
            scheduler.remove(stream_id)

Not here: the rules, which are `turns`'; bytes, windows, frames.
"""

from typing import Final

from hyper.priority.early import EarlySignals
from hyper.priority.errors import StreamExists, TooManyStreams, UnknownStream
from hyper.priority.signals import DEFAULT_PRIORITY, Priority
from hyper.priority.turns import DEFAULT_QUANTUM, Turn, Turns
from hyper.wire import LocalProtocolError

DEFAULT_MAX_STREAMS: Final = 1_000
"""Ten times what servers commonly allow, and a few hundred kilobytes at most."""


class Scheduler:
    """The streams of one connection, and whose turn it is to send (RFC 9218 §10).

    At most `max_streams` are known at a time, those with a priority that are yet to be inserted
    among them.  `quantum` is how many bytes an incremental stream sends before the next has its
    turn; at best it is as large as the pieces that are sent.

    A wrong call raises a `LocalProtocolError`, and changes nothing: `UnknownStream`,
    `StreamExists`, `TooManyStreams`.
    """

    __slots__ = ("_early", "_max_streams", "_streams", "_turns")

    def __init__(
        self, max_streams: int = DEFAULT_MAX_STREAMS, quantum: int = DEFAULT_QUANTUM
    ) -> None:
        if max_streams < 1 or quantum < 1:
            raise LocalProtocolError(
                f"expected room for a stream and a byte, got {max_streams} and {quantum}"
            )
        self._max_streams: Final = max_streams
        self._streams: Final[dict[int, Turn]] = {}
        self._turns: Final[Turns[Turn]] = Turns(quantum)
        self._early: Final = EarlySignals()

    def __len__(self) -> int:
        return len(self._streams)

    def __contains__(self, stream_id: object) -> bool:
        return stream_id in self._streams

    # -- ask ---------------------------------------------------------------------------------

    def insert(self, stream_id: int, priority: Priority | None = None) -> None:
        """A stream opens, and has something to send; `block` it at once if it has not.

        A signal that was held for it stands over `priority` (RFC 9218 §7).
        """
        if stream_id in self._streams:
            raise StreamExists(stream_id)
        early = self._early
        if stream_id in early:
            held = early.take(stream_id)
            if held is not None:
                priority = held
        elif len(self._streams) + len(early) >= self._max_streams:
            raise TooManyStreams(stream_id, self._max_streams)
        turn = Turn(stream_id, DEFAULT_PRIORITY if priority is None else priority)
        self._streams[stream_id] = turn
        self._turns.join(turn)

    def hold(self, stream_id: int, priority: Priority) -> None:
        """Keep the priority of a stream that is yet to be inserted; the last one counts.

        It takes the place of a stream (RFC 9218 §7.1); whoever knows that the stream will never
        come says so with `remove`.
        """
        if stream_id in self._streams:
            raise StreamExists(stream_id)
        early = self._early
        if stream_id not in early and len(self._streams) + len(early) >= self._max_streams:
            raise TooManyStreams(stream_id, self._max_streams)
        early.hold(stream_id, priority)

    def reprioritize(self, stream_id: int, priority: Priority) -> None:
        """The stream has another priority from now on (RFC 9218 §6)."""
        self._turns.reprioritize(self._turn(stream_id), priority)

    def block(self, stream_id: int) -> None:
        """The stream has nothing to send, or no room to send it."""
        self._turns.leave(self._turn(stream_id))

    def unblock(self, stream_id: int) -> None:
        """The stream can send."""
        self._turns.join(self._turn(stream_id))

    def remove(self, stream_id: int) -> None:
        """The stream is over, or will never come."""
        turn = self._streams.pop(stream_id, None)
        if turn is not None:
            self._turns.leave(turn)
        elif self._early.take(stream_id) is None:
            raise UnknownStream(stream_id)

    def sent(self, stream_id: int, count: int) -> None:
        """The stream had its turn, and sent `count` bytes."""
        if count < 0:
            raise LocalProtocolError(f"expected at least 0 bytes, got {count}")
        self._turns.sent(self._turn(stream_id), count)

    # -- look --------------------------------------------------------------------------------

    def next(self) -> int | None:
        """The stream whose turn it is; `None` when none can send.  Only `sent`, and what else
        changes something, moves on to another.
        """
        turn = self._turns.next()
        return None if turn is None else turn.stream_id

    def priority(self, stream_id: int) -> Priority:
        """The priority of a stream."""
        return self._turn(stream_id).priority

    def _turn(self, stream_id: int) -> Turn:
        turn = self._streams.get(stream_id)
        if turn is None:
            raise UnknownStream(stream_id)
        return turn
