"""Against node's http2, that is nghttp2: what one refuses the other refuses too, with the same
code, or a sentence says why not.

Node hears the bytes of `tests.support.refusals` over a socket, as a server and as a client, and
behind them two PINGs, one after the other.  An answer to PING overtakes a reset; when the second
comes, all else has come, too.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyper.frame import (
    ErrorCode,
    Frame,
    FrameReader,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    RstStreamFrame,
    SettingsFrame,
    serialize,
)
from hyper.wire import Role
from tests.support.programs import first_line, program, started
from tests.support.refusals import (
    ACCEPTED,
    CASES,
    CONNECTION,
    REQUESTS,
    RESPONSES,
    STREAM,
    octets_of,
    our_judgement,
)

JUDGE = Path(__file__).with_name("judge.mjs")
FIRST, SECOND = PingFrame(b"barrier1"), PingFrame(b"barrier2")

pytestmark = pytest.mark.interop


def judgement(sock: socket.socket, reader: FrameReader) -> tuple[str, str]:
    """What node makes of what it has been sent: the verdict, and the code if there is one."""
    stream: tuple[str, str] | None = None
    sock.settimeout(20)
    while True:
        try:
            octets = sock.recv(65_536)
        except ConnectionError:
            octets = b""
        if not octets:
            return stream or (CONNECTION, "")
        for frame in reader.feed(octets):
            if isinstance(frame, GoAwayFrame) and frame.code:
                return CONNECTION, ErrorCode(frame.code).name
            if isinstance(frame, RstStreamFrame) and frame.code:
                stream = STREAM, ErrorCode(frame.code).name
            elif frame == PingFrame(FIRST.data, ack=True):
                sock.sendall(serialize(SECOND))
            elif frame == PingFrame(SECOND.data, ack=True):
                return stream or (ACCEPTED, "")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of node's."""
    log = tmp_path_factory.mktemp("node") / "log"
    with started([program("node"), JUDGE, "serve"], log) as process:
        yield int(first_line(process, log))


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[socket.socket]:
    """Where clients of node's wait, one for each case."""
    log = tmp_path_factory.mktemp("node") / "log"
    with socket.create_server(("127.0.0.1", 0), backlog=len(RESPONSES)) as listener:
        listener.settimeout(20)
        port = listener.getsockname()[1]
        with started([program("node"), JUDGE, "ask", port, len(RESPONSES)], log):
            yield listener


def judged_as_server(port: int, octets: bytes) -> tuple[str, str]:
    with socket.create_connection(("127.0.0.1", port), 20) as sock:
        sock.sendall(octets + serialize(FIRST))
        return judgement(sock, FrameReader())


def judged_as_client(listener: socket.socket, octets: bytes) -> tuple[str, str]:
    sock, _ = listener.accept()
    with sock:
        reader = FrameReader(preface=True)
        sock.sendall(serialize(SettingsFrame()) + serialize(SettingsFrame(ack=True)))
        asked: list[Frame] = []
        while not any(isinstance(frame, HeadersFrame) for frame in asked):
            asked += [f for f in reader.feed(sock.recv(65_536)) if not isinstance(f, Exception)]
        sock.sendall(octets + serialize(FIRST))
        return judgement(sock, reader)


FINE = (ACCEPTED, "")
OURS = (STREAM, "PROTOCOL_ERROR")
FATAL = (CONNECTION, "PROTOCOL_ERROR")
CLOSED = (CONNECTION, "STREAM_CLOSED")
GENERIC = (CONNECTION, "INTERNAL_ERROR")
GONE = (CONNECTION, "")

# Where we differ: our verdict, node's, the sentence that decides it, and the cases.
DIFFERENCES: list[tuple[tuple[str, str], tuple[str, str], str, list[str]]] = [
    (
        FATAL,
        GENERIC,
        "RFC 9113 §5.4: a generic error code can always be used in place of more specific ones",
        [
            "SERVER: HEADERS on stream 0",
            "SERVER: an even id",
            "SERVER: WINDOW_UPDATE of 0",
            "SERVER: WINDOW_UPDATE on idle",
            "SERVER: RST_STREAM on idle",
            "SERVER: PUSH_PROMISE",
            "SERVER: PING on a stream",
            "SERVER: SETTINGS on a stream",
            "SERVER: ENABLE_PUSH of 2",
            "SERVER: MAX_FRAME_SIZE of 1",
            "SERVER: MAX_FRAME_SIZE of 2^24",
            "SERVER: ENABLE_CONNECT_PROTOCOL of 2",
            "SERVER: GOAWAY on a stream",
            "CLIENT: a response nobody asked for",
            "CLIENT: a response on an even id",
            "CLIENT: ENABLE_PUSH of 1",
            "CLIENT: RST_STREAM on idle",
            "CLIENT: WINDOW_UPDATE on idle",
        ],
    ),
    (
        (CONNECTION, "FLOW_CONTROL_ERROR"),
        GENERIC,
        "RFC 9113 §5.4: the same",
        ["SERVER: the window too large", "SERVER: INITIAL_WINDOW_SIZE of 2^31"],
    ),
    (
        (STREAM, "STREAM_CLOSED"),
        CLOSED,
        "RFC 9113 §5.1: on a half-closed (remote) stream it MUST be a stream error",
        ["SERVER: DATA after the end"],
    ),
    (
        (STREAM, "STREAM_CLOSED"),
        GENERIC,
        "RFC 9113 §5.1: on a half-closed (remote) stream it MUST be a stream error STREAM_CLOSED",
        ["SERVER: HEADERS after the end"],
    ),
    (
        OURS,
        GENERIC,
        "RFC 9113 §6.9: MUST treat an increment of 0 as a stream error",
        ["SERVER: WINDOW_UPDATE of 0 on a stream"],
    ),
    (
        (STREAM, "FLOW_CONTROL_ERROR"),
        GENERIC,
        "RFC 9113 §6.9.1: for streams, RST_STREAM with FLOW_CONTROL_ERROR; §5.4.1: MAY be more",
        ["SERVER: a stream's window too large"],
    ),
    (
        (CONNECTION, "FLOW_CONTROL_ERROR"),
        (STREAM, "FLOW_CONTROL_ERROR"),
        "RFC 9113 §6.9.2: a SETTINGS that makes any window too large MUST be a connection error",
        ["SERVER: windows that overflow"],
    ),
    (
        OURS,
        FATAL,
        "RFC 9113 §8.1.1: malformed requests or responses MUST be treated as a stream error",
        ["CLIENT: DATA before HEADERS"],
    ),
    (
        FATAL,
        FINE,
        "RFC 9113 §5.1.1: an unexpected stream identifier MUST be a connection error",
        ["SERVER: ids that fall"],
    ),
    (
        CLOSED,
        FINE,
        "RFC 9113 §5.1: MAY treat frames on a closed stream as a connection error STREAM_CLOSED",
        [
            "SERVER: DATA after the peer's reset",
            "SERVER: HEADERS after the peer's reset",
            "CLIENT: DATA behind the end",
            "CLIENT: HEADERS behind the end",
        ],
    ),
    (
        FATAL,
        FINE,
        "RFC 9113 §6.6: a promise is a connection error where push is off, as it is with us",
        ["CLIENT: PUSH_PROMISE"],
    ),
    (
        OURS,
        FINE,
        "RFC 9113 §8.2.1: a request with a field that violates these conditions MUST be malformed",
        [
            "SERVER: an empty name",
            "SERVER: a space in a name",
            "SERVER: a newline in a value",
            "SERVER: a NUL in a value",
            "SERVER: white space around a value",
            "CLIENT: a newline in a value",
        ],
    ),
    (
        OURS,
        FINE,
        "RFC 9113 §8.3.1: SHOULD treat a Host that differs from :authority as malformed",
        ["SERVER: host that differs"],
    ),
    (
        OURS,
        FINE,
        "RFC 9113 §8.3.1: MUST NOT include the deprecated userinfo subcomponent",
        ["SERVER: user info"],
    ),
    (
        OURS,
        FINE,
        "RFC 9110 §6.5.1: MUST NOT generate a trailer field unless its definition permits that",
        ["SERVER: trailers with te"],
    ),
    (
        OURS,
        FINE,
        "RFC 9113 §8.2.2: the TE header field MAY be present in an HTTP/2 request",
        ["CLIENT: te in a response"],
    ),
    (
        OURS,
        FINE,
        "RFC 9110 §15: status codes are from 100 to 599",
        ["CLIENT: :status 99"],
    ),
    (
        FINE,
        FATAL,
        "RFC 9113 §5.3.2: deprecates the priority signals; the rule was RFC 7540's",
        ["SERVER: PRIORITY on itself"],
    ),
    (
        FINE,
        GENERIC,
        "RFC 9113 §5.3.2: the same",
        ["SERVER: a stream that depends on itself"],
    ),
    (
        FINE,
        GENERIC,
        "RFC 9113 §6.7: says nothing of an answer to no question; ours is paid for",
        ["SERVER: PING ACK nobody asked for"],
    ),
    (
        FINE,
        GONE,
        "RFC 9113 §6.8: activity on streams up to the last id can complete; node closes at once",
        ["SERVER: a request after GOAWAY", "CLIENT: GOAWAY"],
    ),
]
BY_CASE = {name: (ours, theirs) for ours, theirs, _, names in DIFFERENCES for name in names}


def compare(key: str, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    if key in BY_CASE:
        assert (ours, theirs) == BY_CASE[key], "a difference that is none any more is taken out"
    else:
        assert ours == theirs, key


@pytest.mark.parametrize("name", REQUESTS)
def test_node_as_a_server_refuses_the_same_or_a_sentence_says_why(name: str, server: int) -> None:
    octets = octets_of(Role.SERVER, REQUESTS[name])
    theirs = judged_as_server(server, octets)
    compare(f"SERVER: {name}", our_judgement(Role.SERVER, octets), theirs)


@pytest.mark.parametrize("name", RESPONSES)
def test_node_as_a_client_refuses_the_same_or_a_sentence_says_why(
    name: str, clients: socket.socket
) -> None:
    octets = octets_of(Role.CLIENT, RESPONSES[name])
    theirs = judged_as_client(clients, octets.removeprefix(serialize(SettingsFrame())))
    compare(f"CLIENT: {name}", our_judgement(Role.CLIENT, octets), theirs)


def test_every_difference_is_one_of_the_cases_and_has_its_sentence() -> None:
    assert set(BY_CASE) <= {f"{role.name}: {name}" for role, name, _ in CASES}
    for ours, theirs, sentence, _ in DIFFERENCES:
        assert ours != theirs
        assert "RFC" in sentence
