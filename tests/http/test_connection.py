"""One vocabulary: the same conversation gives the same events, whatever goes over the wire."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest

from hyper import h2
from hyper.h2 import Data, InformationalResponse, Request, Response, Trailers
from hyper.http import Connection, Event, Version
from hyper.wire import Field
from tests.support.http_pair import GET, OK, POST, Pair, events, may_close

Told: TypeAlias = list[tuple[int, str, list[Field], bytes, bool]]
"""Exchange, event, fields, content, whether it ends the message."""

Conversation: TypeAlias = Callable[[Pair], None]


def plain(news: Sequence[Event]) -> Told:
    """What was told of messages: exchanges by their ordinal, pieces of content joined."""
    told: Told = []
    ordinals: dict[int, int] = {}
    for event in news:
        if isinstance(event, Request | Response | InformationalResponse | Trailers):
            number = ordinals.setdefault(event.stream_id, len(ordinals) + 1)
            ends = isinstance(event, Trailers) or (
                not isinstance(event, InformationalResponse) and event.end_stream
            )
            told.append((number, type(event).__name__, list(event.fields), b"", ends))
        elif isinstance(event, Data):
            number = ordinals[event.stream_id]
            content, ends = event.data, event.end_stream
            if told[-1][:2] == (number, "Data"):
                content = told.pop()[3] + content
            elif not content and ends and told[-1][0] == number:
                # An end without content rides on what came before it, where nothing lies between.
                told[-1] = (*told[-1][:4], True)
                continue
            told.append((number, "Data", [], content, ends))
    return told


def requests(news: Sequence[Event]) -> list[Request]:
    return [event for event in news if isinstance(event, Request)]


def ask(pair: Pair, fields: Sequence[Field], content: Sequence[bytes] = ()) -> int:
    """A request; its stream."""
    client: Connection = pair.client
    stream_id = client.next_stream_id()
    client.send(Request(stream_id, fields, not content))
    for at, piece in enumerate(content):
        client.send(Data(stream_id, piece, at == len(content) - 1))
    pair.settle()
    return stream_id


def get_with_a_length(pair: Pair) -> None:
    stream_id = ask(pair, (*GET, (b"accept", b"*/*"), (b"x", b"1"), (b"x", b"2")))
    pair.server.send(Response(stream_id, (*OK, (b"content-length", b"5"))))
    pair.server.send(Data(stream_id, b"hello", True))


def post_without_one(pair: Pair) -> None:
    stream_id = ask(pair, POST, [b"a" * 3_000, b"", b"b" * 3_000])
    pair.server.send(Response(stream_id, OK))
    for piece in (b"c" * 5_000, b"d"):
        pair.server.send(Data(stream_id, piece))
        pair.settle()
    pair.server.send(Data(stream_id, b"e", True))


def trailers_both_ways(pair: Pair) -> None:
    client = pair.client
    stream_id = client.next_stream_id()
    client.send(Request(stream_id, (*POST, (b"te", b"trailers"))))
    client.send(Data(stream_id, b"content"))
    client.send(Trailers(stream_id, [(b"x-sum", b"1")]))
    pair.settle()
    pair.server.send(Response(stream_id, OK))
    pair.server.send(Data(stream_id, b"answer"))
    pair.server.send(Trailers(stream_id, [(b"x-sum", b"2"), (b"x-more", b"3")]))


def head(pair: Pair) -> None:
    stream_id = ask(pair, ((b":method", b"HEAD"), *GET[1:]))
    pair.server.send(Response(stream_id, (*OK, (b"content-length", b"1000")), True))


def no_content(pair: Pair) -> None:
    stream_id = ask(pair, GET)
    pair.server.send(Response(stream_id, [(b":status", b"204")], True))


def interim_responses(pair: Pair) -> None:
    stream_id = ask(pair, GET)
    for status in (b"100", b"103"):
        fields = [(b":status", status), (b"link", b"</a>")]
        pair.server.send(InformationalResponse(stream_id, fields))
    pair.server.send(Response(stream_id, (*OK, (b"content-length", b"1"))))
    pair.server.send(Data(stream_id, b"x", True))


def one_after_the_other(pair: Pair) -> None:
    for path in (b"/1", b"/2", b"/3"):
        stream_id = ask(pair, (*GET[:3], (b":path", path)), [path])
        pair.server.send(Response(stream_id, (*OK, (b"content-length", b"2"))))
        pair.server.send(Data(stream_id, path, True))
        pair.settle()


def an_answer_ahead_of_its_question(pair: Pair) -> None:
    client = pair.client
    stream_id = client.next_stream_id()
    client.send(Request(stream_id, POST))
    client.send(Data(stream_id, b"half"))
    pair.settle()
    pair.server.send(Response(stream_id, (*OK, (b"content-length", b"2"))))
    pair.server.send(Data(stream_id, b"no", True))
    pair.settle()
    client.send(Data(stream_id, b"way", True))


CONVERSATIONS: list[Conversation] = [
    get_with_a_length,
    post_without_one,
    trailers_both_ways,
    head,
    no_content,
    interim_responses,
    one_after_the_other,
    an_answer_ahead_of_its_question,
]


def told_by(talk: Conversation, version: Version, cut: int) -> tuple[Told, Told]:
    pair = Pair(version, cut)
    talk(pair)
    client, server = pair.news()
    return plain(client), plain(server)


@pytest.mark.parametrize("cut", [1, 7, 1 << 30], ids=["bytes", "sevens", "whole"])
@pytest.mark.parametrize("talk", CONVERSATIONS, ids=lambda talk: talk.__name__)
def test_a_conversation_gives_the_same_events_over_every_version(
    talk: Conversation, cut: int
) -> None:
    client, server = told_by(talk, Version.HTTP_2, 1 << 30)
    assert any(event[4] for event in client), "the client hears the end"
    assert any(event[4] for event in server), "and so does the server"
    assert told_by(talk, Version.HTTP_1_1, cut) == (client, server), "however it is cut"


@pytest.mark.parametrize("version", list(Version))
def test_a_proxy_passes_on_what_it_is_told(version: Version) -> None:
    other = Version.HTTP_2 if version is Version.HTTP_1_1 else Version.HTTP_1_1
    front, back = Pair(version), Pair(other)
    ask(front, (*POST, (b"x", b"1")), [b"question"])
    passed = {event.stream_id: back.client.next_stream_id() for event in requests(front.news()[1])}
    assert len(passed) == 1, "one request"
    ((near, far),) = passed.items()
    back.client.send(Request(far, (*POST, (b"x", b"1"))))
    back.client.send(Data(far, b"question", True))
    back.settle()
    back.server.send(Response(far, OK))
    back.server.send(Data(far, b"answer"))
    back.server.send(Trailers(far, [(b"x-sum", b"1")]))
    for event in back.news()[0]:
        if isinstance(event, Response):
            front.server.send(Response(near, event.fields, event.end_stream))
        elif isinstance(event, Data):
            front.server.send(Data(near, event.data, event.end_stream))
        elif isinstance(event, Trailers):
            front.server.send(Trailers(near, event.fields))
    assert plain(front.news()[0]) == [
        (1, "Response", list(OK), b"", False),
        (1, "Data", [], b"answer", False),
        (1, "Trailers", [(b"x-sum", b"1")], b"", True),
    ], "from one version to the other"


@pytest.mark.parametrize("version", list(Version))
def test_leaving_lets_what_is_under_way_come_to_its_end(version: Version) -> None:
    pair = Pair(version)
    stream_id = ask(pair, GET)
    pair.server.shut_down()
    pair.settle()
    assert not may_close(pair.server), "an exchange is under way"
    assert pair.server.open_streams == 1, "this one"
    pair.server.send(Response(stream_id, (*OK, (b"content-length", b"2"))))
    pair.server.send(Data(stream_id, b"ok", True))
    pair.settle()
    assert may_close(pair.server), "all is said"
    assert not pair.client.can_open, "and the client knows that it was the last"
    assert plain(pair.news()[0])[-1][3:] == (b"ok", True), "which it has heard whole"


@pytest.mark.parametrize("version", list(Version))
def test_what_is_queued_holds_the_application_back_and_then_asks_for_more(version: Version) -> None:
    pair = Pair(version)
    stream_id = ask(pair, GET)
    pair.news()
    server = pair.server
    server.send(Response(stream_id, OK))
    server.send(Data(stream_id, bytes(100_000)))
    assert server.pending(stream_id) > 65_536, "above the mark that says wait"
    assert server.wants_to_send, "there is much to send"
    while server.pending(stream_id) > 16_384:
        assert server.next_event() is None, "not yet"
        pair.client.receive_data(server.data_to_send(10_000, pair.now), pair.now)
        for event in events(pair.client):
            if isinstance(event, Data):
                pair.client.consume(stream_id, len(event.data))
        if pair.client.wants_to_send:
            server.receive_data(pair.client.data_to_send(None, pair.now), pair.now)
    assert server.next_event() == h2.Writable(stream_id), "there is room for more"
