"""The release that is stood for."""

from importlib.metadata import version

import h11

import hyper.compat.h11
from hyper.compat.h11._version import __version__


def test_it_says_what_h11_says() -> None:
    assert __version__ == version("h11") == hyper.compat.h11.__version__
    assert h11.PRODUCT_ID == hyper.compat.h11.PRODUCT_ID
