"""hpack-test-case: recorded fields, and what the encoders of others made of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hyper.wire import Field

VECTORS: Final = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "hpack"


@dataclass(frozen=True, slots=True)
class Case:
    """One block: the table size announced before it, if one is; its octets, if there are any."""

    table_size: int | None
    octets: bytes
    fields: list[Field]


def stories(folder: str) -> list[Path]:
    """The stories of one encoder, each the blocks of one connection."""
    return sorted((VECTORS / folder).glob("story_*.json"))


def cases(story: Path) -> list[Case]:
    """The blocks of a story in their order."""
    found: list[Case] = []
    for case in json.loads(story.read_text(encoding="utf-8"))["cases"]:
        fields = [
            # The stories are JSON, their octets Latin-1 of it.
            (name.encode("latin-1"), value.encode("latin-1"))
            for field in case["headers"]
            for name, value in field.items()
        ]
        octets = bytes.fromhex(case.get("wire", ""))
        found.append(Case(case.get("header_table_size"), octets, fields))
    return found
