"""A folder without an index page as one (HTML).

Not here: reading the folder, and who may see what.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from hyper.cli.text import size

_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 1rem }}
table {{ border-collapse: collapse; width: 100% }}
td {{ border-top: 1px solid #8884; padding: .2rem 0; overflow-wrap: anywhere }}
td + td {{ padding-left: 2rem; text-align: right; white-space: nowrap }}
</style>
</head>
<body>
<h1>{title}</h1>
<table>
{rows}
</table>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of `size` bytes, or a folder, whose size is `None`."""

    name: str
    size: int | None


def listing(segments: Sequence[str], entries: Sequence[Entry]) -> bytes:
    """The page of the folder at `segments`: folders first, then files, each by the alphabet."""
    rows = [_row("..", "../", "")] if segments else []
    for entry in sorted(entries, key=_order):
        slash = "/" if entry.size is None else ""
        # "./" in front: a name with a colon would read as a scheme.
        link = f"./{quote(os.fsencode(entry.name))}{slash}"
        rows.append(_row(entry.name + slash, link, "" if entry.size is None else size(entry.size)))
    title = _shown("/" + "".join([f"{segment}/" for segment in segments]))
    return _PAGE.format(title=title, rows="\n".join(rows)).encode()


def _order(entry: Entry) -> tuple[bool, str, str]:
    return (entry.size is not None, entry.name.casefold(), entry.name)


def _row(text: str, link: str, amount: str) -> str:
    return f'<tr><td><a href="{link}">{_shown(text)}</a></td><td>{amount}</td></tr>'


def _shown(name: str) -> str:
    # A name that is no UTF-8 has surrogates in it, which no page may contain.
    return escape(name.encode("utf-8", "replace").decode("utf-8"))
