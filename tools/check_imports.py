"""Every import of another package goes through that package's face, by a public name.

`from hyper.wire import Role` is right.  `from hyper.wire.roles import Role` ties the reader to
where wire keeps it, and `from hyper.wire import _tables` to what wire may drop tomorrow.  Which
package may import which is import-linter's business; it cannot see names.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.floors import FLOORS, ROOT, module_name

SOURCE: Final = ROOT / "src"

# The worlds of I/O are faces of their own: nobody who wants threads loads asyncio.
FACES: Final = {
    *(f"hyper.{name}" for name in FLOORS),
    "hyper.io.sync",
    "hyper.io.asyncio",
}


def package_of(module: str) -> str:
    """The package that a module of the project belongs to: `hyper.wire` for `hyper.wire.roles`."""
    return ".".join(module.split(".")[:2])


def public_names(source: Path, face: str) -> set[str]:
    """What the `__all__` of a package lists; empty when it has none."""
    path = source.joinpath(*face.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.exists():
        return set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return set(ast.literal_eval(value))
            case _:
                pass
    return set()


def imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of each import from the project; the name is empty in `import x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "hyper":
                    yield node.lineno, alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level, ""
            elif node.module and node.module.split(".")[0] == "hyper":
                for alias in node.names:
                    yield node.lineno, node.module, alias.name


def fault(source: Path, importer: str, module: str, name: str) -> str | None:
    """What is wrong with `importer` importing `name` from `module`, or `None`."""
    if module.startswith("."):
        return "a relative import; write the whole name"
    if name and f"{module}.{name}" in FACES:
        module, name = f"{module}.{name}", ""
    if module == "hyper" or package_of(importer) == package_of(module):
        return None
    if module not in FACES:
        return f"{module} is not the face of its package"
    if name and name not in public_names(source, module):
        return f"{name} is not in the __all__ of {module}"
    return None


def faults(source: Path) -> Iterator[str]:
    """One line for each import under `source` that goes round a face."""
    for path in sorted(source.rglob("*.py")):
        importer = module_name(path, source)
        for line, module, name in imports(ast.parse(path.read_text(encoding="utf-8"))):
            found = fault(source, importer, module, name)
            if found is not None:
                yield f"{path}:{line}: {found}"


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    found = list(faults(SOURCE))
    print("\n".join(found) or "imports: every package is reached through its face")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
