"""What has come for one stream."""

from hyper.io._mailbox import Informational, Mailbox, pseudo, regular

HEAD = [(b":method", b"GET"), (b":path", b"/"), (b"a", b"1"), (b":late", b"x"), (b"a", b"2")]


def test_small_pieces_are_joined_and_big_ones_are_not_copied() -> None:
    box = Mailbox(1)
    big = bytes(5_000)
    box.put(b"a")
    box.put(b"b")
    box.put(big)
    box.put(b"c")
    assert box.pick() == b"ab", "two small pieces are one"
    assert box.pick() is big, "a big one is handed on as it is"
    assert box.pick() == b"c", "order is kept"
    assert box.pick() == b"", "and that was all"
    assert (box.received, box.held) == (5_003, 5_003), "credit is the caller's business"


def test_joined_pieces_do_not_grow_without_end() -> None:
    box = Mailbox(1)
    for _ in range(10_000):
        box.put(b"x")
    sizes = []
    while chunk := box.pick():
        sizes.append(len(chunk))
    assert sum(sizes) == 10_000, "nothing is lost"
    assert max(sizes) <= 4_096, "a piece that is taken is copied once: keep it small"


def test_what_is_discarded_is_counted_still() -> None:
    box = Mailbox(1)
    box.put(b"before")
    box.discard()
    box.put(b"after")
    assert box.pick() == b"", "nobody wants it"
    assert box.held == len(b"before" + b"after"), "but its credit is owed"


def test_interim_responses_are_told_once_each() -> None:
    box = Mailbox(1)
    box.informational.append(Informational(103, ()))
    first = box.next_interim()
    assert first is box.informational[0], "the first"
    assert box.next_interim() is None, "no other"
    box.informational.append(Informational(103, ()))
    assert box.next_interim() is box.informational[1], "until another comes"


def test_pseudo_fields_stand_apart() -> None:
    assert pseudo(HEAD, b":path") == b"/", "found"
    assert pseudo(HEAD, b":authority") == b"", "absent"
    assert pseudo(HEAD, b":late") == b"", "RFC 9113 §8.3: none after a regular field"
    assert regular(HEAD) == [(b"a", b"1"), (b"a", b"2")], "the rest, in order"
