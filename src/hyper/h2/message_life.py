"""The order of the parts of one message: head, content, trailers (RFC 9113 §8.1).

Each direction of a stream carries one message and has a state of its own.  Not here: the frames
that carry the parts, which are `stream_life`'s.
"""

from enum import IntEnum
from typing import Final


class MessageState(IntEnum):
    """What has come of a message so far."""

    AWAIT_HEAD = 0
    CONTENT = 1  # the head is there; content or trailers may follow
    ENDED = 2


class MessagePart(IntEnum):
    """What may come.  A part that ends the message is followed by END."""

    INTERIM_HEAD = 0  # 1xx
    HEAD = 1
    DATA = 2
    TRAILERS = 3
    END = 4


# One row per state.  What is absent is forbidden.  The matrix test draws this table.
TRANSITIONS: Final[dict[MessageState, dict[MessagePart, MessageState]]] = {
    MessageState.AWAIT_HEAD: {
        # RFC 9113 §8.1: any number of interim responses before the final one, none after it.
        MessagePart.INTERIM_HEAD: MessageState.AWAIT_HEAD,
        MessagePart.HEAD: MessageState.CONTENT,
    },
    MessageState.CONTENT: {
        MessagePart.DATA: MessageState.CONTENT,
        MessagePart.TRAILERS: MessageState.CONTENT,
        MessagePart.END: MessageState.ENDED,
    },
    MessageState.ENDED: {},
}

_ROWS: Final = [[TRANSITIONS[state].get(part) for part in MessagePart] for state in MessageState]


def targets(part: MessagePart) -> list[MessageState | None]:
    """Where `part` leads, by the state it comes in: a column of the table, for hot code."""
    return [row[part] for row in _ROWS]


def next_state(state: MessageState, part: MessagePart) -> MessageState | None:
    """Where `part` leads from `state`; `None` where the table forbids it."""
    return _ROWS[state][part]
