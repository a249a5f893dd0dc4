"""Whose turn it is to send (RFC 9218 §10): the part of the scheduler that engines build in.

Streams that can send now stand in line; the others cost nothing.  The rules, from the top:

- The most urgent ones send.  But of 16 turns one goes to those that are less urgent, to each
  urgency in rotation: nobody starves.
- Of one urgency, those that are not incremental send one after the other, in the order of their
  ids.  But of 16 turns one goes to those behind the first, each in rotation: a response without an
  end holds up nobody for ever.
- Incremental ones share by bytes: each sends a quantum, and goes to the end of the line.
- Where there are both kinds, each kind gets half, by bytes.

A step costs O(log n) for n streams in line, and O(1) while no priority differs.

Not here: streams by their ids, which is `scheduler`; priorities as text, which is `signals`.

This file is on the hot path: plain chains, integers for priorities.  bench/priority.py proves it.
"""

from collections import deque
from heapq import heapify, heappop, heappush
from typing import Final, Generic, TypeVar, cast

from hyper.priority.signals import DEFAULT_PRIORITY, PRIORITIES, Priority

SPARE_TURNS: Final = 16
"""Of so many turns one is for those who would have none by the rules."""

DEFAULT_QUANTUM: Final = 16_384
"""Bytes that an incremental stream sends before the next one may: one frame of HTTP/2."""

DEFAULT_BUCKET: Final = 2 * DEFAULT_PRIORITY.urgency
"""The `Turn.bucket` of the default priority."""

# More than this many quanta sent at once count as no more.
_MOST_QUANTA: Final = 16
# So many that have left, and as many as are there, may stand in a line before it is cleared up.
_SLACK: Final = 32

# Bits of `Turn.place`: it can send, and stands in line; it stands in the plain line, where it is
# passed over if it cannot.
_WAITING: Final = 1
_LINED: Final = 2

# The lowest bit that is set in a byte, by its value.
_LOWEST: Final = [0, *[(bits & -bits).bit_length() - 1 for bits in range(1, 256)]]


class Turn:
    """What the line knows of one stream.  The stream object of an engine is one.

    Nothing of it is to be changed but through `Turns`.
    """

    __slots__ = ("bucket", "credit", "place", "queued", "stream_id")

    def __init__(self, stream_id: int, priority: Priority = DEFAULT_PRIORITY) -> None:
        self.stream_id = stream_id
        # Twice the urgency, plus one if incremental: the number of the line it belongs to.
        self.bucket = 2 * priority.urgency + priority.incremental
        self.place = 0  # `_WAITING`, and `_LINED`; one number, for each stream has one
        self.queued = 0  # a bit for each bucket whose line it stands in, perhaps from before
        self.credit = 0  # bytes until the next incremental stream has its turn

    def __lt__(self, other: "Turn") -> bool:
        """Two of one id have no order: one of them has left."""
        return False

    @property
    def priority(self) -> Priority:
        """How urgent it is, and whether it shares."""
        return PRIORITIES[self.bucket]


T = TypeVar("T", bound=Turn)


class Turns(Generic[T]):
    """The streams that can send now.

    `join` and `leave` say who they are; `next` looks whose turn it is, `sent` says what became of
    it.  As long as all that come are of one priority, not incremental and in the order of their
    ids, which is how nearly all connections are, they stand in one plain line.
    """

    __slots__ = (
        "_bucket",
        "_levels",
        "_line",
        "_passed",
        "_quantum",
        "_spare",
        "_waiting",
        "size",
    )

    def __init__(self, quantum: int = DEFAULT_QUANTUM) -> None:
        self._quantum: Final = quantum
        self.size = 0  # how many stand in line: `len` costs a call
        self._line: Final[deque[T]] = deque()  # by id; who leaves stays until he is in front
        self._bucket = 0  # of all in the plain line
        # By urgency; made when somebody comes who does not fit into the plain line.
        self._levels: list[_Level | None] = [None] * 8
        self._waiting = 0  # a bit for each urgency somebody waits at; 0 for the plain line
        self._passed = 0  # turns since one went to those who wait behind
        self._spare = 0  # the urgency that had it

    def __len__(self) -> int:
        return self.size

    def join(self, turn: T) -> None:
        """The stream can send; joining twice is joining once."""
        if turn.place & _WAITING:
            return
        if self._waiting == 0:
            line = self._line
            if not line:
                self._bucket = turn.bucket
                turn.place = _WAITING | _LINED
                line.append(turn)
                self.size += 1
                return
            if turn.bucket == self._bucket and self._fits(turn):
                if not turn.place:
                    line.append(turn)
                turn.place = _WAITING | _LINED
                self.size += 1
                return
            self._spread()
        turn.place = _WAITING
        self.size += 1
        self._enter(turn)

    def leave(self, turn: T) -> None:
        """The stream has nothing to send, or no room to send it; harmless if it was not in line."""
        if not turn.place & _WAITING:
            return
        turn.place &= ~_WAITING
        self.size -= 1
        if self._waiting == 0:
            line = self._line
            if line[0] is turn:
                line.popleft()
                turn.place = 0
            if self.size == 0:
                self._passed = 0
                self._empty()
            return
        level = self._levels[turn.bucket >> 1]
        if level is not None and level.leave(turn) == 0:
            self._waiting &= ~(1 << (turn.bucket >> 1))
            if self._waiting == 0:
                self._passed = 0

    def reprioritize(self, turn: T, priority: Priority) -> None:
        """The stream, in line or not, is to be served by another priority from now on."""
        bucket = 2 * priority.urgency + priority.incremental
        if bucket == turn.bucket:
            return
        if turn.place & _WAITING:
            self.leave(turn)
            turn.bucket = bucket
            self.join(turn)
        else:
            turn.bucket = bucket

    def next(self) -> T | None:
        """Whose turn it is; `None` when nobody is in line.  It stays the same until something is
        told: `next` only looks.
        """
        if self._waiting == 0:
            line = self._line
            while line:
                turn = line[0]
                if turn.place & _WAITING:
                    return turn
                turn.place = 0
                line.popleft()
            return None
        return self._next_of_levels()

    def sent(self, turn: T, count: int, more: bool = True) -> None:
        """The stream had its turn and sent `count` bytes; without `more` to send now it leaves."""
        if not turn.place & _WAITING:
            return
        if self._waiting == 0:
            if not more:
                # The next in order comes to the front: nobody is held up.
                self._passed = 0
                line = self._line
                if self.size > 1 or line[0] is not turn:
                    self.leave(turn)
                    return
                # It was the only one, as nearly always.
                turn.place = 0
                self.size = 0
                line.popleft()
                if line:
                    self._empty()
            elif self.size > 1:
                self._passed += 1
                if self._passed >= SPARE_TURNS - 1:
                    self._spread()
            return
        urgency = turn.bucket >> 1
        waiting = self._waiting
        if waiting & ((1 << urgency) - 1):  # a more urgent one waits: it was a spare turn
            self._passed = 0
            self._spare = urgency
        elif waiting >> (urgency + 1):
            self._passed += 1
        else:
            self._passed = 0
        level = self._levels[urgency]
        if level is not None:
            level.sent(turn, count)
        if not more:
            self.leave(turn)

    def clear(self) -> None:
        """Nobody has anything to send any more."""
        for turn in self._line:
            turn.place = 0
        self._empty()
        for level in self._levels:
            if level is not None:
                level.clear()
        self.size = 0
        self._waiting = 0
        self._passed = 0

    def _fits(self, turn: T) -> bool:
        """Whether the stream, of the priority of the line, has its place in it, or at its end."""
        line = self._line
        if turn.bucket & 1 or len(line) > 2 * self.size + _SLACK:
            return False
        return turn.place != 0 or turn.stream_id > line[-1].stream_id

    def _spread(self) -> None:
        """The plain line is not enough: everybody goes to the level of his urgency."""
        passed = self._passed
        self._passed = 0
        for turn in self._line:
            if turn.place & _WAITING:
                self._enter(turn)
        self._empty()
        for level in self._levels:
            if level is not None:
                level.resume(passed)

    def _empty(self) -> None:
        line = self._line
        if line:
            for turn in line:
                turn.place &= _WAITING
            line.clear()

    def _enter(self, turn: T) -> None:
        urgency = turn.bucket >> 1
        level = self._levels[urgency]
        if level is None:
            level = self._levels[urgency] = _Level(urgency, self._quantum)
        self._waiting |= 1 << urgency
        level.enter(turn)

    def _next_of_levels(self) -> T | None:
        waiting = self._waiting
        urgency = _LOWEST[waiting]
        if self._passed >= SPARE_TURNS - 1:
            others = waiting & (waiting - 1)
            if others:
                # The one behind the last that had such a turn, or the first of all.
                behind = others >> (self._spare + 1) << (self._spare + 1)
                urgency = _LOWEST[behind or others]
        level = self._levels[urgency]
        # A bit is set for those levels only that somebody has entered.
        return None if level is None else cast("T", level.next())


class _Level:
    """Those of one urgency.

    Who leaves stays in the heap or the ring, and is passed over when it comes to the front: to look
    for it would cost more than it takes.
    """

    __slots__ = (
        "_balance",
        "_behind",
        "_most",
        "_ordered",
        "_quantum",
        "_ring",
        "_run",
        "_shared",
        "_sorted",
        "_urgency",
    )

    def __init__(self, urgency: int, quantum: int) -> None:
        self._urgency: Final = urgency
        self._quantum: Final = quantum
        self._most: Final = quantum * _MOST_QUANTA
        self._ordered = 0  # how many wait that are not incremental
        self._shared = 0  # how many wait that are
        self._sorted: list[tuple[int, Turn]] = []  # a heap by stream id
        self._ring: deque[Turn] | None = None  # made when the first incremental one comes
        self._behind: list[Turn] = []  # those who get the spare turns, the next one last
        self._run = 0  # turns since the last spare one
        self._balance = 0  # bytes that those in order are ahead of those that share

    def enter(self, turn: Turn) -> None:
        """The stream waits at this urgency."""
        bucket = turn.bucket
        queued = turn.queued
        if bucket & 1:
            self._shared += 1
            if queued >> bucket & 1:
                return  # at its old place, with its old credit: it has not been passed over
            turn.queued = queued | (1 << bucket)
            if turn.credit >= 0:
                turn.credit = self._quantum
            ring = self._ring
            if ring is None:
                ring = self._ring = deque()
            ring.append(turn)
            if len(ring) > 2 * self._shared + _SLACK:
                self._ring = deque([each for each in ring if self._stays(each, bucket)])
        else:
            self._ordered += 1
            if queued >> bucket & 1:
                return
            turn.queued = queued | (1 << bucket)
            heap = self._sorted
            heappush(heap, (turn.stream_id, turn))
            if len(heap) > 2 * self._ordered + _SLACK:
                self._sorted = [item for item in heap if self._stays(item[1], bucket)]
                heapify(self._sorted)

    def leave(self, turn: Turn) -> int:
        """The stream waits no more; how many still do."""
        if turn.bucket & 1:
            self._shared -= 1
        else:
            self._ordered -= 1
        left = self._shared + self._ordered
        if left == 0:
            # The lines would keep alive what their streams hold.
            self._drop()
        return left

    def next(self) -> Turn:
        """Whose turn it is at this urgency, where somebody waits."""
        if self._shared and (self._ordered == 0 or self._balance > 0):
            return self._first_of_ring()
        if self._run >= SPARE_TURNS - 1 and self._ordered > 1:
            return self._next_behind()
        return self._first_in_order()

    def sent(self, turn: Turn, count: int) -> None:
        """One that waits has sent `count` bytes."""
        if count > self._most:
            count = self._most
        if turn.bucket & 1:
            credit = turn.credit - count
            if credit <= 0:
                ring = self._ring
                if ring is not None and ring[0] is turn:
                    ring.rotate(-1)
                    credit += self._quantum
            turn.credit = max(credit, -self._most)
            self._balance = max(self._balance - count, -self._most) if self._ordered else 0
            return
        self._balance = min(self._balance + count, self._most) if self._shared else 0
        if self._ordered == 1:
            self._run = 0
        elif turn is self._first_in_order():
            self._run += 1
        else:
            self._run = 0
            behind = self._behind
            if behind and behind[-1] is turn:
                behind.pop()

    def resume(self, run: int) -> None:
        """Those in order have had so many turns, while they stood in a plain line."""
        self._run = run

    def clear(self) -> None:
        """Nobody waits any more."""
        for _, turn in self._sorted:
            turn.place = 0
        if self._ring is not None:
            for turn in self._ring:
                turn.place = 0
        self._ordered = 0
        self._shared = 0
        self._drop()

    def _first_in_order(self) -> Turn:
        bucket = 2 * self._urgency
        heap = self._sorted
        while True:
            turn = heap[0][1]
            if turn.place and turn.bucket == bucket:
                return turn
            turn.queued &= ~(1 << bucket)
            heappop(heap)

    def _next_behind(self) -> Turn:
        """The one behind the first who has waited longest for a spare turn."""
        bucket = 2 * self._urgency
        first = self._first_in_order()
        behind = self._behind
        while True:
            if not behind:
                # One round of spare turns is over.  To sort for each round, and to let those who
                # came meanwhile wait for it, spares a second line that all would have to enter.
                behind += [item[1] for item in sorted(self._sorted, reverse=True)]
            turn = behind[-1]
            if turn.place and turn.bucket == bucket and turn is not first:
                return turn
            behind.pop()

    def _first_of_ring(self) -> Turn:
        bucket = 2 * self._urgency + 1
        ring = cast("deque[Turn]", self._ring)
        while True:
            turn = ring[0]
            if not turn.place or turn.bucket != bucket:
                turn.queued &= ~(1 << bucket)
                ring.popleft()
            elif turn.credit > 0:
                return turn
            else:
                # It has sent more than its quantum, and misses as many turns as that takes.
                turn.credit += self._quantum
                ring.rotate(-1)

    @staticmethod
    def _stays(turn: Turn, bucket: int) -> bool:
        """Whether one in the line of `bucket` still waits there; else it is taken off."""
        if turn.place and turn.bucket == bucket:
            return True
        turn.queued &= ~(1 << bucket)
        return False

    def _drop(self) -> None:
        """Take everybody off the lines."""
        bucket = 2 * self._urgency
        if self._sorted:
            for _, turn in self._sorted:
                turn.queued &= ~(1 << bucket)
            self._sorted.clear()
        if self._ring:
            for turn in self._ring:
                turn.queued &= ~(2 << bucket)
            self._ring.clear()
        if self._behind:
            self._behind.clear()
        self._run = 0
        self._balance = 0
