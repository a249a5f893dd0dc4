"""Names for numbers, as a log or a terminal shows them."""

import pytest

from hyper.frame import FrameType, error_name, flag_names, frame_name, setting_name


def test_numbers_of_the_registries_have_names() -> None:
    assert frame_name(0) == "DATA", "RFC 9113 §6.1; 0 is a number like any other"
    assert frame_name(0x10) == "PRIORITY_UPDATE", "RFC 9218 §7.1"
    assert error_name(0) == "NO_ERROR", "RFC 9113 §7"
    assert setting_name(9) == "NO_RFC7540_PRIORITIES", "RFC 9218 §2.1"


def test_other_numbers_are_in_hex() -> None:
    assert [frame_name(0xBE), error_name(0xFF), setting_name(0x4F2)] == ["0xbe", "0xff", "0x4f2"]


@pytest.mark.parametrize(
    ("frame_type", "flags", "names"),
    [
        (FrameType.DATA, 0x9, ["END_STREAM", "PADDED"]),
        (FrameType.HEADERS, 0x2D, ["END_STREAM", "END_HEADERS", "PADDED", "PRIORITY"]),
        (FrameType.SETTINGS, 0x1, ["ACK"]),
        (FrameType.PING, 0x1, ["ACK"]),
        (FrameType.PUSH_PROMISE, 0xC, ["END_HEADERS", "PADDED"]),
        (FrameType.CONTINUATION, 0x4, ["END_HEADERS"]),
        (FrameType.DATA, 0x24, ["0x4", "0x20"]),
        (FrameType.PRIORITY, 0x1, ["0x1"]),
        (FrameType.WINDOW_UPDATE, 0x0, []),
        (0xBE, 0x81, ["0x1", "0x80"]),
    ],
)
def test_a_flag_is_named_by_the_type_of_its_frame(
    frame_type: int, flags: int, names: list[str]
) -> None:
    assert flag_names(frame_type, flags) == names, "RFC 9113 §4.1: flags have a meaning per type"
