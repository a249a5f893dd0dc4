"""A stream with those that depend on it (RFC 7540 §5.3), for programs that build a tree by hand.

Not here: the streams of a `PriorityTree`, which are those of `hyper.priority`.
"""

from heapq import heapify, heappop, heappush
from typing import Final

from hyper.compat.priority._errors import BadWeightError, DeadlockError

_MAX_WEIGHT: Final = 256


def checked_weight(weight: object) -> int:
    """The weight, if it is one."""
    if not isinstance(weight, int):
        raise BadWeightError("Stream weight should be an integer")
    if not 1 <= weight <= _MAX_WEIGHT:
        raise BadWeightError("Stream weight must be between 1 and 256 (inclusive)")
    return weight


class Stream:
    """One stream: compared, and told from others, by its id alone."""

    def __init__(self, stream_id: int, weight: int = 16) -> None:
        self.stream_id = stream_id
        self.weight = weight
        self.children: list[Stream] = []
        self.parent: Stream | None = None
        self.child_queue: list[tuple[int, Stream]] = []
        """The children by their virtual time: whoever has the least of it is next."""
        self.active = True
        """Whether it can send."""
        self.last_weight = 0
        """The virtual time of the last turn of a child."""
        self._deficit = 0

    def __repr__(self) -> str:
        return f"Stream<id={self.stream_id}, weight={self.weight}>"

    @property
    def weight(self) -> int:
        """1 to 256.  Raises `BadWeightError` for anything else."""
        return self._weight

    @weight.setter
    def weight(self, value: int) -> None:
        self._weight = checked_weight(value)

    def add_child(self, child: "Stream") -> None:
        """Make a stream depend on this one."""
        child.parent = self
        self.children.append(child)
        heappush(self.child_queue, (self.last_weight, child))

    def add_child_exclusive(self, child: "Stream") -> None:
        """Make a stream the only one that depends on this one; the others depend on it."""
        others = self.children
        self.children = []
        self.child_queue = []
        self.add_child(child)
        for other in others:
            child.add_child(other)

    def remove_child(self, child: "Stream", strip_children: bool = True) -> None:
        """Take a stream out; with `strip_children` those that depend on it depend on this one."""
        self.children.remove(child)
        self.child_queue = [entry for entry in self.child_queue if entry[1] != child]
        heapify(self.child_queue)
        if strip_children:
            for grandchild in child.children:
                self.add_child(grandchild)
            child.children = []
            child.child_queue = []

    def schedule(self) -> int:
        """The id of the child, or of one below it, whose turn it is.

        Raises `DeadlockError` if none can send.
        """
        chosen = self._choose()
        if chosen is None:
            raise DeadlockError("No unblocked streams to schedule.")
        return chosen

    def _choose(self) -> int | None:
        passed: list[tuple[int, Stream]] = []
        chosen: int | None = None
        while self.child_queue and chosen is None:
            entry = heappop(self.child_queue)
            time, child = entry
            chosen = child.stream_id if child.active else child._choose()
            if chosen is None:
                passed.append(entry)
                continue
            self.last_weight = time
            # What the division leaves over is not lost: it counts in the next turn.
            step, child._deficit = divmod(_MAX_WEIGHT + child._deficit, child.weight)
            heappush(self.child_queue, (time + step, child))
        for entry in passed:
            heappush(self.child_queue, entry)
        return chosen

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stream):
            return False
        return self.stream_id == other.stream_id

    def __lt__(self, other: object) -> bool:
        return self.stream_id < other.stream_id if isinstance(other, Stream) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.stream_id <= other.stream_id if isinstance(other, Stream) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.stream_id > other.stream_id if isinstance(other, Stream) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.stream_id >= other.stream_id if isinstance(other, Stream) else NotImplemented
