"""Priorities: what they say, and who sends next by them (RFC 9218; RFC 7540 §5.3).

`parse_priority` reads a Priority field, `Scheduler` serves streams by it.  `Turns` is the same
without ids and checks, for engines.  `Tree` is the older scheme, which RFC 9113 deprecates.

Not here: frames and fields that carry priorities; those are the engine's, `hyper.h2`.
"""

from hyper.priority.dictionary import Member, parse_dictionary
from hyper.priority.early import EarlySignals
from hyper.priority.errors import StreamExists, TooManyStreams, UnknownStream
from hyper.priority.scheduler import Scheduler
from hyper.priority.signals import (
    DEFAULT_PRIORITY,
    LEAST_URGENT,
    Priority,
    Signal,
    parse_priority,
    parse_signal,
)
from hyper.priority.tree import Tree
from hyper.priority.turns import DEFAULT_BUCKET, Turn, Turns

__all__ = [
    "DEFAULT_BUCKET",
    "DEFAULT_PRIORITY",
    "LEAST_URGENT",
    "EarlySignals",
    "Member",
    "Priority",
    "Scheduler",
    "Signal",
    "StreamExists",
    "TooManyStreams",
    "Tree",
    "Turn",
    "Turns",
    "UnknownStream",
    "parse_dictionary",
    "parse_priority",
    "parse_signal",
]
