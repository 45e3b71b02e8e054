"""Chapter 02's comparison: one switch of the DCGAN turned at a time, several seeds each, one budget for all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from vtonlib.data.fashion_mnist import load_clothes
from vtonlib.metrics.kid import FeatureNetwork, kernel_distance
from vtonlib.profiles import budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import fit
from vtonlib.training.stages.clothes_classifier import ClothesClassifierStage
from vtonlib.training.stages.dcgan import DCGANStage
from vtonlib.zoo import load

SWITCHES: dict[str, dict[str, Any]] = {
    "DCGAN": {},
    "hinge": {"objective": "hinge"},
    "least squares": {"objective": "least_squares"},
    "spectral norm": {"normalisation": "spectral"},
    "R1, no batch norm in D": {"normalisation": "none", "r1_gamma": 0.1, "r1_interval": 4},
}
"""Name of the variant -> the fields of :class:`DCGANConfig` that differ from the profile's."""


def train_variant(name: str, seed: int, profile: str, judge: FeatureNetwork) -> dict[str, float]:
    """Train one variant and give KID to the held-out pictures with and without the moving average.

    Args:
        name: key in :data:`SWITCHES`.
        seed: of the first weights, the order of the data and the noise.
        profile: whose budget is used.
        judge: the network whose features KID is measured in.

    Returns:
        ``kid`` of the averaged generator, ``kid_raw`` of the last weights, and ``seconds``.
    """
    plan = budget("dcgan", profile)
    stage = DCGANStage(replace(DCGANStage.configure(plan), **SWITCHES[name]), seed)
    started = time.perf_counter()
    fit(stage, DCGANStage.batches(plan, seed), plan.steps, seed=seed, progress_lines=0)
    seconds = time.perf_counter() - started
    held_out = load_clothes("held_out").images
    averaged = stage.sample(len(held_out), seed=0).cpu()
    stage.averages = {}
    raw = stage.sample(len(held_out), seed=0).cpu()
    return {
        "kid": kernel_distance(held_out, averaged, judge).value,
        "kid_raw": kernel_distance(held_out, raw, judge).value,
        "seconds": round(seconds, 1),
    }


def run(profile: str = "cpu", seeds: Sequence[int] = (0, 1, 2), known: dict[str, Any] | None = None) -> dict[str, Any]:
    """Train every variant with every seed.

    Args:
        profile: whose budget is used.
        seeds: one run each.
        known: an earlier result; its runs are not done again.

    Returns:
        ``runs`` (variant -> seed -> figures), and the settings that they were made with.
    """
    stage = load("clothes_classifier.cpu")
    assert isinstance(stage, ClothesClassifierStage)
    runs: dict[str, dict[str, dict[str, float]]] = (known or {}).get("runs", {})
    for name in SWITCHES:
        for seed in seeds:
            if str(seed) not in runs.setdefault(name, {}):
                runs[name][str(seed)] = train_variant(name, seed, profile, stage.classifier)
                print(f"{name}, seed {seed}: {runs[name][str(seed)]}", flush=True)
    fabric = make_fabric()
    return {
        "profile": profile,
        "steps": budget("dcgan", profile).steps,
        "settings": "KID, cubic kernel, 2000 + 2000 pictures, features of the zoo's clothes_classifier.cpu",
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
        "runs": runs,
    }
