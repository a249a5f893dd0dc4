"""The build backend: setuptools, plus mypy when a compiled build is asked for (PEP 517, PEP 660).

`pip install .` needs setuptools alone and gives the pure build.  `HYPER_COMPILE=1 pip install .`
needs mypy too, whose mypyc compiles floors 0 to 3; setup.py says which modules.

An editable install is always pure: `make compiled` puts the compiled modules beside the sources
and records what they were made of, which an installer cannot do.
"""

import os
import shutil
from collections.abc import Mapping
from typing import TypeAlias

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

ConfigSettings: TypeAlias = Mapping[str, str | list[str] | None]

# The oldest mypyc that the compiled build has been tested with.
MYPYC = "mypy>=2.4"


def build_wheel(
    wheel_directory: str,
    config_settings: ConfigSettings | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build a wheel from the sources and nothing else; its file name.

    setuptools puts whatever lies in `build/` into the wheel: modules deleted or renamed since.
    """
    shutil.rmtree("build", ignore_errors=True)
    settings = dict(config_settings) if config_settings else None
    try:
        return build_meta.build_wheel(wheel_directory, settings, metadata_directory)
    finally:
        shutil.rmtree("build", ignore_errors=True)


def get_requires_for_build_wheel(config_settings: ConfigSettings | None = None) -> list[str]:
    """What a wheel needs beyond setuptools: mypy for a compiled one."""
    del config_settings
    return [MYPYC] if os.environ.get("HYPER_COMPILE") == "1" else []


def get_requires_for_build_editable(config_settings: ConfigSettings | None = None) -> list[str]:
    """An editable install needs nothing beyond setuptools."""
    del config_settings
    return []


def get_requires_for_build_sdist(config_settings: ConfigSettings | None = None) -> list[str]:
    """A source distribution needs nothing beyond setuptools."""
    del config_settings
    return []
