"""What the engine tells, as h11 tells it."""

from hyper import h1
from hyper.compat.h11 import _translate
from hyper.wire import Role


def told(role: Role, octets: bytes) -> list[h1.Event]:
    engine = h1.Connection(role, limits=_translate.LIMITS, leniences=_translate.LENIENCES)
    if role is Role.CLIENT:
        engine.send(h1.Request(1, b"GET", b"/", [(b"host", b"a")], True))
    engine.receive_data(octets, 0.0)
    found = []
    while (event := engine.next_event()) is not None:
        found.append(event)
    return found


def test_a_request_keeps_names_as_they_are_spelled() -> None:
    (event,) = told(Role.SERVER, b"GET /x HTTP/1.1\r\nHoSt: a\r\n\r\n")
    assert isinstance(event, h1.Request)
    request = _translate.request(event)
    assert (request.method, request.target, request.http_version) == (b"GET", b"/x", b"1.1")
    assert request.headers.raw_items() == [(b"HoSt", b"a")]


def test_responses_keep_their_reasons() -> None:
    interim, final = told(
        Role.CLIENT,
        b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 404 Gone Fishing\r\nContent-Length: 0\r\n\r\n",
    )
    assert isinstance(interim, h1.InformationalResponse)
    assert isinstance(final, h1.Response)
    assert (_translate.interim(interim).status_code, _translate.interim(interim).reason) == (
        103,
        b"Early",
    )
    assert (_translate.response(final).status_code, _translate.response(final).reason) == (
        404,
        b"Gone Fishing",
    )


def test_pieces_and_ends_have_all_their_fields() -> None:
    piece = _translate.data(b"x", True, False)
    assert (piece.data, piece.chunk_start, piece.chunk_end) == (b"x", True, False)
    trailers = _translate.end(h1.Trailers(1, [(b"a", b"b")], names=[b"A"]))
    assert trailers.headers.raw_items() == [(b"A", b"b")]
    assert list(_translate.END.headers) == []
