"""Files of CP-VTON's and CP-VTON+'s networks: the public ``.pth``, and ours, ``.safetensors``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from torch import nn

from vtonlib.convert.cp_vton import from_ours, from_public, to_public, variant_of
from vtonlib.convert.tensor_files import read_safetensors, read_torch, write_safetensors, write_torch
from vtonlib.errors import VtonError

FIELD = "vtonlib_network"
"""Of the words in our file: the name of the network that it holds."""


class Converted(NamedTuple):
    """What a conversion did.

    Attributes:
        name: of the network.
        path: of the new file.
        parameters: trained numbers in it.
    """

    name: str
    path: Path
    parameters: int


def convert_file(path: Path, out: Path | None = None, back: bool = False) -> Converted:
    """Write a public file as ours, or one of ours as a public file.

    Args:
        path: the file to read.
        out: the file to write, which must not be there; by default beside it, with the other suffix.
        back: from ours to the public one.

    Raises:
        VtonError: if the file is not what it should be, or the new one cannot be written.
    """
    if path.suffix == ".safetensors" and not back:
        raise VtonError(f"{path}: is in our format already; add --back to write a public file")
    network = load(path) if back else from_public(read_torch(path), str(path))
    out = out or path.with_suffix(".pth" if back else ".safetensors")
    if back:
        write_torch(out, to_public(network))
    else:
        save(network, out)
    return Converted(variant_of(network).name, out, sum(p.numel() for p in network.parameters()))


def load(path: Path) -> nn.Module:
    """The network in a file of ours, in evaluation mode, on the CPU.

    Raises:
        VtonError: if the file is not one that :func:`save` wrote.
    """
    state, about = read_safetensors(path)
    return from_ours(state, about.get(FIELD, ""), str(path))


def save(network: nn.Module, path: Path) -> None:
    """Write a network to a file of ours.

    Raises:
        VtonError: if it is none of the four, or the file cannot be written or is there.
    """
    write_safetensors(path, network.state_dict(), {FIELD: variant_of(network).name})
