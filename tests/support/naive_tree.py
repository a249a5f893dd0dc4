"""RFC 7540 §5.3 read aloud: a tree without heaps, clocks or care for what it costs."""

from fractions import Fraction


class NaiveTree:
    """Parents, weights, and who can send."""

    def __init__(self) -> None:
        self.parents: dict[int, int] = {}
        self.weights: dict[int, Fraction] = {}
        self.blocked: set[int] = set()

    def children(self, stream_id: int) -> list[int]:
        """Those who depend on it, by their ids."""
        return sorted(each for each, parent in self.parents.items() if parent == stream_id)

    def above(self, stream_id: int) -> list[int]:
        """The streams it depends on, up to the root."""
        found: list[int] = []
        while (stream_id := self.parents[stream_id]) != 0:
            found.append(stream_id)
        return found

    def place(self, stream_id: int, depends_on: int, weight: int, exclusive: bool) -> None:
        """Insert or move a stream."""
        if depends_on != 0 and depends_on not in self.parents:
            depends_on, weight, exclusive = 0, 16, False
        if depends_on in self.parents and stream_id in self.above(depends_on):
            self.parents[depends_on] = self.parents[stream_id]
        if exclusive:
            for child in self.children(depends_on):
                if child != stream_id:
                    self.parents[child] = stream_id
        self.parents[stream_id] = depends_on
        self.weights[stream_id] = Fraction(weight)

    def remove(self, stream_id: int) -> None:
        """Take a stream away; its children divide its weight."""
        children = self.children(stream_id)
        total = sum(self.weights[child] for child in children)
        parent = self.parents.pop(stream_id)
        weight = self.weights.pop(stream_id)
        self.blocked.discard(stream_id)
        for child in children:
            self.parents[child] = parent
            self.weights[child] = weight * self.weights[child] / total

    def live(self, stream_id: int) -> bool:
        """Whether it can send, or one below it can."""
        if stream_id and stream_id not in self.blocked:
            return True
        return any(self.live(child) for child in self.children(stream_id))

    def shares(self) -> dict[int, Fraction]:
        """What part of everything each stream is to have."""
        found: dict[int, Fraction] = {}
        self._share(0, Fraction(1), found)
        return found

    def _share(self, stream_id: int, part: Fraction, found: dict[int, Fraction]) -> None:
        if stream_id and stream_id not in self.blocked:
            found[stream_id] = part
            return
        live = [child for child in self.children(stream_id) if self.live(child)]
        total = sum(self.weights[child] for child in live)
        for child in live:
            self._share(child, part * self.weights[child] / total, found)
