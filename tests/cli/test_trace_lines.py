"""What the lines of a trace are made of."""

from hyper.cli.trace_lines import INDENT, Line, bad, detail, field_detail
from hyper.wire import Field, SensitiveField


def text(line: Line) -> str:
    return "".join([span for span, _ in line])


def test_what_belongs_to_a_line_stands_under_it() -> None:
    assert text(detail("code", "CANCEL")) == f"{INDENT}code: CANCEL", "a name and its value"
    assert bad("odd") == [(INDENT, ""), ("odd", "bad")], "a fault looks like one"


def test_a_field_is_spelled_as_it_was() -> None:
    line = field_detail((b"x-odd", b"a\x1b"), b"X-oDD", show_secrets=False)
    assert text(line) == f"{INDENT}X-oDD: a\\x1b", "and cannot drive the terminal"


def test_credentials_show_their_length_alone() -> None:
    fields: list[Field] = [
        (b"cookie", b"12345"),
        (b"set-cookie", b"12345"),
        (b"authorization", b"12345"),
        (b"proxy-authorization", b"12345"),
        SensitiveField(b"x-token", b"12345"),
    ]
    for field in fields:
        hidden = field_detail(field, field[0], show_secrets=False)
        assert text(hidden).endswith(": <5 bytes hidden>"), "a trace is often shown around"
        shown = field_detail(field, field[0], show_secrets=True)
        assert text(shown).endswith(": 12345"), "unless it was asked for"
