"""One line for each request that was answered.

Not here: what an answer is.
"""

import asyncio
import time
from typing import TextIO

from hyper.cli.text import duration, printable, size


class AccessLog:
    """Lines for `stream`, or for nobody.  Those of one turn of the loop are written together."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lines: list[str] = []

    def request(
        self,
        peer: tuple[str, int],
        what: tuple[str, str, str],
        outcome: tuple[int, int],
        seconds: float,
        note: str = "",
    ) -> None:
        """A request, `what` by method, path and version; its `outcome`, a status and a number of
        bytes.
        """
        if self._stream is None:
            return
        method, path, version = what
        status, count = outcome
        line = (
            f"{time.strftime('%H:%M:%S')}  {peer[0]}  {status}  {printable(method)}"
            f" {printable(path)} HTTP/{version}  {size(count)}  {duration(seconds)}"
        )
        self._put(f"{line}  {note}" if note else line)

    def error(self, what: str, failure: BaseException) -> None:
        """A fault of ours, in answering `what`."""
        self._put(f"hyper: {printable(what)}: {type(failure).__name__}: {printable(str(failure))}")

    def flush(self) -> None:
        """Write what waits."""
        lines, self._lines = self._lines, []
        if self._stream is None or not lines:
            return
        try:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()
        except OSError:
            # The reader of the log went away, or its disk is full; the files are still wanted.
            self._stream = None

    def _put(self, line: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_soon(self.flush)
        self._lines.append(line)
