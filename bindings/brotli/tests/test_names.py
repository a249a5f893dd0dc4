"""It stands in for brotli, brotlicffi and brotlipy: their names are here and mean the same."""

from types import ModuleType

import brotli
import brotlicffi
import pytest

import hyper_brotli
from bindings.brotli.tests.samples import TEXT, stream

PEERS = [brotli, brotlicffi]

# What brotlipy 0.7 had, by its documentation.
BROTLIPY = ["compress", "decompress", "Compressor", "Decompressor", "BrotliEncoderMode"]
BROTLIPY += ["DEFAULT_MODE", "MODE_GENERIC", "MODE_TEXT", "MODE_FONT", "Error"]


def public(thing: object) -> set[str]:
    return {
        name
        for name in dir(thing)
        if not name.startswith("_") and not isinstance(getattr(thing, name), ModuleType)
    }


@pytest.mark.parametrize("peer", PEERS)
def test_every_public_name_is_here(peer: ModuleType) -> None:
    assert public(peer) <= public(hyper_brotli), "of the module"
    for kind in ("Compressor", "Decompressor"):
        assert public(getattr(peer, kind)) <= public(getattr(hyper_brotli, kind)), f"of {kind}"


def test_the_names_of_brotlipy_are_here() -> None:
    assert set(BROTLIPY) <= public(hyper_brotli), "of the module"
    for kind, names in {
        "Compressor": {"compress", "flush", "finish"},
        "Decompressor": {"decompress", "flush", "finish"},
    }.items():
        assert names <= public(getattr(hyper_brotli, kind)), f"of {kind}"


@pytest.mark.parametrize("peer", PEERS)
def test_constants_have_the_same_values(peer: ModuleType) -> None:
    for name in ("MODE_GENERIC", "MODE_TEXT", "MODE_FONT"):
        assert getattr(hyper_brotli, name) == getattr(peer, name), name


def test_the_two_names_of_the_error_are_one() -> None:
    assert hyper_brotli.error is hyper_brotli.Error is hyper_brotli.BrotliError


def test_the_arguments_of_the_others_are_taken() -> None:
    coded = hyper_brotli.compress(TEXT, mode=hyper_brotli.MODE_TEXT, quality=5, lgwin=20, lgblock=0)
    decompressor = hyper_brotli.Decompressor(dictionary=b"")
    assert decompressor.process(coded, output_buffer_limit=100) == TEXT[:100], "by brotli's name"
    assert not decompressor.can_accept_more_data(), "there is output at hand"
    assert decompressor.decompress(b"", output_buffer_limit=100) == TEXT[100:200], "brotlicffi's"
    assert decompressor.decompress(b"") == TEXT[200:], "without a limit"
    assert decompressor.is_finished(), "as brotli says it"
    assert decompressor.can_accept_more_data(), "at the end too, as brotli has it"
    assert (decompressor.flush(), decompressor.finish()) == (b"", b""), "brotlipy's"


def test_a_dictionary_is_refused_rather_than_ignored() -> None:
    with pytest.raises(hyper_brotli.error, match="dictionaries"):
        hyper_brotli.Decompressor(b"words")


# brotlicffi fails an assertion of its own at some of these.
@pytest.mark.parametrize("peer", [brotli, hyper_brotli])
@pytest.mark.parametrize("wrong", [b"", stream(TEXT)[:-1], stream(TEXT) + b"x", b"\xff" * 9])
def test_what_others_refuse_is_refused_with_an_error_of_that_name(
    peer: ModuleType, wrong: bytes
) -> None:
    with pytest.raises(peer.error):
        peer.decompress(wrong)


def test_versions_are_told() -> None:
    assert hyper_brotli.__version__ == hyper_brotli.version, "ours"
    assert hyper_brotli.library_version.count(".") == 2, "libbrotli's"
