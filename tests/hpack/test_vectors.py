"""hpack-test-case, whole: every story read octet by octet, written again and read back."""

from pathlib import Path

import pytest

from hyper.hpack import Decoder, Encoder
from tests.support.stories import VECTORS, cases, stories

FOLDERS = {
    "nghttp2": 32,
    "nghttp2-change-table-size": 31,
    "node-http2-hpack": 32,
    "raw-data": 32,
}
STORIES = [story for folder in FOLDERS for story in stories(folder)]
CODED = [story for story in STORIES if story.parent.name != "raw-data"]

# What nghttp2 1.52 makes of the raw data, a fresh deflater of 4,096 octets for each story.
NGHTTP2_OCTETS = 358_782

if not STORIES:
    pytest.skip(f"the vectors are not at {VECTORS}", allow_module_level=True)


def name(story: Path) -> str:
    return f"{story.parent.name}/{story.stem}"


@pytest.mark.parametrize("story", CODED, ids=name)
def test_a_story_is_read(story: Path) -> None:
    decoder = Decoder()
    for number, case in enumerate(cases(story)):
        if case.table_size is not None:
            decoder.set_max_table_size(case.table_size)
        assert decoder.decode(case.octets) == case.fields, f"block {number}, to the last octet"


@pytest.mark.parametrize("story", STORIES, ids=name)
def test_a_story_is_written_and_read_back(story: Path) -> None:
    encoder, decoder = Encoder(), Decoder()
    for number, case in enumerate(cases(story)):
        if case.table_size is not None:
            encoder.set_max_table_size(case.table_size)
            decoder.set_max_table_size(case.table_size)
        block = encoder.encode(case.fields)
        assert decoder.decode(block) == case.fields, f"block {number}, tables in step"


@pytest.mark.parametrize("story", stories("raw-data"), ids=name)
def test_a_story_is_written_and_read_back_while_the_table_changes(story: Path) -> None:
    encoder, decoder = Encoder(), Decoder()
    for number, case in enumerate(cases(story)):
        # Down and up again between two blocks, to each of many sizes, and every third time not.
        for size in (number * 97 % 1_500, number * 389 % 4_500)[: number % 3]:
            encoder.set_max_table_size(size)
            decoder.set_max_table_size(size)
        block = encoder.encode(case.fields)
        assert decoder.decode(block) == case.fields, f"block {number}, tables in step"
        assert decoder.table_size == encoder.table_size, "and of one size"


def test_what_is_written_is_at_most_a_hundredth_larger_than_nghttp2s() -> None:
    written = 0
    for story in stories("raw-data"):
        encoder = Encoder()
        written += sum(len(encoder.encode(case.fields)) for case in cases(story))
    assert written <= 1.01 * NGHTTP2_OCTETS, "speed is not bought with octets"


@pytest.mark.parametrize(("folder", "count"), FOLDERS.items())
def test_no_story_is_missing(folder: str, count: int) -> None:
    assert len(stories(folder)) == count, "as many as hpack-test-case had when these were taken"
