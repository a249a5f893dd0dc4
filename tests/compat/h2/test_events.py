"""The events are made, compared and printed as those of h2."""

import dataclasses
import inspect

import h2.errors
import h2.events
import h2.settings
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.h2 import events, settings

NAMES = sorted(
    name
    for name, value in vars(h2.events).items()
    if isinstance(value, type) and issubclass(value, h2.events.Event)
)
KEYWORDS = [name for name in NAMES if dataclasses.is_dataclass(getattr(h2.events, name))]

identifiers = st.integers(0, 2**31 - 1)
fields = st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=30)), max_size=4)
codes = st.one_of(st.integers(0, 2**32 - 1), st.sampled_from(list(h2.errors.ErrorCodes)))
CONTENT: dict[str, st.SearchStrategy[object]] = {
    "stream_id": identifiers,
    "headers": fields,
    "data": st.binary(max_size=40),
    "flow_controlled_length": identifiers,
    "delta": identifiers,
    "ping_data": st.binary(min_size=8, max_size=8),
    "error_code": codes,
    "remote_reset": st.booleans(),
    "pushed_stream_id": identifiers,
    "parent_stream_id": identifiers,
    "weight": st.integers(1, 256),
    "depends_on": identifiers,
    "exclusive": st.booleans(),
    "last_stream_id": identifiers,
    "additional_data": st.one_of(st.none(), st.binary(max_size=40)),
    "origin": st.one_of(st.none(), st.binary(max_size=20)),
    "field_value": st.one_of(st.none(), st.binary(max_size=20)),
    "stream_ended": st.none(),
    "priority_updated": st.none(),
    "frame": st.just("a frame"),
}


def made(module: object, name: str, content: dict[str, object]) -> object:
    kind = getattr(module, name)
    if name in KEYWORDS:
        return kind(**content)
    event = kind()
    for field, value in content.items():
        setattr(event, field, value)
    return event


@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_bases_and_the_constructor_of_its_namesake(name: str) -> None:
    ours, theirs = getattr(events, name), getattr(h2.events, name)
    assert [each.__name__ for each in ours.__mro__] == [each.__name__ for each in theirs.__mro__]
    parameters = [
        (each.name, each.kind, each.default is inspect.Parameter.empty)
        for each in inspect.signature(ours).parameters.values()
    ]
    assert parameters == [
        (each.name, each.kind, each.default is inspect.Parameter.empty)
        for each in inspect.signature(theirs).parameters.values()
    ]


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(KEYWORDS)))
def test_those_that_are_filled_in_later_begin_with_the_same(name: str) -> None:
    ours, theirs = getattr(events, name)(), getattr(h2.events, name)()
    assert vars(ours) == vars(theirs)
    assert (ours == getattr(events, name)()) is False, "no two of them are equal, as in h2"


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name in NAMES
        if not name.startswith("_")
        and name not in {"Event", "RemoteSettingsChanged", "SettingsAcknowledged"}
    ),
)
@given(data=st.data())
def test_each_prints_as_its_namesake(name: str, data: st.DataObject) -> None:
    empty = getattr(h2.events, name)
    names = (
        [field.name for field in dataclasses.fields(empty)] if name in KEYWORDS else vars(empty())
    )
    content = {each: data.draw(CONTENT[each], each) for each in names}
    ours, theirs = made(events, name, content), made(h2.events, name, content)
    assert repr(ours) == repr(theirs)
    assert (ours == made(events, name, content)) is (name in KEYWORDS)
    assert vars(ours) == vars(theirs)


@given(
    old=st.dictionaries(st.integers(0, 9), identifiers, max_size=5),
    new=st.dictionaries(st.integers(0, 9), identifiers, max_size=5),
)
def test_changes_of_the_peer_are_told_as_in_h2(old: dict[int, int], new: dict[int, int]) -> None:
    ours = events.RemoteSettingsChanged.from_settings(old, new)
    theirs = h2.events.RemoteSettingsChanged.from_settings(old, new)
    assert repr(ours) == repr(theirs)
    assert [type(key).__name__ for key in ours.changed_settings] == [
        type(key).__name__ for key in theirs.changed_settings
    ]
    acknowledged, its = events.SettingsAcknowledged(), h2.events.SettingsAcknowledged()
    acknowledged.changed_settings = ours.changed_settings
    its.changed_settings = theirs.changed_settings
    assert repr(acknowledged) == repr(its)


def test_changes_are_told_against_settings_too() -> None:
    event = events.RemoteSettingsChanged.from_settings(settings.Settings(), {1: 0, 99: 7})
    table = event.changed_settings[settings.SettingCodes.HEADER_TABLE_SIZE]
    assert (table.original_value, table.new_value) == (4096, 0)
    assert event.changed_settings[99].original_value is None, "nobody set it before"
