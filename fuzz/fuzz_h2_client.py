"""A client with an application, against a server that begins well and then says anything at all."""

from fuzz.h2_party import conversation, cut
from fuzz.harness import run
from hyper.frame import SettingsFrame, serialize
from hyper.wire import Role

_START = serialize(SettingsFrame()) + serialize(SettingsFrame(ack=True))


def one_input(data: bytes) -> None:
    """Whole and in pieces: the same conversation."""
    said = _START + data
    whole = conversation(Role.CLIENT, [said])
    assert conversation(Role.CLIENT, [_START, *cut(data)]) == whole, "a cut of the input shows"


if __name__ == "__main__":
    run(one_input)
