"""A field as a tuple that knows whether it may be indexed."""

import copy

import hpack.struct as peer
import pytest

from hyper.compat.hpack.struct import HeaderTuple, NeverIndexedHeaderTuple

KINDS = [HeaderTuple, NeverIndexedHeaderTuple]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_plain_tuple_in_all_that_a_tuple_does(kind: type[HeaderTuple]) -> None:
    field = kind(b"name", b"value")
    assert field == (b"name", b"value")
    assert hash(field) == hash((b"name", b"value")), "either finds the other in a dict"
    assert repr(field) == "(b'name', b'value')"
    name, value = field
    assert (name, value) == (b"name", b"value")
    assert type(field[:]) is tuple, "what a tuple makes of it is a plain one"


@pytest.mark.parametrize("arguments", [(), (b"a",), (b"a", b"b", True), ("a", "b")])
def test_any_number_of_any_things_goes_in(arguments: tuple[object, ...]) -> None:
    assert tuple(HeaderTuple(*arguments)) == tuple(peer.HeaderTuple(*arguments)) == arguments


def test_the_mark_is_the_type() -> None:
    assert HeaderTuple(b"a", b"b").indexable
    assert not NeverIndexedHeaderTuple(b"a", b"b").indexable
    assert HeaderTuple(b"a", b"b") == NeverIndexedHeaderTuple(b"a", b"b"), "it does not compare"
    assert not hasattr(HeaderTuple(b"a", b"b"), "__dict__"), "nor does it take any room"


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_has_the_same_parts_and_the_same_mark(kind: type[HeaderTuple]) -> None:
    field = kind(b"name", b"value")
    for twin in (copy.copy(field), copy.deepcopy(field)):  # `pickle` goes the same way
        assert twin == field, "not a tuple within a tuple"
        assert type(twin) is kind, "a mark that is lost lets the next hop index a secret"
