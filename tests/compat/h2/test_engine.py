"""How the engine under an H2Connection is made."""

from hyper.compat.h2._engine import LIKE_HPACK, make_engine
from hyper.compat.h2.config import DummyLogger
from hyper.compat.h2.settings import SettingCodes, Settings
from hyper.frame import FrameReader, SettingsFrame, WindowUpdateFrame, serialize
from hyper.h2 import Connection, Leniences, Request
from hyper.wire import Role
from tests.support.inside import session
from tests.support.playbook import GET


def made(settings: Settings, logger: DummyLogger | None = None) -> Connection:
    return make_engine(Role.CLIENT, settings, Leniences(), logger or DummyLogger())


def test_the_settings_in_force_are_said_and_no_others() -> None:
    settings = Settings(client=True, initial_values={SettingCodes.MAX_CONCURRENT_STREAMS: 5})
    settings[0x99] = 1
    settings.initial_window_size = 10
    engine = made(settings)
    (first,) = FrameReader(preface=True).feed(engine.data_to_send())
    assert first == SettingsFrame([(1, 4096), (2, 1), (4, 65535), (5, 16384), (8, 0), (3, 5)]), (
        "what waits for an acknowledgement is not yet in force"
    )


def test_sections_are_bounded_by_their_size_alone() -> None:
    none = session(made(Settings())).limits
    assert none.max_field_list_size == none.max_field_size == 65_536, "h2's default"
    settings = Settings(initial_values={SettingCodes.MAX_HEADER_LIST_SIZE: 1_000})
    some = session(made(settings)).limits
    assert some.max_field_list_size == some.max_field_size == 1_000, "or what is declared"


def test_requests_do_not_wait_for_the_settings_of_the_peer() -> None:
    engine = made(Settings())
    for stream_id in range(1, 500, 2):
        engine.send(Request(stream_id, GET, True))
    assert engine.counters.waiting == 0, "h2 has no limit before the peer says one"


def test_everything_goes_into_the_table_of_the_encoder() -> None:
    assert not LIKE_HPACK.never, "h2 marks what must not"
    assert not LIKE_HPACK.literal, "hpack keeps nothing out"
    assert LIKE_HPACK.always_coded, "and codes each string"


def test_a_listener_is_told_of_frames_and_none_costs_nothing() -> None:
    class Listener(DummyLogger):
        heard = 0

        def debug(self, *vargs: object, **kwargs: object) -> None:
            assert vargs, "a format at least"
            assert not kwargs, "and no names"
            type(self).heard += 1

    engine = made(Settings(), Listener())
    engine.data_to_send()
    engine.receive_data(serialize(SettingsFrame()) + serialize(WindowUpdateFrame(0, 1)), 0.0)
    while engine.next_event() is not None:
        pass
    assert Listener.heard == 3, "ours and theirs"
