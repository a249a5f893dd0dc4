"""Whether the binding is there to be tested."""

import os
from importlib.util import find_spec

import pytest


def test_the_binding_is_built() -> None:
    if find_spec("hyper_brotli") is None:
        reason = "hyper-brotli is not built: it needs a C compiler, pkg-config and libbrotli-dev"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
