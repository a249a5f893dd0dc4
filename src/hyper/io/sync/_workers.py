"""Threads that run handlers: as many as are needed, up to a number."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import Final


class Workers:
    """Not an executor of the standard library: those wait at exit for handlers that hang."""

    def __init__(self, number: int, name: str) -> None:
        self._number: Final = number
        self._name: Final = name
        self._jobs: Final[SimpleQueue[Callable[[], None] | None]] = SimpleQueue()
        self._threads: Final[list[threading.Thread]] = []
        self._idle = 0
        self._lock: Final = threading.Lock()

    def run(self, job: Callable[[], None]) -> None:
        """Run `job` as soon as a thread is free for it.  It must not raise."""
        with self._lock:
            if self._idle > 0:
                self._idle -= 1
            elif len(self._threads) < self._number:
                thread = threading.Thread(
                    target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._jobs.put(job)

    def close(self, deadline: float) -> None:
        """Let the threads end, those at work after their job; wait until `deadline` (monotonic)."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            with self._lock:
                self._idle += 1
