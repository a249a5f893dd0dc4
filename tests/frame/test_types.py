"""The numbers are the registry's: RFC 9113 §6, §7, §11."""

from hyper.frame import ErrorCode, Flag, FrameType, SettingId, error_code


def test_the_frame_types_are_numbered_as_registered() -> None:
    assert [member.name for member in FrameType if member <= 9] == [
        "DATA",
        "HEADERS",
        "PRIORITY",
        "RST_STREAM",
        "SETTINGS",
        "PUSH_PROMISE",
        "PING",
        "GOAWAY",
        "WINDOW_UPDATE",
        "CONTINUATION",
    ], "RFC 9113 §6.1 to §6.10, types 0 to 9"
    extensions = (FrameType.ALTSVC, FrameType.ORIGIN, FrameType.PRIORITY_UPDATE)
    assert extensions == (0xA, 0xC, 0x10), "RFC 7838 §4, RFC 8336 §2.1, RFC 9218 §7.1"


def test_a_code_with_a_name_gets_it() -> None:
    assert error_code(8) is ErrorCode.CANCEL, "so that it reads well in a log"
    assert [error_code(code) for code in range(14)] == list(ErrorCode), "RFC 9113 §7: 0 to 0xd"


def test_a_code_without_a_name_stays_a_number() -> None:
    for number in (0xE, 0xFF, 2**32 - 1):
        assert error_code(number) == number, "RFC 9113 §7: an unknown code is no error"
        assert not isinstance(error_code(number), ErrorCode), "and has no name"


def test_ack_and_end_stream_are_one_bit() -> None:
    assert Flag["ACK"].value == Flag["END_STREAM"].value == 1, "RFC 9113 §6.5, §6.1: both are 0x01"
    assert Flag.END_HEADERS | Flag.PADDED | Flag.PRIORITY == 0x2C, "§6.2: 0x04, 0x08 and 0x20"


def test_the_settings_are_numbered_as_registered() -> None:
    assert [member.value for member in SettingId] == [1, 2, 3, 4, 5, 6, 8, 9], (
        "RFC 9113 §6.5.2; 7 is reserved; RFC 8441 §3 has 8, RFC 9218 §2.1 has 9"
    )
