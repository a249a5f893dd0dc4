"""What existing software imports by other names, over the pieces of Hyper.

Each module here stands for a release of another library: `hyper.compat.h2` for h2 4.4,
`hyper.compat.hpack` for hpack 4.2, `hyper.compat.hyperframe` for hyperframe 6.1,
`hyper.compat.priority` for priority 2.0, `hyper.compat.h11` for h11 0.16.

Nothing in Hyper imports it, and it takes none of those names unless it is asked to: by `install`,
in a program that is to run on them, or by `python -m hyper.compat`, for a program as it is.
"""

from hyper.compat._install import AlreadyImported, install, installed, uninstall

__all__ = ["AlreadyImported", "install", "installed", "uninstall"]
