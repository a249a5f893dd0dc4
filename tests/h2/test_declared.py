"""Our own settings: what holds at once, and what with the acknowledgement (RFC 9113 §6.5.3)."""

from hyper.frame import SettingId
from hyper.h2 import Limits
from hyper.h2.declared import acknowledge, declare
from hyper.h2.session import Session
from hyper.wire import Role


def test_our_settings_loosen_at_once_and_tighten_with_the_acknowledgement() -> None:
    session = Session(Role.SERVER, Limits())
    declare(session, [(SettingId.INITIAL_WINDOW_SIZE, 100_000), (SettingId.MAX_FRAME_SIZE, 30_000)])
    assert session.local.initial_window_size == 100_000
    assert session.local.max_frame_size == 30_000
    declare(session, [(SettingId.INITIAL_WINDOW_SIZE, 50), (SettingId.ENABLE_PUSH, 0)])
    assert (session.local.initial_window_size, session.local.enable_push) == (100_000, 1)
    assert len(session.local_pending) == 2
    for _ in range(2):
        for identifier, value in session.local_pending.pop(0):
            acknowledge(session, identifier, value)
    assert (session.local.initial_window_size, session.local.enable_push) == (50, 0)
