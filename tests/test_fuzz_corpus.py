"""What fuzzers once found stays found: every input of every corpus, through its target."""

import hashlib
import importlib
from pathlib import Path

import pytest

from fuzz.harness import CORPUS, corpus

TARGETS = sorted(path.stem for path in CORPUS.parent.glob("fuzz_*.py"))
INPUTS = [
    pytest.param(name, path, id=f"{name}-{path.name[:12]}")
    for name in TARGETS
    for path in corpus(name)
]


@pytest.mark.parametrize(("name", "path"), INPUTS)
def test_an_input_of_the_corpus_breaks_no_promise(name: str, path: Path) -> None:
    importlib.import_module(f"fuzz.{name}").one_input(path.read_bytes())


@pytest.mark.parametrize(("name", "path"), INPUTS)
def test_an_input_is_named_by_its_content(name: str, path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.name == digest, f"corpus/{name}: line ends changed, or was it named by hand?"


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_a_corpus(name: str) -> None:
    assert list(corpus(name)), "without seeds a fuzzer never gets past the first bytes"


def test_every_corpus_has_a_target() -> None:
    folders = {path.name for path in CORPUS.iterdir() if path.is_dir()}
    assert folders <= set(TARGETS), "inputs that nothing reads protect nothing"
