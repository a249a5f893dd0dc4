"""`hyper get` against a server of our own, and against some that misbehave."""

import asyncio
import io
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hyper import __version__
from hyper.cli.arguments import GetOptions, parse_arguments
from hyper.cli.get import run_get
from hyper.cli.output import PlainScreen
from hyper.cli.progress import Bars, Transfer
from hyper.coding import accept_encoding, available, encode
from hyper.frame import ErrorCode
from hyper.io.sync import Exchange, serve
from tests.cli.conftest import Certificates, Hyper, hyper_process
from tests.support.strangers import silent, stranger

LARGE = bytes(range(256)) * 8_192  # 2 MiB: more than a window


@dataclass(slots=True)
class Origin:
    """A server, and what it was asked."""

    url: str
    peers: set[tuple[str, int]] = field(default_factory=set)
    heads: list[dict[bytes, bytes]] = field(default_factory=list)
    refusals: int = 0
    packed: dict[str, bytes] = field(default_factory=dict)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def handle(self, exchange: Exchange) -> None:
        """Answer by the path."""
        self.peers.add(exchange.peer)
        self.heads.append(
            {
                b":method": exchange.method.encode(),
                b":authority": exchange.authority.encode(),
                **dict(exchange.fields),
            }
        )
        if exchange.path == "/echo":
            exchange.respond(200, [(b"x-method", exchange.method.encode())], exchange.read())
        elif exchange.path == "/large":
            exchange.respond(200, [], LARGE)
        elif exchange.path == "/missing":
            exchange.respond(404, [], b"nothing here\n")
        elif exchange.path == "/hints":
            exchange.send_informational(103, [(b"link", b"</a>; rel=preload")])
            exchange.respond(200, [(b"x-a", b"1")], b"hinted\n")
        elif exchange.path == "/reset":
            exchange.start(200, [])
            exchange.write(b"half of it")
            exchange.reset(ErrorCode.INTERNAL_ERROR)
        elif exchange.path == "/refused" and self.refusals > 0:
            self.refusals -= 1
            exchange.reset(ErrorCode.REFUSED_STREAM)
        elif exchange.path.startswith("/packed/"):
            coding = exchange.path.removeprefix("/packed/")
            fields = [(b"content-encoding", coding.encode())]
            exchange.respond(200, fields, self.packed.get(coding, b"\x00"))
        elif exchange.path == "/wait":
            self.may_answer.wait(10)
            exchange.respond(200, [], b"at last\n")
        else:
            exchange.respond(200, [(b"set-cookie", b"id=hunter2")], exchange.path.encode() + b"\n")


@pytest.fixture
def origin() -> Iterator[Origin]:
    """In cleartext."""
    made = Origin("")
    with serve(made.handle) as server:
        made.url = f"http://127.0.0.1:{server.address[1]}"
        yield made
        made.may_answer.set()


@pytest.fixture
def secure(certificates: Certificates) -> Iterator[Origin]:
    """Over TLS."""
    made = Origin("")
    with serve(made.handle, ssl=certificates.server()) as server:
        made.url = f"https://localhost:{server.address[1]}"
        yield made


PLAIN = ("get", "--http2-prior-knowledge")


def test_a_body_goes_to_stdout_and_nothing_else_anywhere(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, f"{origin.url}/a?b")
    assert (done.code, done.out, done.err) == (0, b"/a?b\n", "")


def test_over_tls_with_an_authority_that_is_trusted(
    hyper: Hyper, secure: Origin, certificates: Certificates
) -> None:
    done = hyper("get", "--cacert", certificates.authority, f"{secure.url}/a")
    assert (done.code, done.out) == (0, b"/a\n")


def test_over_tls_without_asking_who_it_is(hyper: Hyper, secure: Origin) -> None:
    assert hyper("get", "-k", f"{secure.url}/a").out == b"/a\n"


def test_a_large_body_arrives_whole(hyper: Hyper, origin: Origin) -> None:
    assert hyper(*PLAIN, f"{origin.url}/large").out == LARGE


def test_many_urls_share_a_connection_and_come_in_order(hyper: Hyper, origin: Origin) -> None:
    paths = ["/large", *[f"/{number}" for number in range(100)], "/large", "/end"]
    done = hyper(*PLAIN, *[origin.url + path for path in paths])
    expected = [LARGE if path == "/large" else path.encode() + b"\n" for path in paths]
    assert done.code == 0
    assert done.out == b"".join(expected), "whichever the server finished first"
    assert len(origin.peers) == 1, "that is what HTTP/2 is for"


def test_each_origin_has_its_own_connection(hyper: Hyper, origin: Origin, secure: Origin) -> None:
    urls = [f"{origin.url}/1", f"{secure.url}/2", f"{origin.url}/3"]
    assert hyper(*PLAIN, "-k", *urls).out == b"/1\n/2\n/3\n"
    assert (len(origin.peers), len(secure.peers)) == (1, 1)


def test_bodies_go_to_files_in_order(hyper: Hyper, origin: Origin, tmp_path: Path) -> None:
    urls = [f"{origin.url}/{name}" for name in ("1", "large", "3")]
    done = hyper(*PLAIN, *urls, "-o", tmp_path / "one", "-o", tmp_path / "two")
    assert (done.code, done.out) == (0, b"/3\n"), "the one without an -o"
    assert (tmp_path / "one").read_bytes() == b"/1\n"
    assert (tmp_path / "two").read_bytes() == LARGE


def test_a_folder_takes_all_of_them(hyper: Hyper, origin: Origin, tmp_path: Path) -> None:
    hyper(*PLAIN, "--output-dir", tmp_path, f"{origin.url}/a/b.txt", f"{origin.url}/")
    assert (tmp_path / "b.txt").read_bytes() == b"/a/b.txt\n"
    assert (tmp_path / "index.html").read_bytes() == b"/\n"


def test_the_head_can_be_shown(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, "-i", f"{origin.url}/hints")
    assert done.out.startswith(b"HTTP/2 103\nlink: </a>; rel=preload\n\nHTTP/2 200\nx-a: 1\n"), (
        "interim responses first"
    )
    assert done.out.endswith(b"\n\nhinted\n")


def test_head_asks_for_the_head_alone(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, "-I", f"{origin.url}/large")
    assert origin.heads[0][b":method"] == b"HEAD"
    assert done.out.startswith(b"HTTP/2 200\n")
    assert b"content-length: 2097152\n" in done.out
    assert done.out.endswith(b"\n\n"), "and no body follows"


def test_fields_are_sent_as_given(hyper: Hyper, origin: Origin) -> None:
    hyper(*PLAIN, "-H", "X-Name: value", "-H", "Host: other.example", f"{origin.url}/")
    head = origin.heads[0]
    assert head[b"x-name"] == b"value"
    assert head[b":authority"] == b"other.example"
    assert head[b"user-agent"] == f"hyper/{__version__}".encode()
    assert head[b"accept"] == b"*/*"


def test_data_is_posted(hyper: Hyper, origin: Origin) -> None:
    assert hyper(*PLAIN, "-d", "a=1", "-d", "b=2", f"{origin.url}/echo").out == b"a=1&b=2"
    head = origin.heads[0]
    assert head[b":method"] == b"POST"
    assert head[b"content-length"] == b"7"
    assert head[b"content-type"] == b"application/x-www-form-urlencoded"


def test_a_file_is_sent_as_it_is_read(hyper: Hyper, origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(LARGE)
    done = hyper(*PLAIN, "-X", "PUT", "-d", f"@{tmp_path / 'f'}", f"{origin.url}/echo")
    assert done.out == LARGE
    assert origin.heads[0][b"content-length"] == b"%d" % len(LARGE)
    assert origin.heads[0][b":method"] == b"PUT"


def test_stdin_is_sent_to_its_end(origin: Origin) -> None:
    done = hyper_process(*PLAIN, "-d", "@-", f"{origin.url}/echo", stdin=LARGE)
    assert (done.code, done.out) == (0, LARGE)
    assert b"content-length" not in origin.heads[0], "nobody knew it"


def test_a_status_is_no_error_unless_it_is_asked_to_be(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, f"{origin.url}/missing")
    assert (done.code, done.out) == (0, b"nothing here\n")
    done = hyper(*PLAIN, "-f", f"{origin.url}/missing")
    assert (done.code, done.out) == (8, b""), "an error page is not what was wanted"
    assert done.error_line == f"{origin.url}/missing: the server answered 404"


def test_what_fails_does_not_stop_the_rest(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, "-f", *[origin.url + path for path in ("/1", "/missing", "/3")])
    assert (done.code, done.out) == (8, b"/1\n/3\n")
    assert "/missing" in done.error_line


def test_the_exit_code_is_that_of_the_first_that_failed(hyper: Hyper, origin: Origin) -> None:
    urls = [origin.url + path for path in ("/1", "/reset", "/missing")]
    assert hyper(*PLAIN, "-f", *urls).code == 7
    urls = [origin.url + path for path in ("/1", "/missing", "/reset")]
    assert hyper(*PLAIN, "-f", *urls).code == 8


def test_a_reset_is_told_and_what_came_is_kept(
    hyper: Hyper, origin: Origin, tmp_path: Path
) -> None:
    done = hyper(*PLAIN, "-o", tmp_path / "f", f"{origin.url}/reset")
    assert done.code == 7
    assert done.error_line == (
        f"{origin.url}/reset: stream 1: reset by the peer with INTERNAL_ERROR"
    )
    assert (tmp_path / "f").read_bytes() in (b"", b"half of it"), "never anything else"


def test_a_request_that_was_refused_is_sent_once_more(hyper: Hyper, origin: Origin) -> None:
    origin.refusals = 1
    done = hyper(*PLAIN, "-d", "x", f"{origin.url}/refused")
    assert (done.code, done.out) == (0, b"/refused\n"), "RFC 9113 §8.7: the server did nothing yet"
    assert len(origin.peers) == 2, "on another connection"


def test_a_request_that_is_refused_twice_is_an_error(hyper: Hyper, origin: Origin) -> None:
    origin.refusals = 2
    done = hyper(*PLAIN, f"{origin.url}/refused")
    assert done.code == 7
    assert "REFUSED_STREAM" in done.error_line


def test_verbose_shows_every_frame_beside_the_body(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, "-v", f"{origin.url}/x")
    assert (done.code, done.out) == (0, b"/x\n"), "the trace does not get into the body"
    for line in (
        "send connection preface",
        "send SETTINGS ",
        "recv SETTINGS ",
        "send HEADERS       stream 1",
        ":path: /x",
        "recv HEADERS       stream 1",
        ":status: 200",
        "set-cookie: <10 bytes hidden>",
        "recv DATA          stream 1, length 3",
        "send GOAWAY ",
    ):
        assert line in done.err
    assert "hunter2" not in done.err
    assert "id=hunter2" in hyper(*PLAIN, "-v", "--show-secrets", f"{origin.url}/x").err


def test_verbose_names_the_connection_where_there_are_several(
    hyper: Hyper, origin: Origin, secure: Origin
) -> None:
    done = hyper(*PLAIN, "-kv", f"{origin.url}/1", f"{secure.url}/2")
    for each in (origin, secure):
        assert f"{each.url.partition('://')[2]}  send HEADERS" in done.err


def test_time_is_limited_for_everything_together(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, "-m", "0.2", f"{origin.url}/wait")
    assert done.code == 6
    assert "0.2 s (--max-time)" in done.error_line


def test_time_is_limited_for_a_server_that_says_nothing(hyper: Hyper, origin: Origin) -> None:
    done = hyper(*PLAIN, "--read-timeout", "0.2", f"{origin.url}/wait")
    assert done.code == 6
    assert f"{origin.url}/wait: " in done.error_line
    assert "0.2 s" in done.error_line


def test_time_is_limited_for_the_handshake(hyper: Hyper) -> None:
    with stranger(silent) as (_, port):
        done = hyper(*PLAIN, "--connect-timeout", "0.2", f"http://127.0.0.1:{port}/")
    assert done.code == 6
    assert f"127.0.0.1:{port}" in done.error_line


def test_a_refused_connection_is_told_once_for_all_its_urls(hyper: Hyper) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        done = hyper("get", *[f"https://127.0.0.1:{port}/{number}" for number in range(20)])
    assert done.code == 3
    assert done.error_line == f"cannot connect to 127.0.0.1:{port}: Connection refused"


def test_ctrl_c_is_one_line_and_130() -> None:
    asked = threading.Event()

    def script(sock: socket.socket) -> None:
        sock.recv(1)
        asked.set()
        silent(sock)

    with stranger(script) as (_, port):
        process = subprocess.Popen(
            [sys.executable, "-m", "hyper", *PLAIN, f"http://127.0.0.1:{port}/"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            asked.wait(20)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"hyper: interrupted\n")


def test_ctrl_c_reaches_it_while_nobody_reads_what_it_writes(origin: Origin) -> None:
    reader, writer = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "hyper", *PLAIN, f"{origin.url}/large", f"{origin.url}/a"],
        stdout=writer,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writer)
        # More than this a pipe does not hold: it is writing now, or about to.
        os.read(reader, 1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    os.close(reader)
    assert (process.returncode, err) == (130, b"hyper: interrupted\n")


class Terminal(PlainScreen):
    """A screen with a person before it, who remembers the bars."""

    def __init__(self) -> None:
        super().__init__(io.StringIO(), terminal=True)
        self.shown: list[list[tuple[str, int, int | None]]] = []
        self.ended = 0

    def bars(self) -> Bars:
        return self

    def show(self, transfers: Sequence[Transfer], now: float) -> None:
        del now
        self.shown.append([(each.name, each.done, each.total) for each in transfers])

    def end(self) -> None:
        self.ended += 1


def fetch_before_a_person(*arguments: str) -> Terminal:
    """Each look at the clock takes a second: everything is a long download."""
    options = parse_arguments([*PLAIN, *arguments])
    assert isinstance(options, GetOptions)
    screen = Terminal()
    ticks = iter(range(1_000_000))
    with io.TextIOWrapper(io.BytesIO()) as stdout:
        code = asyncio.run(run_get(options, stdout, screen, lambda: float(next(ticks))))
    assert code == 0
    return screen


def test_a_long_download_has_a_bar(origin: Origin) -> None:
    screen = fetch_before_a_person(f"{origin.url}/large")
    dones = [shown[0][1] for shown in screen.shown]
    assert screen.shown[-1] == [("large", len(LARGE), len(LARGE))]
    assert dones == sorted(dones)
    assert screen.ended > 0, "and it leaves no trace"


@pytest.mark.parametrize("wish", ["-s", "-v"])
def test_there_is_no_bar_for_who_wants_none(origin: Origin, wish: str) -> None:
    assert fetch_before_a_person(wish, f"{origin.url}/large").shown == []


# -- HTTP/1.1 ----------------------------------------------------------------------------------


def test_http_urls_are_asked_in_http_1_1(hyper: Hyper, origin: Origin) -> None:
    done = hyper("get", "-i", f"{origin.url}/hints", f"{origin.url}/missing")
    assert done.out.decode().splitlines() == [
        "HTTP/1.1 103",
        "link: </a>; rel=preload",
        "",
        "HTTP/1.1 200 OK",
        "x-a: 1",
        "content-length: 7",
        "",
        "hinted",
        "HTTP/1.1 404 Not Found",
        "content-length: 13",
        "",
        "nothing here",
    ], "with the phrases that this version has"


def test_one_exchange_each_over_a_few_connections(hyper: Hyper, origin: Origin) -> None:
    paths = [f"/{number}" for number in range(30)]
    done = hyper("get", *[origin.url + path for path in paths])
    assert done.out == "".join([f"{path}\n" for path in paths]).encode(), "in the order given"
    assert 1 < len(origin.peers) <= 6, "HTTP/1.1 has one exchange at a time"


def test_over_tls_http_1_1_is_spoken_on_request(hyper: Hyper, secure: Origin) -> None:
    for wanted, version in (((), "HTTP/2 200"), (("--http1.1",), "HTTP/1.1 200 OK")):
        done = hyper("get", "-k", "-I", *wanted, f"{secure.url}/x")
        assert done.out.decode().splitlines()[0] == version, "by ALPN, or by the switch"


def test_uploads_go_in_http_1_1(hyper: Hyper, origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(LARGE)
    for more in ((), ("-H", "expect: 100-continue")):
        done = hyper("get", *more, "-d", f"@{tmp_path / 'f'}", f"{origin.url}/echo")
        assert done.out == LARGE, "there and back"
    assert origin.heads[0][b"content-length"] == b"%d" % len(LARGE), "a file has a length"
    piped = hyper_process("get", "-d", "@-", f"{origin.url}/echo", stdin=LARGE)
    assert piped.out == LARGE, "what has none goes in chunks"


def test_verbose_shows_the_messages_of_http_1_1(hyper: Hyper, origin: Origin) -> None:
    said = [line.strip() for line in hyper("get", "-v", f"{origin.url}/x").err.splitlines()]
    said = [line.partition("] ")[2] or line for line in said]
    assert "connected, cleartext, HTTP/1.1" in said, "what is spoken"
    assert "send GET /x HTTP/1.1, end" in said, "what was asked"
    assert "recv HTTP/1.1 200 OK" in said, "what was answered"
    assert "set-cookie: <10 bytes hidden>" in said, "as far as it may be shown"
    assert "recv content, 3 bytes, end" in said, "and how much came"


class OneEach(socketserver.StreamRequestHandler):
    """Answers one request, and hangs up on the second as if it had been idle for too long."""

    def handle(self) -> None:
        for number in range(2):
            while self.rfile.readline().strip():
                pass
            if not number:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")


def test_a_connection_that_was_closed_while_idle_is_no_error_for_what_can_be_repeated(
    hyper: Hyper,
) -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OneEach) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        urls = [f"http://127.0.0.1:{server.server_address[1]}/{n}" for n in range(8)]
        done = hyper("get", *urls)
        posted = hyper("get", "-d", "x", *urls)
        server.shutdown()
        thread.join()
    assert (done.code, done.out) == (0, b"ok\n" * 8), "RFC 9112 §9.3.1: GET is asked again"
    assert posted.code == 7, "RFC 9110 §9.2.2: POST may have done its work"
    assert 0 < posted.out.count(b"ok\n") < 8, "on a connection that was used before"


def test_a_reset_of_http_1_1_cuts_its_connection_alone(hyper: Hyper, origin: Origin) -> None:
    urls = [f"{origin.url}/{path}" for path in ("1", "reset", "3")]
    done = hyper("get", *urls)
    assert done.code == 7, "one was cut short"
    assert done.out == b"/1\nhalf of it/3\n", "and the others were not"


# -- content codings -----------------------------------------------------------------------------

TABLE = b"".join(b"<tr><td>%d</td></tr>\n" % number for number in range(60_000))


@pytest.mark.parametrize("how", ["--http1.1", "--http2-prior-knowledge"])
@pytest.mark.parametrize("coding", available())
def test_what_comes_packed_is_written_as_it_was(
    hyper: Hyper, origin: Origin, how: str, coding: str
) -> None:
    origin.packed[coding] = encode(TABLE, coding)
    done = hyper("get", how, "--compressed", f"{origin.url}/packed/{coding}")
    assert (done.code, done.err) == (0, "")
    assert done.out == TABLE
    assert origin.heads[-1][b"accept-encoding"] == accept_encoding()
    plain = hyper("get", how, f"{origin.url}/packed/{coding}")
    assert plain.out == origin.packed[coding], "unless it is asked to, it takes nothing off"
    assert b"accept-encoding" not in origin.heads[-1]


def test_the_head_of_what_is_packed_is_shown_as_it_came(hyper: Hyper, origin: Origin) -> None:
    origin.packed["gzip"] = encode(b"text\n", "gzip")
    done = hyper(*PLAIN, "--compressed", "-i", f"{origin.url}/packed/gzip")
    assert b"content-encoding: gzip\n" in done.out
    assert done.out.endswith(b"\n\ntext\n")
    head = hyper(*PLAIN, "--compressed", "-I", f"{origin.url}/packed/gzip")
    assert head.code == 0, "HEAD has no content to take anything off"


@pytest.mark.parametrize(
    ("coding", "octets", "words"),
    [
        ("gzip", b"\x1f\x8b\x08not gzip", "gzip"),
        ("gzip", encode(TABLE, "gzip")[:-9], "expected more content in gzip"),
        ("gzip", encode(TABLE, "gzip") + b"and more", "gzip"),
        ("lzma", b"whatever", "lzma"),
        ("gzip", encode(bytes(300_000_000), "gzip"), "200"),
    ],
)
def test_content_that_cannot_be_unpacked_is_one_line_and_10(
    hyper: Hyper, origin: Origin, coding: str, octets: bytes, words: str
) -> None:
    origin.packed[coding] = octets
    url = f"{origin.url}/packed/{coding}"
    done = hyper(*PLAIN, "--compressed", url, f"{origin.url}/after")
    assert done.code == 10
    assert words in done.error_line
    assert done.error_line.startswith(url)
    assert done.out.endswith(b"/after\n"), "the rest goes on"


def test_how_much_may_come_of_it_can_be_told(hyper: Hyper, origin: Origin) -> None:
    origin.packed["gzip"] = encode(bytes(30_000_000), "gzip")
    url = f"{origin.url}/packed/gzip"
    most = hyper(*PLAIN, "--compressed", "--max-unpacked", "30M", "-o", "/dev/null", url)
    assert (most.code, most.err) == (0, ""), "a ratio that is known to be meant"
    less = hyper(*PLAIN, "--compressed", "--max-unpacked", "1M", url)
    assert less.code == 10
    assert len(less.out) <= 2**20, "not a byte more"
