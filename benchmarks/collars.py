"""Collars on throats, old necklines and sheer cloth: the figures of chapter 10, added to ``results/tryon.json``.

``python benchmarks/collars.py`` prints what is stored. ``RETRAIN=1`` trains what is missing with the cpu profile's
budgets (VITON's coarse generator with and without a neck, CP-VTON's try-on module on garments without inner collars;
three seeds, seven to ten minutes of one core each) and stores every figure when it is there.
"""

from __future__ import annotations

import os
from statistics import mean
from typing import Any

import torch
from torch import Tensor

from vtonlib import results, zoo
from vtonlib.data.collar_task import collar_task
from vtonlib.data.representations.skin import skin_colour
from vtonlib.data.shop_garments import shop_garments
from vtonlib.geometry.sampling import warp
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.ssim import ssim
from vtonlib.metrics.throat import NEAR, collar_pixels, removed
from vtonlib.metrics.try_on import judge_try_on
from vtonlib.profiles import DEFAULT, PROFILES
from vtonlib.studies.collars import inside_on_throat, necklines_right
from vtonlib.studies.sheer import layers_of, nearest, read_sheer, sheer_people
from vtonlib.training.matching import LatticeStage
from vtonlib.training.run import train_stage
from vtonlib.training.stage import Stage
from vtonlib.training.stages.garment_parser import GarmentParserStage
from vtonlib.training.stages.viton_coarse import VitonCoarseStage
from vtonlib.training.try_on_module import TryOnModuleStage

SEEDS = range(3)
HEIGHT = PROFILES[DEFAULT].size[0]
TOLERANCES = (0.05, NEAR, 0.15, 0.2)

Figures = dict[str, Any]


def shipped(name: str) -> Stage:
    """A stage with the zoo's weights."""
    return zoo.load(f"{name}.{DEFAULT}")


def trained(name: str, seed: int) -> Stage:
    """A run of a stage, whose weights go to the zoo if it is the first of its kind."""
    done = train_stage(name, DEFAULT, seed, progress_lines=2)
    if seed == 0 and f"{name}.{DEFAULT}" not in zoo.store.names():
        zoo.save(done, DEFAULT, seed)
    return done.stage


def collars() -> Figures:
    """Pixels of inner collars on throats of ``unpaired``, before and after, for several tolerances."""
    task = collar_task("unpaired", HEIGHT)
    matcher, before, parser = (shipped(name) for name in ("cp_vton_matcher", "cp_vton_try_on", "garment_parser"))
    assert isinstance(parser, GarmentParserStage)
    assert isinstance(matcher, LatticeStage)
    assert isinstance(before, TryOnModuleStage)
    grids = matcher.match(task)
    region, warped = inside_on_throat(task, grids), warp(task.cloth, grids, "border")

    def counts(pictures: Tensor) -> Figures:
        found = (collar_pixels(pictures.clamp(-1, 1), task.truth, warped, region, near) for near in TOLERANCES)
        return {f"{near:g}": int(each.sum()) for near, each in zip(TOLERANCES, found, strict=True)}

    skin = skin_colour(task.person).expand_as(task.truth)
    figures: Figures = {
        "region": int(region.sum()),
        "people": int((region.flatten(1).sum(1) > 0).sum()),
        "cp_vton": counts(before.try_on(task)),
        "cleaned_only": counts(before.try_on(parser.clean_task(task))),
        "flat_skin": counts(skin),
        "seeds": {},
    }
    for seed in SEEDS:
        stage = trained("cp_vton_try_on_clean", seed)
        assert isinstance(stage, TryOnModuleStage)
        pictures = stage.try_on(task)
        scores = {name: round(score.value, 4) for name, score in judge_try_on(pictures, task).items()}
        figures["seeds"][str(seed)] = {"counts": counts(pictures), **scores}
    after = [torch.tensor([float(run["counts"][f"{NEAR:g}"])]) for run in figures["seeds"].values()]
    first = torch.tensor([float(figures["cp_vton"][f"{NEAR:g}"])])
    return {"collars": figures, "collar_pixels_removed": round(mean(removed(first, each) for each in after), 4)}


def necklines() -> Figures:
    """The share of pixels between old and new neckline that a coarse mask has right, on ``neckline_change``."""
    task = collar_task("neckline_change", HEIGHT)
    between = torch.maximum(*task.band())
    figures: Figures = {}
    for name in ("viton_coarse", "viton_coarse_neck"):
        seeds = {}
        for seed in SEEDS:
            stage = trained(name, seed)
            assert isinstance(stage, VitonCoarseStage)
            coarse = stage.imagine_all(task)
            scores = necklines_right(coarse.region, task) | {
                "l1_necklines": l1(coarse.picture, task.truth, between),
                "l1_masked": l1(coarse.picture, task.truth, task.worn),
            }
            seeds[str(seed)] = {key: round(score.value, 4) for key, score in scores.items()}
        means = {key: round(mean(run[key] for run in seeds.values()), 4) for key in seeds["0"]}
        figures[name] = means | {"seeds": seeds}
    return {"necklines": figures}


def sheer() -> Figures:
    """L1 and SSIM in the garment for the ten people in sheer garments, by ways of composing them."""
    stage, parser = shipped("cp_vton_try_on"), shipped("garment_parser")
    assert isinstance(stage, TryOnModuleStage)
    assert isinstance(parser, GarmentParserStage)
    known = shop_garments("train", HEIGHT).sheer
    usual = float(known[known > 0].mean())
    ways: dict[str, list[Tensor]] = {}
    tasks = sheer_people(HEIGHT)
    for task in tasks:
        layers, count = layers_of(stage, task), len(task.cloth)
        steps = [torch.full((count,), step / 20) for step in range(20)]
        pictures = {
            "one_mask": layers.two_layers(torch.zeros(count)),
            "one_mask_best": nearest([layers.two_layers(step) for step in steps], task.truth, task.worn),
            "three_layers": layers.three_layers(read_sheer(parser, task)),
            "three_layers_mean": layers.three_layers(torch.full((count,), usual)),
            "three_layers_true": layers.three_layers(task.sheer),
            "three_layers_best": nearest([layers.three_layers(step) for step in steps], task.truth, task.worn),
        }
        for way, each in pictures.items():
            ways.setdefault(way, []).append(each)
    truth, worn = torch.cat([task.truth for task in tasks]), torch.cat([task.worn for task in tasks])
    figures = {}
    for way, parts in ways.items():
        scores = {"l1_masked": l1(torch.cat(parts), truth, worn), "ssim_masked": ssim(torch.cat(parts), truth, worn)}
        figures[way] = {key: round(score.value, 4) for key, score in scores.items()}
    gain = 1 - figures["three_layers"]["l1_masked"] / figures["one_mask"]["l1_masked"]
    return {"sheer": figures, "sheer_gain": round(gain, 4)}


def main() -> None:
    """Measure if asked to, one part after the other, then print."""
    if os.environ.get("RETRAIN") == "1":
        for measure in (sheer, collars, necklines):
            results.save("tryon", results.load("tryon") | measure())
    content = results.load("tryon")
    found = content["collars"]
    print(f"collar pixels, of {found['region']} on {found['people']} throats of the list unpaired, by tolerance")
    for name in ("cp_vton", "cleaned_only", "flat_skin"):
        print(f"  {name:20s} {found[name]}")
    for seed, run in found["seeds"].items():
        print(f"  retrained, seed {seed}    {run['counts']}")
    print(f"  removed with tolerance {NEAR:g}, mean of {len(found['seeds'])} seeds: {content['collar_pixels_removed']}")
    for title, rows in (("necklines, list neckline_change", "necklines"), ("ten sheer garments", "sheer")):
        print(title)
        for name, figures in content[rows].items():
            print(f"  {name:20s} { ({key: value for key, value in figures.items() if key != 'seeds'}) }")
    print(f"  three layers take off the L1 of one mask: {content['sheer_gain']}")


if __name__ == "__main__":
    main()
