"""Lines, tables and bars without colour."""

import io
import os
import sys
from pathlib import Path

from hyper.cli.output import PlainScreen, complain, is_terminal, let_go, open_screen
from hyper.cli.progress import Transfer
from tests.support.programs import run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_is_its_text() -> None:
    stream = io.StringIO()
    PlainScreen(stream).line(("one ", "bold"), ("two", "bad"))
    PlainScreen(stream).line()
    assert stream.getvalue() == "one two\n\n", "no escapes where nobody asked for them"


def test_a_table_stands_in_columns() -> None:
    stream = io.StringIO()
    table = PlainScreen(stream).table([("name", 6), ("value", 3)])
    table.row(("a", "bold"), ("1", ""))
    assert stream.getvalue().splitlines()[-1] == "a       1", "each row is there at once"
    table.row(("longer than that", ""), ("2", ""))
    table.end()
    assert stream.getvalue() == ("name    value\n------  -----\na       1\nlonger than that  2\n")


def test_the_bar_is_one_line_written_over_and_over() -> None:
    stream = Terminal()
    bars = PlainScreen(stream, terminal=True).bars()
    bars.show([Transfer(name="name", total=None, started=0, done=1000)], 0)
    bars.show([Transfer(name="n", total=None, started=0, done=1)], 0)
    bars.end()
    assert stream.getvalue() == "\rname  1000 B\rn  1 B      \r      \r", "and leaves no trace"


def test_an_error_is_one_line_whatever_is_in_it() -> None:
    stream = io.StringIO()
    complain(PlainScreen(stream), "a\nb\x1b[2J")
    assert stream.getvalue() == "hyper: a\\nb\\x1b[2J\n"


class Broken(io.StringIO):
    def write(self, text: str, /) -> int:
        del text
        raise BrokenPipeError(32, "Broken pipe")

    def flush(self) -> None:
        raise BrokenPipeError(32, "Broken pipe")


def test_without_a_stderr_there_is_still_the_exit_code() -> None:
    complain(PlainScreen(Broken()), "nobody hears this")


def test_a_stream_that_nobody_reads_is_let_go_without_a_word(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        stream.write("lost")
        let_go(stream)
        let_go(stream)
    assert not list(tmp_path.iterdir()), "the rest went nowhere, and closing it was silent"


def test_only_a_terminal_gets_colour() -> None:
    assert isinstance(open_screen(io.StringIO()), PlainScreen)
    assert not open_screen(io.StringIO()).terminal
    assert open_screen(Terminal()).terminal


def test_a_closed_stream_is_no_terminal() -> None:
    stream = Terminal()
    assert is_terminal(stream)
    stream.close()
    assert not is_terminal(stream)


def test_a_locale_without_utf_8_shows_escapes() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    open_screen(stream).line(("größe", ""))
    stream.seek(0)
    assert stream.read() == "gr\\xf6\\xdfe\n", "instead of a UnicodeEncodeError"


def test_without_rich_a_terminal_is_plain() -> None:
    code = (
        "import io, sys; sys.modules['rich'] = None\n"
        "from hyper.cli.output import PlainScreen, open_screen\n"
        "stream = io.StringIO(); stream.isatty = lambda: True\n"
        "screen = open_screen(stream)\n"
        "assert isinstance(screen, PlainScreen) and screen.terminal\n"
    )
    done = run([sys.executable, "-c", code])
    assert done.returncode == 0, done.stderr.decode()


def test_rich_is_not_even_loaded_where_nobody_looks_on() -> None:
    code = (
        "import sys; from hyper.cli import main; "
        "main(['get', 'x']); sys.exit('rich' in sys.modules)"
    )
    assert run([sys.executable, "-c", code]).returncode == 0, "it takes longer than a request"
