"""Content codings taken off a response while it comes (RFC 9110 §8.4).

Not here: how much it may become at most; that is `DecodeLimits`.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from hyper.coding import DecodeLimits, Decoder, content_codings
from hyper.wire import Field


class Unpacking:
    """The codings of one response, as its `fields` list them.

    Raises `UnknownCoding` for one that is not here, and what else a `Decoder` raises.
    """

    def __init__(self, fields: Sequence[Field], limits: DecodeLimits) -> None:
        # RFC 9110 §5.3: lines of one name are a list.
        value = b", ".join(value for name, value in fields if name == b"content-encoding")
        self._codings: Final = content_codings(value, limits)
        self._limits: Final = limits
        self._decoder: Decoder | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What `data` becomes, in pieces that fit into memory."""
        if not self._codings:
            yield data
            return
        decoder = self._decoder
        if decoder is None:
            decoder = self._decoder = Decoder(self._codings, self._limits)
        made = decoder.decompress(data)
        while made or not (decoder.needs_input or decoder.eof):
            if made:
                yield made
            made = decoder.decompress()

    def finish(self) -> None:
        """The response is over.  Raises `TruncatedContent` if its content is not.

        Where no byte came there is nothing to take off: HEAD, 204 and 304 have no content, whatever
        their fields say of it.
        """
        if self._decoder is not None:
            self._decoder.finish()
