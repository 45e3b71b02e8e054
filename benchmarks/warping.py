"""What warps cost and what they are worth: splines beside two other ways to compute them, and chapter 07's table.

``python benchmarks/warping.py`` takes about three minutes on 2 free cores, prints two tables and writes
``results/warping.json``. Times of splines and shape contexts are processor seconds of one thread, so that a busy
machine changes them little; the three splines take turns, and it needs ``kornia``. The second table is chapter 07's:
every way to warp a garment on the held-out people. ``RETRAIN=1`` trains the learned ones, one after the other; what is
already stored is kept, so it can be cut off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from importlib.metadata import version
from statistics import mean, median
from typing import Any

import torch
from peers.expanded_tps import ExpandedTps
from scipy.interpolate import RBFInterpolator
from torch import Tensor

from vtonlib import results, zoo
from vtonlib.data.memory import load_fields
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.wardrobe_set import SHIPPED
from vtonlib.data.warp_task import warp_task
from vtonlib.geometry.sampling import identity_grid
from vtonlib.geometry.shape_context.fit import fit_shape_context
from vtonlib.geometry.thin_plate import LatticeTps, lattice_nodes
from vtonlib.metrics.warps import judge_warp
from vtonlib.profiles import PROFILES
from vtonlib.provenance import commit, hardware, versions
from vtonlib.studies import warp_methods
from vtonlib.studies.warp_ceiling import best_spline
from vtonlib.training.device import make_fabric

SIZE = (256, 192)
PAIRS = 16
DEVIATION = 0.1
"""Of the nodes' random displacements, in [-1, 1] units."""

MATCHED = 50
"""Held-out samples whose garments are matched."""

SEEDS = 3
"""Trainings of each learned method."""


def seconds(work: Callable[[], object]) -> float:
    """Processor time of a piece of work."""
    started = time.process_time()
    work()
    return time.process_time() - started


def kornias_spline(offsets: Tensor) -> Tensor:
    """The grid (B, H, W, 2) that kornia gives for displacements (B, 25, 2) of the nodes."""
    from kornia.geometry.transform import get_tps_transform, warp_points_tps

    nodes = lattice_nodes((5, 5)).float().expand_as(offsets)
    places = identity_grid(SIZE).flatten(0, 1).expand(len(offsets), -1, -1)
    targets = nodes + offsets
    return warp_points_tps(places, targets, *get_tps_transform(nodes, targets)).view(-1, *SIZE, 2)


def scipys_spline(offsets: Tensor) -> Tensor:
    """The grid (B, H, W, 2) float64 that scipy gives."""
    nodes, places = lattice_nodes((5, 5)).numpy(), identity_grid(SIZE, dtype=torch.float64).flatten(0, 1).numpy()
    grids = [RBFInterpolator(nodes, nodes + each, kernel="thin_plate_spline")(places) for each in offsets.numpy()]
    return torch.stack([torch.from_numpy(grid) for grid in grids]).view(-1, *SIZE, 2)


def splines(repeats: int = 7) -> dict[str, float]:
    """Times and errors of the three ways, for the same 16 displacements."""
    offsets = torch.randn(PAIRS, 25, 2, generator=torch.Generator().manual_seed(0)) * DEVIATION
    ways: dict[str, Callable[[Tensor], Tensor]] = {
        "lattice": LatticeTps((5, 5), SIZE),
        "expanded": ExpandedTps(SIZE),
        "kornia": kornias_spline,
    }
    truth = scipys_spline(offsets)
    errors = {name: (way(offsets).double() - truth).abs().max().item() for name, way in ways.items()}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            times[name].append(seconds(lambda way=way: way(offsets)))  # type: ignore[misc]
    middle = {name: median(values) for name, values in times.items()}
    return {
        "tps_ms": round(1000 * middle["lattice"], 2),
        "tps_ms_expanded": round(1000 * middle["expanded"], 1),
        "tps_ms_kornia": round(1000 * middle["kornia"], 1),
        "tps_speedup_expanded": round(middle["expanded"] / middle["lattice"], 1),
        "tps_speedup_kornia": round(middle["kornia"] / middle["lattice"], 1),
        "tps_error_scipy": float(f"{errors['lattice']:.2g}"),
        "tps_error_expanded": float(f"{errors['expanded']:.2g}"),
        "tps_error_kornia": float(f"{errors['kornia']:.2g}"),
    }


def garments() -> tuple[Tensor, Tensor]:
    """Masks (N, H, W) of held-out garments in the shop and on the person."""
    fields = ["cloth.mask", "person.correspondence"]
    loaded = load_fields(wardrobe_mini(), "test", fields, SHIPPED)
    return loaded["cloth.mask"][:MATCHED], loaded["person.correspondence"][:MATCHED].isfinite().all(3)


def shape_contexts() -> dict[str, float]:
    """The median time of a pair, from masks to grid."""
    times = [seconds(lambda g=g, w=w: fit_shape_context(g, w).grid()) for g, w in zip(*garments(), strict=True)]
    return {"shape_context_ms": round(1000 * median(times), 1), "shape_context_ms_worst": round(1000 * max(times), 1)}


def ceiling() -> dict[str, dict[str, float]]:
    """What a 5 x 5 spline reaches on the list ``unpaired`` that knows the answer, for the size that networks see."""
    task = warp_task("unpaired", PROFILES["smoke"].size[0])
    scores = judge_warp(best_spline(task), task)
    return {"spline_ceiling": {"height": task.size[0]} | {name: round(s.value, 4) for name, s in scores.items()}}


def shipped() -> None:
    """Print what the shipped matchers score now."""
    for method, (stage, changes) in warp_methods.LEARNED.items():
        name = f"{stage}.cpu"
        if not changes and name in zoo.names():
            print(f"{method:16s} shipped  " + "  ".join(f"{k} {v}" for k, v in zoo.load(name).evaluate().items()))


def save(table: dict[str, Any]) -> None:
    """Add to what is stored."""
    stored = results.load("warping") if (results.FOLDER / "warping.json").exists() else {}
    results.save("warping", stored | table)


def quality(known: dict[str, Any], retrain: bool) -> dict[str, Any]:
    """The table of methods: those without training are scored again, the others if they are to be trained again.

    A training that is stored is kept, so that a run can be cut off.
    """
    if retrain:
        for count in range(1, SEEDS + 1):  # one seed of each method first
            known |= warp_methods.run(seeds=range(count), known=known, keep=save)
        return known
    return known | warp_methods.run(seeds=(), known=known)


def rows(methods: dict[str, Any], milliseconds: dict[str, float]) -> dict[str, dict[str, float]]:
    """For each method the means over seeds of its figures on the list ``unpaired``."""
    return {
        name: {figure: round(mean(values), 4) for figure, values in found["all"].items()} | {"ms": milliseconds[name]}
        for name, found in methods["unpaired"].items()
    }


def main() -> None:
    """Measure, store, print."""
    torch.set_num_threads(1)
    figures: dict[str, Any] = splines() | shape_contexts()
    torch.set_num_threads(os.cpu_count() or 1)
    fabric = make_fabric()
    about = {
        "commit": commit(),
        "versions": versions() | {name: version(name) for name in ("kornia", "scipy")},
        "hardware": f"{hardware(fabric.device, str(fabric._precision.precision))}, {os.cpu_count()} cores",
        "settings": f"one thread: {PAIRS} grids {SIZE[0]}x{SIZE[1]} with 5x5 nodes, {MATCHED} pairs of masks {SHIPPED}",
    }
    stored = results.load("warping") if (results.FOLDER / "warping.json").exists() else {}
    table = quality(stored, os.environ.get("RETRAIN") == "1")
    summary = rows(table["methods"], table["methods_ms"])
    best = ceiling()
    results.save("warping", table | about | figures | summary | best)
    for name, value in figures.items():
        print(f"{name:24s} {value}")
    for method, row in summary.items():
        print(f"{method:24s} " + "  ".join(f"{figure} {value:.4g}" for figure, value in row.items()))
    print("spline_ceiling".ljust(24), best["spline_ceiling"])
    shipped()


if __name__ == "__main__":
    main()
