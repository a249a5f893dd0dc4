"""Software of others on `hyper.compat`: how it is run, in the environment that it was set up in.

`make software` makes the environments.  Without them a test is skipped, and fails in CI.
"""

import os
from typing import Final

import pytest

from tools.floors import ROOT

FOLDER: Final = ROOT / "tests" / "interop" / "software"

ENVIRONMENT: Final = {
    **os.environ,
    # The build that is tested, and the programs here; nothing of this environment.
    "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(FOLDER)]),
    "PYTHONDONTWRITEBYTECODE": "1",
    # What a program does not clean up itself is its own affair.
    "PYTHONWARNINGS": "ignore::ResourceWarning",
}


def python(name: str = "programs") -> str:
    """The Python of an environment."""
    folder = ROOT / ".venv" / "software" / name
    if not (folder / "ready").exists():
        reason = f"{folder} is not there (make software)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return str(folder / "bin" / "python")


def on_hyper(*arguments: object, name: str = "programs") -> list[object]:
    """The command that runs a script, or `-m` a module, with all five replaced."""
    return [python(name), "-m", "hyper.compat", *arguments]
