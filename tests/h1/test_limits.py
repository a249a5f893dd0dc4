"""Every limit is driven: at it all is well, above it there is a fault or an end."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from hyper.h1 import Limits, PeerFault
from hyper.wire import Role
from tests.support.h1_playbook import CHUNKED_POST, GET, OK, Play, get
from tools.floors import ROOT

START = b"GET / HTTP/1.1\r\n"

# Limit, its value, what is just within it, what is just beyond, and the status for that.
DRIVEN = [
    ("max_start_line", 20, b"GET /123456 HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ("max_field_line", 20, START + b"Host: a\r\nb: " + b"c" * 17 + b"\r\n\r\n", 431),
    ("max_head", 60, START + b"Host: a\r\nb: " + b"c" * 28 + b"\r\n\r\n", 431),
    ("max_fields", 3, START + b"Host: a\r\n" + b"b: c\r\n" * 2 + b"\r\n", 431),
    ("max_content", 5, GET[:-2] + b"Content-Length: 5\r\n\r\n", 413),
    ("max_chunk_line", 10, CHUNKED_POST + b"1;23456789\r\nx\r\n0\r\n\r\n", 400),
    ("chunk_overhead", 10, CHUNKED_POST + b"1;" + b"x" * 24 + b"\r\nx\r\n0\r\n\r\n", 400),
]


@pytest.mark.parametrize(("name", "value", "within", "status"), DRIVEN)
def test_at_a_limit_all_is_well_and_above_it_there_is_a_fault(
    name: str, value: int, within: bytes, status: int
) -> None:
    chosen, lower = Limits(), Limits()
    setattr(chosen, name, value)
    setattr(lower, name, value - 1)
    for cut in (1, 7, len(within)):
        for limit, right in ((chosen, True), (lower, False)):
            play = Play(Role.SERVER, limits=limit)
            events = []
            for at in range(0, len(within), cut):
                play.hear(within[at : at + cut])
                events += play.told()
            faults = [event.status for event in events if isinstance(event, PeerFault)]
            assert faults == ([] if right else [status]), (cut, right)


def test_a_limit_can_be_lifted() -> None:
    play = Play(Role.SERVER, limits=Limits(max_start_line=10**6, max_head=10**6))
    play.hear(b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    assert not isinstance(play.told()[0], PeerFault)


def test_interim_responses_have_a_limit() -> None:
    for count, right in ((3, True), (4, False)):
        play = Play(Role.CLIENT, limits=Limits(max_interim=3))
        play.ask(get())
        play.hear(b"HTTP/1.1 102 Processing\r\n\r\n" * count + OK)
        assert any(isinstance(event, PeerFault) for event in play.told()) is not right


# Those that are driven elsewhere, because they are about time or about what we send.
ELSEWHERE = {
    "max_interim": "test_limits.py",
    "max_requests": "test_receive_heads.py",
    "max_drain": "test_receive.py",
    "drain_timeout": "test_session.py",
    "first_byte_timeout": "test_session.py",
    "head_timeout": "test_session.py",
    "idle_timeout": "test_session.py",
    "body_timeout": "test_session.py",
    "body_grace": "test_session.py",
    "min_body_rate": "test_session.py",
}


def test_every_limit_is_driven() -> None:
    names = {field.name for field in fields(Limits)}
    assert names == {name for name, *_ in DRIVEN} | set(ELSEWHERE)
    for name, file in ELSEWHERE.items():
        assert name in (Path(__file__).parent / file).read_text("utf-8"), f"{name} in {file}"


def test_every_limit_has_its_reason() -> None:
    # By where it belongs: compiled, a module does not know its source.
    tree = ast.parse((ROOT / "src" / "hyper" / "h1" / "limits.py").read_text("utf-8"))
    [declared] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for above, below in zip(declared.body, declared.body[1:], strict=False):
        if isinstance(above, ast.AnnAssign):
            assert isinstance(below, ast.Expr), ast.unparse(above)
            assert isinstance(below.value, ast.Constant), ast.unparse(above)
