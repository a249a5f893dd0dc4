"""What the engine needs to know of a field section that breaks the rules."""

import pytest

from hyper.h2.headers import HEAD_ONLY, ORDINARY, TUNNEL, RequestHead, ResponseHead
from hyper.h2.lenient_fields import (
    are_harmless,
    read_request_leniently,
    read_response_leniently,
)
from hyper.wire import Field

FAULT = "what `headers` had to say"


@pytest.mark.parametrize(
    ("fields", "length", "kind"),
    [
        ([(b":method", b"HEAD")], -1, HEAD_ONLY),
        ([(b":method", b"CONNECT"), (b":path", b"/")], -1, TUNNEL),
        ([(b":method", b"get"), (b"Content-Length", b" 5 ")], 5, ORDINARY),
        ([(b"content-length", b"5"), (b"content-length", b"05")], 5, ORDINARY),
        ([], -1, ORDINARY),
    ],
)
def test_a_request_is_read_as_far_as_it_goes(fields: list[Field], length: int, kind: int) -> None:
    head = read_request_leniently(fields, FAULT)
    assert isinstance(head, RequestHead), "taken all the same"
    assert (head.content_length, head.kind) == (length, kind), "what decides about its content"


def test_a_request_tells_its_protocol_and_priority() -> None:
    head = read_request_leniently([(b":protocol", b"websocket"), (b"priority", b"u=1")], FAULT)
    assert isinstance(head, RequestHead), "taken all the same"
    assert (head.protocol, head.priority) == (b"websocket", b"u=1"), "RFC 8441 §4, RFC 9218 §5"


@pytest.mark.parametrize(
    ("fields", "status"), [([(b":status", b"103")], 103), ([(b"x", b"y")], 200)]
)
def test_a_response_is_final_unless_it_says_otherwise(fields: list[Field], status: int) -> None:
    head = read_response_leniently([*fields, (b"priority", b"i")], FAULT)
    assert isinstance(head, ResponseHead), "taken all the same"
    assert (head.status, head.content_length, head.priority) == (status, -1, b"i"), "as it says"


@pytest.mark.parametrize("status", [b"101", b"20", b"2000", b"2x0", b""])
def test_a_status_that_says_nothing_is_a_fault(status: bytes) -> None:
    assert read_response_leniently([(b":status", status)], FAULT) == FAULT, "RFC 9113 §8.3.2, §8.6"


@pytest.mark.parametrize(
    "field",
    [
        (b"", b"x"),
        (b":", b"x"),
        (b"a\r", b"x"),
        (b"a", b"x\ny: z"),
        (b"a", b"\0"),
        (b"a\n", b""),
        (b"content-length", b"+5"),
        (b"content-length", b""),
        (b"content-length", b"1" * 19),
    ],
)
def test_some_are_never_let_through(field: Field) -> None:
    assert read_request_leniently([field], FAULT) == FAULT, "RFC 9113 §10.3, RFC 9110 §8.6"
    assert read_response_leniently([field], FAULT) == FAULT, "the same for responses"


def test_two_lengths_are_never_let_through() -> None:
    fields = [(b"content-length", b"5"), (b"content-length", b"6")]
    assert read_request_leniently(fields, FAULT) == FAULT, "the way requests are smuggled"


def test_harmless_is_what_no_translation_makes_two_of() -> None:
    assert are_harmless([(b"A b", b" \tx\x7f ")]), "wrong (RFC 9113 §8.2.1), and one line it stays"
    assert not are_harmless([(b"a", b"b"), (b"c", b"d\r")]), "the last one counts, too"
