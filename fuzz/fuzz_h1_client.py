"""An HTTP/1.1 client with an application, against a peer that says anything at all.

The first byte chooses the leniences.
"""

from fuzz.h1_party import conversation, cut, options
from fuzz.harness import run
from hyper.wire import Role


def one_input(data: bytes) -> None:
    """Whole, in pieces and byte by byte: the same conversation."""
    leniences, keep = options(data[0] if data else 0)
    said = data[1:]
    whole = conversation(Role.CLIENT, [said] if said else [], leniences, keep)
    assert conversation(Role.CLIENT, cut(said), leniences, keep) == whole, (
        "a cut of the input shows"
    )
    if len(said) <= 512:
        bytewise = [said[at : at + 1] for at in range(len(said))]
        assert conversation(Role.CLIENT, bytewise, leniences, keep) == whole, "a cut of it shows"


if __name__ == "__main__":
    run(one_input)
