"""How a fuzz target is run: by atheris, guided by coverage.

A target is a module of this folder, `fuzz_<name>.py`, with `one_input(data: bytes) -> None`, which
ends with `if __name__ == "__main__": run(one_input)`.  tests/test_fuzz_corpus.py replays the corpus
of every target without atheris.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"


def run(one_input: Callable[[bytes], None]) -> None:
    """Fuzz until told to stop; the arguments are libFuzzer's.  Needs the `fuzz` extra."""
    import atheris  # noqa: PLC0415 - the corpus is replayed where there are no wheels of it

    atheris.instrument_all()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


def corpus(name: str) -> Iterator[Path]:
    """The inputs kept for a target: what a fuzzer or a person found worth keeping."""
    return iter(sorted(p for p in (CORPUS / name).glob("*") if p.is_file()))


def keep(name: str, data: bytes) -> Path:
    """Put an input into the corpus of a target, under the name that its content gives it."""
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()
    path.write_bytes(data)
    return path
