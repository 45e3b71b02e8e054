"""What VITON and CP-VTON are worth, part by part: the tables of chapters 06 and 08.

``python benchmarks/viton.py`` scores what the zoo holds once more and prints it beside what ``results/viton.json``
holds. ``RETRAIN=1`` trains what is missing there with the cpu profile's budgets, one run after the other; each is
stored when it is done, so it can be cut off and goes on. Runs of seed 0 become the zoo's, or a strip of pictures.
"""

from __future__ import annotations

import os
from statistics import mean
from typing import Any

from vtonlib import results, zoo
from vtonlib.data.warp_task import warp_task
from vtonlib.profiles import DEFAULT, PROFILES, budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.results.pictures import save_pictures
from vtonlib.studies import viton
from vtonlib.training.device import make_fabric
from vtonlib.training.stages.viton_refinement import VitonRefinementStage
from vtonlib.training.try_on import TryOnStage

SEEDS = range(3)
STAGES = ("viton_coarse", "viton_refinement", "cp_vton_try_on")
HEIGHT = PROFILES[DEFAULT].size[0]
STRIP = (5, 30, 47, 24, 49, 35)
"""People of the list ``unpaired`` whose pictures chapter 06 shows for each way of leaving something out."""


def stored() -> dict[str, Any]:
    """What has been measured so far."""
    there = (results.FOLDER / "viton.json").exists()
    return results.load("viton") if there else {"variants": {}}


def keep(row: str, seed: int, figures: dict[str, viton.Figures], parameters: int) -> None:
    """Store the figures of one run, and what they depend on."""
    content = stored()
    entry = content["variants"].setdefault(row, {"parameters": parameters, "seeds": {}})
    entry["seeds"][str(seed)] = figures
    fabric = make_fabric()
    content["alpha_mean"] = {
        name: mean(run["unpaired"]["alpha"] for run in variant["seeds"].values())
        for name, variant in content["variants"].items()
        if name in ("viton", *viton.MASK_TARGETS)
    }
    content |= {
        "settings": "; ".join(
            f"{stage} {plan.steps} steps of {plan.batch_size}, width {plan.width}, {plan.height} rows"
            for stage, plan in ((stage, budget(stage, DEFAULT)) for stage in STAGES)
        ),
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
    }
    results.save("viton", content)
    print(f"{row}, seed {seed}: {figures['unpaired']}", flush=True)


def missing(row: str, seed: int) -> bool:
    """Whether a run has not been stored yet."""
    return str(seed) not in stored()["variants"].get(row, {}).get("seeds", {})


def retrain() -> None:
    """Train every variant with every seed that is not stored yet, and judge it."""
    if missing("nothing", 0):
        keep("nothing", 0, viton.judge(viton.change_nothing, HEIGHT), 0)
    for seed in SEEDS:
        for row, changes in viton.COARSE.items():
            if missing(row, seed):
                stage = viton.train("viton_coarse", DEFAULT, seed, changes)
                keep(row, seed, viton.judge(stage.try_on, HEIGHT), viton.parameters(stage))
                if seed == 0:
                    strip = stage.try_on(warp_task("unpaired", HEIGHT).only(STRIP))
                    save_pictures(f"viton_{row}", strip)
        if missing("viton", seed):
            stage = viton.train("viton_refinement", DEFAULT, seed, {})
            assert isinstance(stage, VitonRefinementStage)
            keep("paste", seed, viton.judge(viton.paste(stage), HEIGHT), viton.parameters(stage))
            keep("viton", seed, composed(stage), viton.parameters(stage))
        for row, changes in viton.MASK_TARGETS.items():
            if missing(row, seed):
                stage = viton.train("cp_vton_try_on", DEFAULT, seed, changes)
                keep(row, seed, composed(stage), viton.parameters(stage))
    for setting, values in viton.SWEEPS.items():
        for value in values:
            sweep(setting, value)
    time_all()


def time_all() -> None:
    """Time every row with the zoo's weights, one after the other in this run, since trainings disturb each other."""
    coarse, refinement, module = (zoo.load(f"{name}.{DEFAULT}") for name in STAGES)
    assert isinstance(coarse, TryOnStage)
    assert isinstance(refinement, VitonRefinementStage)
    assert isinstance(module, TryOnStage)
    ways = {
        ("nothing",): viton.change_nothing,
        tuple(viton.COARSE): coarse.try_on,
        ("paste",): viton.paste(refinement),
        ("viton",): refinement.try_on,
        tuple(viton.MASK_TARGETS): module.try_on,
    }
    content = stored()
    for name in viton.LISTS:
        task = warp_task(name, HEIGHT)
        for rows, try_on in ways.items():
            took = viton.milliseconds(try_on, task)
            for run in (run for row in rows for run in content["variants"][row]["seeds"].values()):
                run[name]["ms"] = took
    results.save("viton", content)


def composed(stage: TryOnStage) -> dict[str, viton.Figures]:
    """Figures of a stage that composes its results, those of its composition masks among them."""
    figures, alphas = viton.judge(stage.try_on, HEIGHT), viton.alpha_figures(stage, HEIGHT)
    return {name: figures[name] | alphas[name] for name in figures}


def sweep(setting: str, value: float) -> None:
    """Train the refinement with one setting changed, judge it, and store a strip of its composition masks."""
    content = stored()
    runs = content.setdefault("sweeps", {}).setdefault(setting, {})
    if str(value) in runs:
        return
    stage = viton.train("viton_refinement", DEFAULT, 0, {setting: value})
    runs[str(value)] = composed(stage)["unpaired"]
    task = warp_task("unpaired", HEIGHT).only(STRIP)
    save_pictures(f"viton_{setting}_{value}", viton.compositions(stage, task).mul(2).sub(1).expand(-1, 3, -1, -1))
    results.save("viton", content)
    print(f"{setting} {value}: {runs[str(value)]}", flush=True)


def main() -> None:
    """Train if asked to, then print means over seeds, and the shipped weights' figures."""
    if os.environ.get("RETRAIN") == "1":
        retrain()
    for row, entry in stored()["variants"].items():
        runs = [run["unpaired"] for run in entry["seeds"].values()]
        figures = {name: mean(run[name] for run in runs) for name in runs[0]}
        print(f"{row}, {len(runs)} seeds:  " + "  ".join(f"{n} {v:.3f}" for n, v in figures.items()))
    for name in STAGES:
        stage = zoo.load(f"{name}.{DEFAULT}")
        assert isinstance(stage, TryOnStage)
        shipped = viton.plain(stage.evaluate())
        print(f"{name}, shipped weights:  ssim_masked {shipped['ssim_masked']:.3f}")


if __name__ == "__main__":
    main()
