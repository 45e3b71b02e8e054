"""Parameters are read from their cell, and typed text becomes a value or a refusal."""

import pytest

from vtonlib.book.document import Chapter
from vtonlib.book.parameters import Parameter, declared, parse_all
from vtonlib.errors import VtonError

from .chapters import code

CELL = """# What to change
PROFILE = "cpu"  # smoke, cpu, gpu or paper
SEED = 0  # everything random
RATE: float = 1e-3  # how fast
RETRAIN = False  # train everything
LIMIT: int | None = None  # pictures, None for all
NAMES = ["a", "b"]  # fixed
ANY = None
"""


def chapter(tmp_path, *cells):
    return Chapter(tmp_path / "02_x.ipynb", {"cells": list(cells), "metadata": {}}, tmp_path)


@pytest.fixture
def parameters(tmp_path):
    return declared(chapter(tmp_path, code(CELL, "parameters")))


def test_declared_reads_name_default_type_and_comment(parameters):
    assert parameters[0] == Parameter("PROFILE", "cpu", ("str",), "smoke, cpu, gpu or paper")
    assert parameters[4] == Parameter("LIMIT", None, ("int", "None"), "pictures, None for all")
    assert [p.types for p in parameters] == [
        ("str",), ("int",), ("float",), ("bool",), ("int", "None"), ("list",), (),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("PROFILE", "gpu", "gpu"),
        ("SEED", "3", 3),
        ("SEED", "-3", -3),
        ("RATE", "3", 3.0),
        ("RATE", "1e-4", 1e-4),
        ("RETRAIN", "True", True),
        ("RETRAIN", "false", False),
        ("LIMIT", "None", None),
        ("LIMIT", "5", 5),
        ("ANY", "5", 5),
        ("ANY", "5.5", 5.5),
        ("ANY", "five", "five"),
    ],
)
def test_a_fitting_text_becomes_a_value(parameters, name, text, value):
    parsed = parse_all(parameters, [(name, text)])[name]
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([("SEED", "fast")], "SEED takes int, not 'fast'"),
        ([("SEED", "3.5")], "SEED takes int"),
        ([("SEED", "None")], "SEED takes int"),
        ([("RATE", "fast")], "RATE takes float"),
        ([("RETRAIN", "1")], "RETRAIN takes bool"),
        ([("LIMIT", "all")], "LIMIT takes int or None"),
        ([("NAMES", "a")], "NAMES takes list"),
        ([("PROFILE", "cpus")], "PROFILE is 'cpus'; choose one of smoke, cpu, gpu, paper"),
        ([("SEEDS", "3")], "no parameter 'SEEDS'; did you mean SEED\\? known: PROFILE, SEED"),
        ([("seed", "3")], "did you mean SEED"),
        ([("zzzzzz", "3")], "no parameter 'zzzzzz'; known: PROFILE"),
        ([("SEED", "3"), ("SEED", "4")], "SEED is given twice"),
    ],
)
def test_anything_else_is_refused(parameters, given, message):
    with pytest.raises(VtonError, match=message):
        parse_all(parameters, given)


@pytest.mark.parametrize("text", ["print(1)", "a = b = 1", "a, b = 1, 2", "A = B", "A: int", "A = "])
def test_a_cell_that_holds_more_than_literals_is_refused(tmp_path, text):
    with pytest.raises(VtonError, match="parameters cell"):
        declared(chapter(tmp_path, code(text, "parameters")))


def test_a_notebook_without_parameters_is_refused(tmp_path):
    with pytest.raises(VtonError, match="0 cells are tagged"):
        declared(chapter(tmp_path, code(CELL)))
