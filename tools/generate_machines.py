"""Draw the state machines from the tables that run them: `docs/machines.md` and its figures.

    python -m tools.generate_machines           write the page and the figures
    python -m tools.generate_machines --check   write nothing, fail when a file differs

Where a state stands in its figure is told here; what leads from where to where is not, that is read
from the table.  A step that leads nowhere else is written into its state.
"""

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from html import escape
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from hyper.h1 import cycle
from hyper.h2 import connection_life, message_life, stream_life

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "machines.md"
FIGURES: Final = ROOT / "docs" / "machines"

Table: TypeAlias = Mapping[str, Mapping[str, str]]
"""From state to step to state, by their names; the steps in their order."""

StateT = TypeVar("StateT", bound=IntEnum)
StepT = TypeVar("StepT", bound=IntEnum)
Point: TypeAlias = tuple[float, float]

WIDTH: Final = 178
LINE: Final = 14

STYLE: Final = """
  rect.paper { fill: #ffffff }
  rect.state { fill: #eef3f8; stroke: #33485c; stroke-width: 1.4 }
  text { font: 12px sans-serif; fill: #16202a; text-anchor: middle }
  text.name { font-weight: bold }
  text.stay { font-size: 10px; fill: #55636f }
  text.step { font-size: 11px; fill: #0b3d91 }
  text.halo { font-size: 11px; fill: #ffffff; stroke: #ffffff; stroke-width: 4px }
  polygon { fill: #33485c }
  path { fill: none; stroke: #33485c; stroke-width: 1.2 }
"""


def by_name(table: Mapping[StateT, Mapping[StepT, StateT]]) -> Table:
    """A table of the engine's by the names in it."""
    return {
        state.name: {step.name: row[step].name for step in sorted(row)}
        for state, row in table.items()
    }


def steps_of(table: Mapping[StateT, Mapping[StepT, StateT]]) -> list[str]:
    """The names of all the steps in a table."""
    return [step.name for step in sorted({step for row in table.values() for step in row})]


@dataclass(frozen=True, slots=True)
class Machine:
    """One table and how its figure is laid out."""

    name: str
    title: str
    about: str
    table: Table
    steps: Sequence[str]
    size: tuple[int, int]  # in pixels
    places: Mapping[str, Point]
    # How far an arrow bows out to its right, in pixels, and where on it the words stand (0 to 1).
    bends: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)


MACHINES: Final[Sequence[Machine]] = (
    Machine(
        "stream",
        "A stream",
        "`hyper.h2.stream_life`, after RFC 9113 figure 2, with the state that the figure hides in "
        '"closed": behind our RST_STREAM the peer\'s frames are still on their way, and must be '
        "discarded without complaint. PRIORITY is absent: it may come at any time and moves "
        "nothing.",
        by_name(stream_life.TRANSITIONS),
        steps_of(stream_life.TRANSITIONS),
        (1080, 720),
        {
            "IDLE": (540, 50),
            "RESERVED_LOCAL": (150, 190),
            "RESERVED_REMOTE": (930, 190),
            "OPEN": (540, 190),
            "HALF_CLOSED_REMOTE": (310, 390),
            "HALF_CLOSED_LOCAL": (770, 390),
            "RESET_SENT": (540, 530),
            "CLOSED": (540, 670),
        },
        {
            ("RESERVED_LOCAL", "CLOSED"): (165, 0.34),
            ("RESERVED_REMOTE", "CLOSED"): (-165, 0.34),
            ("RESERVED_LOCAL", "RESET_SENT"): (105, 0.55),
            ("RESERVED_REMOTE", "RESET_SENT"): (-105, 0.55),
            ("RESERVED_LOCAL", "HALF_CLOSED_REMOTE"): (-14, 0.45),
            ("RESERVED_REMOTE", "HALF_CLOSED_LOCAL"): (14, 0.45),
            ("OPEN", "HALF_CLOSED_REMOTE"): (-10, 0.5),
            ("OPEN", "HALF_CLOSED_LOCAL"): (10, 0.5),
            ("OPEN", "RESET_SENT"): (12, 0.45),
            ("OPEN", "CLOSED"): (-118, 0.27),
            ("HALF_CLOSED_REMOTE", "RESET_SENT"): (-12, 0.55),
            ("HALF_CLOSED_LOCAL", "RESET_SENT"): (12, 0.55),
            ("HALF_CLOSED_REMOTE", "CLOSED"): (48, 0.72),
            ("HALF_CLOSED_LOCAL", "CLOSED"): (-48, 0.72),
        },
    ),
    Machine(
        "message",
        "A message",
        "`hyper.h2.message_life`, after RFC 9113 §8.1: each direction of a stream has its own.",
        by_name(message_life.TRANSITIONS),
        steps_of(message_life.TRANSITIONS),
        (680, 130),
        {"AWAIT_HEAD": (110, 65), "CONTENT": (340, 65), "ENDED": (570, 65)},
    ),
    Machine(
        "connection",
        "A connection",
        "`hyper.h2.connection_life`, after RFC 9113 §3.4 and §6.8: the preface, SETTINGS, use, and "
        "GOAWAY either way, independently; a client that has closed its end still gets its "
        "answers. END, an error or the end of all there is to do, leads from everywhere to CLOSED "
        "and is left out of the figure.",
        by_name(connection_life.TRANSITIONS),
        steps_of(connection_life.TRANSITIONS),
        (960, 560),
        {
            "AWAIT_PREFACE": (160, 60),
            "AWAIT_SETTINGS": (480, 60),
            "AWAIT_SETTINGS_GOAWAY_SENT": (800, 60),
            "OPEN": (480, 220),
            "GOAWAY_SENT": (800, 360),
            "GOAWAY_RECEIVED": (160, 360),
            "GOAWAY_BOTH": (480, 490),
            "INPUT_ENDED": (480, 355),
            "CLOSED": (160, 190),
        },
    ),
    Machine(
        "cycle",
        "An exchange of HTTP/1.1",
        "`hyper.h1.cycle`, after RFC 9112 §9: one machine for both ends of the connection, for "
        "what one role sends the other receives. The states in `_LAST` are the same with no other "
        "exchange behind them. What a client cannot make sense of, and the server's end of input, "
        "lead from everywhere to CLOSED; they are left out of the figure.",
        by_name(cycle.TRANSITIONS),
        steps_of(cycle.TRANSITIONS),
        (1280, 920),
        {
            "IDLE": (180, 110),
            "REQUEST": (510, 110),
            "AWAIT": (830, 110),
            "SWITCHED": (1150, 110),
            "TAIL": (180, 300),
            "EARLY": (510, 300),
            "RESPONSE": (830, 300),
            "CLOSED": (180, 870),
            "REQUEST_LAST": (510, 480),
            "AWAIT_LAST": (830, 480),
            "EARLY_LAST": (510, 660),
            "RESPONSE_LAST": (830, 660),
            "BROKEN": (1150, 480),
            "BROKEN_RESPONSE": (1150, 660),
            "MUST_CLOSE": (830, 870),
        },
        {
            ("RESPONSE", "IDLE"): (36, 0.55),
            ("IDLE", "MUST_CLOSE"): (190, 0.36),
            ("IDLE", "BROKEN"): (-205, 0.1),
            ("IDLE", "SWITCHED"): (-85, 0.32),
            ("IDLE", "CLOSED"): (115, 0.6),
            ("REQUEST", "REQUEST_LAST"): (105, 0.42),
            ("AWAIT", "AWAIT_LAST"): (-130, 0.62),
            ("EARLY", "EARLY_LAST"): (-110, 0.36),
            ("RESPONSE", "RESPONSE_LAST"): (110, 0.36),
            ("REQUEST", "BROKEN"): (-50, 0.8),
            ("EARLY", "BROKEN_RESPONSE"): (-30, 0.84),
            ("REQUEST_LAST", "BROKEN"): (56, 0.76),
            ("EARLY_LAST", "BROKEN_RESPONSE"): (56, 0.28),
            ("AWAIT_LAST", "SWITCHED"): (-20, 0.72),
            ("TAIL", "MUST_CLOSE"): (90, 0.3),
            ("TAIL", "CLOSED"): (0, 0.4),
        },
    ),
)

ABOUT: Final = (
    "What may follow what is not code but data: tables, one row for each state, which the engines "
    "obey and the tests draw whole. These figures are made from them. An empty cell is forbidden: "
    "to us it raises `LocalProtocolError`, by the peer it is a fault."
)

# In some figures: what leads from everywhere to one place says nothing there.
UNDRAWN: Final[Mapping[str, Sequence[str]]] = {
    "connection": ("END",),
    "cycle": ("RESPONSE_FAULT", "SERVER_EOF"),
}


def words(step: str) -> str:
    """How a step is called in a figure."""
    return step.replace("SEND_", "send ").replace("RECV_", "recv ")


def arrows(machine: Machine) -> tuple[dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """The steps from each state to another, and those that stay where they are."""
    moves: dict[tuple[str, str], list[str]] = {}
    stays: dict[str, list[str]] = {state: [] for state in machine.table}
    for state, row in machine.table.items():
        for step, target in row.items():
            if step in UNDRAWN.get(machine.name, ()):
                continue
            if target == state:
                stays[state].append(words(step))
            else:
                moves.setdefault((state, target), []).append(words(step))
    return moves, stays


def wrapped(steps: Sequence[str]) -> list[str]:
    """Short lines of steps, for the inside of a state."""
    lines: list[str] = []
    for step in steps:
        if lines and len(lines[-1]) + len(step) < 30:
            lines[-1] += f", {step}"
        else:
            lines.append(step)
    return lines


def edge_of(centre: Point, toward: Point, half: Point) -> Point:
    """Where the line from a box's centre toward a point leaves the box."""
    dx, dy = toward[0] - centre[0], toward[1] - centre[1]
    scale = min(
        half[0] / abs(dx) if dx else math.inf,
        half[1] / abs(dy) if dy else math.inf,
    )
    return centre[0] + dx * scale, centre[1] + dy * scale


def tip(before: Point, end: Point) -> str:
    """The head of an arrow that comes from `before`."""
    length = math.dist(before, end) or 1.0
    dx, dy = (end[0] - before[0]) / length, (end[1] - before[1]) / length
    back = end[0] - 9 * dx, end[1] - 9 * dy
    corners = (end, (back[0] - 4 * dy, back[1] + 4 * dx), (back[0] + 4 * dy, back[1] - 4 * dx))
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'


def figure(machine: Machine) -> str:
    """The figure of one machine."""
    moves, stays = arrows(machine)
    halves: dict[str, Point] = {}
    boxes: list[str] = []
    for state in machine.table:
        x, y = machine.places[state]
        lines = wrapped(stays[state])
        wide = max([WIDTH, *[len(state) * 8 + 20], *[len(line) * 5.6 + 16 for line in lines]])
        half = wide / 2, 16 + len(lines) * 6.5
        halves[state] = half
        boxes.append(
            f'<rect class="state" x="{x - half[0]:.0f}" y="{y - half[1]:.0f}" '
            f'width="{wide:.0f}" height="{half[1] * 2:.0f}" rx="7"/>'
        )
        top = y + 4 - len(lines) * 6.5
        boxes.append(f'<text class="name" x="{x:.0f}" y="{top:.0f}">{state}</text>')
        for number, line in enumerate(lines, 1):
            boxes.append(
                f'<text class="stay" x="{x:.0f}" y="{top + number * 13:.0f}">{escape(line)}</text>'
            )
    lines_drawn: list[str] = []
    labels: list[str] = []
    for (source, target), steps in moves.items():
        start, end = machine.places[source], machine.places[target]
        bend, place = machine.bends.get((source, target), (0.0, 0.5))
        length = math.dist(start, end)
        normal = -(end[1] - start[1]) / length, (end[0] - start[0]) / length
        # The point that a curve bends toward lies twice as far out as the curve itself.
        control = (
            (start[0] + end[0]) / 2 + normal[0] * bend * 2,
            (start[1] + end[1]) / 2 + normal[1] * bend * 2,
        )
        a = edge_of(start, control, halves[source])
        b = edge_of(end, control, (halves[target][0] + 2, halves[target][1] + 2))
        lines_drawn.append(
            f'<path d="M{a[0]:.0f},{a[1]:.0f} Q{control[0]:.0f},{control[1]:.0f} '
            f'{b[0]:.0f},{b[1]:.0f}"/>'
        )
        lines_drawn.append(tip(control, b))
        rest = 1 - place
        x = rest * rest * a[0] + 2 * rest * place * control[0] + place * place * b[0]
        y = rest * rest * a[1] + 2 * rest * place * control[1] + place * place * b[1]
        top = y + 4 - (len(steps) - 1) * LINE / 2
        for number, step in enumerate(steps):
            at = f'x="{x:.0f}" y="{top + number * LINE:.0f}"'
            labels.append(f'<text class="halo" {at}>{escape(step)}</text>')
            labels.append(f'<text class="step" {at}>{escape(step)}</text>')
    width, height = machine.size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{machine.title}">\n'
        "<!-- Generated by tools/generate_machines.py: do not edit. -->\n"
        f"<style>{STYLE}</style>\n"
        f'<rect class="paper" width="{width}" height="{height}" rx="10"/>'
    )
    return "\n".join([head, *lines_drawn, *boxes, *labels, "</svg>\n"])


def matrix(machine: Machine) -> str:
    """The whole table: a row for each state, a column for each step."""
    rows = [f"| | {' | '.join(words(step) for step in machine.steps)} |"]
    rows.append("|---" * (len(machine.steps) + 1) + "|")
    for state, row in machine.table.items():
        targets = [row.get(step, "") for step in machine.steps]
        cells = ["stays" if target == state else target for target in targets]
        rows.append(f"| **{state}** | {' | '.join(cells)} |")
    return "\n".join(rows)


def page() -> str:
    """The page with all of them."""
    parts = [
        "<!-- Generated by tools/generate_machines.py: do not edit. -->",
        "# The state machines",
        ABOUT,
    ]
    for machine in MACHINES:
        parts += [
            f"## {machine.title}",
            machine.about,
            f"![{machine.title}](machines/{machine.name}.svg)",
            matrix(machine),
        ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check: bool = parser.parse_args().check
    made = {PAGE: page()}
    made |= {FIGURES / f"{machine.name}.svg": figure(machine) for machine in MACHINES}
    stale = [
        path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    if check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} differs from its table: make it anew", file=sys.stderr)
        return 1 if stale else 0
    FIGURES.mkdir(exist_ok=True)
    for path in stale:
        path.write_text(made[path], "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
