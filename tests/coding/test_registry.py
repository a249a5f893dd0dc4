"""What is installed is offered, and nothing else; the best library goes first."""

from types import SimpleNamespace

import pytest

from hyper.coding import DEFAULT_REGISTRY, Registry, UnknownCoding, available
from hyper.coding.registry import canonical, installed
from hyper.wire import LocalProtocolError
from tests.support.coded import TEXT, ZSTD

BINDING = SimpleNamespace(
    Decompressor=SimpleNamespace(can_accept_more_data=None), Compressor=None, error=ValueError
)


def knowing(**modules: object) -> Registry:
    """A registry where only these modules are installed."""
    return Registry(lambda name: modules.get(name.replace(".", "_")))


def test_what_is_not_installed_is_not_offered() -> None:
    bare = knowing()
    assert bare.codings == ("gzip", "deflate"), "these come with Python"
    for coding in ("br", "zstd"):
        assert bare.backend(coding) is None, "nothing does the work"
        with pytest.raises(UnknownCoding) as caught:
            bare.stage(coding)
        assert caught.value.coding == coding, "a server answers 415 and names it"
        with pytest.raises(LocalProtocolError, match=f"expected a coding of gzip, .*{coding}"):
            bare.packer(coding)


def test_the_best_library_goes_first() -> None:
    assert knowing(brotli=BINDING).backend("br") == "brotli", "for want of better"
    both = knowing(brotli=BINDING, brotlicffi=BINDING)
    assert both.backend("br") == "brotlicffi", "it keeps its limit to the byte"
    ours = knowing(brotli=BINDING, brotlicffi=BINDING, hyper_brotli=BINDING)
    assert ours.backend("br") == "hyper_brotli", "and ours copies nothing"
    zstd = knowing(backports_zstd=ZSTD, compression_zstd=ZSTD)
    assert zstd.backend("zstd") == "compression.zstd", "the standard library's"
    assert knowing(backports_zstd=ZSTD).codings == ("zstd", "gzip", "deflate"), "or its backport"


def test_what_cannot_be_limited_is_passed_over() -> None:
    old = SimpleNamespace(Decompressor=SimpleNamespace(process=len))
    assert knowing(hyper_brotli=old, brotli=BINDING).backend("br") == "brotli", "the next is taken"
    assert knowing(brotli=old).codings == ("gzip", "deflate"), "or none"


def test_libraries_are_looked_for_once_and_not_before_they_are_needed() -> None:
    asked: list[str] = []

    def find(name: str) -> object | None:
        asked.append(name)
        return None

    registry = Registry(find)
    assert asked == [], "importing the package loads none of them"
    assert registry.codings == registry.codings, "asked twice"
    assert len(asked) == len(set(asked)) == 5, "looked once"


@pytest.mark.parametrize("name", ["gzip", "GZIP", "x-gzip", "X-GZip"])
def test_gzip_has_two_names_in_any_case(name: str) -> None:
    assert canonical(name) == "gzip", "RFC 9110 §8.4.1.3"
    packer = DEFAULT_REGISTRY.packer(name)
    data = packer.compress(TEXT) + packer.finish()
    assert DEFAULT_REGISTRY.stage(name).decompress(data, len(TEXT)) == TEXT
    assert DEFAULT_REGISTRY.backend(name) == "zlib"


@pytest.mark.parametrize("name", ["compress", "x-compress", "", "brotli", "identity"])
def test_a_name_that_nobody_has_is_unknown(name: str) -> None:
    with pytest.raises(UnknownCoding):
        DEFAULT_REGISTRY.stage(name)


@pytest.mark.parametrize(
    ("coding", "wrong"),
    [("br", (-1, 12)), ("zstd", (0, 23)), ("gzip", (0, 10)), ("deflate", (0, 10))],
)
def test_a_level_that_a_coding_has_not_is_a_wrong_call(coding: str, wrong: tuple[int, int]) -> None:
    for level in wrong:
        with pytest.raises(LocalProtocolError, match=f"expected a level of .* for {coding}, got"):
            DEFAULT_REGISTRY.packer(coding, level)


def test_a_module_that_is_not_there_is_none() -> None:
    assert installed("hyper_there_is_no_such_module") is None
    assert installed("zlib") is not None


def test_all_codings_are_here_where_the_tests_run() -> None:
    assert available() == ("br", "zstd", "gzip", "deflate"), "the extra `test` brings libraries"
