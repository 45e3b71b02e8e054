"""The command ``vtonlib convert``: what it prints, and that a mistake costs one line and exit code 2."""

from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from vtonlib.cli import app
from vtonlib.convert.cp_vton_files import Converted


def call(*words):
    return CliRunner().invoke(app, ["convert", *(str(word) for word in words)])


def test_it_passes_its_options_on(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "vtonlib.convert.cp_vton_files.convert_file",
        lambda *words: seen.append(words) or Converted("cp-vton-gmm", Path.cwd() / "a.safetensors", 12345),
    )
    result = call("cp-vton", "gmm_final.pth")
    assert result.stdout == "cp-vton-gmm, 12,345 parameters: a.safetensors\n"
    call("cp-vton", "x.safetensors", "-o", "b.pth", "--back")
    assert seen == [(Path("gmm_final.pth"), None, False), (Path("x.safetensors"), Path("b.pth"), True)]


@pytest.mark.parametrize("content", [None, b"", b"no weights", {"a": torch.zeros(1)}, {"a": print}])
@pytest.mark.parametrize("back", [[], ["--back"]])
def test_a_bad_file_costs_one_line(tmp_path, content, back):
    path = tmp_path / "gmm_final.pth"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        torch.save(content, path)
    result = call("cp-vton", path, *back)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"vtonlib: {path}: ")
    assert result.stderr.count("\n") == 1
    assert set(tmp_path.iterdir()) <= {path}


@pytest.mark.parametrize("words", [["--help"], ["cp-vton", "--help"]])
def test_help(words):
    result = call(*words)
    assert result.exit_code == 0
    assert "Usage" in result.output
