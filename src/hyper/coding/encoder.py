"""Content encoded in steps, or all at once (RFC 9110 §8.4.1).

Not here: which coding the other side takes; see `negotiation`.
"""

from hyper.coding.registry import DEFAULT_REGISTRY, Registry, canonical
from hyper.coding.stages import Packer
from hyper.wire import Buffer, LocalProtocolError


class Encoder:
    """Puts a coding on the content of one message; `"identity"` leaves it as it is.

    `level` is the library's: 0 to 11 for br, 1 to 22 for zstd, 1 to 9 for gzip and deflate.  The
    default of each takes about as long as gzip usually does, or less.

    A `live` encoder holds nothing back: what `compress` returns can be decoded at once.  That is
    for content that is made while somebody watches; it costs a few bytes for each call.

    Don't encode what has both a secret and something of a stranger's in it: the size tells of the
    secret (BREACH).
    """

    __slots__ = ("_live", "_packer")

    def __init__(
        self,
        coding: str,
        *,
        level: int | None = None,
        live: bool = False,
        registry: Registry = DEFAULT_REGISTRY,
    ) -> None:
        """Raises `LocalProtocolError` for a coding that is not here, or a level it has not."""
        self._live = live
        self._packer: Packer | None = (
            _Identity() if canonical(coding) == "identity" else registry.packer(coding, level)
        )

    def compress(self, data: Buffer) -> bytes:
        """Take `data`, and give what there is: often nothing, unless the encoder is live."""
        packer = self._going_on()
        if not data:
            return b""
        made = packer.compress(data if isinstance(data, bytes) else bytes(data))
        return made + packer.flush() if self._live else made

    def flush(self) -> bytes:
        """Give all that a reader needs to have everything so far."""
        return self._going_on().flush()

    def finish(self) -> bytes:
        """Give the rest.  The content has ended; any further call is a `LocalProtocolError`."""
        packer = self._going_on()
        self._packer = None
        return packer.finish()

    def _going_on(self) -> Packer:
        if self._packer is None:
            raise LocalProtocolError("expected content that goes on, got one that was finished")
        return self._packer


class _Identity:
    """No coding at all."""

    __slots__ = ()

    def compress(self, data: bytes) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""

    def finish(self) -> bytes:
        return b""


def encode(
    data: Buffer,
    coding: str,
    *,
    level: int | None = None,
    registry: Registry = DEFAULT_REGISTRY,
) -> bytes:
    """`data` in a coding, all at once.  Raises what `Encoder` does."""
    encoder = Encoder(coding, level=level, registry=registry)
    return encoder.compress(data) + encoder.finish()
