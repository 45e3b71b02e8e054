"""The public file as ours and back."""

from pathlib import Path

import pytest
import torch

from vtonlib.convert.cp_vton_files import convert_file, load, save
from vtonlib.convert.tensor_files import read_torch
from vtonlib.errors import VtonError
from vtonlib.models.cp_vton import TryOnModule

from .public_files import matcher_shapes, random_state, try_on_shapes


@pytest.mark.parametrize(
    ("name", "shapes", "parameters"),
    [("cp-vton-plus-gmm", matcher_shapes(1), 19_055_602), ("cp-vton-tom", try_on_shapes(25), 21_349_252)],
)
def test_a_file_goes_there_and_back_without_a_bit_changed(tmp_path, name, shapes, parameters):
    state = random_state(shapes)
    torch.save(state, tmp_path / "final.pth", _use_new_zipfile_serialization=False)
    done = convert_file(tmp_path / "final.pth")
    assert done == (name, tmp_path / "final.safetensors", parameters)
    back = convert_file(done.path, tmp_path / "back.pth", back=True)
    assert back == (name, tmp_path / "back.pth", parameters)
    read = read_torch(back.path)
    assert read.keys() == state.keys()
    assert all(torch.equal(read[key], state[key]) for key in state)


def test_a_try_on_module_is_loaded_with_its_last_normalisation(tmp_path):
    network = TryOnModule(last_norm=True)
    save(network, tmp_path / "x.safetensors")
    again = load(tmp_path / "x.safetensors")
    assert isinstance(again, TryOnModule)
    assert again.unet.last_norm
    assert torch.equal(again.unet.up[0].weight, network.unet.up[0].weight)


@pytest.mark.parametrize("back", [False, True])
def test_a_folder_is_refused(tmp_path, monkeypatch, back):
    monkeypatch.chdir(tmp_path)
    for path in (Path(), tmp_path):
        with pytest.raises(VtonError, match="is no file"):
            convert_file(path, back=back)


def test_the_two_directions_are_not_mixed_up(tmp_path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "x.pth")
    with pytest.raises(VtonError, match="no safetensors file"):
        convert_file(tmp_path / "x.pth", tmp_path / "y", back=True)
    with pytest.raises(VtonError, match=r"x\.safetensors: is in our format already; add --back"):
        convert_file(tmp_path / "x.safetensors", tmp_path / "y")
    assert not (tmp_path / "y").exists()
