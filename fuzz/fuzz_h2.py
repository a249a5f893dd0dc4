"""The engine against any bytes: it never raises, and no cut of the input changes its answer.

The first byte chooses the role; the rest is what the peer says.
"""

from fuzz.harness import run
from hyper.frame import PREFACE
from hyper.h2 import Connection, Event, PeerFault
from hyper.wire import Role


def one_input(data: bytes) -> None:
    """Whole, in two halves and byte by byte: the same events, the same answer."""
    role = Role.SERVER if data[:1] < b"\x80" else Role.CLIENT
    # Without the preface nothing gets past the door; a client's peer sends none.
    said = data[1:] if role is Role.CLIENT else PREFACE + data[1:]
    whole = conversation(role, [said])
    half = len(said) // 2
    assert conversation(role, [said[:half], said[half:]]) == whole, "a cut in the middle shows"
    if len(said) <= 512:
        single = [said[at : at + 1] for at in range(len(said))]
        assert conversation(role, single) == whole, "byte by byte is another conversation"


def conversation(role: Role, pieces: list[bytes]) -> tuple[list[Event], bytes]:
    """What one engine tells of a peer that says `pieces` and leaves, and what it answers."""
    engine = Connection(role)
    events: list[Event] = []
    for piece in pieces:
        # Not even an empty piece: that is the end of input.
        if piece:
            engine.receive_data(piece, 0.0)
            events += drained(engine)
    engine.receive_data(b"", 0.0)
    events += drained(engine)
    answer = engine.data_to_send()
    assert engine.data_to_send() == b"", "what was taken is taken"
    assert engine.closed or not any(
        isinstance(event, PeerFault) and event.scope.name == "CONNECTION" for event in events
    ), "a fault of the connection ends it"
    return events, answer


def drained(engine: Connection) -> list[Event]:
    """The events there are."""
    events: list[Event] = []
    while (event := engine.next_event()) is not None:
        events.append(event)
    return events


if __name__ == "__main__":
    run(one_input)
