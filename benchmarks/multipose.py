"""MG-VTON, its ablations and two baselines on the lists of two poses: the table of chapters 11 to 13.

``python benchmarks/multipose.py`` prints what ``results/multipose.json`` holds and scores the shipped weights once more
on ``multi_pose_unpaired``. ``RETRAIN=1`` trains what is missing with the cpu profile's budgets, each system in about
ten minutes of one core, and stores it when it is done, so it can be cut off and goes on. Runs of seed 0 become the
zoo's weights and strips of pictures.
"""

from __future__ import annotations

import os
import time
from statistics import mean
from typing import Any

import torch

from vtonlib import results, zoo
from vtonlib.data.pose_task import LISTS
from vtonlib.metrics.score import Score
from vtonlib.profiles import DEFAULT, PROFILES, budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.results.pictures import save_pictures
from vtonlib.studies import multipose, parsers
from vtonlib.training.device import make_fabric
from vtonlib.training.run import train_stage

HEIGHT = PROFILES[DEFAULT].size[0]
STRIP = (0, 20, 80, 100, 120, 180)
"""People of the list ``multi_pose_unpaired`` whose pictures the chapters show for each system."""
ONE_SEED = ("warp_literal", "warp_no_skips", "mg_vton_free", "mg_vton_collapsed", "copy_source")
SEEDS = dict.fromkeys(ONE_SEED, 1)
"""How many seeds a system is trained with, where it is not three."""

Figures = dict[str, Any]


def stored() -> Figures:
    """What has been measured so far."""
    there = (results.FOLDER / "multipose.json").exists()
    return results.load("multipose") if there else {"systems": {}}


def retrain() -> None:
    """Judge every system with every seed that is not stored yet; train what has not been trained."""
    jury = multipose.Jury(HEIGHT)
    content = stored()
    content["real"] = {which: value(jury.real(which)) for which in LISTS}
    results.save("multipose", content)
    for seed in range(3):
        for name in parsers.PARSERS:
            if str(seed) not in stored().get("parsing", {}).get(name, {}).get("seeds", {}):
                add_parser(name, seed)
        for name in multipose.SYSTEMS:
            done = stored()["systems"].get(name, {}).get("seeds", {})
            if str(seed) not in done and seed < SEEDS.get(name, 3):
                add(jury, name, seed, multipose.try_on(name, seed, DEFAULT))
                if seed == 0:
                    ship(multipose.SYSTEMS[name])


def add_parser(name: str, seed: int) -> None:
    """Judge a conditional parser and store its figures."""
    judged = parsers.judge_parsing(parsers.trained_parser(name, seed, DEFAULT), HEIGHT)
    content = stored()
    entry = content.setdefault("parsing", {}).setdefault(name, {"seeds": {}})
    entry["seeds"][str(seed)] = {
        which: {key: value(score) for key, score in figures.items()} for which, figures in judged.items()
    }
    for which in LISTS:
        runs = [run[which] for run in entry["seeds"].values()]
        entry[which] = {key: round(mean(run[key] for run in runs), 4) for key in runs[0]}
    results.save("multipose", content)
    print(f"parser {name}, seed {seed}: {entry['seeds'][str(seed)]}", flush=True)


def add(jury: multipose.Jury, name: str, seed: int, try_on: multipose.TryOn) -> None:
    """Judge a system, and store its figures and, with seed 0, a strip of its pictures."""
    figures: Figures = {}
    for which, task in jury.tasks.items():
        started = time.perf_counter()
        pictures = try_on(task)
        took = 1000 * (time.perf_counter() - started) / len(task.cloth)
        scores = jury.judge(pictures, which)
        figures[which] = {key: value(score) for key, score in scores.items()} | {"ms": round(took, 2)}
        assert scores["kid"].interval is not None
        figures[which]["kid_interval"] = [round(end, 4) for end in scores["kid"].interval]
        if seed == 0 and which == "multi_pose_unpaired":
            save_pictures(f"multipose_{name}", pictures[list(STRIP)])
    content = stored()
    entry = content["systems"].setdefault(name, {"seeds": {}})
    entry["seeds"][str(seed)] = figures
    for which in LISTS:
        entry[which] = summary([run[which] for run in entry["seeds"].values()])
    fabric = make_fabric()
    stages = [system.stage for system in multipose.SYSTEMS.values() if system.stage]
    content |= {
        "settings": "; ".join(
            f"{stage} {plan.steps} steps of {plan.batch_size}, width {plan.width}, {plan.height} rows"
            for stage, plan in ((stage, budget(stage, DEFAULT)) for stage in dict.fromkeys(stages))
        ),
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
        "threads": torch.get_num_threads(),
    }
    results.save("multipose", content)
    print(f"{name}, seed {seed}: {figures['multi_pose_unpaired']}", flush=True)


def ship(system: multipose.System) -> None:
    """Put the first run of a stage into the zoo, unless it is an ablation's or there already."""
    if system.stage and not system.changes and f"{system.stage}.{DEFAULT}" not in zoo.store.names():
        zoo.save(train_stage(system.stage, DEFAULT, 0, progress_lines=0), DEFAULT, 0)


def summary(runs: list[Figures]) -> Figures:
    """Means over seeds of all figures; of an interval, means of both ends."""
    single = {key: round(mean(run[key] for run in runs), 4) for key in runs[0] if key != "kid_interval"}
    ends = zip(*(run["kid_interval"] for run in runs), strict=True)
    return single | {"kid_interval": [round(mean(end), 4) for end in ends]}


def value(score: Score) -> float:
    """A figure to four digits."""
    return round(score.value, 4)


def main() -> None:
    """Train if asked to, then print means over seeds, and the shipped weights' figures."""
    if os.environ.get("RETRAIN") == "1":
        retrain()
    content = stored()
    for which in LISTS:
        print(f"\n{which:20s} seeds  " + "  ".join(f"{name:>11s}" for name in COLUMNS))
        for name, entry in content["systems"].items():
            row = "  ".join(f"{entry[which][column]:11.3f}" for column in COLUMNS)
            print(f"{multipose.SYSTEMS[name].label:20s} {len(entry['seeds']):5d}  {row}")
        print(f"IS-lite0 of the truth: {content['real'][which]}")
        for name, entry in content["parsing"].items():
            print(f"parser {name}, {len(entry['seeds'])} seeds: {entry[which]}")
    for name in SHIPPED:
        figures = {key: value(score) for key, score in zoo.load(f"{name}.{DEFAULT}").evaluate().items()}
        print(f"{name}, shipped weights: {figures}")


COLUMNS = ("ssim", "ssim_masked", "l1_masked", "head_l1", "lower_l1", "perceptual", "kid", "is_lite0", "ms")
SHIPPED = ("viton_pose", "cp_vton_pose", "mg_vton_warp_gan", "mg_vton_render")


if __name__ == "__main__":
    main()
