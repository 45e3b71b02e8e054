"""environment.yml asks conda for what pyproject.toml asks pip for: same packages, same bounds, each explained."""

import re
import tomllib

import pytest
import yaml
from places import ROOT

# Names that differ on conda-forge.
CONDA_NAMES = {"torch": "pytorch"}
# What conda needs beside the project's own requirements.
CONDA_ONLY = {"python", "pip"}


def split(requirement: str) -> tuple[str, str]:
    """(name, bounds) of a requirement without its extras."""
    name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(.*)", requirement).groups()
    return name.lower(), bounds.replace(" ", "")


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def wanted() -> dict[str, str]:
    project = pyproject()
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    found = [split(requirement) for requirements in lists for requirement in requirements]
    return {CONDA_NAMES.get(name, name): bounds for name, bounds in found if name != project["name"]}


def given() -> dict[str, str]:
    found = {}
    for entry in yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]:
        for requirement in entry["pip"] if isinstance(entry, dict) else [entry]:
            name, bounds = split(requirement)
            assert name not in found, f"{name} stands there twice"
            found[name] = bounds
    return found


def test_the_same_packages_with_the_same_bounds():
    assert {name: bounds for name, bounds in given().items() if name not in CONDA_ONLY} == wanted()


def test_the_same_python():
    assert given()["python"] == pyproject()["requires-python"]


@pytest.mark.parametrize("bounds", [wanted, given])
def test_lower_bounds_only_but_for_jupyter_book(bounds):
    every = bounds()
    assert every.pop("jupyter-book") == ">=1.0.4,<2"
    assert {name: b for name, b in every.items() if not re.fullmatch(r">=[0-9.]+", b) and name != "pip"} == {}


def test_every_package_says_what_it_is_for():
    """Its own comment, or that of the group that it stands in."""
    group, unexplained = False, []
    for line in (ROOT / "environment.yml").read_text("utf-8").split("dependencies:\n", 1)[1].splitlines():
        if not line.strip():
            group = False
        elif line.strip().startswith("#"):
            group = "no chapter needs them" in line
        elif not (group or "#" in line or re.match(r"\s*- (python|pip)\b", line)):
            unexplained.append(line.strip())
    assert unexplained == []


def test_the_project_itself_is_installed_without_dependencies():
    text = (ROOT / "environment.yml").read_text("utf-8")
    command = "pip install --no-deps -e ."
    assert command in text
    assert command in (ROOT / "book" / "howto.md").read_text("utf-8")
    # In the pip section it would be a line of a requirements file, and pip knows no --no-deps there.
    assert not re.search(r"^\s*- .*--no-deps", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("requirement", "parts"),
    [("torch>=2.6", ("torch", ">=2.6")), ("vtonlib[book,dev]", ("vtonlib", "")), ("A-b >= 1, <2", ("a-b", ">=1,<2"))],
)
def test_requirements_are_read_right(requirement, parts):
    assert split(requirement) == parts
