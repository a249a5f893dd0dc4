"""How the pages are built: `make docs`."""

import hyper

project = "Hyper"
author = "the Hyper developers"
project_copyright = "2026, the Hyper developers"
release = hyper.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.intersphinx"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Hyper {release}"
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Docstrings write code in single backticks, as Markdown does.
default_role = "code"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
# The list of public names says what is documented: tests/test_exports.py keeps it right.
autodoc_default_options = {"members": True, "imported-members": True}

# The network is not there for every build; the standard library's names stay unlinked.
intersphinx_mapping: dict[str, tuple[str, str | None]] = {}
nitpick_ignore_regex = [
    # Names of the standard library and of its typing module, which we don't link.
    (r"py:.*", r"(?!hyper\.).*"),
    # What only functions of ours make is made of private parts, and has no page for them.
    (r"py:.*", r"hyper\.(\w+\.)*_.*"),
    # A type variable stands for any class that its reader has in mind.
    (r"py:class", r"hyper\.(\w+\.)*T"),
]
