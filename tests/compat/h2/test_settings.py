"""Settings change, wait and are refused as those of h2 do."""

import h2.exceptions
import h2.settings
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.compat.h2 import exceptions, settings

NAMES = (
    "header_table_size",
    "enable_push",
    "initial_window_size",
    "max_frame_size",
    "max_concurrent_streams",
    "max_header_list_size",
    "enable_connect_protocol",
)

codes = st.integers(0, 10)
values = st.sampled_from([-1, 0, 1, 2, 100, 16383, 16384, 2**24 - 1, 2**24, 2**31 - 1, 2**31])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("set"), codes, values),
        st.tuples(st.just("delete"), codes, st.just(0)),
        st.tuples(st.just("acknowledge"), st.just(0), st.just(0)),
        st.tuples(st.just("check"), codes, values),
        st.tuples(st.just("name"), st.integers(0, len(NAMES) - 1), values),
    ),
    max_size=40,
)


def look(made: settings.Settings | h2.settings.Settings) -> list[object]:
    """Everything that can be seen of the settings."""
    found: list[object] = [list(made), len(made), [type(key).__name__ for key in made]]
    for code in range(12):
        try:
            found.append(made[code])
        except KeyError:
            found.append("KeyError")
        found.append((code in made, made.get(code)))
    for name in NAMES:
        try:
            found.append(getattr(made, name))
        except KeyError:
            found.append("KeyError")
    return found


def step(
    made: settings.Settings | h2.settings.Settings, kind: str, code: int, value: int
) -> object:
    try:
        match kind:
            case "set":
                made[code] = value
            case "delete":
                del made[code]
            case "check":
                made.validate_received_setting(code, value)
            case "name":
                setattr(made, NAMES[code], value)
            case _:
                return repr(made.acknowledge())
    except (exceptions.InvalidSettingsValueError, h2.exceptions.InvalidSettingsValueError) as error:
        return str(error), error.error_code
    except KeyError as error:
        return repr(error)
    return None


@given(client=st.booleans(), steps=steps)
def test_any_steps_leave_the_settings_as_they_leave_those_of_h2(
    client: bool, steps: list[tuple[str, int, int]]
) -> None:
    ours, theirs = settings.Settings(client=client), h2.settings.Settings(client=client)
    assert look(ours) == look(theirs)
    for kind, code, value in steps:
        assert step(ours, kind, code, value) == step(theirs, kind, code, value), (kind, code, value)
        assert look(ours) == look(theirs), (kind, code, value)


@given(client=st.booleans(), first=st.dictionaries(codes, values, max_size=6))
def test_initial_values_are_in_force_at_once(client: bool, first: dict[int, int]) -> None:
    found = []
    for module in (settings, h2.settings):
        try:
            # The values are given by plain numbers, as some software does.
            found.append(look(module.Settings(client, first)))
        except ValueError as error:
            found.append([str(error)])
    assert found[0] == found[1]


def test_a_value_waits_for_its_acknowledgement_and_several_come_one_at_a_time() -> None:
    made = settings.Settings()
    made.initial_window_size = 100
    made.initial_window_size = 200
    assert made.initial_window_size == 65535, "RFC 9113 §6.5.3: the peer may not know it yet"
    changed = made.acknowledge()[settings.SettingCodes.INITIAL_WINDOW_SIZE]
    assert (changed.original_value, changed.new_value) == (65535, 100)
    assert made.acknowledge(), "the second change"
    assert made.initial_window_size == 200
    assert made.acknowledge() == {}, "nothing waits"


def test_settings_are_equal_when_what_waits_is_too() -> None:
    one, other = settings.Settings(), settings.Settings()
    assert one == other
    one[1] = 10
    assert one != other
    other[1] = 10
    assert one == other
    assert one != dict(one), "a plain dict does not say what waits"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


@pytest.mark.parametrize("code", [*range(12), 99])
def test_a_number_becomes_its_setting_and_an_unknown_one_stays_a_number(code: int) -> None:
    ours = settings._setting_code_from_int(code)
    theirs = h2.settings._setting_code_from_int(code)
    assert (ours, type(ours).__name__) == (theirs, type(theirs).__name__)


def test_a_change_prints_as_that_of_h2() -> None:
    for arguments in ((settings.SettingCodes.MAX_FRAME_SIZE, None, 3), (99, 1, 2)):
        ours = settings.ChangedSetting(*arguments)
        assert repr(ours) == repr(h2.settings.ChangedSetting(*arguments))
