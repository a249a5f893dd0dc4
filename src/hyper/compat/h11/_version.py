"""The release of h11 that this package stands for."""

from typing import Final

__version__: Final = "0.16.0"
