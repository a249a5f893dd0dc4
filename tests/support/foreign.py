"""python-hyper's h2, led by the same steps as an engine of ours.  Run, never read."""

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from hyper.frame import PREFACE, SettingId, SettingsFrame
from hyper.h2 import (
    Data,
    GoAway,
    InformationalResponse,
    PushPromise,
    Request,
    Reset,
    Response,
    Sendable,
    Trailers,
)
from hyper.wire import Role
from tests.support.playbook import POST, FieldBlock, Heard, Playbook
from tests.support.states import CLIENT_STATES, SERVER_STATES, WITNESS, Step

ACCEPTED, STREAM, CONNECTION = "accepted", "a stream error", "a connection error"


class Foreign:
    """An h2 connection of a role, after both prefaces, with push allowed."""

    def __init__(self, role: Role) -> None:
        config = h2.config.H2Configuration(client_side=role is Role.CLIENT, header_encoding=None)
        self.theirs = h2.connection.H2Connection(config)
        self.theirs.initiate_connection()
        # The peer of both: it has the compression contexts.
        self.peer = Playbook(role)
        start: list[Heard] = [PREFACE] if role is Role.SERVER else []
        push = [(SettingId.ENABLE_PUSH, 1)] if role is Role.SERVER else []
        self.hear(*start, SettingsFrame(push), SettingsFrame(ack=True))

    def hear(self, *said: Heard) -> list[h2.events.Event]:
        """The peer says this."""
        return self.theirs.receive_data(b"".join([self.peer.octets(each) for each in said]))

    def verdict(self, said: Heard) -> str:
        """What h2 makes of a frame."""
        try:
            events = self.hear(said)
        except h2.exceptions.ProtocolError:
            return CONNECTION
        for event in events:
            if isinstance(event, h2.events.StreamReset) and not event.remote_reset:
                return STREAM
        return ACCEPTED

    def ask(self, step: Step) -> None:
        """The application says this; raises what h2 raises."""
        theirs = self.theirs
        if isinstance(step, Request | Response):
            theirs.send_headers(step.stream_id, list(step.fields), end_stream=step.end_stream)
        elif isinstance(step, InformationalResponse):
            theirs.send_headers(step.stream_id, list(step.fields))
        elif isinstance(step, Data):
            theirs.send_data(step.stream_id, step.data, end_stream=step.end_stream)
        elif isinstance(step, Trailers):
            theirs.send_headers(step.stream_id, list(step.fields), end_stream=True)
        elif isinstance(step, Reset):
            theirs.reset_stream(step.stream_id, h2.errors.ErrorCodes(int(step.code)))
        elif isinstance(step, PushPromise):
            theirs.push_stream(step.stream_id, step.promised_stream_id, list(step.fields))
        elif isinstance(step, GoAway):
            theirs.close_connection(last_stream_id=step.last_stream_id)
        else:
            raise TypeError(f"{step!r} is not for asking")

    def refuses(self, step: Step) -> bool:
        """Whether h2 raises for something that the application says; on some idle streams it is a
        KeyError.
        """
        try:
            self.ask(step)
        except (h2.exceptions.H2Error, KeyError):
            return True
        return False


def led_to(role: Role, name: str) -> tuple[Foreign, int]:
    """h2 in one of the states, and the stream that is in it."""
    foreign = Foreign(role)
    state = (SERVER_STATES if role is Role.SERVER else CLIENT_STATES)[name]
    if state.streams and role is Role.SERVER:
        code: h2.settings.SettingCodes | int = h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS
        foreign.theirs.update_settings({code: state.streams})
        foreign.hear(SettingsFrame(ack=True))
    first: Step = FieldBlock(WITNESS, POST) if role is Role.SERVER else Request(WITNESS, POST)
    for step in [first, *state.steps]:
        if isinstance(step, Sendable):
            foreign.ask(step)
        else:
            foreign.hear(step)
    return foreign, state.stream_id
