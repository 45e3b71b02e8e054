"""Every compared approach on the lists ``paired`` and ``unpaired``: the table of chapter 09.

``python benchmarks/tryon.py`` prints what ``results/tryon.json`` holds and scores the shipped weights once more on
``unpaired``. ``RETRAIN=1`` trains what is missing with the cpu profile's budgets, each system in about ten minutes of
one core, and stores it when it is done, so it can be cut off and goes on. Runs of seed 0 become the zoo's weights and
strips of pictures.
"""

from __future__ import annotations

import os
import time
from statistics import mean
from typing import Any

import torch

from vtonlib import results, zoo
from vtonlib.metrics.score import Score
from vtonlib.profiles import DEFAULT, PROFILES, budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.results.pictures import save_pictures
from vtonlib.studies import tryon
from vtonlib.training.device import make_fabric
from vtonlib.training.run import train_stage
from vtonlib.training.try_on import TryOnStage

SEEDS = range(3)
HEIGHT = PROFILES[DEFAULT].size[0]
STRIP = (6, 3, 47, 24, 9, 30)
"""People of the list ``unpaired`` whose pictures the chapter shows for each system."""

Figures = dict[str, Any]


def stored() -> dict[str, Any]:
    """What has been measured so far."""
    there = (results.FOLDER / "tryon.json").exists()
    return results.load("tryon") if there else {"systems": {}}


def missing(name: str, seed: int) -> bool:
    """Whether a run has not been stored yet."""
    return str(seed) not in stored()["systems"].get(name, {}).get("seeds", {})


def retrain() -> None:
    """Judge every system with every seed that is not stored yet; train what has not been trained."""
    jury = tryon.Jury(HEIGHT)
    content = stored()
    content["floor"], content["real"] = plain(jury.floor()), plain(jury.real())
    results.save("tryon", content)
    for seed in SEEDS:
        for name, system in tryon.SYSTEMS.items():
            if not missing(name, seed) or (seed and not system.stage):
                continue
            stage = trained_stage(system.stage, seed) if system.stage else None
            add(jury, name, seed, system.make(stage), tryon.parameters(stage))
    time_all(jury)


def trained_stage(name: str, seed: int) -> TryOnStage:
    """A run of a stage, whose weights go to the zoo if it is the first of its kind."""
    trained = train_stage(name, DEFAULT, seed, progress_lines=2)
    if seed == 0 and f"{name}.{DEFAULT}" not in zoo.store.names():
        zoo.save(trained, DEFAULT, seed)
    assert isinstance(trained.stage, TryOnStage)
    return trained.stage


def add(jury: tryon.Jury, name: str, seed: int, try_on: tryon.TryOn, count: int) -> None:
    """Judge a system, and store its figures and, with seed 0, a strip of its pictures."""
    figures: Figures = {}
    for which, task in jury.tasks.items():
        pictures = try_on(task)
        scores = jury.judge(pictures, which)
        figures[which] = {key: plain(score)["value"] for key, score in scores.items()}
        figures[which]["kid_interval"] = plain(scores["kid"])["interval"]
        if seed == 0 and which == "unpaired":
            save_pictures(f"tryon_{name}", pictures[list(STRIP)])
    content = stored()
    entry = content["systems"].setdefault(name, {"parameters": count, "seeds": {}})
    entry["seeds"][str(seed)] = figures
    for which in tryon.LISTS:
        timed = {key: value for key, value in entry.get(which, {}).items() if key == "ms"}
        entry[which] = summary([run[which] for run in entry["seeds"].values()]) | {"parameters": count} | timed
    fabric = make_fabric()
    stages = [system.stage for system in tryon.SYSTEMS.values() if system.stage]
    content |= {
        "settings": "; ".join(
            f"{stage} {plan.steps} steps of {plan.batch_size}, width {plan.width}, {plan.height} rows"
            for stage, plan in ((stage, budget(stage, DEFAULT)) for stage in dict.fromkeys(stages))
        ),
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
    }
    results.save("tryon", content)
    print(f"{name}, seed {seed}: {figures['unpaired']}", flush=True)


def summary(runs: list[Figures]) -> Figures:
    """Means over seeds of all figures; of an interval, means of both ends."""
    single = {key: round(mean(run[key] for run in runs), 4) for key in runs[0] if key != "kid_interval"}
    ends = zip(*(run["kid_interval"] for run in runs), strict=True)
    return single | {"kid_interval": [round(mean(end), 4) for end in ends]}


def plain(score: Score) -> Figures:
    """A figure to four digits, with its interval if it has one."""
    interval = [round(end, 4) for end in score.interval] if score.interval else None
    return {"value": round(score.value, 4), "interval": interval}


def time_all(jury: tryon.Jury) -> None:
    """Time every system with the zoo's weights, one after the other in this run, since trainings disturb each other."""
    content = stored()
    for name, system in tryon.SYSTEMS.items():
        try_on = system.make(shipped(system.stage) if system.stage else None)
        for which, task in jury.tasks.items():
            started = time.perf_counter()
            try_on(task)
            took = 1000 * (time.perf_counter() - started) / len(task.cloth)
            content["systems"][name][which]["ms"] = round(took, 2)
    content["threads"] = torch.get_num_threads()
    results.save("tryon", content)


def shipped(name: str) -> TryOnStage:
    """A stage with the zoo's weights."""
    stage = zoo.load(f"{name}.{DEFAULT}")
    assert isinstance(stage, TryOnStage)
    return stage


def main() -> None:
    """Train if asked to, then print means over seeds, and the shipped weights' figures."""
    if os.environ.get("RETRAIN") == "1":
        retrain()
    content = stored()
    for which in tryon.LISTS:
        print(f"\n{which:18s} seeds  " + "  ".join(f"{name:>13s}" for name in COLUMNS))
        for name, entry in content["systems"].items():
            row = "  ".join(f"{entry[which][column]:13.3f}" for column in COLUMNS)
            print(f"{tryon.SYSTEMS[name].label:18s} {len(entry['seeds']):5d}  {row}")
    print(f"\nKID between real pictures: {content['floor']}; IS-lite0 of the truth: {content['real']}")
    for stage in dict.fromkeys(system.stage for system in tryon.SYSTEMS.values() if system.stage):
        print(f"{stage}, shipped weights: ssim_masked {shipped(stage).evaluate()['ssim_masked'].value:.3f}")


COLUMNS = ("ssim", "ssim_masked", "l1_masked", "perceptual", "kid", "is_lite0", "detail_amount", "detail_match", "ms")


if __name__ == "__main__":
    main()
