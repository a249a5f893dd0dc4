"""What every test run needs: the build that runs is the one that is meant, and it is named."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

import hyper
from tools.build_record import binaries, fault

SOURCE = Path(hyper.__file__).resolve().parent.parent

# A busy machine is slow, not wrong: no example has a deadline.  Where CI is set, Hypothesis loads a
# profile of its own, without deadlines too, and with the same examples in every run.
settings.register_profile("hyper", deadline=None)
if "CI" not in os.environ:
    settings.load_profile("hyper")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to test compiled modules that were not made of the sources beside them."""
    del config
    stale = fault(SOURCE)
    if stale is not None:
        message = f"{SOURCE}: {stale}.  Run `make clean` or `make compiled`."
        raise pytest.UsageError(message)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take what collecting has made out of the garbage collector's way.

    Tests of leaks collect before and behind each test: among all that fifteen thousand tests are,
    a look takes half a second.
    """
    del session
    gc.collect()
    gc.freeze()


def pytest_report_header(config: pytest.Config) -> str:
    """Name the build in the first lines of the report."""
    del config
    expected = os.environ.get("HYPER_EXPECT_BUILD", "either")
    return f"hyper {hyper.__version__}, {build()} build (expected: {expected}), from {SOURCE}"


def build() -> str:
    """Which build is in place: `pure` or `compiled`."""
    return "compiled" if binaries(SOURCE) else "pure"
