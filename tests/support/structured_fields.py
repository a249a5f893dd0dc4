"""The tests of the HTTP working group for structured fields, where they lie beside the project."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VECTORS: Final = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "structured-fields"


@dataclass(frozen=True, slots=True)
class Vector:
    """One field value; `expected` is what it is parsed to, as JSON."""

    name: str
    kind: str
    text: bytes
    expected: object
    must_fail: bool
    can_fail: bool


def vectors() -> list[Vector]:
    """All of them, but for those of serialising."""
    found: list[Vector] = []
    for path in sorted(VECTORS.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            text = ", ".join(case["raw"])
            found.append(
                Vector(
                    f"{path.stem}: {case['name']}",
                    case["header_type"],
                    text.encode("utf-8"),
                    case.get("expected"),
                    bool(case.get("must_fail")),
                    bool(case.get("can_fail")),
                )
            )
    return found
