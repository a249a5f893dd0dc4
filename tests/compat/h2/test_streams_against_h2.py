"""A stream by itself beside that of h2: random steps, the same frames, events and states.

What ours refuses to send leaves it as it was; h2's does not, and is put back.  Whatever else
differs is on the list below, as in docs/compat/h2.md, and each line of it has to be needed.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from random import Random
from typing import Any, TypeAlias

import h2.events
import pytest

from hyper.compat.h2 import events as our_events
from tests.support.h2_ends import GET, HEAD, OK, OURS, POST, THEIRS

Step: TypeAlias = tuple[str, tuple[Any, ...]]

ROUNDS = 3_000
LENGTH = 14
LARGEST_FRAME = 100
LARGEST_WINDOW = 2**31 - 1


CONTENT = [b"x" * size for size in (0, 1, 3, 100, 101, 700)]


def octets(section: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in section]


REQUESTS = [
    GET,
    HEAD,
    [*POST, ("content-length", "3")],
    [*POST, ("X-Up", " v "), ("cookie", "a=b; c=d")],
    [*GET, ("authorization", "secret"), ("long", "x" * 90)],
]
RESPONSES = [
    OK,
    [(":status", "204")],
    [*OK, ("content-length", "3")],
    [(":status", "304"), ("content-length", "3")],
    [(":status", "103"), ("link", "x")],
]
OTHERS = [
    [("sum", "1")],
    [("sum", "1"), ("content-length", "3")],
    [(":status", "200"), ("content-length", "three")],
    [(":status", "200"), ("content-length", "3"), ("content-length", "4")],
    [(":method", "GET")],
    [],
]
SECTIONS = [*REQUESTS, *RESPONSES, *OTHERS]
RECEIVED = [
    [(name.lower(), value.strip()) for name, value in section]
    for section in (*SECTIONS, [*OK, ("cookie", "a=b"), ("cookie", "c=d")])
]


ENCODER = object()
"""Stands for the encoder of either; what is a tuple stands for a frame of either."""
REQUEST = object()
"""Stands for a section that the client may send."""
RESPONSE = object()
"""Stands for one that the server may send."""
RARELY, MOSTLY = [True, False, False], [True, True, True, False]

# What is done, and the choices for each of its arguments.
STEPS: list[tuple[str, list[Any]]] = [
    ("upgrade", [[True, False]]),
    *[("send_headers", [SECTIONS, [ENCODER], RARELY])] * 2,
    *[("send_headers", [[REQUEST, RESPONSE], [ENCODER], RARELY])] * 3,
    ("send_headers", [OTHERS, [ENCODER], MOSTLY]),
    *[("receive_headers", [RECEIVED, RARELY, [None, None, False, "ascii"]])] * 2,
    *[("receive_headers", [[REQUEST, RESPONSE], RARELY, [None]])] * 3,
    ("receive_headers", [OTHERS, MOSTLY, [None]]),
    *[("push_stream_in_band", [[2, 4], [section], [ENCODER]]) for section in (GET, *SECTIONS)],
    ("locally_pushed", []),
    ("receive_push_promise_in_band", [[2], [GET], [None, "ascii"]]),
    ("receive_push_promise_in_band", [[2], RECEIVED, [None, "ascii"]]),
    ("remotely_pushed", [[GET, [*GET, ("cookie", "a")]]]),
    *[("send_data", [CONTENT, RARELY, [None, None, 0, 9, 255]])] * 2,
    *[("receive_data", [[content], RARELY, [len(content)]]) for content in CONTENT],
    ("receive_data", [[b"padded"], RARELY, [7, 100]]),
    ("end_stream", []),
    ("advertise_alternative_service", [[b'h2=":1"']]),
    ("increase_flow_control_window", [[1, 10, 1_000, LARGEST_WINDOW]]),
    ("receive_window_update", [[1, 10, 1_000, LARGEST_WINDOW]]),
    ("acknowledge_received_data", [[0, 1, 3, 400, 700]]),
    ("receive_alt_svc", [[("AltSvcFrame", 1, origin, b'h2=":1"') for origin in (b"", b"", b"a")]]),
    ("receive_continuation", []),
    ("reset_stream", [[0, 8]]),
    ("stream_reset", [[("RstStreamFrame", 1, code) for code in (0, 8, 99)]]),
]


def step(random: Random, client: bool) -> Step:
    """Something that a connection may do to a stream, or may not."""
    what, choices = random.choice(STEPS)
    arguments = [random.choice(each) for each in choices]
    if arguments and arguments[0] in (REQUEST, RESPONSE):
        sections = REQUESTS if client == what.startswith("send") else RESPONSES
        arguments[0] = [(name.lower(), value.strip()) for name, value in random.choice(sections)]
    if what.startswith("re"):
        arguments = [octets(each) if isinstance(each, list) else each for each in arguments]
    return what, tuple(arguments)


SENDING = {
    "upgrade", "send_headers", "push_stream_in_band", "locally_pushed", "remotely_pushed",
    "send_data", "end_stream", "advertise_alternative_service", "increase_flow_control_window",
    "reset_stream",
}  # fmt: skip
LOOKED_AT = (
    "inbound_flow_control_window", "outbound_flow_control_window", "open", "closed",
    "request_method",
)  # fmt: skip


def seen(frame_or_event: Any) -> object:
    """A frame as octets; an event as its name and what is filled in, names of others included."""
    if hasattr(frame_or_event, "serialize"):
        return frame_or_event.serialize()
    if not isinstance(frame_or_event, our_events.Event | h2.events.Event):
        return frame_or_event
    return type(frame_or_event).__name__, {
        name: seen(value)
        for name, value in vars(frame_or_event).items()
        if value not in (our_events._LAZY_INIT, h2.events._LAZY_INIT)
    }


class Alone:
    """A stream of either library, its encoder, and what became of the last step."""

    def __init__(self, root: str, stream_id: int, client: bool) -> None:
        self.root = root
        around = root.removesuffix("h2")
        self.frames = import_module(f"{around}hyperframe.frame")
        config = import_module(f"{root}.config").H2Configuration(client_side=client)
        kind = import_module(f"{root}.stream").H2Stream
        self.stream = kind(stream_id, config, 1_000, 120)
        self.stream.max_outbound_frame_size = LARGEST_FRAME
        self.encoder = import_module(f"{around}hpack").Encoder()
        self.decoded = import_module(f"{around}hpack").HeaderTuple
        self.refused = False

    def take(self, step: Step) -> object:
        """What comes of it: frames and events, or the exception."""
        what, arguments = step
        given = [
            self.encoder
            if each is ENCODER
            else getattr(self.frames, each[0])(each[1], *each[2:])
            if isinstance(each, tuple)
            else [self.decoded(*header) for header in each]
            if isinstance(each, list) and what.startswith("re")
            else each
            for each in arguments
        ]
        restored = self.root == THEIRS and what in SENDING
        before = deepcopy((self.stream, self.encoder)) if restored else None
        self.refused = False
        try:
            result = getattr(self.stream, what)(*given)
        except Exception as error:
            if before is not None:
                self.stream, self.encoder = before
            self.refused = True
            told = [seen(each) for each in getattr(error, "_events", [])]
            return type(error).__name__, int(getattr(error, "error_code", -1)), told
        if isinstance(result, tuple):
            return tuple([seen(each) for each in part] for part in result)
        return result and [seen(each) for each in result]

    def standing(self) -> dict[str, object]:
        stream = self.stream
        found = {name: getattr(stream, name) for name in LOOKED_AT}
        machine = dict(vars(stream.state_machine))
        machine["state"] = int(machine["state"])
        closed_by = machine["stream_closed_by"]
        machine["stream_closed_by"] = closed_by and closed_by.name
        if machine["trailers_sent"]:
            del found["request_method"]  # h2 has forgotten it
        window = stream._inbound_window_manager
        return found | machine | {"largest": window.max_window_size, "repr": repr(stream)}


@dataclass
class Differs:
    """A step that ended in two ways."""

    what: str
    arguments: tuple[Any, ...]
    mine: Any
    theirs: Any
    before: dict[str, object]

    def raised(self, mine: str, theirs: str | None) -> bool:
        """By the names of the exceptions; `None` where h2 went on."""
        return self.mine[0] == mine and (
            not isinstance(self.theirs[0], str) if theirs is None else self.theirs[0] == theirs
        )


# By the words of docs/compat/h2.md.
DIFFERENCES: dict[str, Callable[[Differs], bool]] = {
    "an upgrade of another stream": lambda it: (
        it.what == "upgrade" and it.raised("ProtocolError", "AssertionError")
    ),
    "a promise on a stream without a request": lambda it: (
        it.what in ("push_stream_in_band", "receive_push_promise_in_band")
        and it.raised("ProtocolError", "IndexError")
    ),
    "a promised stream that is in use": lambda it: (
        (it.what == "locally_pushed" and it.raised("ProtocolError", "AssertionError"))
        or (it.what == "remotely_pushed" and it.raised("ProtocolError", None))
    ),
    "a promise that fills a frame": lambda it: (
        it.what == "push_stream_in_band"
        and b"".join(each[9:] for each in it.mine) == b"".join(each[9:] for each in it.theirs)
        and int.from_bytes(it.mine[0][:3]) == LARGEST_FRAME
        and int.from_bytes(it.theirs[0][:3]) > LARGEST_FRAME
    ),
    "a section without fields": lambda it: (
        it.what == "send_headers" and not it.arguments[0] and it.theirs[:1] == ("IndexError",)
    ),
    "content beyond the window": lambda it: (
        it.what == "send_data" and it.raised("FlowControlError", "AssertionError")
    ),
    "a frame that is too long": lambda it: (
        it.what == "send_data" and it.raised("FrameTooLargeError", None)
    ),
    "a length that nothing makes up": lambda it: (
        it.what == "receive_headers" and it.raised("InvalidBodyLengthError", None)
    ),
    "304 has no content": lambda it: (
        it.what == "receive_data"
        and (
            it.theirs[:1] == ("InvalidBodyLengthError",)
            or it.raised("InvalidBodyLengthError", None)
        )
    ),
}


def run(seed: int, lines: Counter[str]) -> None:
    random = Random(seed)
    client = random.random() < 0.5
    stream_id = random.choice([1, 2])
    mine, theirs = Alone(OURS, stream_id, client), Alone(THEIRS, stream_id, client)
    for _ in range(LENGTH):
        before = theirs.standing()
        each = step(random, client)
        ours, other = mine.take(each), theirs.take(each)
        if ours != other:
            differs = Differs(*each, ours, other, before)
            line = next((line for line, fits in DIFFERENCES.items() if fits(differs)), None)
            assert line is not None, (seed, differs)
            lines[line] += 1
            return  # what comes behind it stands on other ground
        if mine.refused and each[0] in SENDING:
            assert mine.standing() == before, (seed, each, "a wrong call changes nothing")
        assert mine.standing() == theirs.standing(), (seed, each)


@pytest.mark.parametrize("block", range(2))
def test_random_steps_are_those_of_h2_or_on_the_list(block: int) -> None:
    lines: Counter[str] = Counter()
    for seed in range(block * ROUNDS, (block + 1) * ROUNDS):
        run(seed, lines)
    assert set(lines) == set(DIFFERENCES), "a line that nothing needs is no difference"
