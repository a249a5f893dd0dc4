"""Sentinels, errors and helpers."""

import re
from typing import Any

import h11._util as peer
import pytest

import hyper.compat.h11._util as ours
from hyper.compat.h11 import IDLE, NEED_DATA, PAUSED, SEND_BODY


@pytest.mark.parametrize("sentinel", [NEED_DATA, PAUSED, IDLE, SEND_BODY])
def test_a_sentinel_is_its_own_type_and_shows_its_name(sentinel: Any) -> None:
    assert type(sentinel) is sentinel
    assert isinstance(sentinel, ours.Sentinel)
    assert repr(sentinel) == sentinel.__name__


@pytest.mark.parametrize("name", ["ProtocolError", "LocalProtocolError", "RemoteProtocolError"])
def test_errors_are_of_the_same_kinds_and_have_a_hint(name: str) -> None:
    for module in (ours, peer):
        error: Any = getattr(module, name)
        if name == "ProtocolError":
            with pytest.raises(TypeError):
                error("nobody raises it")
            continue
        assert issubclass(error, module.ProtocolError)
        assert (str(error("no")), error("no").error_status_hint) == ("no", 400)
        assert error("no", error_status_hint=431).error_status_hint == 431


def test_a_fault_of_the_peer_is_raised_anew_as_such() -> None:
    for module in (ours, peer):
        with pytest.raises(module.RemoteProtocolError, match="it") as caught:
            raise_anew(module)
        assert caught.value.error_status_hint == 431


def raise_anew(module: Any) -> None:
    try:
        raise module.LocalProtocolError("it", 431)
    except module.LocalProtocolError as error:
        error._reraise_as_remote_protocol_error()


@pytest.mark.parametrize(
    "given", [b"a", "a", bytearray(b"a"), memoryview(b"a"), 5, "\u00e4", None, []]
)
def test_text_and_buffers_become_bytes(given: Any) -> None:
    results = []
    for module in (ours, peer):
        try:
            results.append(module.bytesify(given))
        except (TypeError, UnicodeEncodeError) as error:
            results.append(type(error))
    assert results[0] == results[1]


def test_a_pattern_must_match_all_of_it() -> None:
    pattern = re.compile(rb"(?P<word>[a-z]+)")
    for module in (ours, peer):
        assert module.validate(pattern, b"abc") == {"word": b"abc"}
        with pytest.raises(module.LocalProtocolError, match="malformed data"):
            module.validate(pattern, b"abc1")
        with pytest.raises(module.LocalProtocolError, match="bad b'1'"):
            module.validate(pattern, b"1", "bad {!r}", b"1")


def test_what_equals_something_unhashable_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable type: 'int'"):
        ours.unhashable(5)
