"""The engine under an `H2Connection`: how it is made.

Not here: what it is asked and what it tells; see `connection` and `inbound`.
"""

from math import inf
from typing import Final

from hyper.compat.h2._coders import LARGEST_TABLE
from hyper.compat.h2.config import DummyLogger, OutputLogger
from hyper.compat.h2.settings import Settings
from hyper.frame import MAX_STREAM_ID
from hyper.h2 import Connection, Leniences, Limits, TracedFrame
from hyper.hpack import IndexingPolicy
from hyper.wire import Role

_DEFAULT_LIST_SIZE: Final = 65_536

# The encoder of hpack: every string in the Huffman code, and everything into the table but what its
# user marks.
LIKE_HPACK: Final = IndexingPolicy((), (), {}, inf, always_coded=True)

# What h2 takes and gives in one section is bounded by its size alone.
_MOST_FIELDS: Final = 1_024


def make_engine(
    role: Role, settings: Settings, leniences: Leniences, logger: DummyLogger | OutputLogger
) -> Connection:
    """An engine by hand, with `settings` as they are in force now, in their order.

    `logger` is told of frames, unless it is the one that listens to nothing.
    """
    list_size = settings.max_header_list_size
    if list_size is None:
        list_size = _DEFAULT_LIST_SIZE
    values: list[tuple[int, int]] = []
    for code in settings:
        value = settings.get(code)
        if value is not None:
            values.append((int(code), value))

    def trace(frame: TracedFrame) -> None:
        logger.debug("%s", frame)

    return Connection(
        role,
        settings=values,
        limits=Limits(
            max_field_list_size=list_size,
            max_field_size=list_size,
            max_fields=_MOST_FIELDS,
            max_encoder_table=LARGEST_TABLE,
            # h2 counts its user's streams itself, and has no limit before the peer says one.
            assumed_concurrency=MAX_STREAM_ID,
        ),
        leniences=leniences,
        indexing=LIKE_HPACK,
        trace=None if type(logger) is DummyLogger else trace,
        by_hand=True,
    )
