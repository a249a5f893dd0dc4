"""What nobody foresaw, in one line."""

import asyncio
import sys
from io import StringIO

from hyper.cli.faults import Faults
from hyper.cli.output import PlainScreen
from tests.support.programs import run

CODE = """\
import sys
from hyper.cli.faults import Faults
from hyper.cli.output import open_screen
Faults(open_screen(sys.stderr)).hook()
raise ZeroDivisionError("by zero\\n")
"""


def test_an_exception_nobody_caught_is_one_line_and_exit_code_1() -> None:
    done = run([sys.executable, "-c", CODE])
    assert done.returncode == 1
    expected = (
        "a fault in Hyper itself: ZeroDivisionError: by zero\\n (HYPER_TRACEBACK=1 shows more)"
    )
    assert done.stderr.decode() == f"hyper: {expected}\n"


def test_who_wants_the_traceback_gets_it() -> None:
    done = run(["env", "HYPER_TRACEBACK=1", sys.executable, "-c", CODE])
    assert done.returncode == 1
    assert b"Traceback (most recent call last)" in done.stderr


def test_what_happens_behind_the_loops_back_is_one_line_too() -> None:
    async def scenario() -> str:
        asyncio.get_running_loop().call_soon(lambda: 1 // 0)
        # One turn of the loop, in which the callback fails.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return "done"

    stream = StringIO()
    assert Faults(PlainScreen(stream)).run(scenario()) == "done", "the command goes on"
    assert stream.getvalue().startswith("hyper: a fault in Hyper itself: ZeroDivisionError")
    assert stream.getvalue().count("\n") == 1
