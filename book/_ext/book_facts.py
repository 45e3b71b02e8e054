"""Facts that pages quote and that stand elsewhere: the repository's address and the budgets of training.

Adds the substitution ``{{ repository }}`` (from ``repository.url`` of ``_config.yml``) and the directive
``{budgets}``, a table of ``vtonlib.profiles.BUDGETS``. What is not typed twice cannot drift.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from vtonlib import profiles


def add_substitutions(app: Sphinx, config: Config) -> None:
    """Offer the repository's address to every page."""
    address = config.html_theme_options.get("repository_url", "")
    config.myst_substitutions = {**config.myst_substitutions, "repository": address}


def budget_rows() -> list[list[str]]:
    """The table's rows, headings first: one stage under one profile each, as ``vtonlib.profiles`` has them."""
    rows = [["Stage", "Profile", "Steps", "Batch", "Width", "Minutes", "On", "MiB"]]
    for (stage, profile), b in profiles.BUDGETS.items():
        row = [stage.replace("_", " "), profile, f"{b.steps:,}", str(b.batch_size), str(b.width)]
        rows.append([*row, f"{b.minutes:g}", b.where, f"{b.peak_mib:,}"])
    return rows


def _row(texts: list[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))


class Budgets(SphinxDirective):
    """``{budgets}``: the table of training budgets."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(profiles.__file__)
        head, *body = budget_rows()
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
        group += nodes.thead("", _row(head))
        group += nodes.tbody("", *(_row(row) for row in body))
        return [nodes.table("", group)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register both."""
    app.connect("config-inited", add_substitutions)
    app.add_directive("budgets", Budgets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
