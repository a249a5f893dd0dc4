"""Flags are a set of the names that a frame defines."""

import copy

import pytest

from hyper.compat.hyperframe.flags import Flag, Flags

DEFINED = [Flag("END_STREAM", 0x1), Flag("END_HEADERS", 0x4), Flag("PADDED", 0x8)]


def flags(*names: str) -> Flags:
    made = Flags(DEFINED)
    for name in names:
        made.add(name)
    return made


def test_a_flag_is_a_name_and_a_bit() -> None:
    name, bit = Flag("PADDED", 0x8)
    assert (name, bit) == ("PADDED", 8)
    assert repr(Flag("PADDED", 0x8)) == "Flag(name='PADDED', bit=8)"


def test_they_are_shown_in_the_order_of_their_names() -> None:
    assert repr(flags("PADDED", "END_STREAM")) == str(flags("END_STREAM", "PADDED"))
    assert repr(flags("PADDED", "END_STREAM")) == "['END_STREAM', 'PADDED']"


def test_they_are_a_set() -> None:
    made = flags("PADDED")
    assert set(made) == {"PADDED"}
    assert made <= {"PADDED", "END_STREAM"}
    assert "PADDED" in made
    made.add("PADDED")
    assert len(made) == 1
    made.discard("END_STREAM")
    with pytest.raises(KeyError):
        made.remove("END_STREAM")
    assert made.pop() == "PADDED"
    assert not made


def test_a_name_without_a_bit_is_refused_and_named() -> None:
    made = Flags([Flag("ACK", 0x1)])
    with pytest.raises(ValueError, match=r"Unexpected flag: PADDED\. Valid flags are: \{'ACK'\}"):
        made.add("PADDED")
    assert not made, "nothing was changed"


def test_two_sets_make_a_third() -> None:
    assert flags("PADDED") | flags("END_STREAM") == {"PADDED", "END_STREAM"}
    assert flags("PADDED", "END_STREAM") & {"PADDED"} == {"PADDED"}
    assert flags("PADDED", "END_STREAM") - {"PADDED"} == {"END_STREAM"}
    assert list(copy.copy(flags("PADDED"))) == ["PADDED"]
