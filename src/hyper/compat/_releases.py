"""The releases that the modules of `hyper.compat` stand for: what their metadata says of them.

Not here: what a module does; see the page of each.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Release:
    """One release of another library.

    `requires` is what it requires of others, as its metadata says it (PEP 508): a program that
    checks the requirements of what it uses must find them met.
    """

    version: str
    requires: tuple[str, ...] = ()


RELEASES: Final[dict[str, Release]] = {
    "h2": Release("4.4.1", ("hyperframe<7,>=6.1", "hpack<5,>=4.2")),
    "hpack": Release("4.2.0"),
    "hyperframe": Release("6.1.0"),
    "priority": Release("2.0.0"),
    "h11": Release("0.16.0"),
}
"""Name of the module, which is that of the distribution too, and the release."""
