"""Events beside those of h11: what they take, what they refuse, how they show."""

import copy
import dataclasses
import pickle
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.h11_ends import OURS, THEIRS

HOST = [("Host", "a")]
CASES: list[tuple[str, dict[str, Any]]] = [
    ("Request", {"method": "GET", "target": "/", "headers": HOST}),
    ("Request", {"method": b"GET", "target": b"/", "headers": [], "http_version": "1.0"}),
    ("Request", {"method": "GET", "target": "/", "headers": []}),
    ("Request", {"method": "GET", "target": "/", "headers": HOST * 2}),
    ("Request", {"method": "GE T", "target": "/", "headers": HOST}),
    ("Request", {"method": "GET", "target": "/ b", "headers": HOST}),
    ("Request", {"method": "GET", "target": "", "headers": HOST}),
    ("Request", {"method": "GET", "target": "/\u00e4", "headers": HOST}),
    ("Request", {"method": 5, "target": "/", "headers": HOST}),
    ("Request", {"method": "GET", "target": "/", "headers": 5}),
    ("Request", {"method": "GET", "target": "/"}),
    ("Response", {"status_code": 200, "headers": []}),
    ("Response", {"status_code": HTTPStatus.NOT_FOUND, "headers": [], "reason": "Not Found"}),
    ("Response", {"status_code": 199, "headers": []}),
    ("Response", {"status_code": 999, "headers": []}),
    ("Response", {"status_code": 1000, "headers": []}),
    ("Response", {"status_code": "200", "headers": []}),
    ("Response", {"status_code": 200, "headers": [("a", "b\r\nc: d")]}),
    ("InformationalResponse", {"status_code": 100, "headers": []}),
    ("InformationalResponse", {"status_code": 200, "headers": []}),
    ("InformationalResponse", {"status_code": 99, "headers": []}),
    ("Data", {"data": b"abc"}),
    ("Data", {"data": b"abc", "chunk_start": True, "chunk_end": True}),
    ("Data", {}),
    ("EndOfMessage", {}),
    ("EndOfMessage", {"headers": [("A", "b")]}),
    ("EndOfMessage", {"headers": [("A", "b\x00")]}),
    ("ConnectionClosed", {}),
]


def outcome(module: Any, name: str, arguments: dict[str, Any]) -> tuple[object, Any]:
    try:
        event = getattr(module, name)(**arguments)
    except Exception as error:
        return (type(error).__name__, getattr(error, "error_status_hint", None)), None
    return repr(event), event


@pytest.mark.parametrize(("name", "arguments"), CASES)
def test_an_event_is_made_or_refused_as_by_h11(name: str, arguments: dict[str, Any]) -> None:
    mine, event = outcome(OURS, name, arguments)
    assert mine == outcome(THEIRS, name, arguments)[0]
    if event is None:
        return
    assert isinstance(event, OURS.Event)
    assert event == outcome(OURS, name, arguments)[1]
    assert event != OURS.Data(b"other")
    for field in dataclasses.fields(event):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(event, field.name, None)
    if name != "ConnectionClosed":
        with pytest.raises(TypeError, match="unhashable"):
            hash(event)
    assert copy.copy(event) == event


@pytest.mark.parametrize("name", ["Request", "Response", "Data", "EndOfMessage"])
def test_fields_stand_in_the_order_of_h11(name: str) -> None:
    ours, theirs = (
        [field.name for field in dataclasses.fields(getattr(module, name))]
        for module in (OURS, THEIRS)
    )
    assert ours == theirs


def test_only_data_takes_its_field_by_place() -> None:
    assert OURS.Data(b"a", True).chunk_start
    for module in (OURS, THEIRS):
        with pytest.raises(TypeError):
            module.EndOfMessage([("a", "b")])


@given(st.text(max_size=8), st.sampled_from(["method", "target", "http_version", "reason"]))
def test_any_text_in_any_field_is_taken_or_refused_as_by_h11(text: str, field: str) -> None:
    name = "Response" if field == "reason" else "Request"
    parts: dict[str, Any] = {"headers": HOST, field: text}
    if name == "Response":
        parts["status_code"] = 200
    else:
        parts.setdefault("method", "GET")
        parts.setdefault("target", "/")
    assert outcome(OURS, name, parts)[0] == outcome(THEIRS, name, parts)[0]


def test_events_cross_a_process_border() -> None:
    for name, arguments in CASES:
        event = outcome(OURS, name, arguments)[1]
        if event is not None:
            assert pickle.loads(pickle.dumps(event)) == event
