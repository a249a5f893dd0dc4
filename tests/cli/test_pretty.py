"""The same by rich.  What it looks like is rich's business; that it says the same is ours."""

import io
import re

import pytest

from hyper.cli.output import Style, open_screen
from hyper.cli.pretty import RichScreen
from hyper.cli.progress import Transfer


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def plain(stream: io.StringIO) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())


def test_a_terminal_gets_it_where_rich_is(stream: Terminal) -> None:
    assert isinstance(open_screen(stream), RichScreen)


def test_a_line_has_colour_and_is_not_broken(stream: Terminal) -> None:
    RichScreen(stream).line(("x" * 150, "good"), (" end", ""))
    assert plain(stream) == "x" * 150 + " end\n", "who copies it gets one line"
    assert "\x1b[32m" in stream.getvalue()


def test_text_is_not_markup(stream: Terminal) -> None:
    RichScreen(stream).line(("[red]x[/] :smile: ", ""), ("[/nothing]", "bold"))
    assert plain(stream) == "[red]x[/] :smile: [/nothing]\n"


@pytest.mark.parametrize(
    "style", ["", "dim", "bold", "good", "bad", "sent", "received", "name", "number"]
)
def test_every_style_is_known(stream: Terminal, style: Style) -> None:
    RichScreen(stream).line(("text", style))
    assert plain(stream) == "text\n"


def test_a_table_shows_every_row(stream: Terminal) -> None:
    table = RichScreen(stream).table([("scene", 10), ("time", 5)])
    table.row(("a [GET]", "bold"), ("1 ms", "number"))
    assert "a [GET]" in plain(stream), "at once"
    table.row(("another", ""), ("2 ms", ""))
    table.end()
    last = plain(stream).rpartition("scene")[2]
    assert re.search(r"a \[GET\] +1 ms\s+another +2 ms", last) is not None


def test_each_transfer_has_a_bar(stream: Terminal) -> None:
    bars = RichScreen(stream).bars()
    one = Transfer(name="one[x]", total=2048, started=0, done=1024)
    two = Transfer(name="two", total=None, started=0, done=1)
    bars.show([one, two], 1.0)
    drawn = plain(stream)
    assert "one[x]" in drawn
    assert "1.0/2.0 KiB" in drawn
    assert "two" in drawn
    stream.truncate(0)
    bars.show([two], 2.0)
    assert "one[x]" not in plain(stream), "it is done"
    bars.end()
