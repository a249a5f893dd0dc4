"""Random calls and random frames for H2Connection and for that of h2, side by side.

What both take must show the same: bytes, events, states.  What h2 refuses ours refuses with the
same exception, and stays as it was; h2 does not, so that it begins anew behind a wrong call.
Whatever differs is on one of the lists below, as in docs/compat/h2.md.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from random import Random
from typing import Any, TypeAlias

import pytest

from hyper.frame import Flag, FrameType
from hyper.hpack import Encoder
from hyper.wire import Field
from tests.support.h2_ends import GET, HEAD, OK, OURS, POST, THEIRS, Ends

Call: TypeAlias = tuple[str, str, tuple[Any, ...], dict[str, Any]]
"""Which end, which method, its arguments by place and by name."""

REQUESTS = [
    GET,
    POST,
    HEAD,
    [*POST, ("content-length", "3")],
    [*GET, ("X-Up", " v "), ("cookie", "a=b"), ("cookie", "c=d")],
    [*GET, ("authorization", "secret")],
]
RESPONSES = [
    OK,
    [(":status", "204")],
    [*OK, ("content-length", "3")],
    [(":status", "103"), ("link", "x")],
    [*OK, ("x", "y" * 50)],
]


def call(random: Random, ends: Ends, stream_ids: list[int]) -> Call:
    """Something that a program may do, or may not."""
    role = random.choice(["client", "server"])
    connection = getattr(ends, role).connection
    stream_id = random.choice(stream_ids)
    what = random.choice(CALLS)
    arguments: tuple[Any, ...] = (stream_id,)
    named: dict[str, Any] = {}
    if what == "send_headers":
        if role == "client":
            stream_id = connection.get_next_available_stream_id()
            stream_ids.append(stream_id)
        sections = REQUESTS if role == "client" else RESPONSES
        arguments = (stream_id, random.choice(sections))
        named = {"end_stream": random.random() < 0.5}
    elif what == "trailers":
        return role, "send_headers", (stream_id, [("sum", "1")]), {"end_stream": True}
    elif what == "send_data":
        arguments = (stream_id, b"x" * random.choice([0, 1, 3, 100, 16_384, 16_385]))
        named = {"end_stream": random.random() < 0.3, "pad_length": random.choice([None, None, 9])}
    elif what == "reset_stream":
        named = {"error_code": random.choice([0, 8])}
    elif what == "ping":
        arguments = (random.choice([b"12345678", b"short"]),)
    elif what == "acknowledge_received_data":
        arguments = (random.choice([-1, 0, 1, 3, 20_000]), stream_id)
    elif what == "increment_flow_control_window":
        arguments = (random.choice([0, 1, 1_000, 2**20, 2**31]),)
        named = {"stream_id": random.choice([None, stream_id])}
    elif what == "update_settings":
        code = random.choice([1, 3, 4, 5, 6, 99])
        arguments = ({code: random.choice([0, 1, 100, 16_384, 65_535, 100_000])},)
    elif what == "prioritize":
        named = {"weight": random.choice([None, 1, 256, 300]), "depends_on": random.choice([0, 1])}
    elif what == "push_stream":
        arguments = (stream_id, random.choice([2, 4, 6, 7]), GET)
    return role, what, arguments, named


CALLS = [
    *["send_headers"] * 4,
    *["send_data"] * 3,
    "trailers",
    "end_stream",
    "reset_stream",
    "ping",
    "acknowledge_received_data",
    "increment_flow_control_window",
    "update_settings",
    "prioritize",
    "push_stream",
    "local_flow_control_window",
    "remote_flow_control_window",
]

# Calls that one of the two refuses, or both with exceptions of different types: what ours gives,
# and what h2 does.  `-` is no exception.
REFUSED_OTHERWISE = {
    ("send_data", "ProtocolError", "-"): "`send_data` before `send_headers` on a server",
    ("end_stream", "ProtocolError", "-"): "the same",
    ("send_data", "NoSuchStreamError", "ProtocolError"): "no content, on no stream",
    ("send_data", "NoSuchStreamError", "KeyError"): "no content, on no stream",
    ("send_data", "StreamClosedError", "KeyError"): "no content, on a stream that is gone",
}


def apply(ends: Ends, step: Call) -> str:
    """Make a call; what it raised, or `-`."""
    role, method, arguments, named = step
    ends.log.clear()
    getattr(ends, role).call(method, *arguments, **named)
    line = ends.log[0]
    return line.split()[3] if line.split()[2] == "raises" else "-"


def standing(ends: Ends) -> list[str]:
    """How everything stands."""
    ends.log.clear()
    ends.look()
    return list(ends.log)


def settled(ends: Ends) -> list[str]:
    """All that follows from what was done, and how everything stands."""
    ends.carry()
    ends.look()
    return list(ends.log)


def first_difference(mine: list[str], theirs: list[str]) -> tuple[str, str]:
    """The first lines that are not the same."""
    for ours, other in zip_longest(mine, theirs, fillvalue=""):
        if ours != other:
            return ours, other
    return "", ""


# What follows otherwise: by the first lines that differ, ours and h2's.
Fits: TypeAlias = Callable[[str, str], bool]

SETTLED_OTHERWISE: dict[str, Fits] = {
    "a malformed message resets its stream": lambda mine, theirs: (
        ("StreamReset" in mine and "remote_reset:False" in mine)
        or ("receive_data []" in mine and "receive_data" in theirs)
    ),
    "an encoder's table has 65,536 octets at most": lambda mine, theirs: (
        "3fe1ff03" in mine and "3f818d06" in theirs
    ),
    "streams that a GOAWAY leaves out are over": lambda mine, theirs: (
        "ConnectionState.CLOSED" in mine and "ConnectionState.CLOSED" in theirs
    ),
}


def line_of(lines: Mapping[str, Fits], mine: str, theirs: str) -> str | None:
    """On which line of the list a difference is."""
    return next((name for name, fits in lines.items() if fits(mine, theirs)), None)


def test_random_calls_show_the_same_and_wrong_ones_change_nothing() -> None:
    fired: Counter[str] = Counter()
    for seed in range(250):
        random = Random(seed)
        ours, theirs = Ends(OURS), Ends(THEIRS)
        stream_ids = [1, 3]
        done: list[Call] = []
        for _ in range(random.randrange(5, 25)):
            step = call(random, ours, stream_ids)
            before = standing(ours)
            mine, other = apply(ours, step), apply(theirs, step)
            if (mine, other) == ("-", "-"):
                done.append(step)
                lines = first_difference(settled(ours), settled(theirs))
                if lines == ("", ""):
                    continue
                line = line_of(SETTLED_OTHERWISE, *lines)
                assert line is not None, (seed, step, *lines)
                fired[line] += 1
                break
            if mine != other:
                key = (step[1], mine, other)
                assert key in REFUSED_OTHERWISE, (seed, step, mine, other)
                fired[REFUSED_OTHERWISE[key]] += 1
            if mine == "-":
                break
            assert standing(ours) == before, (seed, step, "a wrong call changes nothing")
            theirs = Ends(THEIRS)
            for each in done:
                apply(theirs, each)
                settled(theirs)
    expected = {*REFUSED_OTHERWISE.values(), *SETTLED_OTHERWISE}
    assert set(fired) == expected, "a line that never fires is not true any more"


# -- what a peer says -----------------------------------------------------------------------------

OPENING: list[Field] = [
    (b":method", b"GET"),
    (b":scheme", b"https"),
    (b":authority", b"a"),
    (b":path", b"/"),
]
SECTIONS: list[list[Field]] = [
    OPENING,
    OPENING,
    [(b":method", b"POST"), *OPENING[1:], (b"content-length", b"3")],
    [*OPENING, (b"Upper", b"x")],
    OPENING[1:],
    [*OPENING, (b"connection", b"close")],
    [*OPENING, (b"te", b"trailers"), (b"cookie", b"a=b"), (b"cookie", b"c=d")],
    [(b":status", b"200")],
    [(b":status", b"200")],
    [(b":status", b"103"), (b"link", b"x")],
    [(b":status", b"200"), (b"content-length", b"3")],
    [(b"sum", b"1")],
]


def raw(kind: FrameType | int, flags: int, stream_id: int, payload: bytes) -> bytes:
    """A frame, whatever is wrong with it (RFC 9113 §4.1)."""
    head = len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream_id.to_bytes(4, "big")
    return head + payload


def frame(random: Random, encoder: Encoder) -> bytes:
    """Something that a peer may say, or may not."""
    stream_id = random.choice([1, 1, 1, 3, 3, 5, 2])
    odd = random.random() < 0.05
    end = Flag.END_STREAM if random.random() < 0.35 else 0
    kind = random.choice(KINDS)
    section = random.choice(SECTIONS)
    # Each block changes the table, and so must be sent.
    block = encoder.encode(section) if kind in {"headers", "continuation", "promise"} else b""
    match kind:
        case "headers":
            flags = end | (0 if odd else Flag.END_HEADERS)
            if random.random() < 0.2:
                block = bytes((0, 0, 0, 0, 6)) + block
                flags |= Flag.PRIORITY
            octets = raw(FrameType.HEADERS, flags, stream_id, block)
        case "data":
            content = b"x" * random.choice([0, 1, 3, 1_000])
            padded = Flag.PADDED if random.random() < 0.3 else 0
            payload = b"\x02" + content + b"\0\0" if padded else content
            octets = raw(FrameType.DATA, end | padded, stream_id, payload)
        case "settings":
            code = random.choice([1, 2, 3, 4, 5, 6, 8, 99])
            value = random.choice([0, 1, 100, 16_384, 65_535, 2**31])
            payload = code.to_bytes(2, "big") + value.to_bytes(4, "big")
            octets = raw(FrameType.SETTINGS, 0, 0, payload)
        case "acknowledgement":
            octets = raw(FrameType.SETTINGS, Flag.ACK, 0, b"")
        case "window":
            payload = random.choice([1, 1, 1_000, 2**31 - 1, 0]).to_bytes(4, "big")
            octets = raw(FrameType.WINDOW_UPDATE, 0, random.choice([0, stream_id]), payload)
        case "reset":
            payload = random.choice([0, 8, 999]).to_bytes(4, "big")
            octets = raw(FrameType.RST_STREAM, 0, stream_id, payload)
        case "priority":
            payload = random.choice([0, 9]).to_bytes(4, "big") + b"\x03"
            octets = raw(FrameType.PRIORITY, 0, stream_id, payload)
        case "ping":
            octets = raw(FrameType.PING, random.choice([0, Flag.ACK]), 0, b"12345678")
        case "goaway":
            payload = random.choice([0, 1, 2**31 - 1]).to_bytes(4, "big") + b"\0\0\0\x0bwhy"
            octets = raw(FrameType.GOAWAY, 0, 0, payload)
        case "continuation":
            octets = raw(FrameType.CONTINUATION, Flag.END_HEADERS, stream_id, block)
        case "promise":
            payload = random.choice([2, 4, 3]).to_bytes(4, "big") + block
            octets = raw(FrameType.PUSH_PROMISE, Flag.END_HEADERS, stream_id, payload)
        case _:
            octets = raw(0xEE, 0, stream_id, b"whatever")
    if odd and kind != "headers":
        at = random.randrange(len(octets))
        octets = octets[:at] + bytes((random.randrange(256),)) + octets[at + 1 :]
    return octets


KINDS = [
    *["headers"] * 6,
    *["data"] * 4,
    "settings",
    "acknowledgement",
    "window",
    "window",
    "reset",
    "priority",
    "ping",
    "goaway",
    "continuation",
    "promise",
    "unknown",
]


def own_call(random: Random, role: str) -> Call:
    """Something that the program may say meanwhile."""
    stream_id = random.choice([1, 1, 3, 2])
    section = GET if role == "client" else OK
    return random.choice(
        [
            (role, "send_headers", (stream_id, section), {"end_stream": random.random() < 0.5}),
            (role, "send_data", (stream_id, b"abc"), {"end_stream": random.random() < 0.5}),
            (role, "reset_stream", (stream_id,), {}),
            (role, "acknowledge_received_data", (3, stream_id), {}),
            (role, "close_connection", (), {}),
        ]
    )


class Witness:
    """One end of one of the libraries, with a peer that is made of frames."""

    def __init__(self, root: str, role: str) -> None:
        ends = Ends(root)
        self.end = getattr(ends, role)
        self.log = ends.log
        self.end.connection.data_to_send()

    def hear(self, octets: bytes) -> list[str]:
        """What comes of bytes, and how everything stands then."""
        self.log.clear()
        self.end.call("receive_data", octets)
        return self.rest()

    def do(self, step: Call) -> list[str]:
        """The same of a call."""
        self.log.clear()
        self.end.call(step[1], *step[2], **step[3])
        return self.rest()

    def rest(self) -> list[str]:
        self.log.append(f"says {self.end.connection.data_to_send().hex()}")
        self.end.look()
        return list(self.log)


@dataclass(frozen=True)
class Heard:
    """A difference: the first lines that are not the same, and whether a GOAWAY went before."""

    mine: str
    theirs: str
    going: bool
    frame: bytes

    def raised(self, name: str) -> bool:
        """Whether ours raised so."""
        return f" raises {name}" in self.mine

    @property
    def refused(self) -> bool:
        """Whether h2 raised anything."""
        return " raises " in self.theirs


# The lines of docs/compat/h2.md under which what is heard may fall; the first that fits counts.
HEARD_OTHERWISE: dict[str, Callable[[Heard], bool]] = {
    "behind a GOAWAY the rest goes on": lambda heard: heard.going and heard.refused,
    "a frame is refused by its header": lambda heard: (
        heard.raised("FrameTooLargeError") or heard.raised("FrameDataMissingError")
    ),
    "a malformed message resets its stream": lambda heard: (
        "remote_reset:False" in heard.mine
        and (heard.refused or "Received stream_id" in heard.theirs)
    ),
    "of a malformed request nobody is told": lambda heard: (
        heard.mine.endswith("receive_data []") or "['<PriorityUpdated" in heard.mine
    ),
    "h2 has an exception of its own for the fault": lambda heard: (
        heard.raised("ProtocolError") and heard.refused
    ),
    "a priority in HEADERS that are no request is told by itself": lambda heard: (
        "PriorityUpdated" in heard.mine
        and ("priority_updated=" in heard.theirs or "PriorityUpdated" not in heard.theirs)
    ),
    "how many are open behind the end": lambda heard: (
        "ConnectionState.CLOSED" in heard.mine and "ConnectionState.CLOSED" in heard.theirs
    ),
    "the last stream of a GOAWAY is one that was told of": lambda heard: (
        heard.mine.startswith("says 00000807") and heard.theirs.startswith("says 00000807")
    ),
    "what nobody wants is not answered": lambda heard: (
        heard.mine == "says " and heard.theirs.startswith("says 00000403")
    ),
    "a request to a client": lambda heard: (
        heard.raised("ProtocolError") and "RequestReceived" in heard.theirs
    ),
    "RST_STREAM on an idle stream, CONTINUATION of nothing": lambda heard: (
        heard.raised("ProtocolError") and "receive_data" in heard.theirs
    ),
    "a frame on a stream that both have ended": lambda heard: heard.raised("StreamClosedError"),
    "the reserved bit of WINDOW_UPDATE is ignored": lambda heard: (
        "WindowUpdated" in heard.mine and heard.refused
    ),
    "a promise on a stream that was reset": lambda heard: (
        heard.mine.startswith("says 000004030000") and heard.mine.endswith("00000008")
    ),
}


def conversation(seed: int) -> Heard | None:
    """A random peer says things to both; the first difference, if there is one."""
    random = Random(seed)
    role = random.choice(["client", "server"])
    ours, theirs = Witness(OURS, role), Witness(THEIRS, role)
    encoder = Encoder()
    going = False
    if role == "client":
        section = [GET, POST, HEAD][seed % 3]
        for stream_id in (1, 3):
            step = (role, "send_headers", (stream_id, section), {"end_stream": seed % 2 == 0})
            assert ours.do(step) == theirs.do(step)
    for _ in range(random.randrange(3, 20)):
        if random.random() < 0.2:
            step = own_call(random, role)
            mine, other = ours.do(step), theirs.do(step)
            octets = b""
            going = going or step[1] == "close_connection"
            if " raises " in mine[0]:
                # What calls are refused for is the other test's; h2 is of no more use now.
                return None
        else:
            octets = frame(random, encoder)
            mine, other = ours.hear(octets), theirs.hear(octets)
        lines = first_difference(mine, other)
        if lines != ("", ""):
            return Heard(*lines, going, octets)
        if " raises " in mine[0]:
            return None
        going = going or octets[3:4] == bytes((FrameType.GOAWAY,))
    return None


@pytest.mark.parametrize("block", range(4))
def test_random_frames_are_heard_as_by_h2_or_as_the_list_says(block: int) -> None:
    fired: Counter[str] = Counter()
    for seed in range(block * 1_000, block * 1_000 + 1_000):
        heard = conversation(seed)
        if heard is not None:
            line = next((name for name, fits in HEARD_OTHERWISE.items() if fits(heard)), None)
            assert line is not None, (seed, heard)
            fired[line] += 1
    # The rare ones need not be in each block.
    assert len(fired) >= len(HEARD_OTHERWISE) - 3
