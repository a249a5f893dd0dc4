"""A secret field is a pair like any other, until somebody prints it."""

import copy

from hyper.wire import SensitiveField


def test_it_unpacks_compares_and_hashes_as_the_pair() -> None:
    field = SensitiveField(b"authorization", b"Bearer abc")
    name, value = field
    assert (name, value) == (b"authorization", b"Bearer abc")
    assert field == (b"authorization", b"Bearer abc"), "equal to the plain pair"
    assert hash(field) == hash((b"authorization", b"Bearer abc")), "so it finds it in a dict"


def test_its_repr_shows_the_name_and_hides_the_value() -> None:
    shown = repr([SensitiveField(b"authorization", b"Bearer abc")])
    assert "authorization" in shown
    assert "Bearer" not in shown, "a log must not leak it"
    assert "10 bytes" in shown, "its size is no secret: the wire shows it"


def test_it_survives_a_copy_as_what_it_is() -> None:
    field = SensitiveField(b"cookie", b"a=b")
    again = copy.copy(field)
    assert isinstance(again, SensitiveField), "a copy that forgot the mark would leak"
