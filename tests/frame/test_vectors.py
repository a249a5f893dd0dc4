"""http2-frame-test-case, whole: every frame read, written again, and every fault found."""

import json
from pathlib import Path

import pytest

from hyper.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    FrameError,
    FrameReader,
    FrameSplitter,
    GoAwayFrame,
    HeadersFrame,
    PingFrame,
    Priority,
    PriorityFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
    WindowUpdateFrame,
    serialize,
)

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "frame"
FILES = sorted(VECTORS.glob("*/*.json"))
PADDING = b"This is padding.", b"Howdy!"

if not FILES:
    pytest.skip(f"the vectors are not at {VECTORS}", allow_module_level=True)

Json = dict[str, object]


def number(payload: Json, name: str) -> int:
    value = payload[name]
    assert isinstance(value, int), f"{name} is a number"
    return value


def octets(payload: Json, name: str) -> bytes:
    value = payload[name]
    assert isinstance(value, str), f"{name} is text"
    return value.encode()


def pad_length(payload: Json) -> int | None:
    return None if payload.get("padding_length") is None else number(payload, "padding_length")


def priority(payload: Json) -> Priority | None:
    if payload["stream_dependency"] is None:
        return None
    return Priority(
        number(payload, "stream_dependency"),
        number(payload, "weight"),
        payload["exclusive"] is True,
    )


def described(frame: Json) -> Frame:
    """The frame that a vector describes in JSON, as a value of ours."""
    payload = frame["frame_payload"]
    assert isinstance(payload, dict), "the fields of the type"
    stream_id, flags = number(frame, "stream_identifier"), number(frame, "flags")
    end_stream, end_headers = flags & 0x1 != 0, flags & 0x4 != 0
    fragment = (
        octets(payload, "header_block_fragment") if "header_block_fragment" in payload else b""
    )
    match number(frame, "type"):
        case 0:
            return DataFrame(stream_id, octets(payload, "data"), end_stream, pad_length(payload))
        case 1:
            return HeadersFrame(
                stream_id, fragment, end_stream, end_headers, priority(payload), pad_length(payload)
            )
        case 2:
            found = priority(payload)
            assert found is not None, "what PRIORITY is about"
            return PriorityFrame(stream_id, found)
        case 3:
            return RstStreamFrame(stream_id, number(payload, "error_code"))
        case 4:
            settings = payload["settings"]
            assert isinstance(settings, list), "pairs"
            return SettingsFrame([(identifier, value) for identifier, value in settings])
        case 5:
            promised = number(payload, "promised_stream_id")
            return PushPromiseFrame(stream_id, promised, fragment, end_headers, pad_length(payload))
        case 6:
            return PingFrame(octets(payload, "opaque_data"), end_stream)
        case 7:
            return GoAwayFrame(
                number(payload, "last_stream_id"),
                number(payload, "error_code"),
                octets(payload, "additional_debug_data"),
            )
        case 8:
            return WindowUpdateFrame(stream_id, number(payload, "window_size_increment"))
        case 9:
            return ContinuationFrame(stream_id, fragment, end_headers)
        case other:
            pytest.fail(f"type {other} is new to the vectors")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_vector_is_read_and_written_as_it_says(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    wire = bytes.fromhex(vector["wire"])
    news = FrameReader(16_384).feed(wire)
    if vector["error"] is not None:
        [fault] = news
        assert isinstance(fault, FrameError), vector["description"]
        assert fault.code in vector["error"], vector["description"]
        return
    frame = described(vector["frame"])
    assert news == [frame], vector["description"]
    # RFC 9113 §6.1: padding octets MUST be zero when sending; those of the vectors are text.
    blank = wire
    for text in PADDING:
        blank = blank.removesuffix(text) + bytes(len(text)) if wire.endswith(text) else blank
    assert serialize(frame) == blank, "the same bytes, but for the padding"
    splitter = FrameSplitter()
    splitter.receive_data(wire)
    assert splitter.next_frame(), "the other face"
    assert (splitter.type, splitter.stream_id) == (wire[3], frame.stream_id), "the same frame"


def test_no_vector_is_missing() -> None:
    assert len(FILES) == 34, "as many as http2-frame-test-case had when these were taken"
