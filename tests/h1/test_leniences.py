"""What we let pass is off by default, and each has its name, its test and its risk."""

import ast
from dataclasses import fields
from pathlib import Path

from hyper.h1 import Leniences
from tools.floors import ROOT

DRIVEN_IN = {
    "bare_lf": "test_receive_heads.py",
    "unfold": "test_receive_heads.py",
    "equal_lengths": "test_fields.py",
    "coding_over_length": "test_receive_heads.py",
    "chunk_whitespace": "test_body.py",
}


def test_nothing_passes_by_default() -> None:
    chosen = Leniences()
    assert not any(getattr(chosen, field.name) for field in fields(Leniences))


def test_every_lenience_is_driven() -> None:
    assert {field.name for field in fields(Leniences)} == set(DRIVEN_IN)
    for name, file in DRIVEN_IN.items():
        text = (Path(__file__).parent / file).read_text("utf-8")
        assert f"{name}=True" in text, f"{name} in {file}"


def test_every_lenience_says_its_risk() -> None:
    tree = ast.parse((ROOT / "src/hyper/h1/leniences.py").read_text("utf-8"))
    [declared] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    documented = [
        node.value.value
        for node in declared.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    risks = [str(text) for text in documented if "Risk:" in str(text)]
    assert len(risks) == len(fields(Leniences)), "who turns one on should know what it costs"
