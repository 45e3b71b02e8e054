"""Every rule of the notebook contract passes a good chapter and fails a chapter that was spoilt for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vtonlib.book.contract import RULES, faults, main
from vtonlib.book.document import Cell, Chapter, source
from vtonlib.book.rules.outputs import figure_names_unique, figure_of

from .chapters import picture, repository

Spoil = Callable[[Chapter], object]


def cell(chapter: Chapter, start: str) -> Cell:
    """The first cell that holds a text."""
    return next(c for c in chapter.cells if start in source(c))


def swap(old: str, new: str) -> Spoil:
    """Replace a text in every cell."""

    def spoil(chapter: Chapter) -> None:
        assert any(old in source(c) for c in chapter.cells), old
        for c in chapter.cells:
            c["source"] = source(c).replace(old, new)

    return spoil


def rename(name: str) -> Spoil:
    """Give the chapter's file another name."""
    return lambda chapter: object.__setattr__(chapter, "path", chapter.path.with_name(name))


def output(**changes: object) -> Spoil:
    """Change the stored output of the cell that prints 0."""
    return lambda chapter: cell(chapter, "print(0)")["outputs"][0].update(changes)


def tag(start: str, *tags: str) -> Spoil:
    """Set the tags of a cell."""
    return lambda chapter: cell(chapter, start)["metadata"].update(tags=list(tags))


def drop(start: str) -> Spoil:
    """Remove a cell."""
    return lambda chapter: chapter.cells.remove(cell(chapter, start))


def show(**changes: object) -> Spoil:
    """Replace the stored picture."""
    return lambda chapter: cell(chapter, "show()").update(outputs=[picture(**changes)])  # type: ignore[arg-type]


SPOILT: list[tuple[str, str, Spoil, str]] = [
    ("file_name", "dash", rename("02-small.ipynb"), "NN_name"),
    ("file_name", "number", rename("2_small.ipynb"), "NN_name"),
    ("title", "level", swap("# A small chapter", "## A small chapter"), "0 headings of level 1"),
    ("title", "two", swap("## Summary", "# Summary"), "2 headings of level 1"),
    ("title", "not first", swap("# A small", "\n# A small"), "does not begin with the title"),
    ("promise", "build", swap("What you will build", "Plan"), "What you will build"),
    ("promise", "empty", swap("\nArithmetic.\n", "\n"), "Prerequisites"),
    ("goals", "few", swap("- Compute a number.\n", ""), "2 goals"),
    ("goals", "vague", swap("**Compare** it", "**Understand** it"), "'Understand' cannot be checked"),
    ("cost_table", "row", swap("| gpu |", "| GPU |"), "no row for gpu"),
    ("cost_table", "column", swap("Peak memory", "Disk"), "'memory'"),
    ("address", "other repository", swap("/OWNER/REPO/blob", "/OTHER/REPO/blob"), "github/OTHER/REPO"),
    ("address", "no link", swap("[Open in Colab]", "[Colab]"), "no link"),
    ("address", "bootstrap", swap("REPO@main", "REPO@dev"), "REPO@dev"),
    ("address", "no bootstrap", swap("git+https", "https"), "no code cell installs"),
    ("address", "no config", lambda c: (c.root / "_config.yml").unlink(), "no such file"),
    ("parameters", "none", tag('PROFILE = "cpu"'), "0 cells are tagged"),
    ("parameters", "two", tag("show()", "parameters"), "2 cells are tagged"),
    ("parameters", "profile", swap('"cpu"  # how', '"gpu"  # how'), 'PROFILE = "cpu"'),
    ("parameters", "seed", swap("SEED: int = 0", "SEED: str = 'a'"), "integer SEED"),
    ("parameters", "comment", swap("0.5  # how fast", "0.5"), "RATE has no comment"),
    ("parameters", "literal", swap("RATE = 0.5", "RATE = max(1, 2)"), "RATE is not a literal"),
    ("parameters", "untyped None", swap("RATE = 0.5", "RATE = None"), "RATE is None and needs a type"),
    ("known_tags", "typo", tag("print(0)", "nbval-check-outputs"), "unknown tag 'nbval-check-outputs'"),
    ("executed", "stripped", lambda c: cell(c, "show()").update(execution_count=None), "no execution count"),
    ("executed", "order", lambda c: cell(c, "show()").update(execution_count=1), "not 1 to"),
    ("executed", "no code", lambda c: c.cells.__setitem__(slice(1, None), []), "no code cell"),
    ("length", "long", swap("show()", "pass\n" * 41), "41 lines"),
    ("length", "median", lambda c: [x.update(source="pass\n" * 11) for _, x in c.code()], "median"),
    ("prose_between", "none", drop("A picture comes."), "without a word"),
    ("nothing_empty", "blank", swap("A picture comes.", "  \n"), "is empty"),
    ("checked_outputs", "few", tag("print(0)"), "2 cells are tagged"),
    ("checked_outputs", "no output", lambda c: cell(c, "print(0)").update(outputs=[]), "has no text"),
    ("checked_outputs", "picture", lambda c: cell(c, "print(0)").update(outputs=[picture()]), "has no text"),
    ("checked_outputs", "profile", swap("print(0)", "print(0 if PROFILE else 0)"), "'PROFILE'"),
    ("checked_outputs", "run", swap("print(0)", "print(run.steps)"), "'run.'"),
    ("checked_outputs", "budget", swap("print(0)", "print(budget)"), "'budget'"),
    ("quality_bar", "none", tag("assert held_out"), "no cell is tagged"),
    ("quality_bar", "no assert", swap("assert held", "held"), "asserts nothing"),
    ("quality_bar", "no baseline", swap("< 0.9 * baseline_kid", "< 0.9"), "'baseline' name"),
    ("quality_bar", "not held out", swap("held_out_kid", "train_kid"), "'held_out' name"),
    ("quality_bar", "no order", swap("assert held_out_kid <", "assert held_out_kid !="), "< or >"),
    ("no_widgets", "state", lambda c: c.metadata.update(widgets={}), "widget state"),
    ("no_widgets", "view", output(data={"application/vnd.jupyter.widget-view+json": {}}), "stores a widget"),
    ("no_errors", "stderr", output(name="stderr"), "stores stderr"),
    ("no_errors", "error", output(output_type="error", ename="ValueError"), "the error ValueError"),
    ("size", "picture", show(data="A" * 200_001), "200 kB"),
    ("size", "text", output(text="A" * 300_000), "300 kB"),
    ("alt_text", "none", show(alt=None), "too short"),
    ("alt_text", "short", show(alt="a plot"), "'a plot' is too short"),
    ("figures", "name", lambda c: figure_of(cell(c, "show()")).pop("name"), "figure.name"),
    ("figures", "caption", lambda c: cell(c, "show()")["metadata"].pop("mystnb"), "figure.caption"),
    ("figures", "two", lambda c: cell(c, "show()")["outputs"].append(picture()), "2 pictures"),
    ("no_machine_paths", "source", swap("A picture comes.", "See /home/me/x."), "'/home/me/x.'"),
    ("no_machine_paths", "output", output(text="saved to /tmp/x\n"), "'/tmp/x'"),
    ("sections", "summary", swap("## Summary", "## Sum"), "'Summary'"),
    ("sections", "not done", swap("did that we do not", "did"), "What the paper did that we do not"),
    ("exercises", "few", drop("{exercise}"), "2 exercises"),
    ("exercises", "no label", swap(":label: ex-1\n", ""), "no :label:"),
    ("exercises", "no solution", swap("{solution-start} ex-1", "{solution-start} ex-9"), "ex-1 has no"),
    ("exercises", "open", swap(":class: dropdown\n", ""), "not folded"),
    ("exercises", "no end", drop("{solution-end}"), "solution-end"),
    ("self_checks", "none", tag("answer_1 = "), "ex-1 has no self-check"),
    ("self_checks", "no assert", swap("assert answer_1", "answer_1"), "asserts nothing"),
    ("citations", "unknown", swap("one2014", "nobody1999"), "'nobody1999'"),
    ("citations", "few", swap("two2015,three2016", "one2014"), "cites 1 works"),
    ("references", "none", swap("## References", "## Further"), "not 'References'"),
    ("references", "no citation", swap("{cite:", "{cited:"), "cites nothing"),
    ("provenance", "profile", lambda c: c.record.update(profile="smoke"), "'smoke'"),
    ("provenance", "kernel", lambda c: c.metadata["kernelspec"].update(name="mine"), "'python3'"),
    ("fresh", "no record", lambda c: c.metadata.pop("vtonlib"), "no record"),
    ("fresh", "module", lambda c: c.record["sources"].update({"vtonlib.profiles": "0"}), "profiles has"),
    ("fresh", "module gone", lambda c: c.record["sources"].update({"vtonlib.gone": "0"}), "vtonlib.gone has"),
    ("fresh", "cell", swap("show()", "show(2)"), "a code cell has changed"),
]

IDS = [f"{name}-{case}" for name, case, *_ in SPOILT]


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return repository(tmp_path)


def test_a_good_chapter_has_no_faults(chapter):
    assert faults(chapter) == []


def test_every_rule_is_spoilt_at_least_once():
    assert {rule.__name__ for rule in RULES} == {name for name, *_ in SPOILT}


@pytest.mark.parametrize(("name", "case", "spoil", "message"), SPOILT, ids=IDS)
def test_rule_fails(chapter, name, case, spoil, message):
    rule = {r.__name__: r for r in RULES}[name]
    assert rule(chapter) == []
    spoil(chapter)
    found = rule(chapter)
    assert any(message in fault for fault in found), found


def test_continues_needs_no_prose(chapter):
    drop("A picture comes.")(chapter)
    tag("show()", "continues")(chapter)
    rule = {r.__name__: r for r in RULES}["prose_between"]
    assert rule(chapter) == []


def test_pictures_are_not_searched_for_paths(chapter):
    show(data="AA+/home/AA")(chapter)
    rule = {r.__name__: r for r in RULES}["no_machine_paths"]
    assert rule(chapter) == []


def test_figure_names_are_unique_over_the_book(chapter, tmp_path):
    other = repository(tmp_path, "03_other.ipynb")
    assert figure_names_unique([chapter]) == []
    (fault,) = figure_names_unique([chapter, other])
    assert "03_other" in fault
    assert "02_small" in fault


def test_command_line_prints_faults(chapter, monkeypatch, capsys):
    monkeypatch.chdir(chapter.root)
    assert main(["02"]) == 0
    assert capsys.readouterr().out == "1 chapter, 0 faults\n"
    (chapter.root / "book" / "references.bib").unlink()
    (chapter.root / "_config.yml").unlink()
    assert main([]) == 1
    assert "02_small: " in capsys.readouterr().out
    assert main(["07"]) == 2
    assert "no notebook '07'" in capsys.readouterr().err
