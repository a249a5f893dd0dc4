"""Padding of what we send (RFC 9113 §6.1, §6.2, §6.6, §10.7)."""

import pytest

from hyper.frame import (
    DataFrame,
    FrameReader,
    HeadersFrame,
    PushPromiseFrame,
    SettingId,
    parse_frame,
)
from hyper.h2 import Data, Limits, PushPromise, Request, Response, Trailers
from hyper.h2.padding import octets_to_add, padded_data, padded_headers, padded_promise
from hyper.wire import Role
from tests.support.playbook import GET, OK, POST, FieldBlock, Playbook


def to_hundreds(length: int) -> int:
    """A policy: every payload is a multiple of a hundred octets long."""
    return -length % 100


@pytest.mark.parametrize(
    ("wanted", "room", "added", "why"),
    [
        (10, 100, 10, "what the policy says"),
        (10, 5, 5, "a window leaves less room"),
        (10, 0, 0, "or none"),
        (1_000, 9_999, 256, "RFC 9113 §6.1: Pad Length is one octet, 255 follow it"),
        (-1, 100, 0, "less than nothing is nothing"),
    ],
)
def test_as_much_is_added_as_fits(wanted: int, room: int, added: int, why: str) -> None:
    assert octets_to_add(lambda _: wanted, 0, room) == added, why


@pytest.mark.parametrize("added", [1, 2, 256])
def test_what_is_added_are_the_pad_length_and_zeros(added: int) -> None:
    octets = padded_data(3, b"body", True, added)
    assert octets[9] == added - 1, "RFC 9113 §6.1: the Pad Length comes first"
    assert octets[14:] == bytes(added - 1), "RFC 9113 §6.1: padding MUST be zero"
    assert parse_frame(octets) == DataFrame(3, b"body", True, added - 1), "it is sound"


def test_a_field_block_is_padded_where_it_fits_a_frame() -> None:
    octets = padded_headers(to_hundreds, 5, b"block", False, 16_384)
    assert parse_frame(octets) == HeadersFrame(5, b"block", pad_length=94), "100 octets"
    octets = padded_headers(to_hundreds, 5, bytes(16_390), True, 16_384)
    frames = FrameReader().feed(octets)
    assert [type(each).__name__ for each in frames] == ["HeadersFrame", "ContinuationFrame"]
    assert isinstance(frames[0], HeadersFrame)
    assert frames[0].pad_length is None, "what fills a frame hides among its like"


def test_a_promise_is_padded_where_it_fits_a_frame() -> None:
    octets = padded_promise(to_hundreds, 1, 2, b"block", 16_384)
    assert parse_frame(octets) == PushPromiseFrame(1, 2, b"block", pad_length=90), "100 octets"
    octets = padded_promise(lambda _: 0, 1, 2, b"block", 16_384)
    assert parse_frame(octets) == PushPromiseFrame(1, 2, b"block"), "the policy wants none"


def test_every_payload_is_padded_by_the_policy() -> None:
    play = Playbook.opened(Role.CLIENT, padding=to_hundreds)
    play.ask(Request(1, POST), Data(1, b"body"), Trailers(1, [(b"sum", b"1")]))
    head, data, trailers = play.said()
    assert isinstance(head, FieldBlock), "the head"
    assert head.pad_length is not None, "RFC 9113 §6.2: HEADERS can be padded"
    assert data == DataFrame(1, b"body", pad_length=95), "RFC 9113 §6.1: four, one, and 95"
    assert isinstance(trailers, FieldBlock), "trailers"
    assert trailers.pad_length is not None, "they are HEADERS, too"


def test_promises_are_padded_too() -> None:
    play = Playbook.opened(Role.SERVER, padding=to_hundreds)
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(PushPromise(1, 2, GET))
    (said,) = play.said()
    assert isinstance(said, FieldBlock), "a promise"
    assert said.pad_length is not None, "RFC 9113 §6.6"


def test_padding_counts_against_both_windows_and_stops_at_them() -> None:
    window = 150
    play = Playbook.opened(
        Role.SERVER, padding=to_hundreds, peer=[(SettingId.INITIAL_WINDOW_SIZE, window)]
    )
    play.hear(FieldBlock(1, GET, True))
    play.told()
    play.ask(Response(1, OK), Data(1, bytes(90)), Data(1, bytes(45)))
    said = [each for each in play.said() if isinstance(each, DataFrame)]
    assert [len(each.data) for each in said] == [135], "the whole of what is queued"
    assert sum(each.flow_controlled_length for each in said) == window, (
        "RFC 9113 §6.1: the padding is flow-controlled, so it ends where the window does"
    )


def test_a_peer_gets_the_credit_for_padding_back() -> None:
    left = Playbook.opened(Role.CLIENT, padding=to_hundreds)
    windows = Limits(stream_window=65_535, connection_window=65_535)
    right = Playbook.opened(Role.SERVER, limits=windows)
    left.ask(Request(1, POST))
    right.hear(*left.said())
    right.told()
    for _ in range(700):
        left.ask(Data(1, b"x"))
        right.hear(*left.said())
        assert right.told() == [Data(1, b"x")], "as it was without padding"
        right.consume(1, 1)
        credit = right.said()
        if credit:
            left.hear(*credit)
            left.told()
    assert left.engine.pending(1) == 0, "70,000 octets went through a window of 65,535"
