"""When progress is worth drawing, and what it says."""

from collections.abc import Sequence

import pytest

from hyper.cli.progress import Progress, Transfer, summary


class Drawn:
    """Bars that note what they are told, and the clock they are told it by."""

    def __init__(self) -> None:
        self.now = 0.0
        self.opened = 0
        self.ended = 0
        self.shown: list[str] = []
        self.progress = Progress(self._open, lambda: self.now)

    def _open(self) -> "Drawn":
        self.opened += 1
        return self

    def show(self, transfers: Sequence[Transfer], now: float) -> None:
        self.shown.append(summary(transfers, now))

    def end(self) -> None:
        self.ended += 1


def test_a_short_transfer_draws_nothing() -> None:
    drawn = Drawn()
    transfer = drawn.progress.begin("f", 100)
    drawn.now = 0.5
    drawn.progress.advance(transfer, 100)
    drawn.progress.finish(transfer)
    assert (drawn.opened, drawn.ended) == (0, 0), "it would only flicker"


def test_a_long_transfer_is_drawn_ten_times_a_second() -> None:
    drawn = Drawn()
    transfer = drawn.progress.begin("f", 1_000_000)
    for step in range(400):
        drawn.now = step / 128
        drawn.progress.advance(transfer, 100)
    assert drawn.opened == 1
    assert 20 <= len(drawn.shown) <= 25, "a terminal is slow; the transfer must not be"
    drawn.progress.finish(transfer)
    assert drawn.ended == 1, "nothing is left of it"


def test_it_makes_room_for_an_error_line_and_comes_back() -> None:
    drawn = Drawn()
    one, two = drawn.progress.begin("one", None), drawn.progress.begin("two", None)
    drawn.now = 1.0
    drawn.progress.advance(one, 1)
    drawn.progress.end()
    assert drawn.ended == 1
    drawn.now = 1.2
    drawn.progress.advance(two, 1)
    assert drawn.opened == 2


@pytest.mark.parametrize(
    ("transfers", "now", "text"),
    [
        (
            [Transfer(name="big.iso", total=100 << 20, started=0, done=10 << 20)],
            2.0,
            "big.iso  10.0 MiB of 100.0 MiB  10 %  5.0 MiB/s  0:18 left",
        ),
        ([Transfer(name="x", total=None, started=0, done=2048)], 2.0, "x  2.0 KiB  1.0 KiB/s"),
        ([Transfer(name="x", total=10, started=5, done=0)], 5.0, "x  0 B of 10 B  0 %"),
        ([Transfer(name="x", total=0, started=0, done=0)], 1.0, "x  0 B of 0 B"),
        (
            [
                Transfer(name="a", total=1024, started=0, done=512),
                Transfer(name="b", total=1024, started=1, done=0),
            ],
            1.0,
            "2 transfers  512 B of 2.0 KiB  25 %  512 B/s  0:03 left",
        ),
        (
            [
                Transfer(name="a", total=1024, started=0, done=512),
                Transfer(name="b", total=None, started=0, done=512),
            ],
            1.0,
            "2 transfers  1.0 KiB  1.0 KiB/s",
        ),
        ([Transfer(name="a\x1bb", total=None, started=0, done=0)], 1.0, "a\\x1bb  0 B"),
    ],
)
def test_all_transfers_fit_on_one_line(transfers: list[Transfer], now: float, text: str) -> None:
    assert summary(transfers, now) == text
