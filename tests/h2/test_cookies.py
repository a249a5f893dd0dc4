"""Cookies in one field or in many (RFC 9113 §8.2.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.h2 import join_cookies, split_cookies
from hyper.wire import Field, SensitiveField
from tests.support.playbook import GET

CRUMBS: list[Field] = [(b"cookie", b"a=b"), (b"accept", b"*/*"), (b"cookie", b"c=d")]


def test_crumbs_become_one_cookie_in_the_place_of_the_first() -> None:
    assert join_cookies([*GET, *CRUMBS]) == [
        *GET,
        (b"cookie", b"a=b; c=d"),
        (b"accept", b"*/*"),
    ], "RFC 9113 §8.2.3: concatenated by a semicolon and a space"


@pytest.mark.parametrize("fields", [GET, [*GET, CRUMBS[0]], []])
def test_what_has_one_cookie_at_most_stays_the_very_object(fields: list[Field]) -> None:
    assert join_cookies(fields) is fields, "nothing is copied for the usual request"


def test_a_secret_crumb_makes_the_whole_a_secret() -> None:
    (whole,) = join_cookies([CRUMBS[0], SensitiveField(b"cookie", b"id=1")])
    assert isinstance(whole, SensitiveField), "RFC 7541 §6.2.3: it must stay never-indexed"
    assert whole == (b"cookie", b"a=b; id=1"), "and complete"
    assert b"id=1" not in repr(whole).encode(), "and unseen"


def test_a_cookie_is_split_into_its_pairs() -> None:
    assert split_cookies([(b"cookie", b"a=b; c=d"), (b"x", b"a; b")]) == [
        (b"cookie", b"a=b"),
        (b"cookie", b"c=d"),
        (b"x", b"a; b"),
    ], "RFC 9113 §8.2.3: separate field lines, each with one or more pairs"
    secret = split_cookies([SensitiveField(b"cookie", b"a=b; c=d")])
    assert all(isinstance(crumb, SensitiveField) for crumb in secret), "each crumb is as secret"


def test_a_secret_beside_the_cookies_stays_one() -> None:
    secret = SensitiveField(b"authorization", b"hunter2")
    for fields in (join_cookies([secret, *CRUMBS]), split_cookies([secret, (b"cookie", b"a; b")])):
        assert fields[0] is secret, "RFC 7541 §6.2.3: what is no cookie is not touched"


@pytest.mark.parametrize("fields", [GET, [CRUMBS[0]], []])
def test_what_has_nothing_to_split_stays_the_very_object(fields: list[Field]) -> None:
    assert split_cookies(fields) is fields, "nothing is copied for the usual request"


@given(st.binary())
def test_what_is_split_and_joined_is_as_it_was(value: bytes) -> None:
    fields: list[Field] = [(b"a", b"1"), (b"cookie", value), (b"b", b"2")]
    assert list(join_cookies(split_cookies(fields))) == fields, "no octet is lost or moved"
