"""What the README shows works."""

import re
import runpy
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_example_runs(tmp_path: Path) -> None:
    (code,) = re.findall(
        r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    example = tmp_path / "example.py"
    example.write_text(code, "utf-8")
    names = runpy.run_path(str(example))
    assert names["decompressor"].finished, "it came to its end"
