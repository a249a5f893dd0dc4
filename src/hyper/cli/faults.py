"""What nobody foresaw: a fault of Hyper itself is one line, too, until somebody wants to see more.

With HYPER_TRACEBACK=1 in the environment, Python's own reports stay.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from types import FrameType, TracebackType
from typing import NoReturn, TypeVar

from hyper.cli.output import Screen, complain

T = TypeVar("T")

_WISH = "HYPER_TRACEBACK"


class Faults:
    """Tells `screen` of exceptions that nothing else has caught."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._wanted_whole = bool(os.environ.get(_WISH))

    def tell(self, fault: BaseException | str) -> None:
        """One line."""
        what = fault if isinstance(fault, str) else f"{type(fault).__name__}: {fault}"
        complain(self._screen, f"a fault in Hyper itself: {what} ({_WISH}=1 shows more)")

    def hook(self) -> None:
        """Stand in for the interpreter's last words; the exit code is 1 as ever."""
        if not self._wanted_whole:
            sys.excepthook = self._last_words

    def run(self, main: Coroutine[None, None, T]) -> T:
        """`asyncio.run`, with what happens behind its back told as well."""
        before = signal.getsignal(signal.SIGINT)
        if before is signal.default_int_handler:
            # asyncio would put in one that waits for the loop, and the loop may be stuck in a write
            # to a pipe that nobody reads.
            signal.signal(signal.SIGINT, _interrupt)
        try:
            with asyncio.Runner() as runner:
                if not self._wanted_whole:
                    runner.get_loop().set_exception_handler(self._behind_the_back)
                return runner.run(main)
        finally:
            signal.signal(signal.SIGINT, before)

    def _last_words(
        self,
        kind: type[BaseException],
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        del kind, traceback
        self.tell(error)

    def _behind_the_back(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        del loop
        error = context.get("exception")
        if isinstance(error, KeyboardInterrupt):
            # It reached a task before it reached `main`, which tells of it.
            return
        self.tell(error if isinstance(error, BaseException) else str(context.get("message")))


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt
