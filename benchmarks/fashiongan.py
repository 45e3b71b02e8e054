"""What FashionGAN and its baselines are worth: chapter 04's sizes of the spatial constraint.

``python benchmarks/fashiongan.py`` prints what ``results/fashiongan.json`` holds. ``RETRAIN=1`` trains what is missing
there with the cpu profile's budget, one run after the other; each is stored when it is done, so it can be cut off.
"""

from __future__ import annotations

import os
from statistics import mean
from typing import Any

from vtonlib import results
from vtonlib.profiles import DEFAULT, budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.studies.constraint_sizes import CELLS, judge_maps, train_with
from vtonlib.training.device import make_fabric

SEEDS = range(3)


def stored() -> dict[str, Any]:
    """What has been measured so far."""
    there = (results.FOLDER / "fashiongan.json").exists()
    return results.load("fashiongan") if there else {}


def keep(section: str, row: str, seed: int, figures: dict[str, float]) -> None:
    """Store the figures of one run, and what they depend on."""
    content = stored()
    content.setdefault(section, {}).setdefault(row, {})[str(seed)] = {k: round(v, 4) for k, v in figures.items()}
    plan, fabric = budget("fashion_gan_shape", DEFAULT), make_fabric()
    content[f"{section}_about"] = {
        "settings": f"{plan.steps} steps of {plan.batch_size}, width {plan.width}, {plan.height}x{plan.height}",
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
    }
    results.save("fashiongan", content)


def sizes() -> None:
    """Train the first stage with every size of the constraint that is not stored yet."""
    for seed in SEEDS:
        for cells in CELLS:
            if str(seed) not in stored().get("constraint_sizes", {}).get(str(cells), {}):
                keep("constraint_sizes", str(cells), seed, judge_maps(train_with(cells, DEFAULT, seed)))


def main() -> None:
    """Train if asked to, then print means over seeds."""
    if os.environ.get("RETRAIN") == "1":
        sizes()
    for cells, runs in stored().get("constraint_sizes", {}).items():
        figures = {name: mean(run[name] for run in runs.values()) for name in next(iter(runs.values()))}
        print(f"{cells:>2s} cells, {len(runs)} seeds  " + "  ".join(f"{n} {v:.3f}" for n, v in figures.items()))


if __name__ == "__main__":
    main()
