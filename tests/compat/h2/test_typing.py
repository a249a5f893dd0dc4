"""The type of a buffer accepts what a connection takes."""

from array import array

import pytest

from hyper.compat.h2._typing import Buffer


def size(data: Buffer) -> int:
    return len(memoryview(data))


@pytest.mark.parametrize("data", [b"ab", bytearray(b"ab"), memoryview(b"ab"), array("B", b"ab")])
def test_everything_with_bytes_in_it_is_a_buffer(data: Buffer) -> None:
    # mypy checks the call with the types above; the run checks that nothing was promised in vain.
    assert size(data) == 2
