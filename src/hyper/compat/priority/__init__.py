"""priority 2.0 by its own names, over `hyper.priority` (RFC 7540 §5.3, which RFC 9113 deprecates).

    from hyper.compat.priority import PriorityTree

Not here: the few differences and why they are there; docs/compat/priority.md lists them.
"""

from hyper.compat.priority.priority import (
    BadWeightError,
    DeadlockError,
    DuplicateStreamError,
    MissingStreamError,
    PriorityError,
    PriorityLoop,
    PriorityTree,
    PseudoStreamError,
    Stream,
    TooManyStreamsError,
)

__all__ = [
    "BadWeightError",
    "DeadlockError",
    "DuplicateStreamError",
    "MissingStreamError",
    "PriorityError",
    "PriorityLoop",
    "PriorityTree",
    "PseudoStreamError",
    "Stream",
    "TooManyStreamsError",
]

__version__ = "2.0.0"
