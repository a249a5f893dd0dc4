"""Chunks: the line with the size, and what it may cost (RFC 9112 §7.1).

Not here: the order of sizes, content and trailers, which is `body`'s.
"""

import re
from typing import Final

from hyper.h1.grammar import HEX_DIGITS, shown

# Any size that fits 63 bits: a larger one is nobody's content, and may be a smaller one to somebody
# who counts in fewer bits (RFC 9112 §7.1).
_MAX_DIGITS: Final = 16
_MAX_SIZE: Final = 2**63 - 1

_TOKEN: Final = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED: Final = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
_EXTENSION: Final = re.compile(
    rb"(?:;" + _TOKEN + rb"(?:=(?:" + _TOKEN + rb"|" + _QUOTED + rb"))?)+"
)
# RFC 9112 §7.1.1: BWS around the parts, which nobody may generate.
_LOOSE: Final = re.compile(
    rb"(?:[ \t]*;[ \t]*"
    + _TOKEN
    + rb"(?:[ \t]*=[ \t]*(?:"
    + _TOKEN
    + rb"|"
    + _QUOTED
    + rb"))?)*[ \t]*"
)

# What a chunk line may have without it being overhead: the size of any chunk.
_FREE: Final = 16


class ChunkLine:
    """A chunk line, taken apart: `extension` is what stands behind the size."""

    __slots__ = ("extension", "size")

    def __init__(self, size: int, extension: bytes) -> None:
        self.size: Final = size
        self.extension: Final = extension


def read_chunk_line(line: bytes, whitespace: bool) -> ChunkLine | str:
    """Take a chunk line apart; a sentence if it is none.  `whitespace` lets BWS pass."""
    digits = line
    extension = b""
    if line.translate(None, HEX_DIGITS):
        rest = line.lstrip(HEX_DIGITS)
        digits = line[: len(line) - len(rest)]
        extension = rest
        # RFC 9112 §7.1.1: MUST ignore extensions it does not know; that is those which are some.
        if not (_LOOSE if whitespace else _EXTENSION).fullmatch(extension):
            return f"the chunk line {shown(line)}"
    if not digits:
        return f"the chunk line {shown(line)}"
    # RFC 9112 §7.1: no overflow.  Looked at before `int`, which takes signs, underscores and 0x.
    if len(digits) > _MAX_DIGITS:
        return f"a chunk size of {len(digits)} digits"
    size = int(digits, 16)
    if size > _MAX_SIZE:
        return f"a chunk of {size} bytes"
    return ChunkLine(size, extension)


def is_extension(extension: bytes) -> bool:
    """Whether this may be sent behind the size of a chunk."""
    return _EXTENSION.fullmatch(extension) is not None


class Overhead:
    """What the chunk lines of one message cost beyond what their content pays for."""

    __slots__ = ("_spent",)

    def __init__(self) -> None:
        self._spent = 0

    def spend(self, line: int, size: int, allowed: int) -> bool:
        """Count a chunk line of `line` bytes for `size` bytes of content; false, and not counted,
        if that is more than is allowed in all.
        """
        spent = self._spent - size // 2
        if line > _FREE:
            # CVE-2023-39326: a kilobyte of extensions for each byte of content.
            spent += line - _FREE
        if spent > allowed:
            return False
        self._spent = max(0, spent)
        return True
