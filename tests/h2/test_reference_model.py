"""An engine and a second opinion of RFC 9113 §5.1 hear the same frames, in any order.

The second opinion is `tests.support.reference`.  Hypothesis chooses what the application says and
what the peer does, right or wrong; whatever it is, both must come to the same answer.
"""

from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hyper.frame import (
    DataFrame,
    ErrorCode,
    Priority,
    PriorityFrame,
    RstStreamFrame,
    Scope,
    SettingId,
    UnknownFrame,
    WindowUpdateFrame,
    pack_header,
)
from hyper.h2 import Data, PeerFault, PushPromise, Request, Reset, Response, Trailers
from hyper.wire import Field, Role
from tests.support.inside import lost_credit
from tests.support.playbook import GET, OK, POST, FieldBlock, Heard, Playbook
from tests.support.reference import END, HEAD, NOTHING, Reference

HINTS: list[Field] = [(b":status", b"103")]
FIELDS: list[Field] = [(b"x", b"y")]

FRAMES = st.sampled_from(
    [
        *["DATA", "HEADERS", "TRAILERS", "RST_STREAM", "WINDOW_UPDATE"] * 2,
        *["HINTS", "PRIORITY", "UNKNOWN", "PUSH_PROMISE", "CONTINUATION"],
    ]
)
WRONG_IDS = st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 99, 100])


class Conversation(RuleBasedStateMachine):
    """One engine after the other: a fault of the connection ends one, and the next begins."""

    role: ClassVar[Role]

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        """A new connection, with push allowed."""
        push = [(SettingId.ENABLE_PUSH, 1)]
        if self.role is Role.CLIENT:
            self.play = Playbook.opened(Role.CLIENT, settings=push)
        else:
            self.play = Playbook.opened(Role.SERVER, peer=push)
        self.model = Reference(self.role)

    # -- the peer ----------------------------------------------------------------------------

    def said(self, frame: str, stream_id: int, end: bool) -> Heard:
        """The frame itself."""
        fields: list[Field] = OK if self.role is Role.CLIENT else POST
        if frame == "DATA":
            return DataFrame(stream_id, b"content", end)
        if frame == "HEADERS":
            return FieldBlock(stream_id, fields, end)
        if frame == "HINTS":
            return FieldBlock(stream_id, HINTS, end)
        if frame == "TRAILERS":
            return FieldBlock(stream_id, FIELDS, end)
        if frame == "RST_STREAM":
            return RstStreamFrame(stream_id, ErrorCode.CANCEL)
        if frame == "WINDOW_UPDATE":
            return WindowUpdateFrame(stream_id, 10)
        if frame == "PRIORITY":
            return PriorityFrame(stream_id, Priority(0, 7))
        if frame == "PUSH_PROMISE":
            promised = self.model.highest[False] + 2
            return FieldBlock(stream_id, GET, promised_stream_id=promised)
        if frame == "CONTINUATION":
            return pack_header(1, 9, 4, stream_id) + b"\x82"
        return UnknownFrame(0x55, 0, stream_id, b"?")

    def hear(self, frame: str, stream_id: int, end: bool) -> None:
        """One frame comes, and both answer."""
        promised = self.model.highest[False] + 2
        self.play.hear(self.said(frame, stream_id, end))
        expected = self.model.hear(frame, stream_id, end)
        if expected in {"PushPromise", "declined"}:
            side = self.model.open(promised, promised=True)
            side.ours = END
            if expected == "declined":
                side.reset = "by us"
        events = self.play.told()
        words = [self.word(event) for event in events]
        wanted = [] if expected in {"nothing", "declined"} else [expected]
        assert words == wanted, f"{frame} on {stream_id}, end: {end}; {self.model.streams.keys()}"
        frames = self.play.said()
        if expected == "declined":
            assert frames == [RstStreamFrame(promised, ErrorCode.CANCEL)]
        elif expected.startswith("stream"):
            code = ErrorCode[expected.split()[1]]
            assert frames == [RstStreamFrame(stream_id, code)], "RFC 9113 §5.4.2"
        if expected.startswith("connection"):
            assert self.play.engine.closed
            self.begin()

    @staticmethod
    def word(event: object) -> str:
        """What an event is, in the words of the model."""
        if isinstance(event, PeerFault):
            scope = "stream" if event.scope is Scope.STREAM else "connection"
            return f"{scope} {event.code.name}"
        return type(event).__name__

    @rule(frame=FRAMES, which=st.integers(0, 50), end=st.booleans())
    @precondition(lambda self: self.model.streams)
    def hear_on_a_known_stream(self, frame: str, which: int, end: bool) -> None:
        """A frame on a stream that was opened once, dead or alive."""
        known = list(self.model.streams)
        self.hear(frame, known[which % len(known)], end)

    @rule(frame=FRAMES, stream_id=WRONG_IDS, end=st.booleans())
    def hear_on_any_stream(self, frame: str, stream_id: int, end: bool) -> None:
        """A frame on a stream that may never have been opened."""
        self.hear(frame, stream_id, end)

    # -- the application ---------------------------------------------------------------------

    @rule(which=st.integers(0, 50), code=st.sampled_from(ErrorCode))
    def reset(self, which: int, code: ErrorCode) -> None:
        """A live stream is given up."""
        live = [i for i in self.model.streams if self.model.live(i)]
        if live:
            stream_id = live[which % len(live)]
            self.play.ask(Reset(stream_id, code))
            self.model.streams[stream_id].reset = "by us"
            assert self.play.said() == [RstStreamFrame(stream_id, code)]

    @rule(which=st.integers(0, 50), end=st.booleans(), trailers=st.booleans())
    def go_on(self, which: int, end: bool, trailers: bool) -> None:
        """A message of ours is carried on, or ended."""
        streams = self.model.streams
        begun = [i for i in streams if self.model.live(i) and streams[i].ours == HEAD]
        if not begun:
            return
        stream_id = begun[which % len(begun)]
        if trailers:
            self.play.ask(Trailers(stream_id, FIELDS))
        else:
            self.play.ask(Data(stream_id, b"ours", end))
        self.play.said()
        if end or trailers:
            streams[stream_id].ours = END

    # -- what always holds -------------------------------------------------------------------

    @invariant()
    def the_engine_counts_the_same_streams(self) -> None:
        """Neither more nor fewer than the second opinion has."""
        live = [i for i in self.model.streams if self.model.live(i)]
        assert self.play.engine.open_streams == len(live)
        assert lost_credit(self.play.engine) == 0


class ServerConversation(Conversation):
    """The engine is a server."""

    role = Role.SERVER

    @rule(skip=st.sampled_from([2, 2, 2, 4, 8]), end=st.booleans())
    def hear_a_request(self, skip: int, end: bool) -> None:
        """The peer opens a stream, leaving ids out or not."""
        highest = self.model.highest[True]
        self.hear("HEADERS", highest + skip if highest else skip - 1, end)

    @rule(which=st.integers(0, 50), end=st.booleans())
    def answer(self, which: int, end: bool) -> None:
        """A response begins."""
        streams = self.model.streams
        asked = [i for i in streams if self.model.live(i) and streams[i].ours == NOTHING]
        if asked:
            stream_id = asked[which % len(asked)]
            self.play.ask(Response(stream_id, OK, end))
            self.play.said()
            streams[stream_id].ours = END if end else HEAD
            streams[stream_id].reserved = False

    @rule(which=st.integers(0, 50))
    @precondition(lambda self: not self.model.left)
    def promise(self, which: int) -> None:
        """A push for a request whose response has not ended."""
        streams = self.model.streams
        may = [i for i in streams if i % 2 and self.model.live(i) and streams[i].ours != END]
        if may:
            promised = self.play.engine.next_stream_id()
            self.play.ask(PushPromise(may[which % len(may)], promised, GET))
            self.play.said()
            self.model.open(promised, promised=True).theirs = END

    @rule(chance=st.integers(0, 9))
    def leave(self, chance: int) -> None:
        """The last word, once in a while."""
        if not chance and not self.model.left:
            self.play.engine.shut_down(warn=False)
            self.play.said()
            self.model.left = True


class ClientConversation(Conversation):
    """The engine is a client."""

    role = Role.CLIENT

    @rule(skip=st.sampled_from([0, 0, 0, 2, 6]), end=st.booleans())
    def ask(self, skip: int, end: bool) -> None:
        """A request, leaving ids out or not."""
        stream_id = self.play.engine.next_stream_id() + skip
        self.play.ask(Request(stream_id, GET if end else POST, end))
        self.play.said()
        self.model.open(stream_id).ours = END if end else HEAD


@pytest.mark.timeout(300)  # two seconds of work, on a machine that may have much else to do
@pytest.mark.parametrize("machine", [ServerConversation, ClientConversation])
def test_the_engine_and_the_second_opinion_agree(machine: type[Conversation]) -> None:
    case = machine.TestCase
    case.settings = settings(max_examples=40, stateful_step_count=35, deadline=None)
    case("runTest").runTest()
