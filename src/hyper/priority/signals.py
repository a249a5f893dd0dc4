"""Priority signals: what a Priority field or a PRIORITY_UPDATE frame says (RFC 9218 §4, §5, §8).

A signal is a hint.  One that cannot be read says nothing, and never is a fault (RFC 9218 §4, RFC
9651 §4.2: the field is treated as if it were not there).

Not here: who sends when; that is the business of `turns` and `scheduler`.
"""

from dataclasses import dataclass
from typing import Final

from hyper.priority.dictionary import parse_dictionary
from hyper.wire import Buffer, LocalProtocolError

DEFAULT_URGENCY: Final = 3
"""What a request has that names none (RFC 9218 §4.1)."""

LEAST_URGENT: Final = 7
"""For background tasks (RFC 9218 §4.1); 0 is the most urgent."""


@dataclass(slots=True, init=False, unsafe_hash=True)
class Priority:
    """How urgent a response is, and whether a part of it is of use (RFC 9218 §4.1, §4.2).

    `urgency` is 0 to 7, the smaller the sooner.  `incremental` responses of the same urgency share
    the connection; others are sent one after the other.  Raises `LocalProtocolError` for another
    urgency.  It is a value: never changed, and equal to any other of the same two parts.
    """

    urgency: Final[int]
    incremental: Final[bool]

    def __init__(self, urgency: int = DEFAULT_URGENCY, incremental: bool = False) -> None:
        if not 0 <= urgency <= LEAST_URGENT:
            raise LocalProtocolError(f"expected an urgency of 0 to {LEAST_URGENT}, got {urgency}")
        self.urgency = urgency
        self.incremental = incremental

    @property
    def field_value(self) -> bytes:
        """The value of a Priority field that says this; empty for the default."""
        return _TEXTS[2 * self.urgency + self.incremental]


@dataclass(slots=True, init=False, unsafe_hash=True)
class Signal:
    """What one side says of a priority; `None` where it has no opinion (RFC 9218 §8)."""

    urgency: Final[int | None]
    incremental: Final[bool | None]

    def __init__(self, urgency: int | None = None, incremental: bool | None = None) -> None:
        self.urgency = urgency
        self.incremental = incremental

    def over(self, base: Priority) -> Priority:
        """This where it has an opinion, `base` where it has none."""
        urgency = self.urgency
        incremental = self.incremental
        if urgency is None:
            urgency = base.urgency
        if incremental is None:
            incremental = base.incremental
        return PRIORITIES[2 * urgency + incremental]


def _text(urgency: int, incremental: bool) -> bytes:
    # RFC 9651 §4.1.2: a member that is true is its key alone.
    parts = [] if urgency == DEFAULT_URGENCY else [b"u=%d" % urgency]
    if incremental:
        parts.append(b"i")
    return b", ".join(parts)


# All there are, so that none is made for a request: by twice the urgency, plus one if incremental.
PRIORITIES: Final = [Priority(number >> 1, bool(number & 1)) for number in range(16)]
_TEXTS: Final = [_text(number >> 1, bool(number & 1)) for number in range(16)]

DEFAULT_PRIORITY: Final = PRIORITIES[2 * DEFAULT_URGENCY]
"""Of a request that says nothing (RFC 9218 §4.1, §4.2)."""

NO_SIGNAL: Final = Signal()

# The ways in which nearly everybody writes them.
_COMMON: Final[dict[bytes, Signal]] = {
    b"": NO_SIGNAL,
    b"i": Signal(None, True),
    b"i=?0": Signal(None, False),
    **{b"u=%d" % urgency: Signal(urgency) for urgency in range(8)},
    **{b"u=%d, i" % urgency: Signal(urgency, True) for urgency in range(8)},
    **{b"u=%d,i" % urgency: Signal(urgency, True) for urgency in range(8)},
    **{b"u=%d, i=?0" % urgency: Signal(urgency, False) for urgency in range(8)},
}


def parse_signal(value: Buffer) -> Signal:
    """What a Priority field value, or that of a PRIORITY_UPDATE frame, says.

    Several field lines are joined by a comma first.  A value that is no Dictionary of at most 256
    bytes and 16 members says nothing.  Of one that is, unknown parameters are ignored, and so are
    an urgency out of range and values of another type, each by itself (RFC 9218 §4).
    """
    text = value if isinstance(value, bytes) else bytes(value)
    common = _COMMON.get(text)
    if common is not None:
        return common
    members = parse_dictionary(text)
    if members is None:
        return NO_SIGNAL
    # RFC 9218 §4: parameters that are unknown, out of range or of another type MUST be ignored.
    urgency = members.get(b"u")
    # A Boolean is an `int` to Python, and none to RFC 9651.
    if isinstance(urgency, bool) or urgency is None or not 0 <= urgency <= LEAST_URGENT:
        urgency = None
    incremental = members.get(b"i")
    return Signal(urgency, incremental if isinstance(incremental, bool) else None)


def parse_priority(value: Buffer) -> Priority:
    """The priority that a request or a PRIORITY_UPDATE frame asks for: what its `value` says, and
    the default where it says nothing (RFC 9218 §4, §7).
    """
    return parse_signal(value).over(DEFAULT_PRIORITY)
