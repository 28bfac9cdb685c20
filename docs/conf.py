"""The settings of the site: `hatch run docs` builds it.

In: the pages beside this file, the docstrings and the tables of the four packages. Out: HTML in
`docs/_build/html`.
"""

import subprocess
import sys
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "h11"
version = release = version_of("h11")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "machine_diagrams",
    "public_names",
]
exclude_patterns = ["_build", "examples"]

myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 3

# In docstrings, `a name` is a link if it is the name of something, and code otherwise.
default_role = "py:obj"
nitpick_ignore_regex = [
    ("py:obj", ".*"),
    # The standard library, and what stands for any type.
    ("py:class", r"(collections\.abc|re)\..*"),
    ("py:class", r".*\._[A-Z]\w*|h11_events\._event\.AnEvent"),
    # Public objects have them as attributes, which are for the packages above.
    ("py:class", r"h11_parser\._(scan_states\.Section|target\.Target)"),
    ("py:class", r"h11_statemachine\._joint_state\.JointState"),
]

autodoc_class_signature = "mixed"
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80

html_theme = "furo"
html_title = f"h11 {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {
        "diagram-state": "#f4f4f4",
        "diagram-border": "#444444",
        "diagram-pale": "#707070",
        "diagram-event": "#0072b2",
        "diagram-reaction": "#00785a",
        "diagram-rule": "#c04a00",
    },
    "dark_css_variables": {
        "diagram-state": "#26292e",
        "diagram-border": "#c8c8c8",
        "diagram-pale": "#9a9a9a",
        "diagram-event": "#6cc4ff",
        "diagram-reaction": "#4fd6ad",
        "diagram-rule": "#ffa46b",
    },
}

PAGES_OF_FILES = {"../SECURITY.md": "security.md", "../CONTRIBUTING.md": "contributing.md"}
"""What is a file for those who read the pages in the repository, and a page of the site."""


def complete_page(_app: Sphinx, page: str, source: list[str]) -> None:
    """Let links to files that are pages lead to these, and put in what is not released yet."""
    for file, own in PAGES_OF_FILES.items():
        source[0] = source[0].replace(f"]({file})", f"]({own})")
    if page == "changelog":
        source[0] = source[0].replace("<!-- unreleased -->", unreleased_notes())


def unreleased_notes() -> str:
    """Return what the changelog would say if this version were released now."""
    command = ["towncrier", "build", "--draft", "--version", version]
    root = Path(__file__).parent.parent
    run = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return run.stdout.replace(f"## {version}", f"## {version}, not released yet", 1)


def setup(app: Sphinx) -> None:
    """Listen to what Sphinx does."""
    app.connect("source-read", complete_page)
