"""Events as values: complete when made, equal by content, safe to log."""

import pytest

from hyper.frame import ErrorCode, Scope
from hyper.frame import Priority as Dependency
from hyper.h2 import (
    AltSvc,
    Data,
    Discarded,
    EndOfInput,
    Event,
    GoAway,
    InformationalResponse,
    PeerFault,
    Ping,
    Pong,
    Request,
    Reset,
    Response,
    Settings,
    SettingsAcknowledged,
    Timer,
    Trailers,
    Writable,
    events,
)
from hyper.wire import SensitiveField

FIELDS = [(b"a", b"b")]
COMPILED = not str(events.__file__).endswith(".py")

# Each event with one that differs from it in every way, and how it shows itself.
CASES: list[tuple[Event, Event, str]] = [
    (
        Request(1, FIELDS, True, Dependency(5, 16, True)),
        Request(3, [], False),
        (
            "Request(stream_id=1, fields=[(b'a', b'b')], end_stream=True, "
            "dependency=Priority(depends_on=5, weight=16, exclusive=True))"
        ),
    ),
    (
        Response(1, FIELDS, True),
        Response(3, [], False),
        "Response(stream_id=1, fields=[(b'a', b'b')], end_stream=True)",
    ),
    (
        InformationalResponse(1, FIELDS),
        InformationalResponse(3, []),
        "InformationalResponse(stream_id=1, fields=[(b'a', b'b')])",
    ),
    (
        Data(1, b"x", True, 7),
        Data(3, b""),
        "Data(stream_id=1, data=b'x', end_stream=True, padding=7)",
    ),
    (Discarded(1, 5), Discarded(3, 6), "Discarded(stream_id=1, size=5)"),
    (Trailers(1, FIELDS), Trailers(3, []), "Trailers(stream_id=1, fields=[(b'a', b'b')])"),
    (Reset(1, 7), Reset(3, 8), "Reset(stream_id=1, code=7)"),
    (Writable(1), Writable(3), "Writable(stream_id=1)"),
    (Settings([(3, 1)]), Settings([]), "Settings(values=[(3, 1)])"),
    (
        SettingsAcknowledged([(3, 1)]),
        SettingsAcknowledged([]),
        "SettingsAcknowledged(values=[(3, 1)])",
    ),
    (Ping(b"12345678"), Ping(bytes(8)), "Ping(data=b'12345678')"),
    (Pong(b"12345678", 0.5), Pong(bytes(8)), "Pong(data=b'12345678', round_trip=0.5)"),
    (GoAway(5, 2, b"why"), GoAway(7), "GoAway(last_stream_id=5, code=2, debug=b'why')"),
    (
        AltSvc(0, b"o", b"v"),
        AltSvc(1, b"", b""),
        "AltSvc(stream_id=0, origin=b'o', value=b'v')",
    ),
    (
        PeerFault(1, ErrorCode.CANCEL, Scope.STREAM, "e", "c", Timer.PREFACE),
        PeerFault(3, ErrorCode.NO_ERROR, Scope.CONNECTION, "E", "C"),
        (
            "PeerFault(stream_id=1, code=<ErrorCode.CANCEL: 8>, scope=<Scope.STREAM: 0>,"
            " expected='e', came='c', timer=<Timer.PREFACE: 0>)"
        ),
    ),
    (EndOfInput(clean=True), EndOfInput(clean=False), "EndOfInput(clean=True)"),
]


def named(case: tuple[Event, Event, str]) -> str:
    return type(case[0]).__name__


@pytest.mark.parametrize("case", CASES, ids=named)
def test_an_event_shows_all_of_itself(case: tuple[Event, Event, str]) -> None:
    event, _, shown = case
    assert repr(event) == shown


@pytest.mark.parametrize("case", CASES, ids=named)
def test_events_are_equal_by_their_content(case: tuple[Event, Event, str]) -> None:
    event, other, _ = case
    names = event.__match_args__
    same = type(event)(*[getattr(event, name) for name in names])
    assert event == same
    for name in names:
        values = [getattr(other if each == name else event, each) for each in names]
        assert event != type(event)(*values), f"{name} makes no difference"


def test_events_of_different_kinds_are_never_equal() -> None:
    for number, (event, _, _) in enumerate(CASES):
        for other, _, _ in CASES[number + 1 :]:
            assert event != other, "Ping and Pong, Request and Response hold the same things"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_fields_of_an_event_are_final(case: tuple[Event, Event, str]) -> None:
    event, other, _ = case
    name = event.__match_args__[0]
    if COMPILED:
        with pytest.raises(AttributeError):
            setattr(event, name, getattr(other, name))
    added = "added"
    with pytest.raises(AttributeError):
        setattr(event, added, 1)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_an_event_of_a_stream_has_its_id_in_front(case: tuple[Event, Event, str]) -> None:
    names = case[0].__match_args__
    assert "stream_id" not in names[1:]
    if not isinstance(case[0], Settings | SettingsAcknowledged | Ping | Pong | GoAway | EndOfInput):
        assert names[0] == "stream_id"


def test_what_is_usual_goes_without_saying() -> None:
    assert Request(1, FIELDS) == Request(1, FIELDS, False)
    assert Response(1, FIELDS) == Response(1, FIELDS, False)
    assert Data(1, b"x") == Data(1, b"x", False)
    assert Reset(1) == Reset(1, ErrorCode.CANCEL)
    assert GoAway(0) == GoAway(0, ErrorCode.NO_ERROR, b"")


def test_a_refused_stream_can_be_tried_again_and_no_other() -> None:
    assert [code for code in range(16) if Reset(1, code).retryable] == [ErrorCode.REFUSED_STREAM], (
        "RFC 9113 §8.7: a guarantee that the request has not been processed"
    )


def test_a_fault_reads_as_a_sentence() -> None:
    fault = PeerFault(5, ErrorCode.STREAM_CLOSED, Scope.STREAM, "no DATA", "DATA")
    assert str(fault) == "STREAM_CLOSED on stream 5: expected no DATA, got DATA"
    fault = PeerFault(0, ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION, "SETTINGS first", "PING")
    assert str(fault) == "PROTOCOL_ERROR on connection: expected SETTINGS first, got PING"


def test_a_secret_does_not_show() -> None:
    secret = SensitiveField(b"cookie", b"hunter2")
    for event in (Request(1, [secret]), Response(1, [secret]), Trailers(1, [secret])):
        assert "hunter2" not in repr(event)
        assert "hunter2" not in str(event)
