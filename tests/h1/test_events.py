"""Events as values: complete when made, equal by content."""

import pytest

from hyper.h1 import (
    Data,
    EndOfInput,
    Event,
    InformationalResponse,
    PeerFault,
    Preface,
    Request,
    Response,
    Trailers,
    events,
)

FIELDS = [(b"a", b"b")]
COMPILED = not str(events.__file__).endswith(".py")

# Each event with one that differs from it in every way, and how it shows itself.
CASES: list[tuple[Event, Event, str]] = [
    (
        Request(1, b"GET", b"/", FIELDS, True, b"1.0", (b"A",)),
        Request(2, b"PUT", b"*", []),
        (
            "Request(stream_id=1, method=b'GET', target=b'/', fields=[(b'a', b'b')],"
            " end_stream=True, version=b'1.0', names=(b'A',))"
        ),
    ),
    (
        Response(1, 200, FIELDS, True, b"OK", b"1.0", (b"A",)),
        Response(2, 404, []),
        (
            "Response(stream_id=1, status=200, fields=[(b'a', b'b')], end_stream=True,"
            " reason=b'OK', version=b'1.0', names=(b'A',))"
        ),
    ),
    (
        InformationalResponse(1, 103, FIELDS, b"Hints", b"1.0", (b"A",)),
        InformationalResponse(2, 100, []),
        (
            "InformationalResponse(stream_id=1, status=103, fields=[(b'a', b'b')],"
            " reason=b'Hints', version=b'1.0', names=(b'A',))"
        ),
    ),
    (
        Data(1, b"x", True, b";a"),
        Data(2, b""),
        "Data(stream_id=1, data=b'x', end_stream=True, chunk_extension=b';a')",
    ),
    (
        Trailers(1, FIELDS, (b"A",)),
        Trailers(2, []),
        "Trailers(stream_id=1, fields=[(b'a', b'b')], names=(b'A',))",
    ),
    (
        PeerFault(1, 400, "this", "that"),
        PeerFault(2, 501, "", ""),
        "PeerFault(stream_id=1, status=400, expected='this', came='that')",
    ),
    (EndOfInput(True), EndOfInput(False), "EndOfInput(clean=True)"),
]


@pytest.mark.parametrize(("event", "other", "shown"), CASES)
def test_an_event_equals_its_like_and_shows_itself(event: Event, other: Event, shown: str) -> None:
    values = [getattr(event, name) for name in type(event).__match_args__]
    again = type(event)(*values)
    assert again == event, "equal by content"
    assert event != other
    assert repr(event) == shown


def test_a_preface_is_like_any_other() -> None:
    assert Preface() == Preface()
    assert repr(Preface()) == "Preface()"


@pytest.mark.parametrize(("event", "other", "shown"), CASES)
def test_no_event_has_an_attribute_that_nobody_declared(
    event: Event, other: Event, shown: str
) -> None:
    del other, shown
    added = "note"
    with pytest.raises(AttributeError):
        setattr(event, added, 1)


def test_a_compiled_event_cannot_be_changed() -> None:
    if not COMPILED:
        pytest.skip("only mypy and the compiled build hold `Final` attributes")
    name = "data"
    with pytest.raises(AttributeError):
        setattr(Data(1, b"x"), name, b"y")


def test_a_fault_says_where_what_was_expected_and_what_came() -> None:
    fault = PeerFault(3, 400, "one Host", "two")
    assert str(fault) == "400 on exchange 3: expected one Host, got two"


def test_a_match_takes_an_event_apart() -> None:
    match CASES[0][0]:
        case Request(stream_id, method, target, fields):
            assert (stream_id, method, target, fields) == (1, b"GET", b"/", FIELDS)
        case _:
            raise AssertionError("the attributes are the positional patterns")
