"""The package as it is installed."""

import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import vtonlib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "vtonlib").rglob("*.py"))


def test_the_version_is_the_projects():
    assert vtonlib.__version__ == PROJECT["project"]["version"]


def test_importing_it_is_instant():
    """So that the command line answers at once: nothing heavy comes along."""
    code = (
        "import sys, vtonlib, vtonlib.profiles, vtonlib.errors; print('torch' in sys.modules, 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize(
    "name", ["py.typed", "data/assets/fashion_mnist_subset.xz", "data/assets/fashion_mnist.LICENSE"]
)
def test_data_files_ship_with_the_package(name):
    assert (resources.files("vtonlib") / name).is_file()
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["vtonlib"]
    assert any(Path(name).match(pattern) for pattern in patterns)


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_short_and_begins_by_saying_what_it_is(file):
    text = (ROOT / file).read_text()
    assert text.startswith('"""')
    assert text.count("\n") <= 400


def test_dependencies_have_lower_bounds_only():
    extras = PROJECT["project"]["optional-dependencies"]
    listed = PROJECT["project"]["dependencies"] + [
        line for name, lines in extras.items() if name != "all" for line in lines
    ]
    assert len(listed) > 20
    for line in listed:
        assert ">=" in line
        assert "==" not in line
        assert ("<" in line) == line.startswith("jupyter-book"), line
