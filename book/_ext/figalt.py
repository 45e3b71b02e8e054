"""Gives a notebook's pictures the alternative text that their output metadata carries.

``display(fig, metadata={"image/png": {"alt": "..."}})`` is Jupyter's own place for alternative text, and JupyterLab
and nbconvert honour it. MyST-NB reads only the width and the height there, so its image renderer is wrapped.
"""

from __future__ import annotations

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def output_alt(data: MimeData) -> str | None:
    """The alternative text in an output's metadata, its white space made plain; None where there is none."""
    alt = data.output_metadata.get(data.mime_type, {}).get("alt")
    return " ".join(str(alt).split()) or None if alt else None


def wrap_renderer() -> None:
    """Wrap ``NbElementRenderer.render_image`` once, however many applications one process sets up."""
    original = NbElementRenderer.render_image
    if getattr(original, "copies_alt", False):
        return

    def render_image(self: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
        rendered = original(self, data)
        alt = output_alt(data)
        for node in rendered:
            if alt and isinstance(node, nodes.image):
                node["alt"] = alt
        return rendered

    render_image.copies_alt = True
    NbElementRenderer.render_image = render_image


def setup(app: Sphinx) -> ExtensionMetadata:
    """Install the wrapped renderer."""
    wrap_renderer()
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
