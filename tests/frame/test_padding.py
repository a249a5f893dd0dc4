"""Padding: RFC 9113 §6.1, §6.2, §6.6."""

import pytest

from hyper.frame import ErrorCode, Scope, padding_fault, unpad


@pytest.mark.parametrize(
    ("payload", "fixed", "data"),
    [
        (b"\x02abc\x00\x00", 0, b"abc"),
        (b"\x00abc", 0, b"abc"),
        (b"\x00", 0, b""),
        (b"\x03\x00\x00\x00", 0, b""),
        (b"\x02.....abc\x00\x00", 5, b"abc"),
        (b"\x02.....\x00\x00", 5, b""),
    ],
)
def test_what_lies_between_the_fixed_part_and_the_padding(
    payload: bytes, fixed: int, data: bytes
) -> None:
    assert unpad(payload, fixed) == data, "the Pad Length octet and the padding are no data"


@pytest.mark.parametrize(
    ("payload", "fixed"),
    [
        (b"\x04\x00\x00\x00", 0),
        (b"\xff", 0),
        (b"\x01", 0),
        (b"\x03.....\x00\x00", 5),
        (b"\x01.....", 5),
    ],
)
def test_padding_that_does_not_fit_is_refused(payload: bytes, fixed: int) -> None:
    assert unpad(payload, fixed) is None, "§6.1: as long as the payload or longer"


def test_the_fault_says_how_much_would_have_fitted() -> None:
    fault = padding_fault(0x0, 5, 4, 4)
    assert (fault.code, fault.scope) == (ErrorCode.PROTOCOL_ERROR, Scope.CONNECTION), "§6.1"
    assert str(fault) == (
        "PROTOCOL_ERROR on connection: expected padding of at most 3 bytes in 4 bytes of payload, "
        "got DATA with padding of 4 bytes"
    )
