"""What FashionGAN and its baselines are worth: chapter 05's table, and chapter 04's sizes of the spatial constraint.

``python benchmarks/fashiongan.py`` scores what the zoo holds once more and prints it beside what
``results/fashiongan.json`` holds. ``RETRAIN=1`` trains what is missing there with the cpu profile's budgets, one run
after the other; each is stored when it is done, so it can be cut off and goes on. The runs of seed 0 become the zoo's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from statistics import mean
from typing import Any

import torch

from vtonlib import results, zoo
from vtonlib.data.design import design_coding
from vtonlib.data.outfits import outfits
from vtonlib.profiles import DEFAULT, budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.studies.attribute_table import judge_methods, rulers, shipped_painters
from vtonlib.studies.constraint_sizes import CELLS, judge_maps, train_with
from vtonlib.studies.constraints import told_from_real
from vtonlib.studies.redressing import METHODS
from vtonlib.training.device import make_fabric
from vtonlib.training.painting import PaintingStage
from vtonlib.training.run import TrainedStage, train_stage
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage

SEEDS = range(3)
OWN_SEEDS = range(5)
FIRST_STAGE = ("miou_own_text", "sleeve_match_swapped", "sleeve_floor", "real_or_fake_accuracy")
"""Figures of the first stage that stand at the top of the file, as means over seeds."""


def stored() -> dict[str, Any]:
    """What has been measured so far."""
    there = (results.FOLDER / "fashiongan.json").exists()
    return results.load("fashiongan") if there else {}


def keep(section: str, row: str, seed: int, figures: Mapping[str, float]) -> None:
    """Store the figures of one run, and what they depend on."""
    content = stored()
    content.setdefault(section, {}).setdefault(row, {})[str(seed)] = {k: round(v, 4) for k, v in figures.items()}
    fabric = make_fabric()
    content[f"{section}_about"] = {
        "settings": settings(section),
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
    }
    for figure in FIRST_STAGE if section == "first_stage" else ():
        content[figure] = round(mean(run[figure] for run in content[section]["fashion_gan_shape"].values()), 4)
    results.save("fashiongan", content)


def settings(section: str) -> str:
    """The budgets that a section's runs had."""
    stages: tuple[str, ...] = ("fashion_gan_shape",)
    if section in ("methods", "own_stage"):
        stages += tuple(METHODS.values())
    plans = {stage: budget(stage, DEFAULT) for stage in stages}
    return "; ".join(
        f"{stage} {plan.steps} steps of {plan.batch_size}, width {plan.width}, {plan.height}x{plan.height}"
        for stage, plan in plans.items()
    )


def trained(stage: str, seed: int) -> TrainedStage:
    """A run of the cpu profile, begun or gone on with; that of seed 0 is put into the zoo."""
    run = train_stage(stage, DEFAULT, seed)
    run.stage.to(torch.device("cpu"))
    if seed == 0:
        zoo.save(run, DEFAULT, seed)
    return run


def methods() -> None:
    """Train both stages and every baseline with every seed that is not stored yet, and judge them on one list."""
    for seed in SEEDS:
        if str(seed) in stored().get("methods", {}).get(list(METHODS)[-1], {}):
            continue
        shape = trained("fashion_gan_shape", seed).stage
        assert isinstance(shape, FashionGanShapeStage)
        keep(
            "first_stage", "fashion_gan_shape", seed, judge_maps(shape) | {"real_or_fake_accuracy": real_or_fake(shape)}
        )
        painters = {}
        for name, stage in METHODS.items():
            painter = trained(stage, seed).stage
            assert isinstance(painter, PaintingStage)
            painters[name] = painter
        for name, scores in judge_methods(shape, painters).items():
            keep("methods", name, seed, {figure: score.value for figure, score in scores.items()})
    for name, scores in rulers(budget("fashion_gan_shape", DEFAULT).height).items():
        keep("methods", name, 0, {figure: score.value for figure, score in scores.items()})


def own_stage() -> None:
    """Chapter 05's own stage with five seeds, upon the shipped first stage and against the shipped baseline."""
    shape, rival = zoo.load("fashion_gan_shape.cpu"), shipped_painters()["non_compositional"]
    assert isinstance(shape, FashionGanShapeStage)
    for seed in OWN_SEEDS:
        if str(seed) in stored().get("own_stage", {}).get("fashion_gan_image", {}):
            continue
        painter = train_stage("fashion_gan_image", DEFAULT, seed).stage.to(torch.device("cpu"))
        assert isinstance(painter, PaintingStage)
        scores = judge_methods(shape, {"fashiongan": painter, "non_compositional": rival}, seed)
        purity = {name: figures["colour_purity"].value for name, figures in scores.items()}
        figures = {"map": scores["fashiongan"]["map"].value, "colour_purity": purity["fashiongan"]}
        figures["purity_over_non_compositional"] = purity["fashiongan"] - purity["non_compositional"]
        keep("own_stage", "fashion_gan_image", seed, figures)


def real_or_fake(shape: FashionGanShapeStage) -> float:
    """How often a classifier tells the maps of held-out people's second sentence from true ones."""
    worn, other = (outfits("test", shape.config.side, (slot,)) for slot in ("person", "swap"))
    new = shape.map_for(worn.tensors["labels"], design_coding(worn, other.sentences))
    return told_from_real(other.tensors["labels"].long(), new).value


def sizes() -> None:
    """Train the first stage with every size of the constraint that is not stored yet."""
    for seed in SEEDS:
        for cells in CELLS:
            if str(seed) not in stored().get("constraint_sizes", {}).get(str(cells), {}):
                keep("constraint_sizes", str(cells), seed, judge_maps(train_with(cells, DEFAULT, seed)))


def main() -> None:
    """Train if asked to, then print means over seeds, and the shipped weights' figures."""
    if os.environ.get("RETRAIN") == "1":
        methods()
        own_stage()
        sizes()
    for section in ("methods", "own_stage", "first_stage", "constraint_sizes"):
        for row, runs in stored().get(section, {}).items():
            figures = {name: mean(run[name] for run in runs.values()) for name in next(iter(runs.values()))}
            shown = {name: value for name, value in figures.items() if name.count("_") < 2 or section != "methods"}
            print(f"{row}, {len(runs)} seeds:  " + "  ".join(f"{n} {v:.3f}" for n, v in shown.items()))
    shape = zoo.load("fashion_gan_shape.cpu")
    assert isinstance(shape, FashionGanShapeStage)
    for name, scores in judge_methods(shape, shipped_painters()).items():
        print(f"{name}, shipped weights:  map {scores['map'].value:.3f}")


if __name__ == "__main__":
    main()
