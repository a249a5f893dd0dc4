"""Which bytes a field may have, byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.wire import field_name_fault, field_value_fault, field_values_fault

# RFC 9110 §5.6.2, written out: DIGIT, lower-case ALPHA and the fifteen marks.
LOWER_TCHAR = set(b"0123456789abcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~")
# RFC 9110 §5.5: HTAB, SP, VCHAR, obs-text.
VALUE = {9, *range(0x20, 0x7F), *range(0x80, 0x100)}


@pytest.mark.parametrize("byte", range(256))
def test_a_name_has_lower_case_token_bytes_only(byte: int) -> None:
    fault = field_name_fault(b"a" + bytes([byte]) + b"z")
    if byte in LOWER_TCHAR:
        assert fault is None, "RFC 9110 §5.6.2 allows it"
    else:
        assert fault is not None, "RFC 9113 §8.2.1 makes it malformed"
        assert f"0x{byte:02x}" in fault, "the fault names the byte"


def test_an_empty_name_is_a_fault() -> None:
    # CVE-2019-9516: a name of no bytes is a field that costs memory and says nothing.
    assert field_name_fault(b"") == "an empty field name"


@pytest.mark.parametrize("byte", range(256))
def test_a_value_has_visible_bytes_space_tab_and_beyond_ascii_only(byte: int) -> None:
    fault = field_value_fault(b"a" + bytes([byte]) + b"z")
    assert (fault is None) == (byte in VALUE)


@pytest.mark.parametrize("value", [b" a", b"a ", b"\ta", b"a\t", b" ", b"\t"])
def test_white_space_at_an_edge_of_a_value_is_a_fault(value: bytes) -> None:
    assert field_value_fault(value) is not None, "RFC 9113 §8.2.1"


@pytest.mark.parametrize("value", [b"", b"a b", b"a\tb", b"\xff", b"x" * 10_000])
def test_inner_white_space_nothing_and_much_are_legal(value: bytes) -> None:
    assert field_value_fault(value) is None


def test_a_fault_never_quotes_the_value() -> None:
    fault = field_value_fault(b"secret\r\nset-cookie: x")
    assert fault is not None
    assert "secret" not in fault, "a value may be a password, and faults are logged"


@given(st.lists(st.binary(max_size=12), max_size=8))
def test_all_values_at_once_are_judged_as_one_by_one(values: list[bytes]) -> None:
    one_by_one = [field_value_fault(value) for value in values]
    first = next((fault for fault in one_by_one if fault is not None), None)
    assert field_values_fault(values) == first


@given(st.lists(st.text(" \t\r\nab", max_size=6).map(str.encode), max_size=6))
def test_white_space_and_line_ends_cannot_hide_between_values(values: list[bytes]) -> None:
    faulty = any(field_value_fault(value) is not None for value in values)
    assert (field_values_fault(values) is not None) == faulty
