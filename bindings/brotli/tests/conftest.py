"""The tests need the native half: where it was not built, one test says so, the rest stay out."""

import os
import sys
from importlib.util import find_spec

from hypothesis import settings

# A busy machine is slow, not wrong: no example has a deadline.
settings.register_profile("hyper-brotli", deadline=None)
if "CI" not in os.environ:
    settings.load_profile("hyper-brotli")

BUILT = find_spec("hyper_brotli") is not None

collect_ignore_glob = [] if BUILT else ["test_[!b]*.py"]
if sys.implementation.name != "cpython":
    # They measure with tracemalloc, and count on memory that goes back at once.
    collect_ignore_glob.append("test_memory.py")
