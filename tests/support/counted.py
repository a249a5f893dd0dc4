"""Counted work, in place of timed work: how often a line of ours is run.

Compiled code has no lines to count.  It is made of the same source, so what is linear there is
linear here.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TypeAlias

import pytest

import hyper
from tools.build_record import binaries

_SOURCE = str(Path(hyper.__file__).resolve().parent)

_Trace: TypeAlias = Callable[[FrameType, str, object], "_Trace | None"]


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of hyper's run while `work` does; skips the test on the compiled build."""
    if binaries(Path(_SOURCE).parent):
        pytest.skip("compiled code has no lines to count; the pure build has the same source")
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> _Trace | None:
        nonlocal count
        del argument
        if not frame.f_code.co_filename.startswith(_SOURCE):
            return None
        if event == "line":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count
