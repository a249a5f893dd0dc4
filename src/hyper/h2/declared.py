"""Our own settings, from their declaration to the acknowledgement (RFC 9113 §6.5.3).

Not here: what may be declared, which is `send_control`'s, and the settings of the peer.
"""

from collections.abc import Sequence

from hyper.frame import SettingId
from hyper.h2.session import Session
from hyper.h2.timers import Timer


def declare(session: Session, values: Sequence[tuple[int, int]]) -> None:
    """Our SETTINGS were queued.  What they loosen holds at once, for the peer may act on it as
    soon as it hears of it; what they tighten holds from the acknowledgement on (RFC 9113
    §6.9.3).
    """
    session.local_pending.append(values)
    if len(session.local_pending) == 1:
        session.timers.start(Timer.ACKNOWLEDGEMENT, session.limits.settings_timeout)
    for identifier, value in values:
        if identifier == SettingId.MAX_CONCURRENT_STREAMS:
            # RFC 9113 §5.1.2: a stream too many is refused, and can be tried again, so there
            # is no harm in refusing early; a flood before the ACK would have plenty.
            session.local.put(identifier, value)
        elif (
            (
                identifier == SettingId.INITIAL_WINDOW_SIZE
                and value > session.local.initial_window_size
            )
            or (identifier == SettingId.MAX_FRAME_SIZE and value > session.local.max_frame_size)
            or (
                identifier == SettingId.HEADER_TABLE_SIZE
                and value > session.local.header_table_size
            )
            or identifier == SettingId.ENABLE_CONNECT_PROTOCOL
            or (identifier == SettingId.ENABLE_PUSH and value)
        ):
            _enforce(session, identifier, value)


def acknowledge(session: Session, identifier: int, value: int) -> None:
    """The peer has put one of our settings into force."""
    if identifier == SettingId.MAX_CONCURRENT_STREAMS:
        return  # in force since it was declared, or overtaken by a later one
    # What a later SETTINGS of ours loosens holds already, and stays.
    for later in session.local_pending:
        for other, more in later:
            if other == identifier and more > value:
                value = more
    _enforce(session, identifier, value)


def _enforce(session: Session, identifier: int, value: int) -> None:
    """Hold the peer to one of our settings from now on."""
    if identifier == SettingId.INITIAL_WINDOW_SIZE:
        # RFC 9113 §6.9.2: a change alters the windows of all open streams by the difference.
        delta = value - session.local.initial_window_size
        for stream in session.streams.values():
            if stream.inbound is not None:
                inbound = stream.inbound
                session.announce(stream, inbound, inbound.resize(delta))
    elif identifier == SettingId.HEADER_TABLE_SIZE:
        session.decoder.set_max_table_size(value)
    elif identifier == SettingId.MAX_HEADER_LIST_SIZE and session.by_hand:
        session.decoder.set_max_list_size(value)
    session.local.put(identifier, value)
