"""HTTP/2 frames: bytes to values and back (RFC 9113 §4, §6).

Two faces over the same rules.  Values, for people and tools: `parse`, `serialize`, `FrameReader`.
Plain numbers and bytes, for engines: `FrameSplitter`, `check_header` and the `pack_` functions.

Not here: what a sequence of frames means; that is the engine's, `hyper.h2`.
"""

from hyper.frame.errors import (
    FrameError,
)
from hyper.frame.extensions import (
    AltSvcFrame,
    OriginFrame,
    PriorityUpdateFrame,
    UnknownFrame,
)
from hyper.frame.frames import (
    ContinuationFrame,
    DataFrame,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
)
from hyper.frame.header import (
    FRAME_HEADER,
    FrameHeader,
    pack_header,
    parse_header,
)
from hyper.frame.names import (
    error_name,
    flag_names,
    frame_name,
    setting_name,
)
from hyper.frame.pack import (
    SETTINGS_ACK,
    pack_data,
    pack_goaway,
    pack_headers,
    pack_ping,
    pack_push_promise,
    pack_rst_stream,
    pack_settings,
    pack_window_update,
)
from hyper.frame.padding import (
    padding_fault,
    unpad,
)
from hyper.frame.parser import (
    Frame,
    parse,
    parse_frame,
)
from hyper.frame.reader import (
    FrameReader,
    News,
)
from hyper.frame.rules import (
    check_header,
    check_setting,
)
from hyper.frame.serializer import (
    serialize,
)
from hyper.frame.splitter import (
    FrameSplitter,
)
from hyper.frame.types import (
    DEFAULT_HEADER_TABLE_SIZE,
    DEFAULT_WINDOW,
    FRAME_HEADER_SIZE,
    MAX_MAX_FRAME_SIZE,
    MAX_STREAM_ID,
    MAX_WINDOW,
    MIN_MAX_FRAME_SIZE,
    PREFACE,
    ErrorCode,
    Flag,
    FrameType,
    Scope,
    SettingId,
    error_code,
)

__all__ = [
    "DEFAULT_HEADER_TABLE_SIZE",
    "DEFAULT_WINDOW",
    "FRAME_HEADER",
    "FRAME_HEADER_SIZE",
    "MAX_MAX_FRAME_SIZE",
    "MAX_STREAM_ID",
    "MAX_WINDOW",
    "MIN_MAX_FRAME_SIZE",
    "PREFACE",
    "SETTINGS_ACK",
    "AltSvcFrame",
    "ContinuationFrame",
    "DataFrame",
    "ErrorCode",
    "Flag",
    "Frame",
    "FrameError",
    "FrameHeader",
    "FrameReader",
    "FrameSplitter",
    "FrameType",
    "GoAwayFrame",
    "HeadersFrame",
    "News",
    "OriginFrame",
    "PingFrame",
    "Priority",
    "PriorityFrame",
    "PriorityUpdateFrame",
    "PushPromiseFrame",
    "RstStreamFrame",
    "Scope",
    "SettingId",
    "SettingsFrame",
    "UnknownFrame",
    "WindowUpdateFrame",
    "check_header",
    "check_setting",
    "error_code",
    "error_name",
    "flag_names",
    "frame_name",
    "pack_data",
    "pack_goaway",
    "pack_header",
    "pack_headers",
    "pack_ping",
    "pack_push_promise",
    "pack_rst_stream",
    "pack_settings",
    "pack_window_update",
    "padding_fault",
    "parse",
    "parse_frame",
    "parse_header",
    "serialize",
    "setting_name",
    "unpad",
]
