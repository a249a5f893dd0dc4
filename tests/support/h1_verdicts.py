"""What HTTP/1.1 programs make of the same octets, in a form that can be compared.

What is compared is what smuggling lives from: which messages there are and what content they have,
and whether the rest was refused.  A message that the end of input cuts short is refused as well.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import h11
import httptools

from hyper.h1 import (
    Connection,
    Data,
    EndOfInput,
    Event,
    PeerFault,
    Request,
    Response,
    State,
    Trailers,
)
from hyper.wire import Role

Message: TypeAlias = tuple[str, bytes]
"""Method and content of a request; status and content of a response."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The messages that were taken whole, and whether something else was refused."""

    messages: tuple[Message, ...]
    refused: bool

    def __str__(self) -> str:
        shown = [f"{what} {content!r}" for what, content in self.messages]
        return ", ".join([*shown, *(["refused"] if self.refused else [])]) or "nothing"


def differs(ours: Verdict, theirs: Verdict) -> bool:
    """Whether we take what they refuse, or what is different from what they take.

    That we refuse what they take is no difference: somebody has to be the stricter one.
    """
    if ours.refused:
        return theirs.messages[: len(ours.messages)] != ours.messages
    return theirs != ours


# -- ours -------------------------------------------------------------------------------------


def ours(octets: bytes) -> Verdict:
    """What our server makes of it."""
    engine = Connection(Role.SERVER)
    engine.receive_data(octets, 0.0)
    engine.receive_data(b"", 0.0)
    taken: list[Message] = []
    method, content = "", b""
    while (event := engine.next_event()) is not None:
        if isinstance(event, PeerFault) or event == EndOfInput(clean=False):
            return Verdict(tuple(taken), True)
        if isinstance(event, Request):
            method, content = event.method.decode("latin-1"), b""
        elif isinstance(event, Data):
            content += event.data
        if _ends(event):
            taken.append((method, content))
            engine.send(Response(engine.next_stream_id() - 1, 404, [], True))
    return Verdict(tuple(taken), False)


def ours_answered(octets: bytes) -> Verdict:
    """What our client makes of it."""
    engine = Connection(Role.CLIENT)
    engine.send(Request(1, b"GET", b"/", [(b"host", b"a")], True))
    engine.receive_data(octets, 0.0) if octets else None
    engine.receive_data(b"", 0.0)
    status, content = "", b""
    while (event := engine.next_event()) is not None:
        if isinstance(event, Response):
            status = str(event.status)
        elif isinstance(event, Data):
            content += event.data
        if _ends(event):
            return Verdict(((status, content),), False)
        if engine.state is State.SWITCHED:
            return Verdict((("101", b""),), False)
    return Verdict((), True)


def _ends(event: Event) -> bool:
    if isinstance(event, Request | Response | Data):
        return event.end_stream
    return isinstance(event, Trailers)


# -- h11 --------------------------------------------------------------------------------------


def of_h11(octets: bytes) -> Verdict:
    """What h11's server makes of it."""
    engine = h11.Connection(h11.SERVER)
    engine.receive_data(octets)
    engine.receive_data(b"")
    taken: list[Message] = []
    method, content = "", b""
    while True:
        try:
            event = engine.next_event()
            if isinstance(event, h11.Request):
                method, content = event.method.decode("latin-1"), b""
            elif isinstance(event, h11.Data):
                content += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                taken.append((method, content))
                engine.send(h11.Response(status_code=404, headers=[("content-length", "0")]))
                engine.send(h11.EndOfMessage())
                if engine.our_state is not h11.DONE:
                    return Verdict(tuple(taken), False)
                engine.start_next_cycle()
            else:
                return Verdict(tuple(taken), False)
        except h11.RemoteProtocolError:
            return Verdict(tuple(taken), True)


def of_h11_answered(octets: bytes) -> Verdict:
    """What h11's client makes of it."""
    engine = h11.Connection(h11.CLIENT)
    engine.send(h11.Request(method="GET", target="/", headers=[("host", "a")]))
    engine.send(h11.EndOfMessage())
    if octets:
        engine.receive_data(octets)
    engine.receive_data(b"")
    status, content = "", b""
    while True:
        try:
            event = engine.next_event()
        except h11.RemoteProtocolError:
            return Verdict((), True)
        if isinstance(event, h11.Response):
            status = str(event.status_code)
        elif isinstance(event, h11.Data):
            content += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return Verdict(((status, content),), False)
        elif not isinstance(event, h11.InformationalResponse):
            return Verdict((), True)


# -- httptools --------------------------------------------------------------------------------


class _Callbacks:
    """What httptools calls, and what it has come to."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.content = b""
        self.open = False
        self.method_of: httptools.HttpRequestParser | None = None
        self.status_of: httptools.HttpResponseParser | None = None

    def on_message_begin(self) -> None:
        self.content = b""
        self.open = True

    def on_body(self, body: bytes) -> None:
        self.content += body

    def on_message_complete(self) -> None:
        what = str(self.status_of.get_status_code()) if self.status_of is not None else ""
        if self.method_of is not None:
            what = self.method_of.get_method().decode("latin-1")
        self.taken.append((what, self.content))
        self.open = False


def of_httptools(octets: bytes) -> Verdict:
    """What llhttp makes of it, behind httptools."""
    callbacks = _Callbacks()
    while octets:
        parser = httptools.HttpRequestParser(callbacks)
        callbacks.method_of = parser
        try:
            parser.feed_data(octets)
            break
        except httptools.HttpParserUpgrade as upgrade:
            # It stops where another protocol may begin, and we go on as if none did.
            octets = octets[int(str(upgrade)) :]
        except httptools.HttpParserError:
            return Verdict(tuple(callbacks.taken), True)
    return Verdict(tuple(callbacks.taken), callbacks.open)


def of_httptools_answered(octets: bytes) -> Verdict:
    """What llhttp makes of a response, behind httptools, which does not hear of the end."""
    callbacks = _Callbacks()
    parser = httptools.HttpResponseParser(callbacks)
    callbacks.status_of = parser
    try:
        parser.feed_data(octets)
    except httptools.HttpParserUpgrade:
        return Verdict((("101", b""),), False)
    except httptools.HttpParserError:
        pass
    final = [each for each in callbacks.taken if not each[0].startswith("1")]
    if final:
        return Verdict((final[0],), False)
    return Verdict((), True)


SERVERS: Final = {"h11": of_h11, "httptools": of_httptools}
CLIENTS: Final = {"h11": of_h11_answered, "httptools": of_httptools_answered}
