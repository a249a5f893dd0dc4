"""What an `H2Connection` says beside its messages: SETTINGS, GOAWAY, ALTSVC, an upgrade.

Not here: windows, which `connection` opens itself.
"""

from typing import Final

from hyper.compat.h2._connection_states import ConnectionInputs, ConnectionState
from hyper.compat.h2._inbound import apply_remote
from hyper.compat.h2._link import Link
from hyper.compat.h2._stream_states import StreamState
from hyper.compat.h2.errors import _error_code_from_int
from hyper.compat.h2.events import ConnectionTerminated, Event
from hyper.compat.h2.exceptions import NoSuchStreamError, ProtocolError
from hyper.compat.h2.settings import SettingCodes, Settings
from hyper.frame import FrameReader, GoAwayFrame, pack_goaway
from hyper.h2 import AltSvc, GoAway, Request, Sendable, decode_http2_settings
from hyper.h2 import Settings as SettingsEvent
from hyper.wire import HyperError, LocalProtocolError

# RFC 7540 §3.2: stream 1 of an upgrade is a request in HTTP/1.1, of which h2 is told nothing.
_UPGRADED: Final = Request(
    1,
    [
        (b":method", b"GET"),
        (b":scheme", b"http"),
        (b":authority", b"upgraded.invalid"),
        (b":path", b"/"),
    ],
    True,
)


def say(link: Link, step: ConnectionInputs, event: Sendable) -> None:
    """Send what has a place in every state that `step` has one in."""
    link.require(step)
    try:
        link.judge().send(event)
    except LocalProtocolError as error:
        raise ProtocolError(str(error)) from error


def upgrade(link: Link, settings_header: bytes | None) -> bytes | None:
    """Begin with stream 1 half closed (RFC 7540 §3.2); a client gets its HTTP2-Settings."""
    if link.state_machine.state is not ConnectionState.IDLE:
        raise ProtocolError(f"an upgrade in state {link.state_machine.state.name}")
    engine = link.made()
    value: bytes | None = None
    try:
        if link.parity:
            value = engine.upgrade_settings()
            engine.upgrade(_UPGRADED)
        else:
            values = decode_http2_settings(settings_header) if settings_header else []
            engine.upgrade(_UPGRADED, values)
            engine.next_event()  # the request: h2 tells nobody of it
            apply_remote(link, dict(values))
    except HyperError as error:
        raise ProtocolError(str(error)) from error
    link.say_preface()
    stream = link.begin(1)
    machine = stream.state_machine
    if link.parity:
        link.state_machine.state = ConnectionState.CLIENT_OPEN
        machine.client = True
        machine.headers_sent = True
        link.opened(stream, StreamState.HALF_CLOSED_LOCAL)
    else:
        link.state_machine.state = ConnectionState.SERVER_OPEN
        machine.client = False
        machine.headers_received = True
        link.opened(stream, StreamState.HALF_CLOSED_REMOTE)
    return value


def change_settings(link: Link, settings: dict[SettingCodes | int, int]) -> None:
    """Send SETTINGS, which wait in `local_settings` for the acknowledgement."""
    trial = Settings(client=bool(link.parity))
    for code, value in settings.items():
        trial[code] = value  # it raises
    values = [(int(code), value) for code, value in settings.items()]
    say(link, ConnectionInputs.SEND_SETTINGS, SettingsEvent(values))
    link.local_settings.update(settings)


def say_goodbye(link: Link, code: int, debug: bytes, last_stream_id: int | None) -> None:
    """Send GOAWAY; h2 says it as often as it is asked to."""
    if last_stream_id is None:
        last_stream_id = link.highest_inbound_stream_id
    engine = link.judge()
    link.end()
    if not engine.closed:
        try:
            engine.send(GoAway(last_stream_id, code, debug))
            return
        except LocalProtocolError:
            pass  # it would take back what was said before: h2 leaves that to its user
    link.behind += pack_goaway(last_stream_id, code, debug)


def advertise(link: Link, value: bytes, origin: bytes | None, stream_id: int | None) -> None:
    """Send ALTSVC (RFC 7838 §4)."""
    link.require(ConnectionInputs.SEND_ALTERNATIVE_SERVICE)
    if origin is None:
        if stream_id is None:
            raise NoSuchStreamError(-1)
        stream = link.stream(stream_id)
        if stream.closed or stream.state_machine.headers_sent:
            raise ProtocolError(f"stream {stream_id}: ALTSVC goes before the response")
    say(
        link,
        ConnectionInputs.SEND_ALTERNATIVE_SERVICE,
        AltSvc(stream_id or 0, origin or b"", value),
    )
    if link.state_machine.state is ConnectionState.IDLE:
        link.state_machine.state = ConnectionState.SERVER_OPEN


def hear_after_the_end(link: Link, octets: bytes) -> list[Event]:
    """The connection is over, and the peer may say so too.  Raises for anything else."""
    if link.last_words is None:
        link.last_words = FrameReader()
    events: list[Event] = []
    for news in link.last_words.feed(octets):
        if not isinstance(news, GoAwayFrame):
            raise ProtocolError("a frame on a connection that is over")
        terminated = ConnectionTerminated()
        terminated.error_code = _error_code_from_int(news.code)
        terminated.last_stream_id = news.last_stream_id
        terminated.additional_data = news.debug or None
        events.append(terminated)
    return events
