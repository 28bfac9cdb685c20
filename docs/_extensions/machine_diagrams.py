"""Draws the diagrams of the conversation while the site is built.

In: the directive `machine-diagram` with the name of a diagram of `python -m h11_statemachine`. Out:
what Graphviz makes of it, as SVG in the page itself: its text can be read, searched and scaled,
its states are links within the page, and the style sheet of the site colours it.
"""

import re
import subprocess
import sys
from typing import Final

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

_NUMBERED_IDS: Final = re.compile(r' id="(?:graph|node|edge|clust)[0-9]+"')
"""What Graphviz numbers from the beginning in each diagram, and nobody refers to."""


class MachineDiagram(SphinxDirective):  # type: ignore[misc]  # Sphinx is not there for mypy
    """Takes the name of a diagram, and where its arcs lead; the content is the caption."""

    required_arguments = 1
    optional_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return a figure with the diagram and its caption."""
        self.assert_has_content()
        figure = nodes.figure(classes=["machine-diagram"])
        figure += nodes.raw("", drawing(*self.arguments), format="html")
        caption = nodes.caption("", "")
        for paragraph in self.parse_content_to_nodes():
            caption += paragraph.children
        figure += caption
        return [figure]


def drawing(name: str, direction: str = "TB") -> str:
    """Return a diagram as an element of a page.

    Args:
        name: The name of the diagram.
        direction: Where its arcs lead, mostly: `TB` from top to bottom, `LR` from left to right.

    Raises:
        subprocess.CalledProcessError: If there is no such diagram, or Graphviz cannot draw it.
    """
    command = [sys.executable, "-m", "h11_statemachine", name]
    dot = subprocess.run(command, check=True, capture_output=True).stdout
    command = ["dot", "-Tsvg", f"-Grankdir={direction}"]
    svg = subprocess.run(command, check=True, input=dot, capture_output=True).stdout
    element = svg.decode("utf-8").partition("<svg")[2]
    return f'<div class="scrolled"><svg{_NUMBERED_IDS.sub("", element)}</div>'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx about the directive."""
    app.add_directive("machine-diagram", MachineDiagram)
    return {"parallel_read_safe": True}
