"""What all frames have in common, beside hyperframe's own."""

from typing import ClassVar

import hyperframe.frame as peer
import pytest

from hyper.compat.hyperframe import frame as ours
from hyper.compat.hyperframe.exceptions import InvalidFrameError, UnknownFrameError


def header(length: int, kind: int, flags: int, stream_id: int) -> bytes:
    return length.to_bytes(3, "big") + bytes([kind, flags]) + stream_id.to_bytes(4, "big")


def test_a_header_gives_a_frame_of_its_type_and_the_length_to_come() -> None:
    frame, length = ours.Frame.parse_frame_header(memoryview(header(5, 0, 0xFF, 0x8000_0001)))
    assert isinstance(frame, ours.DataFrame)
    assert (length, frame.stream_id, frame.body_len) == (5, 1, 0), "the reserved bit is ignored"
    assert set(frame.flags) == {"END_STREAM", "PADDED"}, "the others have no meaning"


@pytest.mark.parametrize("size", [0, 8, 10])
def test_a_header_has_nine_octets(size: int) -> None:
    with pytest.raises(InvalidFrameError, match="Invalid frame header"):
        ours.Frame.parse_frame_header(memoryview(bytes(size)))


def test_an_unknown_type_is_kept_or_refused() -> None:
    data = header(3, 0x99, 7, 1)
    frame, _ = ours.Frame.parse_frame_header(memoryview(data))
    frame.parse_body(memoryview(b"abc"))
    assert frame.serialize() == data + b"abc", "as it came"
    with pytest.raises(UnknownFrameError) as caught:
        ours.Frame.parse_frame_header(memoryview(data), strict=True)
    assert (caught.value.frame_type, caught.value.length) == (0x99, 3)


def test_a_type_of_ones_own_is_parsed_once_it_is_listed() -> None:
    class Mine(ours.Frame):
        type: int | None = 0xEE
        stream_association: ClassVar[str | None] = "either"

    ours.FRAMES[0xEE] = Mine
    try:
        frame, _ = ours.Frame.parse_frame_header(header(0, 0xEE, 0, 1))
    finally:
        del ours.FRAMES[0xEE]
    assert isinstance(frame, Mine)


def test_any_set_of_names_will_do_for_flags() -> None:
    frame = ours.DataFrame(1, b"abc")
    frame.flags = {"END_STREAM", "NO_SUCH_FLAG"}
    assert frame.serialize() == header(3, 0, 1, 1) + b"abc", "a name without a bit is left out"


def test_a_frame_is_explained_on_paper(capsys: pytest.CaptureFixture[str]) -> None:
    data = memoryview(header(3, 0, 1, 1) + b"abcdef")
    frame, length = ours.Frame.explain(data)
    said = capsys.readouterr().out
    peer.Frame.explain(data)
    assert said == capsys.readouterr().out == f"{frame}\n"
    assert length == 3


def test_the_older_name_of_the_padding_warns() -> None:
    with pytest.warns(DeprecationWarning, match="pad_length"):
        assert ours.DataFrame(1, pad_length=3).total_padding == 3


def test_a_frame_without_a_type_has_no_body() -> None:
    frame = ours.Frame(1)
    for call in (frame.serialize, lambda: frame.parse_body(b""), lambda: repr(frame)):
        with pytest.raises(NotImplementedError):
            call()


def test_what_no_frame_can_hold_is_not_cut_down_to_its_length() -> None:
    with pytest.raises(InvalidFrameError, match="16777215"):
        ours.DataFrame(1, bytes(2**24)).serialize()


def test_the_mixins_serve_frames_of_ones_own() -> None:
    class Mine(ours.Padding, ours.Priority, ours.Frame):
        defined_flags = ours.HeadersFrame.defined_flags

    mine = Mine(1, 4, flags=["PADDED"])
    assert (mine.pad_length, mine.depends_on, set(mine.flags)) == (4, 0, {"PADDED"})
    assert mine.serialize_padding_data() == b"\x04"
    assert mine.parse_priority_data(b"\x80\0\0\x05\x10rest") == 5
    assert (mine.depends_on, mine.exclusive, mine.stream_weight) == (5, True, 16)
