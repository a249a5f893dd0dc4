"""The inside of an engine, for the few tests that count what no public name shows."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from hyper.h2 import Connection, Limits
from hyper.h2.session import Session
from hyper.hpack import Decoder, Encoder
from hyper.hpack.dynamic_table import DecoderTable, EncoderTable


def session(engine: Connection) -> Session:
    """The state both directions of the engine share."""
    return engine._session  # noqa: SLF001 - the one place where tests look behind the face


def tables(encoder: Encoder, decoder: Decoder) -> tuple[bool, EncoderTable, DecoderTable]:
    """The dynamic tables, and whether the encoder's has a size that it has yet to tell of."""
    return encoder._due, encoder._table, decoder._table  # noqa: SLF001 - entries are no one's news


def lost_credit(engine: Connection) -> int:
    """What of the connection's receive window neither the peer may use, nor the application holds,
    nor is about to be announced: what a leak has taken for ever.
    """
    state = session(engine)
    window = state.inbound
    held = sum(s.inbound.held for s in state.streams.values() if s.inbound is not None)
    held += sum(state.lingering.values())
    return window.size - window.available - window.owed - held


# What is remembered to save work says nothing of how an engine stands.
_CACHES: Final = {"known_fields"}


def look(thing: object) -> object:
    """All of the state of `thing` and of what it owns, to be compared with itself later."""
    if thing is None or isinstance(thing, bool | int | float | str | bytes | bytearray):
        return thing
    if isinstance(thing, Encoder | Decoder | Limits):
        return repr(thing)
    if isinstance(thing, Mapping):
        return [(look(key), look(value)) for key, value in thing.items()]
    if isinstance(thing, list | tuple | deque | set):
        return [look(each) for each in thing]
    names: list[str] = []
    for kind in type(thing).__mro__[:-1]:
        # Compiled classes keep their attributes by another name.
        names += getattr(kind, "__mypyc_attrs__", getattr(kind, "__slots__", ()))
    assert names, f"{type(thing).__name__} shows what it holds"
    return [
        (name, look(getattr(thing, name)))
        for name in names
        if name not in _CACHES and hasattr(thing, name)
    ]
