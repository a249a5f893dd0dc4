"""The dependency tree of HTTP/2's first priorities (RFC 7540 §5.3), which RFC 9113 deprecates.

A stream depends on another, or on the root, which is 0.  It has its turn once none of those it
depends on can send; streams that depend on the same one share by their weights.

    tree.insert(1, weight=32)
    tree.insert(3, weight=16)
    tree.insert(5, depends_on=1)
    assert [tree.take() for _ in range(3)] == [1, 3, 1]     # 1 has two thirds; 5 waits for 1

Not here: `scheduler`, which is what new software wants.

Each parent has a heap of those below it that lead to a stream that can send, by their virtual
times: what was sent through each, over its weight.  A step costs O(log n) at each level that it
goes down.
"""

from heapq import heapify, heappop, heappush, heapreplace
from typing import Final

from hyper.priority.errors import StreamExists, TooManyStreams, UnknownStream
from hyper.wire import LocalProtocolError

DEFAULT_WEIGHT: Final = 16
"""RFC 7540 §5.3.5."""

MAX_WEIGHT: Final = 256
"""RFC 7540 §5.3.2."""

DEFAULT_MAX_STREAMS: Final = 1_000
"""Streams, idle ones among them (CVE-2016-6580): ten times what servers allow to be open, for RFC
7540 §5.3.4 wants state kept for more than those."""

MAX_STREAM_ID: Final = 2**31 - 1
"""RFC 7540 §5.1.1."""

_ID_BITS: Final = 31
# A share is a weight with 16 binary places: it is divided when a parent goes.
_PLACES: Final = 16
# What a unit costs a share of 1.  28 places over those make an error of a millionth, and have room
# for 16 GiB sent with a weight of 1 before numbers outgrow a word of the machine.
_ONE: Final = 1 << (28 + _PLACES)
# So many entries that hold no more, and twice as many as do, may lie in a heap before it is
# cleared up.
_SLACK: Final = 32


class _Node:
    """One stream."""

    __slots__ = ("active", "cost", "due", "family", "home", "key", "live", "share", "stream_id")

    def __init__(self, stream_id: int, share: int) -> None:
        self.stream_id = stream_id
        self.share = share
        self.cost = _ONE // share  # virtual time of one unit
        self.active = stream_id != 0  # it can send
        self.live = self.active  # it can, or one below it can
        self.due = 0  # virtual time: the least of a family has its turn
        self.key = -1  # the entry in the heap of its home that counts
        self.family: _Family | None = None  # those who depend on it
        self.home: _Family | None = None  # those who depend on the same, itself among them

    def set_share(self, share: int) -> None:
        """What the stream has of its family's part."""
        self.share = share
        self.cost = _ONE // share


class _Family:
    """Those who depend on one stream.

    As an object of its own it can be handed over whole: an exclusive dependency moves one pointer,
    however many streams it moves (CVE-2019-9513).
    """

    __slots__ = ("clock", "heap", "live", "members", "owner", "total")

    def __init__(self, owner: _Node) -> None:
        self.owner = owner
        self.members: dict[int, _Node] = {}
        self.total = 0  # of all shares
        self.live = 0  # how many members are
        self.clock = 0  # the virtual time of the last turn
        # Of the live ones: virtual time, and behind it the id, in one number: those are compared
        # faster than tuples.  An entry that is not its member's `key` is outdated.
        self.heap: list[int] = []

    def first(self) -> _Node:
        """Whose turn it is; there must be a live one."""
        heap = self.heap
        members = self.members
        while True:
            key = heap[0]
            node = members.get(key & MAX_STREAM_ID)
            if node is not None and node.key == key:
                return node
            heappop(heap)

    def enter(self, node: _Node) -> None:
        """A member has become live."""
        self.live += 1
        # Time in which it wanted nothing is no credit.
        if node.due < self.clock:
            node.due = self.clock
        self._push(node)

    def exit(self, node: _Node) -> None:
        """A member is not live any more."""
        node.key = -1
        self.live -= 1
        if self.live == 0:
            self.heap.clear()

    def charge(self, node: _Node, cost: int) -> None:
        """A live member, or one below it, has sent as much as makes `cost` of virtual time."""
        due = node.due
        if due > self.clock:
            self.clock = due
        node.due = due + cost
        heap = self.heap
        if heap[0] == node.key:
            node.key = (node.due << _ID_BITS) | node.stream_id
            heapreplace(heap, node.key)
        else:
            self._push(node)

    def _push(self, node: _Node) -> None:
        heap = self.heap
        node.key = (node.due << _ID_BITS) | node.stream_id
        heappush(heap, node.key)
        if len(heap) > 2 * self.live + _SLACK:
            self.heap = [each.key for each in self.members.values() if each.key >= 0]
            heapify(self.heap)


class Tree:
    """Streams that depend on each other (RFC 7540 §5.3); `take` gives one turn after another.

    At most `max_streams` are known at a time.  Raises, and changes nothing: `UnknownStream`,
    `StreamExists`, `TooManyStreams`, and `LocalProtocolError` for a weight out of range, for a
    stream that would depend on itself and for stream 0, which is the root and no stream.
    """

    __slots__ = ("_max_streams", "_nodes", "_root")

    def __init__(self, max_streams: int = DEFAULT_MAX_STREAMS) -> None:
        if max_streams < 1:
            raise LocalProtocolError(f"expected room for a stream, got {max_streams}")
        self._max_streams: Final = max_streams
        self._root: Final = _Node(0, 1 << _PLACES)
        self._nodes: Final[dict[int, _Node]] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, stream_id: object) -> bool:
        return stream_id in self._nodes

    # -- ask ---------------------------------------------------------------------------------

    def insert(
        self,
        stream_id: int,
        depends_on: int = 0,
        weight: int = DEFAULT_WEIGHT,
        exclusive: bool = False,
    ) -> None:
        """Add a stream that can send; `block` it at once if it cannot.

        `exclusive` makes those who depend on `depends_on` depend on the new stream.  A dependency
        on a stream that is not there is none, and takes the default weight (RFC 7540 §5.3.1).
        """
        if stream_id in self._nodes:
            raise StreamExists(stream_id)
        share = self._checked(stream_id, depends_on, weight)
        if not 0 < stream_id <= MAX_STREAM_ID:
            raise LocalProtocolError(f"expected a stream id of 1 to 2^31-1, got {stream_id}")
        if len(self._nodes) >= self._max_streams:
            raise TooManyStreams(stream_id, self._max_streams)
        parent = self._root if depends_on == 0 else self._nodes.get(depends_on)
        if parent is None:
            parent = self._root
            share = DEFAULT_WEIGHT << _PLACES
            exclusive = False
        node = _Node(stream_id, share)
        self._nodes[stream_id] = node
        if exclusive:
            self._adopt(node, parent)
        self._attach(node, parent)

    def reprioritize(
        self,
        stream_id: int,
        depends_on: int = 0,
        weight: int = DEFAULT_WEIGHT,
        exclusive: bool = False,
    ) -> None:
        """Move a stream, with all that depend on it, to where a PRIORITY frame says (RFC 7540
        §5.3.3).
        """
        node = self._node(stream_id)
        share = self._checked(stream_id, depends_on, weight)
        parent = self._root if depends_on == 0 else self._nodes.get(depends_on)
        if parent is None:
            parent = self._root
            share = DEFAULT_WEIGHT << _PLACES
            exclusive = False
        home = node.home
        if home is not None and home.owner is parent and not exclusive:
            home.total += share - node.share
            node.set_share(share)
            return
        if self._is_below(parent, node):
            # RFC 7540 §5.3.3: the formerly dependent stream is first moved to be dependent on the
            # reprioritized stream's previous parent, and retains its weight.
            former = self._parent(node)
            self._detach(parent)
            self._attach(parent, former)
        self._detach(node)
        node.set_share(share)
        if exclusive:
            self._adopt(node, parent)
        self._attach(node, parent)

    def remove(self, stream_id: int) -> None:
        """Take a stream away.  Those who depend on it move to its parent, and divide its weight in
        proportion to theirs (RFC 7540 §5.3.4); costs as much as there are of them.
        """
        node = self._node(stream_id)
        del self._nodes[stream_id]
        parent = self._parent(node)
        due = node.due
        self._detach(node)
        family = node.family
        if family is None:
            return
        for child in list(family.members.values()):
            child.set_share(max(1, node.share * child.share // family.total))
            child.due = due
            self._attach(child, parent)

    def block(self, stream_id: int) -> None:
        """The stream cannot send.  Its share is for those who depend on it."""
        node = self._node(stream_id)
        node.active = False
        self._rest(node)

    def unblock(self, stream_id: int) -> None:
        """The stream can send."""
        node = self._node(stream_id)
        node.active = True
        self._wake(node)

    def sent(self, stream_id: int, count: int) -> None:
        """The stream had its turn and sent `count`: bytes, or turns, or whatever is shared."""
        node = self._node(stream_id)
        if count < 0:
            raise LocalProtocolError(f"expected to have sent at least 0, got {count}")
        if node.active:
            self._charge(node, count)

    # -- take --------------------------------------------------------------------------------

    def take(self) -> int | None:
        """The stream whose turn it is, which is taken to be one unit of what is shared; `None`
        when none can send.
        """
        # `next` and `sent` in one walk: the hot path of whoever shares out turns.
        node = self._root
        while not node.active:
            family = node.family
            if family is None or family.live == 0:
                return None
            node = family.first()
            if family.live > 1:
                due = node.due
                if due > family.clock:
                    family.clock = due
                due += node.cost
                node.due = due
                key = (due << _ID_BITS) | node.stream_id
                node.key = key
                heapreplace(family.heap, key)
        return node.stream_id

    # -- look --------------------------------------------------------------------------------

    def next(self) -> int | None:
        """The stream whose turn it is; `None` when none can send.  Only `sent`, and what else
        changes something, moves on to another.
        """
        node = self._first()
        return None if node is None else node.stream_id

    def parent(self, stream_id: int) -> int:
        """What the stream depends on; 0 is the root."""
        return self._parent(self._node(stream_id)).stream_id

    def children(self, stream_id: int) -> list[int]:
        """Which streams depend on the stream, or on the root, in the order of their ids."""
        family = self._root.family if stream_id == 0 else self._node(stream_id).family
        return [] if family is None else sorted(family.members)

    def weight(self, stream_id: int) -> int:
        """The weight of the stream, 1 to 256: as it was told, or what a parent has left to it."""
        share = self._node(stream_id).share
        return max(1, (share + (1 << (_PLACES - 1))) >> _PLACES)

    def is_blocked(self, stream_id: int) -> bool:
        """Whether the stream was last told that it cannot send."""
        return not self._node(stream_id).active

    # -- inside ------------------------------------------------------------------------------

    def _first(self) -> _Node | None:
        node = self._root
        while not node.active:
            family = node.family
            if family is None or family.live == 0:
                return None
            node = family.first()
        return node

    @staticmethod
    def _charge(node: _Node, count: int) -> None:
        home = node.home
        while home is not None:
            # Who is alone has no rival to be measured against.
            if home.live > 1:
                home.charge(node, count * node.cost)
            node = home.owner
            home = node.home

    def _node(self, stream_id: int) -> _Node:
        node = self._nodes.get(stream_id)
        if node is None:
            if stream_id == 0:
                raise LocalProtocolError("expected a stream, got stream 0, which is the root")
            raise UnknownStream(stream_id)
        return node

    @staticmethod
    def _checked(stream_id: int, depends_on: int, weight: int) -> int:
        """The share of a weight, if it and the dependency may be."""
        if not 1 <= weight <= MAX_WEIGHT:
            raise LocalProtocolError(f"expected a weight of 1 to {MAX_WEIGHT}, got {weight}")
        # RFC 7540 §5.3.1: a stream cannot depend on itself.
        if depends_on == stream_id:
            raise LocalProtocolError(f"stream {stream_id} cannot depend on itself")
        return weight << _PLACES

    @staticmethod
    def _parent(node: _Node) -> _Node:
        home = node.home
        # Every stream but the root has one.
        return node if home is None else home.owner

    @staticmethod
    def _is_below(node: _Node, other: _Node) -> bool:
        home = node.home
        while home is not None:
            if home.owner is other:
                return True
            home = home.owner.home
        return False

    def _attach(self, node: _Node, parent: _Node) -> None:
        family = parent.family
        if family is None:
            family = parent.family = _Family(parent)
        node.home = family
        family.members[node.stream_id] = node
        family.total += node.share
        if node.live:
            family.enter(node)
            self._wake(parent)

    def _detach(self, node: _Node) -> None:
        home = node.home
        if home is None:
            return
        del home.members[node.stream_id]
        home.total -= node.share
        node.home = None
        node.due = 0
        if node.live:
            home.exit(node)
            self._rest(home.owner)

    def _adopt(self, node: _Node, parent: _Node) -> None:
        """Those who depend on `parent` depend on `node` from now on, which is in no family yet."""
        theirs = parent.family
        if theirs is None or not theirs.members:
            return
        own = node.family
        if own is None:
            own = theirs
        elif len(own.members) < len(theirs.members):
            self._merge(own, theirs)
            own = theirs
        else:
            self._merge(theirs, own)
        parent.family = None
        node.family = own
        own.owner = node
        node.live = node.active or own.live > 0

    @staticmethod
    def _merge(few: _Family, many: _Family) -> None:
        # The smaller into the larger: a stream that is moved finds itself among twice as many, so
        # that it is not moved often.
        for member in few.members.values():
            member.home = many
            member.due = max(0, many.clock + member.due - few.clock)
            many.members[member.stream_id] = member
            many.total += member.share
            if member.live:
                many.enter(member)

    def _wake(self, node: _Node) -> None:
        """One of the node and those below it can send."""
        while not node.live and (home := node.home) is not None:
            node.live = True
            home.enter(node)
            node = home.owner

    def _rest(self, node: _Node) -> None:
        """Perhaps none of the node and those below it can send."""
        while node.live and not node.active:
            family = node.family
            if family is not None and family.live:
                return
            node.live = False
            home = node.home
            if home is None:
                return
            home.exit(node)
            node = home.owner
