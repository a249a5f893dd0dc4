"""The parameters of one side of a connection (RFC 9113 §6.5.2), and which values are legal."""

from collections.abc import Sequence
from math import inf
from typing import Final

from hyper.frame import (
    DEFAULT_HEADER_TABLE_SIZE,
    DEFAULT_WINDOW,
    MAX_WINDOW,
    MIN_MAX_FRAME_SIZE,
    SettingId,
)
from hyper.h2.limits import Limits
from hyper.wire import Role

UNLIMITED: Final = 2**32 - 1
"""The largest value a setting can have; stands for "no limit" where RFC 9113 sets none."""


class Parameters:
    """What one side has declared and the other has put into force.  Starts with the RFC's initial
    values; unknown identifiers are kept in `others` (RFC 9113 §6.5.2: they MUST be ignored).
    """

    __slots__ = (
        "enable_connect_protocol",
        "enable_push",
        "header_table_size",
        "initial_window_size",
        "max_concurrent_streams",
        "max_field_list_size",
        "max_frame_size",
        "no_rfc7540_priorities",
        "others",
    )

    def __init__(self) -> None:
        self.header_table_size: int = DEFAULT_HEADER_TABLE_SIZE
        self.enable_push: int = 1
        self.max_concurrent_streams: int = UNLIMITED
        self.initial_window_size: int = DEFAULT_WINDOW
        self.max_frame_size: int = MIN_MAX_FRAME_SIZE
        self.max_field_list_size: int = UNLIMITED
        # RFC 9113 §5.5: a setting that negotiates an extension starts with it disabled.
        self.enable_connect_protocol: int = 0
        self.no_rfc7540_priorities: int = 0
        self.others: dict[int, int] = {}

    def put(self, identifier: int, value: int) -> None:
        """Put one checked setting into force."""
        if identifier == SettingId.HEADER_TABLE_SIZE:
            self.header_table_size = value
        elif identifier == SettingId.ENABLE_PUSH:
            self.enable_push = value
        elif identifier == SettingId.MAX_CONCURRENT_STREAMS:
            self.max_concurrent_streams = value
        elif identifier == SettingId.INITIAL_WINDOW_SIZE:
            self.initial_window_size = value
        elif identifier == SettingId.MAX_FRAME_SIZE:
            self.max_frame_size = value
        elif identifier == SettingId.MAX_HEADER_LIST_SIZE:
            self.max_field_list_size = value
        elif identifier == SettingId.ENABLE_CONNECT_PROTOCOL:
            self.enable_connect_protocol = value
        elif identifier == SettingId.NO_RFC7540_PRIORITIES:
            self.no_rfc7540_priorities = value
        elif len(self.others) < _MAX_OTHERS or identifier in self.others:
            self.others[identifier] = value


# A peer could name 65,536 settings nobody knows; one that means well names a few.
_MAX_OTHERS: Final = 32


def initial_settings(
    role: Role, limits: Limits, wanted: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """What our first SETTINGS frame declares: `wanted`, and what `limits` call for beside it."""
    values: dict[int, int] = {}
    if role is Role.CLIENT:
        values[SettingId.ENABLE_PUSH] = 0
    if role is Role.SERVER or (SettingId.ENABLE_PUSH, 1) in wanted:
        # To a server it bounds the responses that are pushed at once (RFC 9113 §8.4.2).
        values[SettingId.MAX_CONCURRENT_STREAMS] = limits.max_concurrent_streams
    values[SettingId.INITIAL_WINDOW_SIZE] = stream_window(role, limits)
    if limits.max_frame_size != MIN_MAX_FRAME_SIZE:
        values[SettingId.MAX_FRAME_SIZE] = limits.max_frame_size
    values[SettingId.MAX_HEADER_LIST_SIZE] = limits.max_field_list_size
    # RFC 9218 §2.1: a server that says it ignores the signals of RFC 7540, a client that it sends
    # none.  Both are true of us, and each spares the other end what it need not do.
    values[SettingId.NO_RFC7540_PRIORITIES] = 1
    values.update(wanted)
    return list(values.items())


def stream_window(role: Role, limits: Limits) -> int:
    """The receive window of a stream, by role where `limits` leaves it open."""
    if limits.stream_window:
        return limits.stream_window
    return 262_144 if role is Role.SERVER else 1_048_576


def grown_window(role: Role, limits: Limits) -> int:
    """What receive windows may grow to, by role where `limits` leaves it open; 0 for not at all."""
    if limits.grown_window:
        return min(limits.grown_window, MAX_WINDOW)
    if role is Role.SERVER or limits.stream_window or limits.connection_window:
        return 0
    return 16_777_216


def stall_timeout(role: Role, limits: Limits) -> float:
    """How long content may wait for a window, by role where `limits` leaves it open."""
    if limits.stall_timeout:
        return limits.stall_timeout
    return 30.0 if role is Role.SERVER else inf


def connection_window(role: Role, limits: Limits) -> int:
    """The receive window of the connection, by role where `limits` leaves it open."""
    if limits.connection_window:
        return max(limits.connection_window, DEFAULT_WINDOW)
    return 1_048_576 if role is Role.SERVER else 16_777_216
