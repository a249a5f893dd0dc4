"""The generated tables are what their generator makes of RFC 7541 appendices A and B."""

import subprocess
import sys

from hyper.hpack.static_table import STATIC_TABLE
from tools.floors import ROOT


def test_both_tables_are_as_their_generator_writes_them() -> None:
    command = [sys.executable, "tools/generate_hpack_tables.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"edit the generator, not the table: {done.stdout}"


def test_the_entries_the_code_counts_on_are_in_their_places() -> None:
    assert len(STATIC_TABLE) == 61, "RFC 7541 §2.3.3: the dynamic table begins at 62"
    assert STATIC_TABLE[2 - 1] == (b":method", b"GET"), "the first index is 1"
    assert STATIC_TABLE[61 - 1] == (b"www-authenticate", b""), "and the last 61"
    assert len(set(STATIC_TABLE)) == 61, "no entry twice: a field has one index"
