"""A server with an application, against a client that begins well and then says anything at all."""

from fuzz.h2_party import conversation, cut
from fuzz.harness import run
from hyper.frame import PREFACE, SettingsFrame, serialize
from hyper.wire import Role

_START = PREFACE + serialize(SettingsFrame()) + serialize(SettingsFrame(ack=True))


def one_input(data: bytes) -> None:
    """Whole and in pieces: the same conversation."""
    said = _START + data
    whole = conversation(Role.SERVER, [said])
    assert conversation(Role.SERVER, [_START, *cut(data)]) == whole, "a cut of the input shows"


if __name__ == "__main__":
    run(one_input)
