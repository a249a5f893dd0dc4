"""One end of h11, or of what stands for it, and what shows of it after each step.

The same steps given to both libraries must show the same: events with all their fields, exceptions
by type and hint, bytes, and the states of both ends.
"""

from types import ModuleType
from typing import Any, TypeAlias

import h11

import hyper.compat.h11

OURS: ModuleType = hyper.compat.h11
THEIRS: ModuleType = h11

Step: TypeAlias = tuple[Any, ...]
"""`("receive", bytes)`, `("next",)`, `("send", event, arguments)`, `("pass", event, arguments)`,
`("cycle",)` or `("failed",)`."""

FIELDS = (
    "method",
    "target",
    "http_version",
    "status_code",
    "reason",
    "data",
    "chunk_start",
    "chunk_end",
)


def shown(event: object) -> object:
    """An event as plain values."""
    if isinstance(event, type):
        return event.__name__
    values: list[object] = [type(event).__name__]
    for field in FIELDS:
        value = getattr(event, field, None)
        values.append(bytes(value) if field == "data" and value is not None else value)
    headers: Any = getattr(event, "headers", None)
    if headers is not None:
        values += [list(headers), headers.raw_items()]
    return tuple(values)


class End:
    """One connection of one of the libraries."""

    def __init__(self, module: ModuleType, role: str, **options: int) -> None:
        self.module = module
        self.connection: Any = module.Connection(getattr(module, role), **options)

    def result(self, step: Step) -> object:
        """What a step gives or raises."""
        connection = self.connection
        try:
            match step:
                case ("receive", data):
                    return connection.receive_data(data)
                case ("next",):
                    return shown(connection.next_event())
                case ("send", name, arguments):
                    return connection.send(getattr(self.module, name)(**arguments))
                case ("pass", name, arguments):
                    event = getattr(self.module, name)(**arguments)
                    pieces = connection.send_with_data_passthrough(event)
                    return pieces if pieces is None else b"".join(pieces)
                case ("cycle",):
                    return connection.start_next_cycle()
                case _:
                    assert step == ("failed",)
                    return connection.send_failed()
        except Exception as error:
            return type(error).__name__, getattr(error, "error_status_hint", None)

    def states(self) -> dict[str, str]:
        """The states of both ends by their names."""
        return {repr(role): repr(state) for role, state in self.connection.states.items()}

    def look(self) -> object:
        """Everything else that shows."""
        connection = self.connection
        left, closed = connection.trailing_data
        return (
            self.states(),
            connection.their_http_version,
            connection.client_is_waiting_for_100_continue,
            connection.they_are_waiting_for_100_continue,
            (bytes(left), closed),
        )


def difference(role: str, steps: list[Step], **options: int) -> tuple[int, object, object] | None:
    """The number of the first step after which the two libraries differ, and what each shows."""
    ours, theirs = End(OURS, role, **options), End(THEIRS, role, **options)
    for number, step in enumerate(steps):
        mine = ours.result(step), ours.look()
        other = theirs.result(step), theirs.look()
        if mine != other:
            return number, mine, other
    return None
