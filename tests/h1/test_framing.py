"""Where a body ends, against RFC 9112 §6.3: every column of the table."""

from itertools import product

import pytest

from hyper.h1.framing import FRAMING, Body, Coding, Kind, Length, framing, response_kind

COLUMNS = list(product(Kind, Coding, Length))


def by_the_rules(kind: Kind, coding: Coding, length: Length) -> Body:
    """RFC 9112 §6.3, rule by rule, and where we are stricter than it lets us be."""
    request = kind in (Kind.REQUEST, Kind.CONNECT_REQUEST)
    coded = coding is not Coding.NONE
    rules = [
        # Rule 2; rule 1 stands below.
        (kind is Kind.CONNECT_RESPONSE, Body.TUNNEL),
        # RFC 9112 §6.1: the framing of an HTTP/1.0 message with Transfer-Encoding is faulty.  That
        # of one that cannot be parsed is too.
        (coding in (Coding.OLD, Coding.BAD), Body.BAD),
        # Rule 3: both fields ought to be handled as an error.
        (coded and length is not Length.NONE, Body.BAD),
        # RFC 9110 §9.3.6: CONNECT has no content.
        (kind is Kind.CONNECT_REQUEST and (coded or length is Length.GIVEN), Body.BAD),
        # Rule 1 for what is well-formed: RFC 9110 §8.6, MUST NOT forward what is not.
        (kind is Kind.BODILESS_RESPONSE and coding is Coding.CHUNKED, Body.NOTHING),
        # Rule 4: chunked is the final coding; in a response it need not be, in a request it MUST.
        (coding is Coding.CHUNKED, Body.CHUNKED),
        (coding is Coding.OVER_CHUNKED, Body.UNKNOWN_CODING),
        (coding is Coding.OTHER and not request, Body.UNKNOWN_CODING),
        (coding is Coding.OTHER, Body.BAD),
        # Rule 5.
        (length is Length.BAD, Body.BAD),
        # Rule 1.
        (kind is Kind.BODILESS_RESPONSE, Body.NOTHING),
        # Rule 6.
        (length is Length.GIVEN, Body.LENGTH),
        (length is Length.ZERO, Body.NOTHING),
        # Rules 7 and 8.
        (request, Body.NOTHING),
        (True, Body.UNTIL_CLOSE),
    ]
    return next(body for holds, body in rules if holds)


@pytest.mark.parametrize(("kind", "coding", "length"), COLUMNS)
def test_the_table_says_what_the_rules_say(kind: Kind, coding: Coding, length: Length) -> None:
    assert framing(kind, coding, length) is by_the_rules(kind, coding, length)


def test_the_table_has_a_cell_for_everything() -> None:
    assert set(FRAMING) == set(Kind)
    for kind in Kind:
        assert set(FRAMING[kind]) == set(Coding), kind
        for coding in Coding:
            assert len(FRAMING[kind][coding]) == len(Length), (kind, coding)


def test_a_request_never_ends_with_the_connection() -> None:
    for kind, coding, length in COLUMNS:
        if kind in (Kind.REQUEST, Kind.CONNECT_REQUEST):
            assert framing(kind, coding, length) is not Body.UNTIL_CLOSE, (
                "RFC 9112 §6.3: request messages are never close-delimited"
            )


def test_no_message_is_framed_by_two_fields() -> None:
    for kind, coding, length in COLUMNS:
        if kind in (Kind.REQUEST, Kind.RESPONSE) and coding is not Coding.NONE:
            framed = framing(kind, coding, length)
            assert length is Length.NONE or framed is Body.BAD, "RFC 9112 §11.2"


@pytest.mark.parametrize(
    ("to_head", "to_connect", "status", "kind"),
    [
        (False, False, 200, Kind.RESPONSE),
        (False, False, 404, Kind.RESPONSE),
        (False, False, 999, Kind.RESPONSE),
        (False, False, 100, Kind.BODILESS_RESPONSE),
        (False, False, 199, Kind.BODILESS_RESPONSE),
        (False, False, 204, Kind.BODILESS_RESPONSE),
        (False, False, 304, Kind.BODILESS_RESPONSE),
        (False, False, 205, Kind.RESPONSE),
        (True, False, 200, Kind.BODILESS_RESPONSE),
        (True, False, 500, Kind.BODILESS_RESPONSE),
        (False, True, 200, Kind.CONNECT_RESPONSE),
        (False, True, 299, Kind.CONNECT_RESPONSE),
        (False, True, 204, Kind.CONNECT_RESPONSE),
        (False, True, 304, Kind.BODILESS_RESPONSE),
        (False, True, 300, Kind.RESPONSE),
        (False, True, 407, Kind.RESPONSE),
        (False, True, 103, Kind.BODILESS_RESPONSE),
    ],
)
def test_the_kind_of_a_response_is_the_request_s_and_the_status_s(
    to_head: bool, to_connect: bool, status: int, kind: Kind
) -> None:
    assert response_kind(to_head, to_connect, status) is kind, "RFC 9112 §6.3, rules 1 and 2"
