"""Which form of a file is sent: as it is, packed before, or packed on the way (RFC 9110 §12.5.3).

Not here: opening files (`files`), packing them (`packing`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hyper.cli.packing import Packing
from hyper.coding import BadCodingField, available, negotiate

SUFFIXES: Final = {"br": ".br", "zstd": ".zst", "gzip": ".gz"}
"""What stands behind the name of a file in the name of a packed one beside it.  `deflate` is not
among them: two formats have that name, and gzip is one of the two with a check sum."""

VARY: Final = (b"vary", b"accept-encoding")
"""RFC 9110 §12.5.5: what else than method and path had a part in the choice."""

LEAST: Final = 1_024
"""A smaller file is one packet, packed or not."""

MOST_AT_ONCE: Final = 32
"""So many files are packed at a time, each by some MiB of memory; more go out as they are."""

_IDENTITY: Final = "identity"

# What text is made of packs well; pictures, sound, films and archives have been packed already.
_PACKABLE: Final = re.compile(
    rb"text/.*|application/(?:.+\+)?(?:json|xml)(?:;.*)?|image/svg\+xml|image/vnd\.microsoft\.icon"
    rb"|application/(?:javascript|wasm|postscript|x-sh|x-tex|x-csh|x-latex|x-javascript)"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """How a file is sent.

    `coding` is "" where it goes out as it is, and `None` where the client refuses all there is.
    `live`: it is packed on the way, and does not lie there.  `varies`: others may get another form.
    """

    coding: str | None = ""
    live: bool = False
    varies: bool = False


class Encodings:
    """The codings that a server uses, the best first; those that cannot be put on here are used
    where somebody has put them on before.

    Without `live` nothing is packed on the way.
    """

    def __init__(
        self,
        codings: Sequence[str] = tuple(SUFFIXES),
        *,
        live: bool = True,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        here = available()
        self.codings: Final = tuple(codings)
        self._live: Final = tuple(coding for coding in codings if live and coding in here)
        self._most_at_once = most_at_once
        self._at_work = 0

    def choose(
        self, kind: bytes, size: int, packed: Sequence[str], accept: bytes | None, *, ranged: bool
    ) -> Choice:
        """The form of a file of `size` bytes and media type `kind`, that also lies there `packed`.

        `accept` is the request's Accept-Encoding.  `ranged`: a part of the file is asked for.
        """
        live = self._live if size >= LEAST and _PACKABLE.fullmatch(kind) else ()
        if not (packed or live):
            # RFC 9110 §12.4.1: there is one form only, so the field is disregarded.
            return Choice()
        try:
            lying = negotiate(accept, packed)
            # At equal weights what lies there is first: it costs nothing.
            coding = negotiate(accept, (*packed, *[each for each in live if each not in packed]))
        except BadCodingField:
            # Half of it may mean the contrary; the file as it is can be read by all.
            return Choice(varies=True)
        if coding is None:
            return Choice(None, varies=True)
        if coding != lying:
            busy = self._at_work >= self._most_at_once
            # What is packed on the way has no length to take a part of.
            if not busy and (lying is None or not ranged):
                return Choice(coding, live=True, varies=True)
            coding = lying or _IDENTITY
        return Choice("" if coding == _IDENTITY else coding, varies=True)

    def begin(self, coding: str) -> Packing:
        """One file more to pack on the way; whoever takes it closes it."""
        self._at_work += 1
        return Packing(coding, self._end)

    def _end(self) -> None:
        self._at_work -= 1
