"""Random calls and random input for both libraries: what differs is on the list, or a fault."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.support.h11_ends import Step, difference

REQUESTS = [
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
    b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX:\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ws\r\nConnection: upgrade\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n",
    b"POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
    b"GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \t z \t\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: folded\r\n over lines\r\n\r\n",
    b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
]
RESPONSES = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 200\r\n\r\nabc",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
    b"HTTP/1.0 200 OK\r\n\r\nx",
    b"HTTP/1.1 304 N\r\nContent-Length: 9\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx",
    b"HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\nContent-Length: 0\r\n\r\n",
]
HOST = ("Host", "a")
ASKED: list[Step] = [
    ("Request", {"method": "GET", "target": "/", "headers": [HOST]}),
    ("Request", {"method": "POST", "target": "/", "headers": [HOST, ("Content-Length", "3")]}),
    (
        "Request",
        {"method": "POST", "target": "/", "headers": [HOST, ("Transfer-Encoding", "chunked")]},
    ),
    ("Request", {"method": "HEAD", "target": "/", "headers": [("X", "1"), HOST]}),
    ("Request", {"method": "GET", "target": "/", "headers": [HOST, ("Connection", "close")]}),
    ("Request", {"method": "CONNECT", "target": "a:1", "headers": [("Host", "a:1")]}),
]
ANSWERED: list[Step] = [
    ("Response", {"status_code": 200, "headers": []}),
    ("Response", {"status_code": 200, "headers": [("Content-Length", "3")]}),
    ("Response", {"status_code": 204, "headers": []}),
    ("Response", {"status_code": 304, "headers": [("Content-Length", "3")]}),
    ("Response", {"status_code": 200, "headers": [("Connection", "close")], "reason": "OK"}),
    ("Response", {"status_code": 200, "headers": [("Transfer-Encoding", "chunked")]}),
    ("InformationalResponse", {"status_code": 100, "headers": []}),
    ("InformationalResponse", {"status_code": 103, "headers": [("Link", "x")]}),
]
BODY: list[Step] = [
    ("Data", {"data": b"abc"}),
    ("Data", {"data": b""}),
    ("Data", {"data": b"ab"}),
    ("EndOfMessage", {}),
    ("EndOfMessage", {}),
    ("EndOfMessage", {"headers": [("X", "y")]}),
    ("ConnectionClosed", {}),
]


def script(random: Random, role: str) -> list[Step]:
    """Some exchanges, most of them sound."""
    steps: list[Step] = []
    for _ in range(random.randrange(1, 4)):
        turns = [said, heard] if role == "CLIENT" else [heard, said]
        for turn in turns:
            if random.random() < 0.95:
                steps += turn(random, role)
        if random.random() < 0.8:
            steps.append(("cycle",))
    return steps


def said(random: Random, role: str) -> list[Step]:
    way = random.choice(["send", "send", "pass"])
    heads = ASKED if role == "CLIENT" else ANSWERED
    events = [random.choice(heads), *random.choices(BODY, k=random.randrange(4))]
    return [(way, *event) for event in events]


def heard(random: Random, role: str) -> list[Step]:
    messages = RESPONSES if role == "CLIENT" else REQUESTS
    octets = random.choice(messages)
    if random.random() < 0.2:
        at = random.randrange(len(octets))
        odd = bytes((random.choice(b"\r\n :aZ0,;\t\x80"),))
        octets = octets[:at] + odd + octets[at + random.choice([0, 1]) :]
    if random.random() < 0.3:
        octets += random.choice(messages)
    steps: list[Step] = []
    while octets:
        size = random.choice([1, 3, len(octets), len(octets)])
        steps.append(("receive", octets[:size]))
        octets = octets[size:]
        steps += [("next",)] * random.choice([0, 0, 1])
    steps += [("next",)] * random.randrange(1, 6)
    if random.random() < 0.15:
        steps += [("receive", b""), ("next",), ("next",)]
    return steps


@dataclass(frozen=True)
class Found:
    """A difference: whose, behind which steps, what ours gave and what h11 did."""

    role: str
    steps: list[Step]
    mine: Any
    theirs: Any

    @property
    def told(self) -> Any:
        return self.mine[0]

    @property
    def expected(self) -> Any:
        return self.theirs[0]

    @property
    def octets(self) -> bytes:
        return b"".join(step[1] for step in self.steps if step[0] == "receive")

    @property
    def said(self) -> list[str]:
        return [step[1] for step in self.steps if step[0] in {"send", "pass"}]

    @property
    def serves(self) -> bool:
        return self.role == "SERVER"

    def refused(self, pattern: bytes = b"") -> bool:
        """Whether ours is a refusal of input that has such a part."""
        refusal: bool = self.told in (("RemoteProtocolError", 400), ("RemoteProtocolError", 505))
        return refusal and re.search(pattern, self.octets) is not None


# The lines of docs/compat/h11.md under which a difference may fall; the first that fits counts.
REVIEWED: dict[str, Callable[[Found], bool]] = {
    "an error: what is left of the input, and the state of the other end": lambda found: (
        "ProtocolError" in str(found.told) and found.told[0] == found.expected[0]
    ),
    "a response that ends with the connection is the last": lambda found: (
        found.told == found.expected
        and found.told[0] in {"Response", "EndOfMessage"}
        and not found.serves
        and "MUST_CLOSE" in found.mine[1][0].values()
    ),
    "an upgrade that Connection does not list": lambda found: (
        found.told == found.expected and b"Upgrade: ws" in found.octets
    ),
    "an end that has broken the protocol": lambda found: (
        found.told == found.expected and "ERROR" in found.mine[1][0].values()
    ),
    "h11 fails by itself: a request behind the answer to none": lambda found: (
        found.expected == ("AttributeError", None)
    ),
    "an expectation that nobody knows": lambda found: found.told == ("RemoteProtocolError", 417),
    "an interim response to a client of HTTP/1.0": lambda found: (
        found.serves and found.told == ("LocalProtocolError", 400) and b"/1.0" in found.octets
    ),
    "an open tunnel has no length": lambda found: (
        found.serves and b"CONNECT" in found.octets and found.told == b"HTTP/1.1 200 \r\n\r\n"
    ),
    "content behind the last response": lambda found: (
        found.serves and found.told == "NEED_DATA" and "Response" in found.said
    ),
    "a response that nobody asked for": lambda found: (
        not found.serves and found.refused() and "Request" not in found.said
    ),
    "LF alone in a request": lambda found: found.serves and found.refused(rb"(?<!\r)\n"),
    "a folded line in a request": lambda found: found.serves and found.refused(rb"\r\n[ \t]"),
    "a version that is none": lambda found: found.refused(rb"HTTP/(?!1\.[01][\r\n ])"),
    "a form that the RFC forbids": lambda found: found.refused(),
    "an empty line before a message": lambda found: found.octets[:1] in {b"\r", b"\n"},
    "who waits for 100": lambda found: (
        found.told == found.expected and found.mine[1][2] is not found.theirs[1][2]
    ),
    "the last response says so": lambda found: found.serves and b"Connection: close" in found.told,
}


def test_random_steps_show_the_same_or_what_is_on_the_list() -> None:
    fired: set[str] = set()
    for seed in range(2600):
        random = Random(seed)
        role = random.choice(["CLIENT", "SERVER"])
        steps = script(random, role)
        differs = difference(role, steps)
        if differs is None:
            continue
        number, mine, theirs = differs
        found = Found(role, steps[: number + 1], mine, theirs)
        line = next((name for name, fits in REVIEWED.items() if fits(found)), None)
        assert line is not None, (seed, found)
        fired.add(line)
    assert fired == set(REVIEWED), "a line that nothing falls under is not true any more"
