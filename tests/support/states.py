"""Streams in every state there is, as the conversations that lead an engine there.

A step is a frame of the peer's or something that the application says, so that any engine can be
led: ours by a playbook, others by whoever runs them.
"""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from hyper.frame import (
    DataFrame,
    ErrorCode,
    GoAwayFrame,
    Priority,
    PriorityFrame,
    RstStreamFrame,
    SettingId,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import GoAway, Limits, PushPromise, Request, Reset, Response, Sendable
from hyper.wire import Field, Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook

Step: TypeAlias = Heard | Sendable

WITNESS: Final = 1
"""Another stream, on which the peer has begun to say something, or may."""

_CANCEL: Final = RstStreamFrame(9, ErrorCode.CANCEL)


@dataclass(frozen=True, slots=True)
class State:
    """What leads there, behind the opening of the witness; which stream it is then about."""

    steps: list[Step] = field(default_factory=list)
    stream_id: int = 9
    streams: int = 0
    """The limit on streams that is needed for it, ours for a server, the peer's for a client."""


SERVER_STATES: Final[dict[str, State]] = {
    "idle": State(),
    "idle, ours": State(stream_id=8),
    "left out": State([FieldBlock(9, POST)], 7),
    "open": State([FieldBlock(9, POST)]),
    "open, answering": State([FieldBlock(9, POST), Response(9, OK)]),
    "half-closed (remote)": State([FieldBlock(9, POST, True)]),
    "remote, answering": State([FieldBlock(9, POST, True), Response(9, OK)]),
    "half-closed (local)": State([FieldBlock(9, POST), Response(9, OK, True)]),
    "reserved (local)": State([PushPromise(WITNESS, 2, GET)], 2),
    "pushed": State([PushPromise(WITNESS, 2, GET), Response(2, OK)], 2),
    "reset by us": State([FieldBlock(9, POST), Reset(9)]),
    "refused by us": State([FieldBlock(3, POST), FieldBlock(9, POST)], streams=2),
    "malformed": State([FieldBlock(9, GET[1:])]),
    "behind our GOAWAY": State([GoAway(WITNESS), FieldBlock(9, POST)]),
    "reset by the peer": State([FieldBlock(9, POST), _CANCEL]),
    "closed": State([FieldBlock(9, POST, True), Response(9, OK, True)]),
}

CLIENT_STATES: Final[dict[str, State]] = {
    "idle": State(),
    "in line": State([Request(9, POST)], streams=1),
    "idle, theirs": State(stream_id=8),
    "open": State([Request(9, POST)]),
    "open, answered": State([Request(9, POST), FieldBlock(9, OK)]),
    "half-closed (local)": State([Request(9, GET, True)]),
    "local, answered": State([Request(9, GET, True), FieldBlock(9, OK)]),
    "half-closed (remote)": State([Request(9, POST), FieldBlock(9, OK, True)]),
    "reserved (remote)": State([FieldBlock(WITNESS, GET, promised_stream_id=2)], 2),
    "pushed": State([FieldBlock(WITNESS, GET, promised_stream_id=2), FieldBlock(2, OK)], 2),
    "reset by us": State([Request(9, POST), Reset(9)]),
    "declined": State([FieldBlock(WITNESS, GET, promised_stream_id=2), Reset(2)], 2),
    "lost by GOAWAY": State([Request(9, POST), GoAwayFrame(WITNESS, ErrorCode.NO_ERROR)]),
    "reset by the peer": State([Request(9, POST), _CANCEL]),
    "closed": State([Request(9, GET, True), FieldBlock(9, OK, True)]),
}


MORE: Final[list[Field]] = [(b"x-more", b"of the same")]
HINTS: Final[list[Field]] = [(b":status", b"103"), (b"x-hint", b"take this")]
PROMISED: Final = 20

NAMES: Final = (
    "DATA",
    "DATA/END",
    "HEAD",
    "HEAD/END",
    "TRAILERS",
    "PRIORITY",
    "RST",
    "WINDOW",
    "PUSH",
    "CONTINUATION",
    "UNKNOWN",
    "HINTS",
)
"""Every kind of frame that may lie on a stream."""


def frame(role: Role, name: str, stream_id: int) -> Heard:
    """A frame of that name, as an engine of `role` hears it."""
    head = OK if role is Role.CLIENT else POST
    frames: dict[str, Heard] = {
        "DATA": DataFrame(stream_id, b"content"),
        "DATA/END": DataFrame(stream_id, b"content", end_stream=True),
        "HEAD": FieldBlock(stream_id, head),
        "HEAD/END": FieldBlock(stream_id, head, end_stream=True),
        "TRAILERS": FieldBlock(stream_id, MORE, end_stream=True),
        "PRIORITY": PriorityFrame(stream_id, Priority(0, 5)),
        "RST": RstStreamFrame(stream_id, ErrorCode.CANCEL),
        "WINDOW": WindowUpdateFrame(stream_id, 1_000),
        "PUSH": FieldBlock(stream_id, GET, promised_stream_id=PROMISED),
        "CONTINUATION": pack_header(1, 9, 4, stream_id) + b"\x82",
        "UNKNOWN": UnknownFrame(0x77, 0xFF, stream_id, b"whatever"),
        "HINTS": FieldBlock(stream_id, HINTS),
    }
    return frames[name]


def led_to(role: Role, name: str) -> tuple[Playbook, int]:
    """An engine of ours in the state, and the stream that is in it.  Push is allowed."""
    push = [(SettingId.ENABLE_PUSH, 1)]
    if role is Role.SERVER:
        state = SERVER_STATES[name]
        limits = Limits(max_concurrent_streams=state.streams) if state.streams else None
        play = Playbook.opened(role, peer=push, limits=limits)
        steps: list[Step] = [FieldBlock(WITNESS, POST), *state.steps]
    else:
        state = CLIENT_STATES[name]
        limit = [(SettingId.MAX_CONCURRENT_STREAMS, state.streams)] if state.streams else []
        play = Playbook.opened(role, settings=push, peer=limit)
        steps = [Request(WITNESS, POST), *state.steps]
    for step in steps:
        take(play, step)
    return play, state.stream_id


def take(play: Playbook, step: Step) -> None:
    """One step."""
    if isinstance(step, Sendable):
        play.ask(step)
    else:
        play.hear(step)
        play.told()
