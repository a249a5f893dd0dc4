"""What `importlib.metadata` tells of a release that a module of `hyper.compat` stands for.

Loaded only when somebody asks: `importlib.metadata` takes longer to load than all the rest here.
"""

from importlib.metadata import Distribution
from pathlib import Path

from hyper.compat._releases import RELEASES

# PEP 566: the fields that every reader of metadata may count on.
_METADATA = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: hyper.compat.{name} of Hyper in the place of {name} {version}
"""


class StandIn(Distribution):
    """The distribution of one release, though no file of it is installed."""

    def __init__(self, name: str) -> None:
        self._of = name

    def read_text(self, filename: str) -> str | None:
        """The content of a file of its metadata; `None` for one that it does not have."""
        if filename == "METADATA":
            release = RELEASES[self._of]
            head = _METADATA.format(name=self._of, version=release.version)
            return head + "".join(f"Requires-Dist: {each}\n" for each in release.requires)
        if filename == "top_level.txt":
            return f"{self._of}\n"
        return None

    def locate_file(self, path: object) -> Path:
        """Where a file of the distribution lies: `h2/events.py` is the one of `hyper.compat`."""
        return Path(__file__).parent / str(path)
