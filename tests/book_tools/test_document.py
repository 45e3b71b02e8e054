"""Finding, reading and writing notebooks."""

import json

import pytest

from vtonlib.book.document import find, first_line, read, write
from vtonlib.errors import VtonError

from .chapters import notebook, repository


@pytest.fixture
def folder(tmp_path):
    for name in ("03_b.ipynb", "02_small.ipynb"):
        repository(tmp_path, name)
    return tmp_path / "notebooks"


def test_find_takes_numbers_names_and_files(folder):
    assert [p.stem for p in find([], folder)] == ["02_small", "03_b"]
    assert find(["03", "02_small"], folder) == [folder / "03_b.ipynb", folder / "02_small.ipynb"]
    assert find([str(folder / "03_b.ipynb")], folder) == [folder / "03_b.ipynb"]


@pytest.mark.parametrize("name", ["07", "2", "small", "none.ipynb"])
def test_find_names_what_is_missing(folder, name):
    with pytest.raises(VtonError, match=name):
        find([name], folder)


def test_find_in_an_empty_folder(tmp_path):
    with pytest.raises(VtonError, match="no notebooks"):
        find([], tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nbformat": 3, "cells": []}', '{"nbformat": 4}'])
def test_read_refuses_what_is_no_notebook(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(VtonError, match=r"x\.ipynb: not a notebook"):
        read(path)


def test_read_refuses_what_is_not_there(tmp_path):
    with pytest.raises(VtonError, match="no such notebook"):
        read(tmp_path / "x.ipynb")


def test_write_makes_folders_and_leaves_no_parts(tmp_path):
    path = tmp_path / "a" / "b" / "x.ipynb"
    write(notebook(), path)
    assert json.loads(path.read_text()) == notebook()
    assert list(path.parent.iterdir()) == [path]


def test_first_line_skips_comments():
    assert first_line({"source": "# why\n\nx = 1\ny = 2"}) == "x = 1"
    assert first_line({"source": ["# only this"]}) == "# only this"
    assert first_line({"source": ""}) == ""
