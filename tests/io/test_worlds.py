"""Every client against every server, with TLS and without: exchanges, and how they fail."""

import hashlib
import threading
from collections.abc import Iterator, Sequence

import pytest

from hyper.frame import ErrorCode
from hyper.h2 import Limits
from hyper.io import (
    BodyTooLarge,
    Informational,
    StreamReset,
)
from hyper.wire import Field, LocalProtocolError
from tests.support.meeting import Meeting, post, until
from tests.support.worlds import (
    Client,
    Exchange,
    collect,
)

MEGABYTE = 1 << 20

# More than both windows of a server and of a client together, in pieces that fit no frame.
BIG = [bytes([number % 251]) * 65_521 for number in range(64)]
BIG_SUM = hashlib.sha256(b"".join(BIG)).hexdigest().encode()


async def count_in(exchange: Exchange) -> None:
    """Answers with the checksum of the body, in a field, in the body and in the trailers."""
    digest = hashlib.sha256()
    async for chunk in exchange:
        digest.update(chunk)
    value = digest.hexdigest().encode()
    await exchange.respond(200, [(b"x-sum", value)], value, [(b"x-sum", value)])


async def big_out(exchange: Exchange) -> None:
    """Sends a body with its checksum in the trailers."""
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for chunk in BIG:
            digest.update(chunk)
            yield chunk

    def trailers() -> Sequence[Field]:
        return [(b"x-sum", digest.hexdigest().encode())]

    await exchange.respond(200, (), pieces(), trailers)


def test_a_request_arrives_as_it_was_sent_and_so_does_the_response(either: Meeting) -> None:
    seen: list[tuple[str, str, str, str, bytes | None]] = []

    async def handler(exchange: Exchange) -> None:
        seen.append(
            (
                exchange.method,
                exchange.scheme,
                exchange.authority.partition(":")[0],
                exchange.path,
                exchange.field(b"x-note"),
            )
        )
        assert await exchange.read() == b"", "a GET has no content"
        await exchange.respond(203, [(b"x-answer", b"42")], b"hello")

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/a?b=c", fields=[(b"x-note", b"one")])
        assert response.status == 203, "as the handler said"
        assert response.field(b"x-answer") == b"42", "its fields too"
        assert response.field(b"content-length") == b"5", "a body that is there is announced"
        assert response.field(b"absent") is None, "a field that is not there is None"
        assert await response.read() == b"hello", "the whole body"
        assert await response.receive() == b"", "the end stays the end"
        assert response.trailers is None, "none were sent"
        assert client.can_open, "and the connection lives on"

    either.hold(handler, scenario)
    scheme = "https" if either.certificates else "http"
    assert seen == [("GET", scheme, "127.0.0.1", "/a?b=c", b"one")], "pseudo-fields and fields"


def test_a_head_request_gets_the_head_alone(either: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/whole":
            await exchange.respond(200, (), b"hello")
        else:
            await exchange.start(200, [(b"content-length", b"5")])
            await exchange.write(b"hello")
            await exchange.end([(b"x-sum", b"1")])

    async def scenario(client: Client) -> None:
        for path in ("/whole", "/pieces"):
            response = await client.request("HEAD", path)
            assert response.field(b"content-length") == b"5", "the length a GET would have had"
            assert await response.read() == b"", "RFC 9110 §9.3.2: no content"

    either.hold(handler, scenario)


def test_bodies_of_megabytes_arrive_whole_both_ways(either: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        await (count_in if exchange.method == "POST" else big_out)(exchange)

    async def scenario(client: Client) -> None:
        up = await client.request("POST", "/", body=iter(BIG))
        assert up.field(b"x-sum") == BIG_SUM, "an upload in pieces"
        assert await up.read() == BIG_SUM, "with a body in the answer"
        assert up.trailers == [(b"x-sum", BIG_SUM)], "and trailers behind it"
        whole = await client.request("POST", "/", body=b"".join(BIG))
        assert whole.field(b"x-sum") == BIG_SUM, "an upload of one piece"
        await whole.read()
        down = await client.request("GET", "/")
        digest = hashlib.sha256(await collect(aiter(down)))
        assert digest.hexdigest().encode() == BIG_SUM, "a download"
        assert down.trailers == [(b"x-sum", BIG_SUM)], "made by a function after the body"

    either.hold(handler, scenario)


def test_trailers_of_a_request_arrive_after_its_body(either: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        body = await exchange.read()
        await exchange.respond(200, exchange.trailers or (), body)

    async def scenario(client: Client) -> None:
        response = await client.request("POST", "/", body=b"x", trailers=[(b"x-end", b"1")])
        assert response.field(b"x-end") == b"1", "with a body"
        response = await client.request("POST", "/", trailers=lambda: [(b"x-end", b"2")])
        assert response.field(b"x-end") == b"2", "without one, and made by a function"

    either.hold(handler, scenario)


def test_interim_responses_come_in_turn_before_the_final_one(either: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.send_informational(103, [(b"link", b"</a.css>; rel=preload")])
        await exchange.send_informational(103, [(b"link", b"</b.css>; rel=preload")])
        await exchange.respond(200)

    async def scenario(client: Client) -> None:
        told: list[Informational] = []
        response = await client.request("GET", "/", on_informational=told.append)
        assert [news.fields for news in told] == [
            [(b"link", b"</a.css>; rel=preload")],
            [(b"link", b"</b.css>; rel=preload")],
        ], "each in its order"
        assert list(response.informational) == told, "and kept with the response"
        assert {news.status for news in told} == {103}, "with its status"

    either.hold(handler, scenario)


def test_both_ends_may_send_much_at_once(either: Meeting) -> None:
    # Neither end has room for what the other sends while it sends itself: whoever waits for room
    # has to read meanwhile, or both wait for ever.
    async def handler(exchange: Exchange) -> None:
        await exchange.start(200)
        async for chunk in exchange:
            await exchange.write(chunk * 2)
        await exchange.end()

    async def scenario(client: Client) -> None:
        response = await client.request("POST", "/", body=BIG[0] * 4)
        assert len(await response.read()) == 8 * len(BIG[0]), "twice what was sent"

    either.hold(handler, scenario, limits=Limits(stream_window=65_535, connection_window=65_535))


def test_a_reset_by_the_server_reaches_the_client(meeting: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/late":
            await exchange.start(200)
            await exchange.write(b"begun")
        exchange.reset(ErrorCode.ENHANCE_YOUR_CALM)

    async def scenario(client: Client) -> None:
        with pytest.raises(StreamReset, match="ENHANCE_YOUR_CALM") as caught:
            await (await client.request("GET", "/")).read()
        assert caught.value.by_peer, "it was the server"
        assert caught.value.code == ErrorCode.ENHANCE_YOUR_CALM, "with its code"
        assert not caught.value.retryable, "it may have done something"
        with pytest.raises(StreamReset):
            await (await client.request("GET", "/late")).read()
        assert await client.ping() > 0, "the connection is none the worse"

    meeting.hold(handler, scenario)


def test_a_reset_by_the_client_reaches_the_handler(meeting: Meeting) -> None:
    heard: list[BaseException] = []
    ended = threading.Event()

    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/next":
            await exchange.respond(200)
            return
        await exchange.start(200)
        await exchange.write(b"begun")
        try:
            await exchange.read()
        except StreamReset as error:
            heard.append(error)
            raise
        finally:
            ended.set()

    async def scenario(client: Client) -> None:
        stream = client.open(post("/"))
        await stream.write(b"some")
        response = await stream.response()
        assert await response.receive() == b"begun", "the exchange is under way"
        stream.reset(ErrorCode.CANCEL)
        with pytest.raises(StreamReset, match="by this side") as caught:
            await response.receive()
        assert not caught.value.by_peer, "we know that it was us"
        assert (await client.request("GET", "/next")).status == 200, "the connection lives on"
        await until(ended, client)  # the handler does not wait on

    meeting.hold(handler, scenario)
    assert isinstance(heard[0], StreamReset), "it hears what happened"
    assert heard[0].code == ErrorCode.CANCEL, "and why; on_error does not, it is no fault of his"


def test_a_handler_that_fails_gives_a_500_or_a_reset(meeting: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        if exchange.path == "/late":
            await exchange.start(200)
            await exchange.write(b"begun")
        if exchange.path != "/silent":
            raise ValueError(exchange.path)

    async def scenario(client: Client) -> None:
        response = await client.request("GET", "/early")
        assert response.status == 500, "nothing was said before"
        with pytest.raises(StreamReset, match="INTERNAL_ERROR"):
            await (await client.request("GET", "/late")).read()
        response = await client.request("GET", "/silent")
        assert response.status == 500, "returning without a response is a failure too"
        response = await client.request("POST", "/early", body=iter(BIG))
        assert response.status == 500, "also when the request was not read"

    meeting.hold(handler, scenario)
    faults, meeting.faults = meeting.faults, []
    assert [what for what, _ in faults] == [
        "GET /early",
        "GET /late",
        "GET /silent",
        "POST /early",
    ], "each is reported with its request"
    assert isinstance(faults[2][1], LocalProtocolError), "and says what was expected"


def test_a_handler_may_answer_without_reading_the_request(meeting: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        await exchange.respond(413, (), b"too much")

    async def scenario(client: Client) -> None:
        for _ in range(3):
            response = await client.request("POST", "/", body=iter(BIG))
            assert response.status == 413, "RFC 9113 §8.1: the response is not lost"
            assert await response.read() == b"too much", "nor its body"
        assert await client.ping() > 0, "and the connection goes on"

    meeting.hold(handler, scenario)


def test_read_stops_at_its_limit(either: Meeting) -> None:
    async def handler(exchange: Exchange) -> None:
        try:
            await exchange.read(limit=10)
        except BodyTooLarge as error:
            await exchange.respond(413, (), str(error).encode())
        else:
            await exchange.respond(200)

    async def scenario(client: Client) -> None:
        assert (await client.request("POST", "/", body=b"x" * 10)).status == 200, "ten are ten"
        response = await client.request("POST", "/", body=b"x" * 11)
        assert response.status == 413, "eleven are too many"
        assert b"at most 10 bytes" in await response.read(), "and the error says so"

    either.hold(handler, scenario)
