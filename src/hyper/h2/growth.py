"""Receive windows that grow to what the path carries.

Not here: what that is (`bandwidth`).
"""

from typing import TYPE_CHECKING

from hyper.frame import SettingId, pack_settings
from hyper.h2.bandwidth import Bandwidth, Measured
from hyper.h2.pings import Purpose

if TYPE_CHECKING:
    from hyper.h2.flow import ReceiveWindow
    from hyper.h2.session import Session


def measure(
    session: "Session", bandwidth: Bandwidth, stream_id: int, window: "ReceiveWindow", given: int
) -> None:
    """Credit of `given` goes to the peer for the window of a stream, or of the connection as
    stream 0: see how much comes in the round trip that begins now.
    """
    inbound = session.inbound
    bandwidth.stream_id = stream_id
    if stream_id:
        bandwidth.stream = Measured(window.received, window.available - given)
        bandwidth.connection = Measured(inbound.received, inbound.available)
    else:
        bandwidth.connection = Measured(inbound.received, inbound.available - given)
    session.ping(Purpose.BANDWIDTH)


def measured(session: "Session", round_trip: float | None) -> list[tuple[int, int]]:
    """That round trip is over: grow the windows that were used up in it.  Returns the settings to
    declare for that, often none.
    """
    bandwidth = session.bandwidth
    if bandwidth is None or bandwidth.connection is None:
        return []
    received = session.inbound.received
    whole = bandwidth.connection
    part = bandwidth.stream
    better = bandwidth.is_better(received, round_trip)
    bandwidth.connection = bandwidth.stream = None
    if not better:
        return []
    limit = bandwidth.limit
    values: list[tuple[int, int]] = []
    size = session.local.initial_window_size
    stream = session.streams.get(bandwidth.stream_id)
    if part is not None and stream is not None and stream.inbound is not None:
        larger = part.larger(size, stream.inbound.received, limit)
        if larger > size:
            # RFC 9113 §6.9.2: for the streams that are open, and for those to come.
            values.append((SettingId.INITIAL_WINDOW_SIZE, larger))
            session.write(pack_settings(values))
            size = larger
    # No stream can use more than the connection lets through.
    now = session.inbound.size
    larger = max(whole.larger(now, received, limit), size)
    if larger > now:
        # RFC 9113 §6.9.2: the connection's window can only be changed by WINDOW_UPDATE.
        owed = session.inbound.resize(larger - now)
        session.give_room(0, session.inbound, larger - now + owed)
    if min(size, larger) >= limit:
        session.bandwidth = None  # as large as they may be
    return values
