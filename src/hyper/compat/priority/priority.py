"""The tree of priority, over that of `hyper.priority` (RFC 7540 §5.3).

Not here: `Stream`, which the tree does not use.
"""

from collections.abc import Iterator
from typing import Final

from hyper.compat.priority._errors import (
    BadWeightError,
    DeadlockError,
    DuplicateStreamError,
    MissingStreamError,
    PriorityError,
    PriorityLoop,
    PseudoStreamError,
    TooManyStreamsError,
)
from hyper.compat.priority._stream import Stream, checked_weight
from hyper.priority import Tree
from hyper.wire import LocalProtocolError

__all__ = [
    "BadWeightError",
    "DeadlockError",
    "DuplicateStreamError",
    "MissingStreamError",
    "PriorityError",
    "PriorityLoop",
    "PriorityTree",
    "PseudoStreamError",
    "Stream",
    "TooManyStreamsError",
]

_LARGEST_ID: Final = 2**31 - 1  # RFC 7540 §5.1.1


class PriorityTree:
    """Streams that depend on each other; `next(tree)` is the one whose turn it is.

    `maximum_streams` counts the root, which is stream 0, so that there is room for one stream less.
    """

    def __init__(self, maximum_streams: int = 1000) -> None:
        if not isinstance(maximum_streams, int):
            raise TypeError("maximum_streams must be an int.")
        if maximum_streams <= 0:
            raise ValueError("maximum_streams must be a positive integer.")
        self._room: Final = maximum_streams - 1
        self._tree: Final = Tree(maximum_streams)

    # -- change ------------------------------------------------------------------------------

    def insert_stream(
        self,
        stream_id: int,
        depends_on: int | None = None,
        weight: int = 16,
        exclusive: bool = False,
    ) -> None:
        """Add a stream that can send.

        A stream that it depends on and that is not there is added too, as one that cannot send.
        Raises `DuplicateStreamError`, `TooManyStreamsError`, `PriorityLoop` and `BadWeightError`.
        """
        tree = self._tree
        if stream_id == 0 or stream_id in tree:
            raise DuplicateStreamError(f"Stream {stream_id} already in tree")
        if len(tree) >= self._room:
            raise TooManyStreamsError(f"Refusing to insert stream {stream_id}: no room")
        _check_loop(stream_id, depends_on)
        checked_weight(weight)
        _check_id(stream_id)
        parent = self._parent(depends_on, self._room - 1)
        tree.insert(stream_id, parent, weight, exclusive)

    def reprioritize(
        self,
        stream_id: int,
        depends_on: int | None = None,
        weight: int = 16,
        exclusive: bool = False,
    ) -> None:
        """Move a stream, with all that depend on it; without a `weight` it gets that of a new one.

        Raises `PseudoStreamError`, `MissingStreamError`, `PriorityLoop` and `BadWeightError`.
        """
        self._require(stream_id, "reprioritize")
        _check_loop(stream_id, depends_on)
        checked_weight(weight)
        parent = self._parent(depends_on, self._room)
        self._tree.reprioritize(stream_id, parent, weight, exclusive)

    def remove_stream(self, stream_id: int) -> None:
        """Take a stream away; those that depend on it divide its weight (RFC 7540 §5.3.4)."""
        self._require(stream_id, "remove")
        self._tree.remove(stream_id)

    def block(self, stream_id: int) -> None:
        """The stream cannot send; its turns are for those that depend on it."""
        try:
            self._tree.block(stream_id)
        except LocalProtocolError as error:
            raise _missing(stream_id, "block") from error

    def unblock(self, stream_id: int) -> None:
        """The stream can send."""
        try:
            self._tree.unblock(stream_id)
        except LocalProtocolError as error:
            raise _missing(stream_id, "unblock") from error

    # -- take --------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        stream_id = self._tree.take()
        if stream_id is None:
            raise DeadlockError("No unblocked streams to schedule.")
        return stream_id

    def next(self) -> int:
        """The stream whose turn it is.  Raises `DeadlockError` if none can send."""
        return next(self)

    # -- inside ------------------------------------------------------------------------------

    @property
    def _streams(self) -> dict[int, Stream]:
        # As tests of others look at it: which streams there are.
        found = {0: Stream(0, 1)}
        due = [0]
        while due:
            for stream_id in self._tree.children(due.pop()):
                found[stream_id] = Stream(stream_id, self._tree.weight(stream_id))
                due.append(stream_id)
        return found

    def _require(self, stream_id: int, what: str) -> None:
        if stream_id not in self._tree:
            raise _missing(stream_id, what)

    def _parent(self, depends_on: int | None, room: int) -> int:
        """What a stream is to depend on, which is made if there is `room` for it."""
        if not depends_on:
            return 0
        tree = self._tree
        if depends_on not in tree and len(tree) < room:
            _check_id(depends_on)
            tree.insert(depends_on)
            tree.block(depends_on)
        # RFC 7540 §5.3.1: on one that is not in the tree nothing depends.
        return depends_on


def _check_loop(stream_id: int, depends_on: int | None) -> None:
    if depends_on == stream_id:
        raise PriorityLoop(f"Stream {stream_id} must not depend on itself.")


def _check_id(stream_id: int) -> None:
    if not 0 < stream_id <= _LARGEST_ID:
        raise PriorityError(f"Stream id {stream_id} is not of 1 to 2^31-1")


def _missing(stream_id: int, what: str) -> PriorityError:
    if stream_id == 0:
        return PseudoStreamError(f"Cannot {what} stream 0")
    return MissingStreamError(f"Stream {stream_id} not in tree")
