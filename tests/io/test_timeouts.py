"""How long each side may be waited for: the values, and what no value may be."""

import dataclasses
import re
from typing import TYPE_CHECKING, Final

import pytest

from hyper.io import CLIENT_TIMEOUTS, SERVER_TIMEOUTS, Timeouts
from hyper.io._deadlines import Deadlines
from tools.floors import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES: Final = tuple(field.name for field in dataclasses.fields(Timeouts))
NEVER: Final = Timeouts(connect=None, handshake=None, read=None, idle=None, keepalive=None)


def value(timeouts: Timeouts, name: str) -> float | None:
    seconds: float | None = getattr(timeouts, name)
    return seconds


@pytest.mark.parametrize("timeouts", [CLIENT_TIMEOUTS, SERVER_TIMEOUTS], ids=["client", "server"])
def test_no_peer_can_hold_us_by_saying_nothing(timeouts: Timeouts) -> None:
    for name in ("connect", "handshake", "read"):
        seconds = value(timeouts, name)
        assert seconds is not None, f"{name}: a default that waits for ever is a trap"
        assert 0 < seconds <= 60, f"{name}: a minute is as long as a person would wait"


def test_a_client_says_nothing_of_its_own_accord() -> None:
    assert Timeouts() == CLIENT_TIMEOUTS, "a client's are what anybody gets"
    assert CLIENT_TIMEOUTS.idle is None, "whoever opened the connection knows when to close it"
    assert CLIENT_TIMEOUTS.keepalive is None, "a PING in a pause is for those who ask for it"


def test_a_server_leaves_nobody_on_its_hands() -> None:
    assert SERVER_TIMEOUTS.idle is not None, "a client that has vanished never closes"
    assert SERVER_TIMEOUTS.keepalive is not None, "nor does it while its streams are open"
    assert SERVER_TIMEOUTS.read is not None, "both wait for the peer"
    assert CLIENT_TIMEOUTS.read is not None, "in a read"
    assert SERVER_TIMEOUTS.read < CLIENT_TIMEOUTS.read, (
        "the server ends a stalled upload, with a reason, before its client gives up without one"
    )
    assert SERVER_TIMEOUTS.idle > CLIENT_TIMEOUTS.read, (
        "a connection that is merely between two requests is not closed under the second"
    )


def test_the_page_says_what_the_defaults_are() -> None:
    page = (ROOT / "docs" / "io.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`[^|]*\|([^|]*)\|([^|]*)\|", page, re.MULTILINE)
    told = {(name, client.strip(), server.strip()) for name, client, server in rows}
    for name in NAMES:
        client, server = (
            "never" if seconds is None else f"{seconds:g}"
            for seconds in (value(CLIENT_TIMEOUTS, name), value(SERVER_TIMEOUTS, name))
        )
        # A server does not connect.
        row = (name, client, "" if name == "connect" else server)
        assert row in told, "who reads the page need not read the source"


def test_a_value_is_given_by_name() -> None:
    # Five numbers in a row would tell nobody what they are.
    make: Callable[..., Timeouts] = Timeouts
    with pytest.raises(TypeError, match="positional"):
        make(5.0)


@pytest.mark.parametrize("name", NAMES)
def test_a_value_never_changes_under_a_connection(name: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(SERVER_TIMEOUTS, name, 0.0)
    changed = dataclasses.replace(SERVER_TIMEOUTS, **{name: 1.5})
    assert value(changed, name) == 1.5, "another one is made of it"
    for other in set(NAMES) - {name}:
        assert value(changed, other) == value(SERVER_TIMEOUTS, other), "with all else the same"
    restored = dataclasses.replace(changed, **{name: value(SERVER_TIMEOUTS, name)})
    assert {restored, changed, SERVER_TIMEOUTS} == {SERVER_TIMEOUTS, changed}, (
        "equal ones are one and the same: they can be compared and kept as keys"
    )


@pytest.mark.parametrize(
    ("timeouts", "due"),
    [
        (NEVER, None),
        (dataclasses.replace(NEVER, connect=5.0), None),
        (dataclasses.replace(NEVER, handshake=5.0), 105.0),
        (dataclasses.replace(NEVER, read=5.0), 105.0),
        (dataclasses.replace(NEVER, idle=5.0), 105.0),
        (dataclasses.replace(NEVER, keepalive=5.0), None),
    ],
    ids=["none", *NAMES],
)
def test_each_stands_for_itself_and_none_is_for_ever(timeouts: Timeouts, due: float | None) -> None:
    # Open, idle, without the peer's SETTINGS, and with a transport that takes nothing.
    deadlines = Deadlines(timeouts, 100.0)
    assert deadlines.next_timer(ready=False, stuck=True, leaving=False) == due, (
        "`connect` is over by now, and `keepalive` is for open streams; each other one is due alone"
    )
