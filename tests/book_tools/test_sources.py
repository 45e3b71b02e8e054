"""Hashes change with what code does, and with nothing else."""

import pytest

from vtonlib.book.sources import changed, code_hash, counts, hashes, module_hash

CODE = 'def f(x):\n    """Add."""\n    return f"{x + 1:>{5}}"  # one more\n'


@pytest.mark.parametrize(
    "same",
    [
        CODE.replace("  # one more", ""),
        CODE.replace('    """Add."""\n', ""),
        CODE.replace("Add.", "Increase."),
        CODE.replace("return f", "\n    return  (f").replace('}"', '}")'),
        "'''A module.'''\n" + CODE,
    ],
    ids=["comment", "docstring", "other docstring", "format", "module docstring"],
)
def test_hash_ignores_what_has_no_effect(same):
    assert same != CODE
    assert code_hash(same) == code_hash(CODE)


@pytest.mark.parametrize("old_new", [("1", "2"), ("+", "-"), ("f(x)", "f(x, y=0)"), ("def f", "async def f")])
def test_hash_sees_a_change(old_new):
    assert code_hash(CODE.replace(*old_new)) != code_hash(CODE)


def test_hash_is_the_same_for_everybody():
    assert code_hash(CODE) == "c12af27f97d3a2a0"


def test_code_that_does_not_parse_is_hashed_as_text():
    assert code_hash("%pip install x") != code_hash("%pip install y")


def test_tools_and_strangers_do_not_count():
    tools = ["vtonlib.cli", "vtonlib.book", "vtonlib.book.address", "vtonlibrary", "torch"]
    assert not any(map(counts, tools))
    assert all(map(counts, ["vtonlib", "vtonlib.models.dcgan", "vtonlib.cliff"]))


def test_changed_names_the_modules(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "loss.py").write_text("SIGN = 1\n")
    (tmp_path / "nn").mkdir()
    (tmp_path / "nn" / "__init__.py").write_text("A = 1\n")
    names = ["vtonlib.nn", "vtonlib.loss", "vtonlib", "vtonlib.cli", "torch"]
    recorded = hashes(names, tmp_path)
    assert list(recorded) == ["vtonlib", "vtonlib.loss", "vtonlib.nn"]
    assert changed(recorded, tmp_path) == []
    (tmp_path / "loss.py").write_text("SIGN = 1  # minimise\n")
    assert changed(recorded, tmp_path) == []
    (tmp_path / "loss.py").write_text("SIGN = -1\n")
    (tmp_path / "nn" / "__init__.py").unlink()
    assert changed(recorded, tmp_path) == ["vtonlib.loss", "vtonlib.nn"]
    assert module_hash("vtonlib.nn", tmp_path) is None


PROFILES = """
BUDGETS: dict[tuple[str, str], Budget] = {
    ("toy", "cpu"): Budget(steps=%d),
    ("warp", "cpu"): Budget(steps=%d),
    ("paint", "cpu"): Budget(steps=%d),
}
"""


def test_budgets_count_for_the_stages_that_a_notebook_uses_and_for_no_other(tmp_path):
    folder = tmp_path / "training" / "stages"
    folder.mkdir(parents=True)
    for stage in ("warp", "paint"):
        (folder / f"{stage}.py").write_text("")
    profiles = tmp_path / "profiles.py"
    profiles.write_text(PROFILES % (1, 2, 3))
    recorded = hashes(["vtonlib.profiles", "vtonlib.training.stages.warp"], tmp_path)
    assert list(recorded) == ["vtonlib.profiles", "vtonlib.profiles[warp]", "vtonlib.training.stages.warp"]
    profiles.write_text(PROFILES % (1, 2, 4))
    assert changed(recorded, tmp_path) == []
    profiles.write_text(PROFILES % (1, 5, 3))
    assert changed(recorded, tmp_path) == ["vtonlib.profiles[warp]"]
    profiles.write_text(PROFILES % (5, 2, 3))  # a toy has no stage and is everybody's
    assert changed(recorded, tmp_path) == ["vtonlib.profiles"]
