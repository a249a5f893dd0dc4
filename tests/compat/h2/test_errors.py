"""The error codes are those of h2, number for number."""

import h2.errors
import pytest

from hyper.compat.h2 import errors


def test_the_codes_have_the_names_and_numbers_of_h2() -> None:
    ours = {code.name: int(code) for code in errors.ErrorCodes}
    assert ours == {code.name: int(code) for code in h2.errors.ErrorCodes}


@pytest.mark.parametrize("number", range(0x10))
def test_a_number_becomes_its_member_and_an_unknown_one_stays_a_number(number: int) -> None:
    found = errors._error_code_from_int(number)
    assert found == number
    # RFC 9113 §7: 0xd is the last code that it names.
    assert isinstance(found, errors.ErrorCodes) is (number <= 0xD)
