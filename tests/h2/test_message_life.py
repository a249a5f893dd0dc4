"""The order of the parts of one message, drawn whole (RFC 9113 §8.1)."""

from hyper.h2.message_life import TRANSITIONS, MessagePart, MessageState, next_state, targets

MATRIX = """
             INTERIM_HEAD  HEAD     DATA     TRAILERS  END
AWAIT_HEAD   AWAIT_HEAD    CONTENT  .        .         .
CONTENT      .             .        CONTENT  CONTENT   ENDED
ENDED        .             .        .        .         .
"""


def test_the_matrix_allows_exactly_what_the_rfc_says() -> None:
    head, *rows = [line.split() for line in MATRIX.strip().splitlines()]
    assert head == [part.name for part in MessagePart], "a moved column would lie"
    drawn = {
        MessageState[state]: {
            MessagePart[part]: MessageState[cell]
            for part, cell in zip(head, cells, strict=True)
            if cell != "."
        }
        for state, *cells in rows
    }
    assert drawn == TRANSITIONS


def test_a_lookup_gives_what_the_table_says() -> None:
    for state in MessageState:
        for part in MessagePart:
            assert next_state(state, part) is TRANSITIONS[state].get(part), f"{state!r}, {part!r}"
            assert targets(part)[state] is next_state(state, part), "a column is of the same table"
