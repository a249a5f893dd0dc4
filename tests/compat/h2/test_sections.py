"""What a stream by itself does to header sections.

Not here: the frames and events that it makes of them; see `test_streams`.
"""

import pytest

from hyper.compat.h2 import events
from hyper.compat.h2._sections import (
    announced_length,
    decoded,
    frames_of_block,
    inbound_section,
    is_not_modified,
    outbound_section,
    validation_flags,
)
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.exceptions import ProtocolError
from hyper.compat.h2.utilities import HeaderValidationFlags
from hyper.compat.hpack.struct import Header, NeverIndexedHeaderTuple
from hyper.compat.hyperframe.frame import HeadersFrame, PushPromiseFrame

TRAILERS = HeaderValidationFlags(True, True, False, False)


@pytest.mark.parametrize(
    ("event", "flags"),
    [
        (events.RequestReceived(stream_id=1), (False, False, False)),
        (events._RequestSent(), (False, False, False)),
        (events.ResponseReceived(stream_id=1), (False, True, False)),
        (events._ResponseSent(), (False, True, False)),
        (events.InformationalResponseReceived(stream_id=1), (False, True, False)),
        (events.TrailersReceived(stream_id=1), (True, False, False)),
        (events._TrailersSent(), (True, False, False)),
        (events.PushedStreamReceived(), (False, False, True)),
        (events._PushedRequestSent(), (False, False, True)),
    ],
)
def test_what_a_section_is_follows_from_its_event(
    event: events.Event, flags: tuple[bool, bool, bool]
) -> None:
    assert validation_flags([event], None) == (False, *flags), "trailers, response, promise"
    assert validation_flags([event], True).is_client, "whose it is the stream knows"


@pytest.mark.parametrize("normalized", [True, False])
@pytest.mark.parametrize("validated", [True, False])
def test_what_ends_a_field_is_never_sent(normalized: bool, validated: bool) -> None:
    config = H2Configuration(
        normalize_outbound_headers=normalized, validate_outbound_headers=validated
    )
    for header in ((b"a", b"b\r\nc: d"), (b"a\nb", b"b"), (b"a", b"\0"), (b"", b"b")):
        # Inside of the value: white space around it is taken off.
        with pytest.raises(ProtocolError):
            outbound_section([(b"x", b"y"), (header[0], b"." + header[1] + b".")], TRAILERS, config)
    section = outbound_section([(b"a", b"b")], TRAILERS, config)
    assert section == [(b"a", b"b")], "the others are"


def test_a_section_is_normalized_and_validated_as_the_configuration_says() -> None:
    given: list[Header] = [(b"Upper", b" v "), (b"connection", b"close"), (b"cookie", b"a=b; c=d")]
    split = H2Configuration(split_outbound_cookies=True)
    assert outbound_section(given, TRAILERS, split) == [
        (b"upper", b"v"),
        (b"cookie", b"a=b"),
        (b"cookie", b"c=d"),
    ], "RFC 9113 §8.2, §8.2.2, §8.2.3"
    as_is = H2Configuration(normalize_outbound_headers=False, validate_outbound_headers=False)
    assert outbound_section(given, TRAILERS, as_is) == given, "whoever asks for it gets it"
    crumbs: list[Header] = [(b"cookie", b"a=b"), (b"x", b"y"), (b"cookie", b"c=d")]
    config = H2Configuration()
    assert inbound_section(crumbs, TRAILERS, config, None) == [
        (b"x", b"y"),
        (b"cookie", b"a=b; c=d"),
    ], "RFC 9113 §8.2.3"
    assert repr(inbound_section([(b"x", b"y")], TRAILERS, config, "ascii")) == "[('x', 'y')]"
    with pytest.raises(ProtocolError):
        inbound_section([(b":path", b"/")], TRAILERS, config, None)
    lenient = H2Configuration(validate_inbound_headers=False, normalize_inbound_headers=False)
    assert inbound_section(crumbs, TRAILERS, lenient, None) == crumbs, "as they came"


def test_what_is_marked_stays_so_as_text() -> None:
    text = decoded([NeverIndexedHeaderTuple(b"a", b"b"), (b"c", b"d")], "ascii")
    assert [getattr(header, "indexable", None) for header in text] == [False, True], (
        "RFC 7541 §7.1.3"
    )
    with pytest.raises(UnicodeDecodeError):
        decoded([(b"a", b"\xff")], "ascii")


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 21, 100])
def test_no_frame_of_a_block_is_too_long_and_none_is_lost(size: int) -> None:
    block = bytes(range(size))
    for first in (HeadersFrame(1), PushPromiseFrame(1, 2)):
        frames = frames_of_block(first, block, 10)
        assert b"".join(bytes(frame.data) for frame in frames) == block, "all of it, in order"
        assert all(len(frame.serialize()) - 9 <= 10 for frame in frames), "RFC 9113 §4.2"
        assert ["END_HEADERS" in frame.flags for frame in frames] == [False] * (len(frames) - 1) + [
            True
        ], "RFC 9113 §6.2: the last one ends the block"


def test_a_length_is_digits_and_there_is_one() -> None:
    assert announced_length([(b"x", b"1")]) is None, "none was announced"
    length = (b"content-length", b"12")
    assert announced_length([length, length]) == 12, "RFC 9110 §8.6: the same one twice is one"
    for wrong in (b"", b"-1", b"+1", b"1_0", b" 1", b"1, 1", b"0x1", b"9" * 20):
        with pytest.raises(ProtocolError, match="Invalid content-length"):
            announced_length([(b"content-length", wrong)])
    with pytest.raises(ProtocolError, match="Conflicting"):
        announced_length([length, (b"content-length", b"13")])


def test_304_is_not_modified_and_nothing_else_is() -> None:
    assert is_not_modified([(b":status", b"304")]), "RFC 9110 §15.4.5"
    assert not is_not_modified([(b":status", b"200"), (b"x", b"304")]), "by the status alone"
