"""Two engines back to back, and a call that moves everything until both are quiet.

Not here: schedules of every kind, which are `tests.support.simulation`'s.
"""

from collections.abc import Sequence
from typing import Final

from hyper.h2 import Connection, Event, Limits
from hyper.wire import Role


def drained(engine: Connection) -> list[Event]:
    """All events there are now."""
    events: list[Event] = []
    while (event := engine.next_event()) is not None:
        events.append(event)
    return events


class Pair:
    """A client and a server; `flow` moves everything until both are quiet."""

    def __init__(
        self,
        *,
        client_settings: Sequence[tuple[int, int]] = (),
        server_settings: Sequence[tuple[int, int]] = (),
        client_limits: Limits | None = None,
        server_limits: Limits | None = None,
        auto_consume: bool = False,
    ) -> None:
        self.now = 100.0
        self.client: Final = Connection(
            Role.CLIENT, settings=client_settings, limits=client_limits, auto_consume=auto_consume
        )
        self.server: Final = Connection(
            Role.SERVER, settings=server_settings, limits=server_limits, auto_consume=auto_consume
        )
        self.bytes_moved = 0

    def flow(self) -> tuple[list[Event], list[Event]]:
        """Move bytes both ways until nobody has any; what client and server were told of it."""
        to_client: list[Event] = []
        to_server: list[Event] = []
        while self.client.wants_to_send or self.server.wants_to_send:
            to_server += self._move(self.client, self.server)
            to_client += self._move(self.server, self.client)
        return to_client + drained(self.client), to_server + drained(self.server)

    def _move(self, source: Connection, target: Connection) -> list[Event]:
        octets = source.data_to_send()
        self.bytes_moved += len(octets)
        if octets:
            target.receive_data(octets, self.now)
        return drained(target)
