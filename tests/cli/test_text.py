"""Sizes, times, and text that a terminal cannot be tricked with."""

import pytest

from hyper.cli.text import clock_time, duration, printable, printable_bytes, size


def test_what_a_terminal_would_obey_is_shown_as_an_escape() -> None:
    assert printable("a\x1b[2Jb") == "a\\x1b[2Jb", "ESC clears screens and worse"
    assert printable("one\ntwo\r\t") == "one\\ntwo\\r\\t", "an error is one line"
    assert printable("\u202egnp.exe") == "\\u202egnp.exe", "a name must read as it is written"
    assert printable("\udcff") == "\\udcff", "a file name that is no UTF-8 must not raise"


def test_what_a_person_can_read_stays() -> None:
    assert printable("Grüße, 世界") == "Grüße, 世界"
    assert printable_bytes("Grüße".encode()) == "Grüße"


def test_bytes_that_are_no_text_are_escaped_one_by_one() -> None:
    assert printable_bytes(b"a\xffb\x00") == "a\\xffb\\x00"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (100_000_000, "95.4 MiB"),
        (5 * 1024**3, "5.0 GiB"),
        (3 * 1024**5, "3072.0 TiB"),
    ],
)
def test_a_size_has_the_unit_that_fits(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.00085, "0.85 ms"), (0.0099, "9.90 ms"), (0.12, "120 ms"), (1.25, "1.25 s")],
)
def test_a_duration_has_the_unit_that_fits(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(4.9, "0:04"), (750, "12:30"), (3605, "1:00:05")])
def test_time_left_reads_like_a_clock(seconds: float, text: str) -> None:
    assert clock_time(seconds) == text
