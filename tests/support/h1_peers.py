"""Other programs as judges of HTTP/1.1 octets: over sockets, directly or as proxies before us.

A server is sent the octets of a case and the end behind them; a proxy passes on what it takes to a
recorder of ours, which says what came.  A client, or a proxy, is answered with the octets of a case
by a server that says nothing else.
"""

import base64
import json
import re
import socket
import subprocess
import threading
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Final

from hyper.h1 import Connection, Data, PeerFault, Request, Response, Trailers
from hyper.wire import Role
from tests.support.h1_verdicts import Message, Verdict
from tests.support.programs import run

_SECONDS: Final = 5.0
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})")


def exchange(port: int, octets: bytes) -> tuple[bytes, int]:
    """Send the octets and the end; what comes back until the other end closes, and our port."""
    back: list[bytes] = []
    with socket.create_connection(("127.0.0.1", port), _SECONDS) as sock:
        ours: int = sock.getsockname()[1]
        # It may close when it has said what it had to say.
        with suppress(OSError):
            sock.sendall(octets)
            sock.shutdown(socket.SHUT_WR)
            while piece := sock.recv(65_536):
                back.append(piece)
    return b"".join(back), ours


class Listener(ABC):
    """A server of ours on a free port, with a thread for each connection."""

    def __init__(self) -> None:
        self._listener: Final = socket.create_server(("127.0.0.1", 0))
        self.port: Final[int] = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listener.close()

    @abstractmethod
    def serve(self, sock: socket.socket) -> None:
        """Have a conversation."""

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.settimeout(_SECONDS)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        # The other end may go when it likes.
        with sock, suppress(OSError):
            self.serve(sock)


class Recorder(Listener):
    """What stands behind a proxy: it takes every request and notes it."""

    def __init__(self) -> None:
        self._messages: list[Message] = []
        super().__init__()

    def take(self) -> tuple[Message, ...]:
        """What came since this was asked last."""
        messages, self._messages = self._messages, []
        return tuple(messages)

    def serve(self, sock: socket.socket) -> None:
        """Answer everything."""
        engine = Connection(Role.SERVER)
        method, content = "", b""
        while not engine.closed and (octets := sock.recv(65_536)):
            engine.receive_data(octets, 0.0)
            while (event := engine.next_event()) is not None:
                if isinstance(event, Request):
                    method, content = event.method.decode("latin-1"), b""
                elif isinstance(event, Data):
                    content += event.data
                elif isinstance(event, PeerFault):
                    self._messages.append(("passed on what we refuse", b""))
                    return
                if getattr(event, "end_stream", False) or isinstance(event, Trailers):
                    self._messages.append((method, content))
                    engine.send(Response(engine.next_stream_id() - 1, 200, [], True))
            sock.sendall(engine.data_to_send())


class Answerer(Listener):
    """A server that answers whatever comes with the same octets, and closes."""

    def __init__(self) -> None:
        self.octets = b""
        super().__init__()

    def serve(self, sock: socket.socket) -> None:
        """Wait for a head, and answer."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            piece = sock.recv(65_536)
            if not piece:
                return
            heard += piece
        sock.sendall(self.octets)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65_536):
            pass


# -- servers ----------------------------------------------------------------------------------


def of_proxy(port: int, recorder: Recorder, octets: bytes) -> Verdict:
    """What a proxy takes, as the recorder behind it saw it; its own answers are refusals."""
    recorder.take()
    back, _ = exchange(port, octets)
    refused = any(status not in (b"200", b"100") for status in _STATUS.findall(back))
    return Verdict(recorder.take(), refused)


def of_node(process: subprocess.Popen[bytes], port: int, octets: bytes) -> Verdict:
    """What node's server takes, as it says itself."""
    _, ours = exchange(port, octets)
    assert process.stdout is not None
    for line in process.stdout:
        told = json.loads(line)
        if told["port"] == ours:
            messages = [(method, base64.b64decode(text)) for method, text in told["messages"]]
            return Verdict(tuple(messages), bool(told["refused"]))
    raise AssertionError("node has ended")


# -- clients ----------------------------------------------------------------------------------


def of_proxy_answered(port: int, answerer: Answerer, octets: bytes) -> Verdict:
    """What a proxy makes of the answer of the server behind it."""
    answerer.octets = octets
    back, _ = exchange(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    engine = Connection(Role.CLIENT)
    engine.send(Request(1, b"GET", b"/", [(b"host", b"a")], True))
    if back:
        engine.receive_data(back, 0.0)
    engine.receive_data(b"", 0.0)
    status, content = "", b""
    while (event := engine.next_event()) is not None:
        if isinstance(event, Response):
            status = str(event.status)
        elif isinstance(event, Data):
            content += event.data
        if getattr(event, "end_stream", False) or isinstance(event, Trailers):
            if status in ("502", "504"):
                break
            return Verdict(((status, content),), False)
    return Verdict((), True)


def of_curl(curl: str, answerer: Answerer, octets: bytes) -> Verdict:
    """What curl makes of an answer."""
    answerer.octets = octets
    url = f"http://127.0.0.1:{answerer.port}/"
    done = run([curl, "-sS", "--max-time", "5", "-w", "%{stderr}%{http_code}", url])
    if done.returncode:
        return Verdict((), True)
    return Verdict(((done.stderr[-3:].decode(), done.stdout),), False)


def of_node_answered(
    process: subprocess.Popen[bytes], answerer: Answerer, octets: bytes
) -> Verdict:
    """What node's client makes of an answer."""
    answerer.octets = octets
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"%d\n" % answerer.port)
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    if told["refused"]:
        return Verdict((), True)
    return Verdict(((told["status"], base64.b64decode(told["content"])),), False)


# -- how they are set up ----------------------------------------------------------------------

NGINX: Final = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_http_version 1.1;
    proxy_ignore_client_abort on;
    proxy_next_upstream off;
    client_header_timeout 500ms;
    client_body_timeout 500ms;
    server {{ listen 127.0.0.1:{front}; location / {{ proxy_pass http://127.0.0.1:{recorder}; }} }}
    server {{ listen 127.0.0.1:{back}; location / {{ proxy_pass http://127.0.0.1:{answerer}; }} }}
}}
"""

HAPROXY: Final = """\
global
    maxconn 256
defaults
    mode http
    timeout connect 5s
    timeout client 500ms
    timeout server 500ms
    timeout http-request 500ms
    retries 0
    http-reuse never
listen front
    bind 127.0.0.1:{front}
    server recorder 127.0.0.1:{recorder}
listen back
    bind 127.0.0.1:{back}
    server answerer 127.0.0.1:{answerer}
"""


def written(folder: Path, name: str, text: str) -> Path:
    """A configuration in a file."""
    path = folder / name
    path.write_text(text)
    return path
