"""Install both builds as a user would, each into an environment of its own, and look at them.

`pip install .` must bring the pure build and need no compiler; `HYPER_COMPILE=1 pip install .` the
compiled one, every module of it.  Neither may bring anything else along.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

from tools.floors import ROOT, compiled_sources, module_name

# Imports each module named and prints those that did not come from where they should.
LOOK: Final = """
import importlib, sys
from importlib.machinery import ExtensionFileLoader
build, *names = sys.argv[1:]
for name in names:
    spec = importlib.import_module(name).__spec__
    if isinstance(spec.loader, ExtensionFileLoader) is not (build == "compiled"):
        print(f"{name} is not of the {build} build: {spec.origin}")
"""


def faults(build: str, folder: Path) -> list[str]:
    """Install one build below `folder`; what is wrong with it."""
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    environment = {**os.environ, "HYPER_COMPILE": "1" if build == "compiled" else ""}
    environment.pop("PYTHONPATH", None)
    if build == "pure":
        # The pure build must need no compiler: give it one that cannot work.
        environment["CC"] = "false"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "."]
    if subprocess.run(install, cwd=ROOT, env=environment, check=False).returncode != 0:
        return [f"the {build} build could not be installed"]
    source = ROOT / "src"
    names = [module_name(path, source) for path in compiled_sources(source)]
    look = [python, "-I", "-c", LOOK, build, *names]
    looked = subprocess.run(look, cwd=folder, check=True, capture_output=True, text=True)
    found = looked.stdout.splitlines()
    listed = [python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
    packages = subprocess.run(listed, check=True, capture_output=True, text=True).stdout
    extra = {line.split("==")[0] for line in packages.splitlines()} - {"hyper", "pip", "setuptools"}
    if extra:
        found.append(f"the {build} build brought {', '.join(sorted(extra))} along")
    return found


def main() -> int:
    """Try the builds named on the command line, or both; 1 if one is not what it should be."""
    parser = argparse.ArgumentParser(description="Install both builds and look at them.")
    parser.add_argument("--only", choices=["pure", "compiled"])
    only = parser.parse_args().only
    found: list[str] = []
    for build in [only] if only else ["pure", "compiled"]:
        with tempfile.TemporaryDirectory() as folder:
            print(f"pip install, {build} build", flush=True)
            found += faults(build, Path(folder))
    print("\n".join(found) or "try_install: what was installed is what was meant")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
