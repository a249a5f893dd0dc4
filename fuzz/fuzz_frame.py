"""Frames out of any bytes: documented faults or values, whatever the cut, and values that return.

The first byte chooses the size of the pieces in which long DATA is handed out.
"""

from fuzz.harness import run
from hyper.frame import FrameError, FrameReader, FrameSplitter, News, Scope, parse_frame, serialize

LIMIT = 16_384


def one_input(data: bytes) -> None:
    """Both faces, whole, in two halves and byte by byte."""
    piece_size = 1 + data[0] % 64 if data else LIMIT
    said = data[1:]
    half = len(said) // 2
    cuts = [[said[:half], said[half:]]]
    if len(said) <= 512:
        cuts.append([said[at : at + 1] for at in range(len(said))])

    news = told(read([said]))
    shown = split([said], piece_size)
    for pieces in cuts:
        assert told(read(pieces)) == news, "the cut shows in the values"
        assert split(pieces, piece_size) == shown, "the cut shows in the frames"

    for each in read([said]):
        if not isinstance(each, FrameError):
            octets = serialize(each, 2 * LIMIT)
            assert parse_frame(octets) == each, "what was understood can be said again"


def read(pieces: list[bytes]) -> list[News]:
    """The values and faults in the bytes."""
    reader = FrameReader(LIMIT)
    news: list[News] = []
    for piece in pieces:
        news += reader.feed(piece)
    return news


def told(news: list[News]) -> list[str]:
    """Values and faults as text: that covers their `repr` too."""
    return [repr(each) for each in news]


def split(pieces: list[bytes], piece_size: int) -> list[tuple[object, ...]]:
    """What the splitter shows of the bytes."""
    splitter = FrameSplitter(LIMIT, piece_size)
    shown: list[tuple[object, ...]] = []
    for piece in pieces:
        splitter.receive_data(piece)
        while True:
            try:
                if not splitter.next_frame():
                    break
            except FrameError as fault:
                shown.append((str(fault), splitter.type, splitter.stream_id, splitter.length))
                if fault.scope == Scope.CONNECTION:
                    return shown
            else:
                shown.append(
                    (
                        splitter.type,
                        splitter.flags,
                        splitter.stream_id,
                        splitter.length,
                        splitter.padding,
                        splitter.first,
                        splitter.last,
                        splitter.payload,
                    )
                )
    return shown


if __name__ == "__main__":
    run(one_input)
