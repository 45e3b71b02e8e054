"""The systems that dress a person from files, with shipped weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from vtonlib.errors import VtonError
from vtonlib.training.multi_pose import MultiPoseStage
from vtonlib.training.try_on import TryOnStage


@dataclass(frozen=True)
class System:
    """One way to dress a person.

    Attributes:
        label: what readers call it.
        weights: name in the zoo; their card names those of the networks before it.
        takes_poses: whether it can show the person in another pose.
    """

    label: str
    weights: str
    takes_poses: bool = False


SYSTEMS: dict[str, System] = {
    "mg_vton": System("MG-VTON", "mg_vton_render.cpu", takes_poses=True),
    "viton_pose": System("VITON + pose", "viton_pose.cpu", takes_poses=True),
    "cp_vton_pose": System("CP-VTON + pose", "cp_vton_pose.cpu", takes_poses=True),
    "viton": System("VITON", "viton_refinement.cpu"),
    "cp_vton": System("CP-VTON", "cp_vton_try_on.cpu"),
    "cp_vton_plus": System("CP-VTON+", "cp_vton_plus_try_on.cpu"),
    "crn": System("CRN", "crn.cpu"),
    "prgan": System("PRGAN", "prgan.cpu"),
}
"""CAGAN is missing: it asks for the shop's picture of the garment that is taken off."""

DEFAULT = "mg_vton"


@lru_cache(maxsize=2)
def load_system(name: str) -> MultiPoseStage | TryOnStage:
    """The stage behind a system with all networks before it, on the CPU.

    Raises:
        VtonError: if there is no such system, or the zoo lacks its weights.
    """
    from vtonlib.zoo.store import load

    if name not in SYSTEMS:
        raise VtonError(f"system is {name!r}; choose one of {', '.join(SYSTEMS)}")
    stage = load(SYSTEMS[name].weights)
    assert isinstance(stage, (MultiPoseStage, TryOnStage))
    return stage
