"""What is encoded can be decoded, at every setting, and what was flushed at once."""

import pytest

import hyper_brotli
from bindings.brotli.tests.samples import CONTENTS, NOISE, TEXT
from hyper_brotli import BrotliEncoderMode, BrotliError, Compressor, Decompressor, decompress


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("quality", [0, 1, 4, 6, 9])
def test_what_is_encoded_can_be_decoded(name: str, quality: int) -> None:
    content = CONTENTS[name]
    assert decompress(hyper_brotli.compress(content, quality=quality)) == content, "at once"
    compressor = Compressor(quality=quality)
    cuts = range(0, len(content), 70_001)
    coded = b"".join(compressor.process(content[at : at + 70_001]) for at in cuts)
    assert decompress(coded + compressor.finish()) == content, "in steps"


@pytest.mark.parametrize("mode", BrotliEncoderMode)
@pytest.mark.parametrize("quality", range(12))
def test_every_mode_and_quality_works(mode: BrotliEncoderMode, quality: int) -> None:
    assert decompress(hyper_brotli.compress(TEXT[:5000], mode, quality)) == TEXT[:5000]


@pytest.mark.parametrize("lgwin", [10, 16, 24])
@pytest.mark.parametrize("lgblock", [0, 16, 24])
def test_every_window_and_block_works(lgwin: int, lgblock: int) -> None:
    coded = hyper_brotli.compress(TEXT, quality=5, lgwin=lgwin, lgblock=lgblock)
    assert decompress(coded) == TEXT, "at once"
    compressor = Compressor(quality=5, lgwin=lgwin, lgblock=lgblock)
    assert decompress(compressor.process(TEXT) + compressor.finish()) == TEXT, "in steps"


@pytest.mark.parametrize("quality", [0, 1, 2, 5])
@pytest.mark.parametrize("size", [0, 1, 59_999, 60_000, 60_001, 65_536])
def test_noise_that_is_nearly_too_much_for_the_memory_that_is_kept_works(
    size: int, quality: int
) -> None:
    part = NOISE[:size]
    assert len(part) == size, "there is so much noise"
    assert decompress(hyper_brotli.compress(part, quality=quality)) == part, "it grows a little"


def test_parameters_do_something() -> None:
    sizes = [len(hyper_brotli.compress(TEXT, quality=quality)) for quality in (0, 5, 9)]
    assert sizes == sorted(sizes, reverse=True), "a higher quality is smaller"
    far = NOISE[:20_000] + bytes(5000) + NOISE[:20_000]
    near, wide = (len(hyper_brotli.compress(far, quality=5, lgwin=lgwin)) for lgwin in (10, 22))
    assert wide < near, "a window that reaches back finds what was there before"


def test_flush_brings_out_all_that_went_in() -> None:
    compressor, decompressor = Compressor(quality=5), Decompressor()
    for at in range(0, 5000, 50):
        part = TEXT[at : at + 50]
        made = decompressor.process(compressor.process(part) + compressor.flush())
        assert made == part, "nothing is held back"
    decompressor.process(compressor.finish())
    assert decompressor.finished, "and the end is the end"


def test_a_finished_stream_takes_no_more() -> None:
    compressor = Compressor()
    coded = compressor.process(b"x") + compressor.finish()
    assert compressor.finish() == b"", "finishing twice does no harm"
    for call in (
        compressor.flush,
        lambda: compressor.process(b"y"),
        lambda: compressor.compress(b""),
    ):
        with pytest.raises(BrotliError, match="expected a stream that goes on"):
            call()
    assert decompress(coded) == b"x", "what was made is whole"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("quality", (-1, 12, 2**40)),
        ("lgwin", (9, 25, -(2**40))),
        ("lgblock", (1, 15, 25, 2**40)),
        ("mode", (-1, 3, 2**70)),
    ],
)
def test_a_parameter_out_of_range_is_named(name: str, values: tuple[int, ...]) -> None:
    for value in values:
        calls = (
            lambda **given: hyper_brotli.compress(b"x", **given),
            lambda **given: hyper_brotli.compress(bytes(70_000), **given),
            Compressor,
        )
        for call in calls:
            with pytest.raises(BrotliError, match=f"expected an? {name} of .*, got {value}"):
                call(**{name: value})
