"""Every part of every HTTP/1.1 message that crosses a connection, as a line or a few (RFC 9112).

It reads along: an engine for each end hears what that end heard and says what it said, and nobody
sends what they have to send.  Not here: where the lines go.
"""

from typing import Final

from hyper.cli.output import Style
from hyper.cli.text import printable_bytes
from hyper.cli.trace_lines import Line, bad, field_detail
from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    Limits,
    PeerFault,
    Preface,
    Request,
    Response,
    State,
    Trailers,
)
from hyper.wire import LocalProtocolError, Role

# What we read along with, not what we allow: the engine's limits have struck before.
_LIMITS: Final = Limits(
    max_start_line=1 << 20,
    max_field_line=1 << 20,
    max_head=1 << 20,
    max_fields=10_000,
    max_interim=10_000,
    max_requests=1 << 30,
    max_drain=1 << 40,
)


class Http1Trace:
    """Bytes in as they pass by, lines out."""

    def __init__(self, *, show_secrets: bool = False) -> None:
        self._client = Connection(Role.CLIENT, limits=_LIMITS)
        self._server = Connection(Role.SERVER, limits=_LIMITS)
        self._show_secrets = show_secrets
        self._over = False

    def sent(self, data: bytes) -> list[Line]:
        """The lines of what the client said."""
        return self._lines(self._server, self._client, data, "sent")

    def received(self, data: bytes) -> list[Line]:
        """The lines of what the server said."""
        return self._lines(self._client, self._server, data, "received")

    def _lines(
        self, hearer: Connection, sayer: Connection, data: bytes, style: Style
    ) -> list[Line]:
        verb = "send" if style == "sent" else "recv"
        if self._over or hearer.state is State.SWITCHED:
            return [[(f"{verb} ", style), (f"{len(data)} bytes", "")]]
        lines: list[Line] = []
        hearer.receive_data(data, 0.0)
        while (event := hearer.next_event()) is not None:
            first, *rest = self._told(event)
            lines += [[(f"{verb} ", style), *first], *rest]
            if not self._say(sayer, event):
                self._over = True
                return lines
        behind = hearer.trailing_data()
        if behind:
            lines.append([(f"{verb} ", style), (f"{len(behind)} bytes", "")])
        return lines

    def _say(self, sayer: Connection, event: Event) -> bool:
        """The other engine has said this, so that it knows what the answers are to.

        False where it cannot: from here on nothing is certain.
        """
        if isinstance(event, Preface | PeerFault | EndOfInput):
            return False
        try:
            sayer.send(event)
        except LocalProtocolError:
            return False
        sayer.data_to_send()
        return True

    def _told(self, event: Event) -> list[Line]:
        """What an event says; the first line without its beginning."""
        end = isinstance(event, Request | Response | Data) and event.end_stream
        if isinstance(event, Data):
            size = f"content, {len(event.data)} bytes"
            return [[(size, ""), (", end" if end else "", "good")]]
        if isinstance(event, Preface | PeerFault | EndOfInput):
            return [[("what cannot be read", "bad")], bad(str(event))]
        fields = [
            field_detail(field, name, show_secrets=self._show_secrets)
            for field, name in zip(
                event.fields, event.names or [field[0] for field in event.fields], strict=True
            )
        ]
        if isinstance(event, Trailers):
            return [[("trailers", "bold"), (", end", "good")], *fields]
        if isinstance(event, Request):
            line = b"%b %b HTTP/%b" % (event.method, event.target, event.version)
        else:
            line = b"HTTP/%b %d %b" % (event.version, event.status, event.reason or b"")
        return [
            [(printable_bytes(line.rstrip()), "bold"), (", end" if end else "", "good")],
            *fields,
        ]
