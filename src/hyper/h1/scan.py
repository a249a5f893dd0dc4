"""Heads that are not whole yet: sizes, bare LF, and what can be no head at all.

What the first bytes condemn is not waited for, and nothing is held beyond the limits.  A fault is
the first in the order of the bytes, so that it is the same however they are cut: heads that came
whole and turned out bad are scanned as well, before anything else is said about them.

Not here: what a head that passes means.
"""

from typing import Final

from hyper.h1.grammar import TCHAR, shown
from hyper.h1.head import PREFACE_LINE, Fault, RequestLine, read_request_line, read_status_line
from hyper.h1.limits import Limits
from hyper.wire import Role

_LF: Final = 10
_CR: Final = 13


class Scan:
    """Looks at each byte of a section once, whether it comes whole or in pieces.

    `role` is that of the engine that hears it; `trailers` for a section without a first line.
    """

    __slots__ = ("_at", "_bare_lf", "_limits", "_line_start", "_lines", "_role", "_trailers")

    def __init__(self, role: Role, limits: Limits, trailers: bool, bare_lf: bool) -> None:
        self._role: Final = role
        self._limits: Final = limits
        self._trailers: Final = trailers
        self._bare_lf: Final = bare_lf
        self._at = 0  # what is before this was looked at
        self._line_start = 0
        self._lines = 1 if trailers else 0  # complete ones, the first line counted

    def look(self, data: bytes | bytearray, end: int) -> Fault | None:
        """Look at `data[:end]`, which only grows between calls; a fault, or `None` so far."""
        # Whatever begins otherwise is not HTTP: a TLS ClientHello, for one.
        if self._lines == 0 and self._at == 0 and data[:1].translate(None, TCHAR):
            expected = "a request line" if self._role is Role.SERVER else "a status line"
            return Fault(self._code(400), expected, shown(bytes(data[:1])))
        while True:
            at = data.find(b"\n", self._at, end)
            fault = self._size_fault(end if at < 0 else at)
            if fault is not None:
                return fault
            if at < 0:
                self._at = end
                return None
            bare = at == 0 or data[at - 1] != _CR
            # RFC 9112 §2.2: a recipient MAY take LF alone for the end of a line; whoever does so
            # sees other lines than whoever does not.
            if bare and not self._bare_lf:
                return Fault(self._code(400), "lines that end with CRLF", "LF alone")
            fault = self._line(bytes(data[self._line_start : at if bare else at - 1]))
            if fault is not None:
                return fault
            self._at = at + 1
            self._line_start = at + 1

    def _size_fault(self, at: int) -> Fault | None:
        """What `at` bytes without an end of a line behind the last one are too many for."""
        limits = self._limits
        first = self._lines == 0
        longest = limits.max_start_line if first else limits.max_field_line
        # One more for the CR, which is not a part of the line.
        line_limit = self._line_start + longest + 1
        if at > line_limit and line_limit <= limits.max_head:
            # RFC 9112 §3: a target longer than we wish to parse MUST be answered with 414.
            if first:
                return Fault(self._code(414), f"a first line of at most {longest} bytes", "more")
            return Fault(self._code(431), f"field lines of at most {longest} bytes", "more")
        if at > limits.max_head:
            what = "trailers" if self._trailers else "a head"
            return Fault(self._code(431), f"{what} of at most {limits.max_head} bytes", "more")
        return None

    def _line(self, line: bytes) -> Fault | None:
        """A line is complete."""
        self._lines += 1
        if self._lines == 1:
            return self._first_line(line)
        if line and self._lines - 1 > self._limits.max_fields:
            return Fault(self._code(431), f"at most {self._limits.max_fields} fields", "more")
        return None

    def _first_line(self, line: bytes) -> Fault | None:
        # Whoever speaks another protocol waits for us to answer its first line.
        if self._role is Role.CLIENT:
            answer = read_status_line(line)
            return answer if isinstance(answer, Fault) else None
        if line == PREFACE_LINE:
            return None  # whether that is welcome shows when all of it is there
        request = read_request_line(line)
        return None if isinstance(request, RequestLine) else request

    def _code(self, status: int) -> int:
        # What a server may answer; a gateway that is a client can only say that it failed.
        return 502 if self._role is Role.CLIENT else status
