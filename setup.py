"""The compiled build.  Everything else about the package is in pyproject.toml.

With HYPER_COMPILE=1, floors 0 to 3 are compiled by mypyc as one unit: a call inside a unit is
three times cheaper than one between two.  tools/floors.py says what is left out, and why.
"""

import os
import sys
from pathlib import Path
from typing import cast

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
SOURCE = ROOT / "src"

# A build backend is run with its own folder on the path, not with the project's.
sys.path.insert(0, str(ROOT))

from tools.build_record import source_digest, write_record
from tools.floors import compiled_sources

DIGEST = source_digest(SOURCE)

# Only these need the extensions: asking for metadata must not cost a compilation.
BUILDING = {"bdist_wheel", "build_ext"}


class RecordedBuild(build_ext):
    """`build_ext` that records what it compiled: see tools/build_record.py."""

    def run(self) -> None:
        """Compile, then write the record beside the result."""
        super().run()
        if self.extensions:
            from mypy.version import __version__ as mypy_version

            target = SOURCE if self.inplace else Path(self.build_lib)
            write_record(target, DIGEST, mypy_version)


if os.environ.get("HYPER_COMPILE") == "1" and BUILDING.intersection(sys.argv):
    from mypyc.build import mypycify

    sources = [str(path.relative_to(ROOT)) for path in compiled_sources(SOURCE)]
    # Without our strict settings: what a newer mypy finds fault with must not break an install.
    arguments = ["--config-file=", *sources]
    unit = mypycify(arguments, opt_level="3", group_name="hyper", target_dir="build/mypyc")
    # Its signature also names the Extension of distutils, which it makes only without setuptools.
    setup(ext_modules=cast("list[Extension]", unit), cmdclass={"build_ext": RecordedBuild})
else:
    setup()
