"""Every frame that crosses a connection, as a line or a few (RFC 9113 §4, §6).  What is no HTTP/2
is for `trace_http1`.

It reads along: bytes go in as they pass by, text comes out, and nothing it meets disturbs the
connection.  Each direction has an HPACK decoder of its own, kept in step with that of its receiver.

Not here: where the lines go.
"""

from collections.abc import Callable, Sequence
from typing import Final

from hyper.cli.output import Style
from hyper.cli.text import printable_bytes
from hyper.cli.trace_http1 import Http1Trace
from hyper.cli.trace_lines import INDENT, Line, bad, detail, field_detail
from hyper.frame import (
    PREFACE,
    AltSvcFrame,
    ContinuationFrame,
    Frame,
    FrameError,
    FrameSplitter,
    GoAwayFrame,
    HeadersFrame,
    OriginFrame,
    PingFrame,
    PriorityFrame,
    PriorityUpdateFrame,
    PushPromiseFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    SettingsFrame,
    WindowUpdateFrame,
    error_name,
    flag_names,
    frame_name,
    parse,
    setting_name,
)
from hyper.hpack import Decoder, FieldListTooLarge, HpackError
from hyper.http import Version, version_by_first_bytes

# What we read along with, not what we allow: the engine's limits have struck before.
_LARGEST_FRAME: Final = 2**24 - 1
_LARGEST_LIST: Final = 2**20
_MOST_FIELDS: Final = 10_000


class Trace:
    """A tap for `connect`: each `sent` and `received` hands the lines of its frames to `write`.

    `clock` gives seconds; lines show them since `started`.  `label` names the connection where
    there are several.  Values that are secrets show as their length unless `show_secrets`.
    """

    def __init__(
        self,
        write: Callable[[Line], None],
        clock: Callable[[], float],
        *,
        started: float,
        label: str = "",
        show_secrets: bool = False,
    ) -> None:
        self._write = write
        self._clock = clock
        self._started = started
        self._label = f"{label}  " if label else ""
        self._show_secrets = show_secrets
        self._http1: Http1Trace | None = None
        self._silent = True  # what is spoken is not known yet
        self._sent = _Direction("sent", show_secrets=show_secrets, preface=True)
        self._received = _Direction("received", show_secrets=show_secrets)
        self._sent.peer = self._received
        self._received.peer = self._sent

    def sent(self, data: bytes, /) -> None:
        """These bytes went out."""
        if self._silent:
            self._silent = False
            if version_by_first_bytes(data) is Version.HTTP_1_1:
                self._http1 = Http1Trace(show_secrets=self._show_secrets)
        self._print(self._sent.lines(data) if self._http1 is None else self._http1.sent(data))

    def received(self, data: bytes, /) -> None:
        """These bytes came in."""
        http1 = self._http1
        self._print(self._received.lines(data) if http1 is None else http1.received(data))

    def note(self, text: str) -> None:
        """Something that is no frame: connected, closed."""
        self._print([[(text, "dim")]])

    def _print(self, lines: Sequence[Line]) -> None:
        stamp = f"[{self._clock() - self._started:8.3f}] "
        for line in lines:
            if line[0][0] == INDENT:
                self._write(line)
            else:
                self._write([(stamp, "dim"), (self._label, "dim"), *line])


class _Direction:
    """One half of a connection."""

    def __init__(self, style: Style, *, show_secrets: bool, preface: bool = False) -> None:
        self.peer: _Direction | None = None
        self._style = style
        self._verb = "send" if style == "sent" else "recv"
        self._show_secrets = show_secrets
        self._preface = PREFACE if preface else b""
        self._splitter = FrameSplitter(_LARGEST_FRAME)
        self._decoder: Decoder | None = Decoder(
            max_list_size=_LARGEST_LIST, max_fields=_MOST_FIELDS, max_field_size=_LARGEST_LIST
        )
        self._block = bytearray()
        # Table sizes this side has declared and the other has not acknowledged.
        self._table_sizes: list[int | None] = []
        self._over = False

    def lines(self, data: bytes) -> list[Line]:
        """The lines of the frames that end in `data`."""
        lines: list[Line] = []
        if self._over:
            return lines
        octets = self._past_preface(data, lines)
        if not self._over:
            self._splitter.receive_data(octets)
        while not self._over:
            try:
                if not self._splitter.next_frame():
                    break
                self._tell(lines)
            except FrameError as fault:
                lines.append(self._title())
                lines.append(bad(str(fault)))
                self._over = fault.scope == Scope.CONNECTION
                if fault.fragment:
                    # RFC 9113 §4.3: its block has changed the table like any other.
                    self._fields(fault.fragment, lines)
        return lines

    def table_size_acknowledged(self) -> int | None:
        """The other side has put the oldest of our SETTINGS into force."""
        return self._table_sizes.pop(0) if self._table_sizes else None

    def _past_preface(self, data: bytes, lines: list[Line]) -> bytes:
        if not self._preface:
            return data
        size = min(len(data), len(self._preface))
        if data[:size] != self._preface[:size]:
            lines.append([(f"{self._verb} ", self._style), *bad("no connection preface")[1:]])
            self._over = True
            return b""
        self._preface = self._preface[size:]
        if not self._preface:
            lines.append([(f"{self._verb} ", self._style), ("connection preface", "")])
        return data[size:]

    def _tell(self, lines: list[Line]) -> None:
        splitter = self._splitter
        if splitter.type == 0x0:
            if splitter.first:
                lines.append(self._title())
                if splitter.padding:
                    lines.append(detail("padding", f"{splitter.padding} bytes"))
            return
        frame = parse(splitter.type, splitter.flags, splitter.stream_id, splitter.payload)
        lines.append(self._title())
        if isinstance(frame, HeadersFrame | PushPromiseFrame | ContinuationFrame):
            if isinstance(frame, PushPromiseFrame):
                lines.append(detail("promised stream", str(frame.promised_stream_id)))
            elif isinstance(frame, HeadersFrame) and frame.priority is not None:
                lines.append(detail("priority", repr(frame.priority)))
            self._block += frame.fragment
            if frame.end_headers:
                self._fields(bytes(self._block), lines)
                self._block.clear()
        elif isinstance(frame, SettingsFrame):
            self._settings(frame, lines)
        else:
            lines.extend(_details(frame))

    def _title(self) -> Line:
        splitter = self._splitter
        flags = " | ".join(flag_names(splitter.type, splitter.flags))
        return [
            (f"{self._verb} ", self._style),
            (f"{frame_name(splitter.type):<13}", "bold"),
            (f" stream {splitter.stream_id}, length {splitter.length}", ""),
            (f", {flags}" if flags else "", "good"),
        ]

    def _settings(self, frame: SettingsFrame, lines: list[Line]) -> None:
        if frame.ack:
            size = self.peer.table_size_acknowledged() if self.peer is not None else None
            if size is not None and self._decoder is not None:
                self._decoder.set_max_table_size(size)
            return
        declared: int | None = None
        for identifier, value in frame.values:
            lines.append(detail(setting_name(identifier), str(value)))
            if identifier == SettingId.HEADER_TABLE_SIZE:
                declared = value
        self._table_sizes.append(declared)

    def _fields(self, block: bytes, lines: list[Line]) -> None:
        if self._decoder is None:
            lines.append(bad("fields unknown: an earlier block could not be decoded"))
            return
        try:
            fields = self._decoder.decode(block)
        except HpackError as fault:
            self._decoder = None
            lines.append(bad(str(fault)))
            return
        except FieldListTooLarge as fault:
            lines.append(bad(str(fault)))
            return
        lines += [
            field_detail(field, field[0], show_secrets=self._show_secrets) for field in fields
        ]


def _details(frame: Frame) -> list[Line]:
    """What a frame says that is neither fields nor settings."""
    if isinstance(frame, WindowUpdateFrame):
        return [detail("increment", str(frame.increment))]
    if isinstance(frame, RstStreamFrame):
        return [detail("code", error_name(frame.code))]
    if isinstance(frame, PingFrame):
        return [detail("data", frame.data.hex())]
    if isinstance(frame, GoAwayFrame):
        lines = [
            detail("last stream", str(frame.last_stream_id)),
            detail("code", error_name(frame.code)),
        ]
        if frame.debug:
            lines.append(detail("debug", printable_bytes(frame.debug)))
        return lines
    if isinstance(frame, PriorityFrame):
        return [detail("priority", repr(frame.priority))]
    if isinstance(frame, AltSvcFrame):
        return [
            detail("origin", printable_bytes(frame.origin)),
            detail("value", printable_bytes(frame.value)),
        ]
    if isinstance(frame, OriginFrame):
        return [detail("origin", printable_bytes(origin)) for origin in frame.origins]
    if isinstance(frame, PriorityUpdateFrame):
        return [
            detail("prioritized stream", str(frame.prioritized_stream_id)),
            detail("value", printable_bytes(frame.value)),
        ]
    return []
