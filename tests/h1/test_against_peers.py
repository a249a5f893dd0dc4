"""Against h11 and llhttp: what one of them refuses we refuse too, or a sentence says why not.

Run against, never read.  Other programs are in tests/interop.
"""

from collections.abc import Callable, Mapping

import pytest

from tests.support.h1_answers import RESPONSES
from tests.support.h1_cases import REQUESTS
from tests.support.h1_reviewed import REQUESTS as REVIEWED_REQUESTS
from tests.support.h1_reviewed import RESPONSES as REVIEWED_RESPONSES
from tests.support.h1_reviewed import Reviewed, reviewed
from tests.support.h1_verdicts import CLIENTS, SERVERS, Verdict, differs, ours, ours_answered

Judge = Callable[[bytes], Verdict]


def found(cases: Mapping[str, bytes], us: Judge, them: Judge) -> dict[str, str]:
    """The cases in which we take what they refuse, or take it otherwise."""
    differences: dict[str, str] = {}
    for name, octets in cases.items():
        mine, theirs = us(octets), them(octets)
        if differs(mine, theirs):
            differences[name] = f"ours: {mine}; theirs: {theirs}"
    return differences


@pytest.mark.parametrize("program", SERVERS)
def test_what_another_server_refuses_we_refuse_or_have_a_reason(program: str) -> None:
    differences = found(REQUESTS, ours, SERVERS[program])
    lines = reviewed(REVIEWED_REQUESTS, program)
    unreviewed = {name: what for name, what in differences.items() if name not in lines}
    assert unreviewed == {}, "each is a way to smuggle until somebody has looked at it"
    assert set(lines) <= set(differences), "a line that is not true any more"


@pytest.mark.parametrize("program", CLIENTS)
def test_what_another_client_refuses_we_refuse_or_have_a_reason(program: str) -> None:
    differences = found(RESPONSES, ours_answered, CLIENTS[program])
    lines = reviewed(REVIEWED_RESPONSES, program)
    unreviewed = {name: what for name, what in differences.items() if name not in lines}
    assert unreviewed == {}, "each is a way to split until somebody has looked at it"
    assert set(lines) <= set(differences), "a line that is not true any more"


@pytest.mark.parametrize("line", [*REVIEWED_REQUESTS, *REVIEWED_RESPONSES])
def test_a_reviewed_line_is_about_cases_that_there_are(line: Reviewed) -> None:
    assert line.reason.startswith("RFC 91"), "it is the RFC that decides"
    assert set(line.cases) <= REQUESTS.keys() | RESPONSES.keys()


def test_there_are_hundreds_of_cases() -> None:
    assert len(REQUESTS) > 300
    assert len(RESPONSES) > 140


def test_what_is_right_is_taken() -> None:
    for name in ("GET", "two requests", "content", "chunks", "a trailer", "OPTIONS *", "CONNECT"):
        assert not ours(REQUESTS[name]).refused, name
    for name in ("200", "chunks", "a length", "no framing", "204", "304", "103 first"):
        assert not ours_answered(RESPONSES[name]).refused, name


def test_a_difference_is_that_we_take_more_or_something_else() -> None:
    one, two = ("GET", b""), ("GET", b"x")
    both = Verdict((one, two), refused=False)
    assert not differs(both, both)
    assert not differs(Verdict((one,), refused=True), both), "somebody has to be the stricter one"
    assert differs(both, Verdict((one,), refused=True))
    assert differs(both, Verdict((one, one), refused=False))
    assert differs(Verdict((two,), refused=True), both), "what we took they took otherwise"
