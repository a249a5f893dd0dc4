"""What a type checker makes of hyper.wire.  mypy reads it with the tests; it also runs."""

from typing import assert_type

from hyper.wire import (
    Budget,
    Buffer,
    Field,
    HyperError,
    LocalProtocolError,
    ReceiveBuffer,
    RemoteProtocolError,
    Role,
    SensitiveField,
    field_name_fault,
    field_value_fault,
)


def test_a_field_is_a_pair_of_bytes_and_a_sensitive_one_is_a_field() -> None:
    plain: Field = (b"accept", b"*/*")
    secret: Field = SensitiveField(b"authorization", b"secret")
    name, value = plain
    assert_type(name, bytes)
    assert_type(value, bytes)
    assert_type(secret[1], bytes)


def test_every_kind_of_buffer_goes_in_and_bytes_come_out() -> None:
    buffer = ReceiveBuffer()
    kinds: list[Buffer] = [b"a", bytearray(b"b"), memoryview(b"c")]
    for kind in kinds:
        buffer.append(kind)
    assert_type(buffer.has(3), bool)
    assert_type(buffer.data, bytes)


def test_a_check_returns_the_fault_or_none() -> None:
    assert_type(field_name_fault(b"accept"), str | None)
    assert_type(field_value_fault(b"*/*"), str | None)


def test_the_error_tree_has_one_root() -> None:
    roots: list[type[HyperError]] = [LocalProtocolError, RemoteProtocolError]
    assert len(roots) == 2, "both sides' faults can be caught at once"


def test_a_role_is_a_value() -> None:
    roles: list[Role] = [Role.CLIENT, Role.SERVER]
    assert_type(roles[0].name, str)


def test_a_budget_answers_yes_or_no() -> None:
    assert_type(Budget(10.0, 1.0).spend(1.0, 0.0), bool)
