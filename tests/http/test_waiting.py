"""A request that waits for its turn is checked when it is asked for, not when it is sent."""

import pytest

from hyper.h2 import Data, Request, Trailers
from hyper.http.waiting import Waiting
from hyper.wire import Field, LocalProtocolError
from tests.support.http_pair import GET, POST


def test_it_keeps_what_was_said_in_order() -> None:
    waiting = Waiting(Request(3, POST), b"http")
    said: list[Data | Trailers] = [Data(3, b"ab"), Data(3, b"c"), Trailers(3, [(b"x-sum", b"1")])]
    for event in said:
        waiting.send(event)
    assert waiting.said == said, "to be said when its turn has come"
    assert waiting.size == 3, "bytes of content, which somebody has to hold meanwhile"
    assert waiting.ended, "trailers end it"


@pytest.mark.parametrize(
    "fields",
    [
        (*GET, (b"x", b"a\r\nb")),
        (*GET, (b"connection", b"close")),
        (*GET, (b":protocol", b"websocket")),
        GET[1:],
    ],
    ids=[
        "a value that would split the request",
        "a field of the connection",
        "RFC 8441",
        "no method",
    ],
)
def test_what_could_not_be_sent_is_refused_at_once(fields: list[Field]) -> None:
    with pytest.raises(LocalProtocolError):
        Waiting(Request(3, fields, True), b"http")


def test_content_keeps_to_the_length_that_was_announced() -> None:
    waiting = Waiting(Request(3, (*POST, (b"content-length", b"3"))), b"http")
    waiting.send(Data(3, b"ab"))
    with pytest.raises(LocalProtocolError):
        waiting.send(Data(3, b"cd"))
    assert waiting.said == [Data(3, b"ab")], "a call that fails changes nothing"
    waiting.send(Data(3, b"c", True))
    assert waiting.ended, "now it is whole"


def test_trailers_have_no_room_behind_a_length() -> None:
    waiting = Waiting(Request(3, (*POST, (b"content-length", b"1"))), b"http")
    waiting.send(Data(3, b"a"))
    trailers = Trailers(3, [(b"x-sum", b"1")])
    waiting.send(trailers)
    assert waiting.ended, "RFC 9110 §6.5.1: they may be dropped, and are when they are sent"
    assert waiting.said[-1] == trailers, "in HTTP/1.1 alone: whoever sends it decides"


def test_nothing_comes_behind_the_end() -> None:
    waiting = Waiting(Request(3, GET, True), b"http")
    for event in (Data(3, b"a"), Trailers(3, [(b"x", b"1")])):
        with pytest.raises(LocalProtocolError, match="exchange 3: content behind its end"):
            waiting.send(event)
