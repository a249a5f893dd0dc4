"""The part of the build that pyproject.toml cannot say: the native module and the wheel's tag."""

import sys
import sysconfig

from setuptools import setup

# PyPy and the free-threaded CPython have no limited API; their wheels are of one version each.
LIMITED = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")

setup(
    cffi_modules=["build_native.py:ffi"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if LIMITED else {},
)
