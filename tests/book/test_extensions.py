"""The local Sphinx extensions, on a small book of three chapters whose numbers have gaps."""

import base64
import io

import chapter_numbers
import figalt
import html_checks as checks
import nbformat
import pytest
from book_facts import budget_rows, rendering_rows
from nbformat import v4
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from vtonlib.profiles import BUDGETS

ALT = "A white square,\n  nothing else."
CONF = """
extensions = ["myst_nb", "sphinx_exercise", "sphinx_proof", "chapter_numbers", "figalt"]
myst_enable_extensions = ["dollarmath", "amsmath"]
nb_execution_mode = "off"
numfig = True
"""
CHAPTER = """# Chapter

$$a = b$$ (eq-{0})

## Section

{{numref}}`fig-{0}`, {{eq}}`eq-{0}`

```{{exercise}}
:label: ex-{0}
Do it.
```

```{{prf:theorem}}
:label: thm-{0}
It holds.
```
"""


def notebook(key):
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(buffer, "png")
    png = base64.b64encode(buffer.getvalue()).decode()
    output = v4.new_output("display_data", {"image/png": png}, metadata={"image/png": {"alt": ALT}})
    cell = v4.new_code_cell("show()", outputs=[output], execution_count=1)
    cell.metadata["mystnb"] = {"figure": {"name": f"fig-{key}", "caption": "Look *here*."}}
    cells = [v4.new_markdown_cell(CHAPTER.format(key)), cell]
    return v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})


def make(source, chapters):
    """Build a book of these chapters and an appendix; its pages' reader, and what Sphinx warned of."""
    (source / "notebooks").mkdir()
    for key, name in enumerate(chapters):
        nbformat.write(notebook(f"{key}"), source / "notebooks" / f"{name}.ipynb")
    (source / "appendix.md").write_text("# Appendix\n\n## Part of it\n")
    entries = "\n".join([*(f"notebooks/{name}" for name in chapters), "appendix"])
    (source / "index.md").write_text(f"# Book\n\n```{{toctree}}\n:numbered:\n\n{entries}\n```\n")
    (source / "conf.py").write_text(CONF)
    warnings, out = io.StringIO(), source / "out"
    with patch_docutils(source), docutils_namespace():
        app = Sphinx(source, source, out, source / "trees", "html", status=io.StringIO(), warning=warnings)
        app.build()
    return lambda name: checks.parse((out / f"{name}.html").read_text("utf-8")), warnings.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    pages, warnings = make(tmp_path_factory.mktemp("source"), ["00_zero", "02_two", "11_eleven"])
    assert warnings == ""
    return pages


@pytest.mark.parametrize(
    ("docname", "number"),
    [("notebooks/02_gan_basics", 2), ("00_room", 0), ("a/17_after", 17), ("book/howto", None), ("notebooks/2_x", None)],
)
def test_the_number_comes_from_the_file_name(docname, number):
    assert chapter_numbers.chapter_number(docname) == number


@pytest.mark.parametrize(("key", "name", "number"), [(0, "00_zero", 0), (1, "02_two", 2), (2, "11_eleven", 11)])
def test_everything_in_a_chapter_carries_the_chapters_number(built, key, name, number):
    page = built(f"notebooks/{name}")
    assert page.h1.get_text().startswith(f"{number}. ")
    assert page.h2.get_text().startswith(f"{number}.1. ")
    assert page.select_one("figcaption .caption-number").get_text().strip() == f"Fig. {number}.1"
    assert page.select_one("span.eqno").get_text().startswith(f"({number}.1)")
    assert page.select_one("div.exercise .caption-number").get_text().strip() == f"Exercise {number}.1"
    assert page.select_one("div.theorem .caption-number").get_text().strip() == f"Theorem {number}.1"
    assert page.find("a", string=f"({number}.1)")
    assert page.find("a", href=f"#fig-{key}", class_="reference").get_text() == f"Fig. {number}.1"


def test_tables_of_contents_show_the_same_numbers(built):
    entries = [a.get_text() for a in built("index").select("li.toctree-l1 > a")]
    assert {"0. Chapter", "2. Chapter", "11. Chapter", "Appendix"} <= set(entries)


def test_a_page_without_a_number_stays_unnumbered(built):
    page = built("appendix")
    assert page.h1.get_text().startswith("Appendix")
    assert page.h2.get_text().startswith("Part of it")


def test_a_figure_has_both_the_cells_caption_and_the_outputs_alt(built):
    figure = built("notebooks/02_two").select_one("figure#fig-1")
    assert figure.img["alt"] == "A white square, nothing else."
    assert "Look here." in figure.figcaption.get_text()


def test_two_files_with_one_number_are_a_warning(tmp_path):
    _, warnings = make(tmp_path, ["02_a", "02_b"])
    assert "notebooks/02_a and notebooks/02_b are both chapter 2" in warnings


def test_the_renderer_is_wrapped_once():
    figalt.wrap_renderer()
    wrapped = figalt.NbElementRenderer.render_image
    figalt.wrap_renderer()
    assert figalt.NbElementRenderer.render_image is wrapped


def test_the_table_of_budgets_has_a_row_for_each_budget():
    head, *body = budget_rows()
    assert len(body) == len(BUDGETS)
    assert {len(row) for row in body} == {len(head)}
    row = next(row for row in body if row[:2] == ["dcgan", "cpu"])
    assert row[2] == f"{BUDGETS['dcgan', 'cpu'].steps:,}"


def test_the_table_of_rendering_quotes_what_was_measured_and_its_bound():
    stored = {"persons_per_s_1": 9.96, "peak_mib": 1843.4, "mini_mib": None, "asked": {"peak_mib": ("under", 1024.0)}}
    assert rendering_rows(stored)[1:] == [
        ["pictures of a dressed person a second, one process", "10.0", ""],
        ["most memory of one process, in MiB", "1,843", "under 1,024"],
    ]
