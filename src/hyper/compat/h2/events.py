"""What happens on a connection, as h2 tells it.

Two kinds of classes, as in h2 4.4: those whose fields are keywords of the constructor, and older
ones that are made empty and filled in.  Not here: the events of `hyper.h2`, each of which is whole
when it is made.
"""

from binascii import hexlify
from dataclasses import dataclass
from typing import Final, Self, cast

from hyper.compat.h2.errors import ErrorCodes
from hyper.compat.h2.settings import (
    ChangedSetting,
    SettingCodes,
    Settings,
    _setting_code_from_int,
)
from hyper.compat.hpack.struct import Header

# A state machine makes events before their content is decoded; this stands where it goes.
_LAZY_INIT: Final = object()
_NO_HEADERS: Final = cast("list[Header]", _LAZY_INIT)
_NO_DATA: Final = cast("bytes", _LAZY_INIT)
_NO_NUMBER: Final = cast("int", _LAZY_INIT)


class Event:
    """What all events have in common: `isinstance` tells them apart."""


@dataclass(kw_only=True)
class StreamEnded(Event):
    """The message that the peer was sending on a stream is whole."""

    stream_id: int

    def __repr__(self) -> str:
        return f"<StreamEnded stream_id:{self.stream_id}>"


class PriorityUpdated(Event):
    """The peer put a stream into the tree of RFC 7540: `weight` is 1 to 256."""

    def __init__(self) -> None:
        self.stream_id: int = cast("int", None)
        self.weight: int = cast("int", None)
        self.depends_on: int = cast("int", None)
        self.exclusive: bool = cast("bool", None)

    def __repr__(self) -> str:
        return (
            f"<PriorityUpdated stream_id:{self.stream_id}, weight:{self.weight}, "
            f"depends_on:{self.depends_on}, exclusive:{self.exclusive}>"
        )


@dataclass(kw_only=True)
class RequestReceived(Event):
    """A client has opened a stream with the header section of a request."""

    stream_id: int
    headers: list[Header] = _NO_HEADERS
    stream_ended: StreamEnded | None = None
    """The event that the request ends with this section, if it does; it also comes by itself."""
    priority_updated: PriorityUpdated | None = None
    """The event of the priority in the same frame, if one is; it also comes by itself."""

    def __repr__(self) -> str:
        return f"<RequestReceived stream_id:{self.stream_id}, headers:{self.headers}>"


@dataclass(kw_only=True)
class ResponseReceived(Event):
    """A server has answered with the header section of a final response."""

    stream_id: int
    headers: list[Header] = _NO_HEADERS
    stream_ended: StreamEnded | None = None
    """The event that the response ends with this section, if it does; it also comes by itself."""
    priority_updated: PriorityUpdated | None = None
    """The event of the priority in the same frame, if one is; it also comes by itself."""

    def __repr__(self) -> str:
        return f"<ResponseReceived stream_id:{self.stream_id}, headers:{self.headers}>"


@dataclass(kw_only=True)
class TrailersReceived(Event):
    """The trailer section of a message came, which ends it."""

    stream_id: int
    headers: list[Header] = _NO_HEADERS
    stream_ended: StreamEnded | None = None
    """The event that the message has ended; it also comes by itself."""
    priority_updated: PriorityUpdated | None = None
    """The event of the priority in the same frame, if one is; it also comes by itself."""

    def __repr__(self) -> str:
        return f"<TrailersReceived stream_id:{self.stream_id}, headers:{self.headers}>"


@dataclass(kw_only=True)
class InformationalResponseReceived(Event):
    """An interim response (1xx) came; the final one is still to come."""

    stream_id: int
    headers: list[Header] = _NO_HEADERS
    priority_updated: PriorityUpdated | None = None
    """The event of the priority in the same frame, if one is; it also comes by itself."""

    def __repr__(self) -> str:
        return f"<InformationalResponseReceived stream_id:{self.stream_id}, headers:{self.headers}>"


class _HeadersSent(Event):
    """A header section went out.  State machines tell streams so; users never see it."""


class _ResponseSent(_HeadersSent):
    """That of a response."""


class _RequestSent(_HeadersSent):
    """That of a request."""


class _TrailersSent(_HeadersSent):
    """The trailer section of a message."""


class _PushedRequestSent(_HeadersSent):
    """That of the request in a PUSH_PROMISE."""


@dataclass(kw_only=True)
class DataReceived(Event):
    """A piece of the content of a message came."""

    stream_id: int
    data: bytes = _NO_DATA
    flow_controlled_length: int = _NO_NUMBER
    """What the piece took of the windows, in bytes: padding counts (RFC 9113 §6.1)."""
    stream_ended: StreamEnded | None = None
    """The event that the message ends with this piece, if it does; it also comes by itself."""

    def __repr__(self) -> str:
        return (
            f"<DataReceived stream_id:{self.stream_id}, "
            f"flow_controlled_length:{self.flow_controlled_length}, "
            f"data:{_bytes_representation(self.data[:20])}>"
        )


@dataclass(kw_only=True)
class WindowUpdated(Event):
    """The peer takes `delta` bytes more, on a stream or (0) on the connection."""

    stream_id: int
    delta: int = _NO_NUMBER

    def __repr__(self) -> str:
        return f"<WindowUpdated stream_id:{self.stream_id}, delta:{self.delta}>"


class RemoteSettingsChanged(Event):
    """The peer sent SETTINGS.  They are in force, and acknowledged already."""

    def __init__(self) -> None:
        self.changed_settings: dict[SettingCodes | int, ChangedSetting] = {}

    @classmethod
    def from_settings(
        cls, old_settings: Settings | dict[int, int], new_settings: dict[int, int]
    ) -> Self:
        """The event for a frame with `new_settings`, where `old_settings` were in force."""
        event = cls()
        for code, new_value in new_settings.items():
            setting = _setting_code_from_int(code)
            event.changed_settings[setting] = ChangedSetting(
                setting, old_settings.get(setting), new_value
            )
        return event

    def __repr__(self) -> str:
        changes = ", ".join(map(repr, self.changed_settings.values()))
        return f"<RemoteSettingsChanged changed_settings:{{{changes}}}>"


@dataclass(kw_only=True)
class PingReceived(Event):
    """The peer asked for an answer to its 8 bytes.  It was given already."""

    ping_data: bytes

    def __repr__(self) -> str:
        return f"<PingReceived ping_data:{_bytes_representation(self.ping_data)}>"


@dataclass(kw_only=True)
class PingAckReceived(Event):
    """The peer answered a PING of ours, with the same 8 bytes."""

    ping_data: bytes

    def __repr__(self) -> str:
        return f"<PingAckReceived ping_data:{_bytes_representation(self.ping_data)}>"


@dataclass(kw_only=True)
class StreamReset(Event):
    """A stream was cut short: by the peer, or (not `remote_reset`) here for the peer's fault."""

    stream_id: int
    error_code: ErrorCodes | int = _NO_NUMBER
    remote_reset: bool = True

    def __repr__(self) -> str:
        return (
            f"<StreamReset stream_id:{self.stream_id}, error_code:{self.error_code!s}, "
            f"remote_reset:{self.remote_reset}>"
        )


class PushedStreamReceived(Event):
    """A server promised a response to a request that it made up (RFC 9113 §8.4)."""

    def __init__(self) -> None:
        self.pushed_stream_id: int = cast("int", None)
        self.parent_stream_id: int = cast("int", None)
        self.headers: list[Header] = cast("list[Header]", None)

    def __repr__(self) -> str:
        return (
            f"<PushedStreamReceived pushed_stream_id:{self.pushed_stream_id}, "
            f"parent_stream_id:{self.parent_stream_id}, headers:{self.headers}>"
        )


class SettingsAcknowledged(Event):
    """The peer acknowledged the oldest SETTINGS of ours: the changes are in force."""

    def __init__(self) -> None:
        self.changed_settings: dict[SettingCodes | int, ChangedSetting] = {}

    def __repr__(self) -> str:
        changes = ", ".join(map(repr, self.changed_settings.values()))
        return f"<SettingsAcknowledged changed_settings:{{{changes}}}>"


class ConnectionTerminated(Event):
    """The peer sent GOAWAY; `additional_data` is `None` where it added none."""

    def __init__(self) -> None:
        self.error_code: ErrorCodes | int = cast("ErrorCodes | int", None)
        self.last_stream_id: int = cast("int", None)
        self.additional_data: bytes | None = None

    def __repr__(self) -> str:
        extra = self.additional_data
        return (
            f"<ConnectionTerminated error_code:{self.error_code!s}, "
            f"last_stream_id:{self.last_stream_id}, "
            f"additional_data:{_bytes_representation(extra[:20] if extra else None)}>"
        )


class AlternativeServiceAvailable(Event):
    """A server named another place that serves `origin` (RFC 7838 §4)."""

    def __init__(self) -> None:
        self.origin: bytes = cast("bytes", None)
        self.field_value: bytes = cast("bytes", None)

    def __repr__(self) -> str:
        origin = (self.origin or b"").decode("utf-8", "ignore")
        value = (self.field_value or b"").decode("utf-8", "ignore")
        return f"<AlternativeServiceAvailable origin:{origin}, field_value:{value}>"


@dataclass(kw_only=True)
class UnknownFrameReceived(Event):
    """A frame of a type that is not known came, and changed nothing (RFC 9113 §5.5)."""

    frame: object

    def __repr__(self) -> str:
        return "<UnknownFrameReceived>"


def _bytes_representation(data: bytes | None) -> str | None:
    """Bytes in hexadecimal digits; `None` stays `None`."""
    return None if data is None else hexlify(data).decode("ascii")
