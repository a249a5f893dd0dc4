"""Content decoded in steps, one coding or several, within limits (RFC 9110 §8.4).

Not here: what a message has for content; whoever calls knows where it ends, and says `finish`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hyper.coding.errors import (
    CodingError,
    DecodeLimitExceeded,
    TrailingContent,
    TruncatedContent,
)
from hyper.coding.limits import DEFAULT_LIMITS, DecodeLimits
from hyper.coding.registry import DEFAULT_REGISTRY, Registry, canonical
from hyper.wire import Buffer, LocalProtocolError

if TYPE_CHECKING:
    from hyper.coding.stages import Stage


class Decoder:
    """Takes the codings of one message's content off.

    `codings` are those of Content-Encoding in the order in which they were put on, as
    `content_codings` reads them; `"identity"` says nothing.  Raises `UnknownCoding` for one that is
    not here, and `DecodeLimitExceeded` for too many.

    Hand each piece of the body to `decompress`, and call it without data as long as `needs_input`
    and `eof` are false.  At the end of the message call `finish`.  What was wrong once stays wrong:
    every further call raises the same error.
    """

    __slots__ = (
        "_at",
        "_codings",
        "_fault",
        "_inner",
        "_limits",
        "_made",
        "_rest",
        "_room",
        "_slice",
        "_stages",
        "_taken",
    )

    def __init__(
        self,
        codings: str | Sequence[str],
        limits: DecodeLimits = DEFAULT_LIMITS,
        registry: Registry = DEFAULT_REGISTRY,
    ) -> None:
        names = [codings] if isinstance(codings, str) else codings
        # RFC 9110 §8.4: the codings are listed in the order in which they were applied.
        self._codings = [canonical(n) for n in reversed(names) if canonical(n) != "identity"]
        count = len(self._codings)
        if count > limits.codings:
            raise DecodeLimitExceeded("codings", limits.codings, count, "codings")
        self._limits = limits
        self._stages: list[Stage] = [registry.stage(name) for name in self._codings]
        # A library may hold its output twice, in pieces and joined, and its input beside it: so a
        # step is three quarters of what it is called, what goes in an eighth, and all that is
        # between two codings another eighth.
        self._room = limits.step - limits.step // 4
        self._slice = limits.step // 8
        self._inner = self._slice // max(1, 2 * (count - 1))
        self._made = [0] * count
        self._taken = 0
        self._rest: bytes = b""
        self._at = 0
        self._fault: CodingError | None = None

    @property
    def eof(self) -> bool:
        """Whether the content is whole, and nothing of it is left to take.

        In gzip and zstd another member may follow, so that it becomes false again.
        """
        return not self._rest and self._fault is None and all(s.eof for s in self._stages)

    @property
    def needs_input(self) -> bool:
        """Whether only more input can bring more content."""
        if self._rest or self._fault is not None:
            return False
        return all(s.needs_input or s.eof for s in self._stages) and not self.eof

    @property
    def unused_data(self) -> bytes:
        """What came behind the end of the content, as far as it was looked at; an error follows."""
        return self._fault.trailing if isinstance(self._fault, TrailingContent) else b""

    def decompress(self, data: Buffer = b"", max_length: int = -1) -> bytes:
        """Take `data`, and give the next part of the content: at most `max_length` bytes if that is
        not negative, and never more than `DecodeLimits.step`.

        Raises `CorruptContent`, `TrailingContent` and `DecodeLimitExceeded`; what was decoded
        before bytes that trail comes first.
        """
        if self._fault is not None:
            raise self._fault
        if data:
            self._keep(data if isinstance(data, bytes) else bytes(data))
        room = self._room if max_length < 0 else min(self._room, max_length)
        if room == 0:
            return b""
        try:
            made = self._pull(len(self._stages) - 1, room)
        except CodingError as error:
            self._fault = error
            made = b""
        if self._fault is not None:
            # The windows of the libraries are large, and nobody needs them any more.
            self._stages, self._rest = [], b""
            if not made:
                raise self._fault
        return made

    def finish(self) -> None:
        """The message has ended.  Raises `TruncatedContent` if its content has not, and what was
        wrong before; `LocalProtocolError` if some of the content was not taken.
        """
        if self._fault is not None:
            raise self._fault
        if self._rest or not all(s.needs_input or s.eof for s in self._stages):
            raise LocalProtocolError("expected the content to be taken first, got finish()")
        for coding, stage in zip(self._codings, self._stages, strict=True):
            if not stage.eof:
                self._fault = TruncatedContent(coding, self._taken)
                raise self._fault

    def _keep(self, data: bytes) -> None:
        self._rest = self._rest[self._at :] + data if self._rest else data
        self._at = 0

    def _pull(self, index: int, room: int) -> bytes:
        """At most `room` bytes of what stage `index` makes; nothing if that takes more input."""
        if index < 0:
            return self._from_wire(room if not self._stages else self._slice)
        stage = self._stages[index]
        while True:
            data = b""
            if stage.needs_input or stage.eof:
                data = self._pull(index - 1, self._inner)
                if not data:
                    return b""
            made = stage.decompress(data, room)
            self._count(index, len(made), stage.members)
            if stage.eof and stage.unused_data:
                self._fault = TrailingContent(self._codings[index], stage.unused_data)
                return made
            if made:
                return made

    def _from_wire(self, most: int) -> bytes:
        start, end = self._at, min(self._at + most, len(self._rest))
        piece = self._rest[start:end]
        self._at = end
        if end == len(self._rest):
            self._rest = b""
        self._taken += len(piece)
        if not self._stages and self._taken > self._limits.total:
            raise DecodeLimitExceeded("total", self._limits.total, self._taken, "bytes of content")
        return piece

    def _count(self, index: int, size: int, members: int) -> None:
        """Hold what a stage has made so far against the limits.

        Every stage, not only the last: what a bomb becomes on the way costs as much.
        """
        limits = self._limits
        made = self._made[index] = self._made[index] + size
        if made > limits.total:
            raise DecodeLimitExceeded("total", limits.total, made, "bytes of content")
        if made > limits.ratio_after and made > limits.ratio * self._taken:
            ratio = made / self._taken
            raise DecodeLimitExceeded(
                "ratio", limits.ratio, ratio, "bytes of content for each on the wire"
            )
        if members > limits.members + (self._taken >> 10):
            raise DecodeLimitExceeded("members", limits.members, members, "members")


def decode(
    data: Buffer,
    codings: str | Sequence[str],
    limits: DecodeLimits = DEFAULT_LIMITS,
    registry: Registry = DEFAULT_REGISTRY,
) -> bytes:
    """The content of a body that is here as a whole.

    Raises all that `Decoder` does.  It is as large as `DecodeLimits.total` and `ratio` let it be:
    choose a total that you can hold.
    """
    decoder = Decoder(codings, limits, registry)
    pieces = [decoder.decompress(data)]
    while not (decoder.eof or decoder.needs_input):
        pieces.append(decoder.decompress())
    decoder.finish()
    return b"".join(pieces)
