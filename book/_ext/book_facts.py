"""Facts that pages quote and that stand elsewhere: the repository's address, budgets of training, the renderer's pace.

Adds the substitution ``{{ repository }}`` (from ``repository.url`` of ``_config.yml``) and the directives
``{budgets}``, a table of ``vtonlib.profiles.BUDGETS``, and ``{rendering}``, a table of ``vtonlib/results/render.json``
with what it was measured on. What is not typed twice cannot drift.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from vtonlib import profiles, results

RENDERING = {
    "persons_per_s_1": ("pictures of a dressed person a second, one process", "{:.1f}"),
    "persons_per_s_2": ("the same, two processes", "{:.1f}"),
    "first_body_s": ("first body ever, in seconds after importing", "{:.1f}"),
    "body_s": ("first body of a later process, in seconds", "{:.2f}"),
    "peak_mib": ("most memory of one process, in MiB", "{:,.0f}"),
    "poke_through_p95": ("skin poking through cloth, in 95 of 100 pictures at most", "{:.2%}"),
    "one_piece_share": ("garments in one piece", "{:.1%}"),
    "mini_mib": ("wardrobe-mini as shipped, in MiB", "{:.1f}"),
}
"""Figure of ``render.json`` -> what a page calls it, and how it is written."""


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


def rendering_rows(stored: dict[str, Any]) -> list[list[str]]:
    """The table's rows, headings first: a figure, what was measured, and the bound that it is held to."""
    rows = [["What", "Measured", "Aim"]]
    for name, (words, form) in RENDERING.items():
        if stored.get(name) is not None:
            bound, value = stored["asked"].get(name, ("", None))
            rows.append([words, form.format(stored[name]), f"{bound} {form.format(value)}" if bound else ""])
    return rows


def _row(texts: list[str]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))


class Budgets(SphinxDirective):
    """``{budgets}``: the table of training budgets."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(profiles.__file__)
        return [_table(budget_rows())]


class Rendering(SphinxDirective):
    """``{rendering}``: the table of how fast and how clean the wardrobe is drawn, and a line on how it was measured."""

    def run(self) -> list[nodes.Node]:
        """Return the table and the line."""
        self.env.note_dependency(str(results.FOLDER / "render.json"))
        stored = results.load("render")
        made = f"Measured at {stored['settings']}; {stored['hardware']}, version {stored['commit']}."
        return [_table(rendering_rows(stored)), nodes.paragraph("", made)]


def _table(rows: list[list[str]]) -> nodes.table:
    head, *body = rows
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(row) for row in body))
    return nodes.table("", group)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register all three."""
    app.connect("config-inited", add_substitutions)
    app.add_directive("budgets", Budgets)
    app.add_directive("rendering", Rendering)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
