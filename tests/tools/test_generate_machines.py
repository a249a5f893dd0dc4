"""The figures of the state machines are what their tables say."""

from hyper.h2.stream_life import TRANSITIONS
from tools.generate_machines import (
    MACHINES,
    PAGE,
    UNDRAWN,
    arrows,
    by_name,
    edge_of,
    figure,
    page,
)


def test_every_step_of_a_table_is_in_its_figure() -> None:
    for machine in MACHINES:
        moves, stays = arrows(machine)
        drawn = sum(len(steps) for steps in [*moves.values(), *stays.values()])
        undrawn = UNDRAWN.get(machine.name, ())
        told = sum(step not in undrawn for row in machine.table.values() for step in row)
        assert drawn == told, f"{machine.name}: but for what leads from everywhere to one place"


def test_what_is_not_drawn_leads_to_one_place() -> None:
    for machine in MACHINES:
        for step in UNDRAWN.get(machine.name, ()):
            targets = {row[step] for row in machine.table.values() if step in row}
            assert targets == {"CLOSED"}, f"{machine.name}: {step}"


def test_a_figure_holds_every_state_and_every_arrow() -> None:
    for machine in MACHINES:
        drawn = figure(machine)
        moves, _ = arrows(machine)
        assert drawn.count("<path ") == len(moves), "one arrow from each state to each other"
        assert all(f">{state}</text>" in drawn for state in machine.table), "by their names"


def test_a_table_by_names_is_the_table() -> None:
    named = by_name(TRANSITIONS)
    for state, row in TRANSITIONS.items():
        assert named[state.name] == {step.name: row[step].name for step in row}, "step by step"


def test_an_arrow_begins_at_the_edge_of_its_box() -> None:
    assert edge_of((0, 0), (100, 0), (20, 10)) == (20, 0), "to the right: half a width away"
    assert edge_of((0, 0), (0, -100), (20, 10)) == (0, -10), "upward: half a height away"


def test_the_page_is_what_the_tables_make_of_it() -> None:
    assert PAGE.read_text("utf-8") == page(), "make it anew: python -m tools.generate_machines"
