"""What the data side costs and how far one comes without learning anything.

``python benchmarks/data.py`` takes about two minutes on 2 free cores, prints a table and writes ``results/data.json``:
the shipped parser beside its baselines on held-out people, how much faster separable maps of joints are than full
exponentials, how many samples a second the feed gives for each that a stage trains on, and the floors of try-on on
every fixed list.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import Tensor

from vtonlib import results, zoo
from vtonlib.data.heatmaps import gaussians
from vtonlib.data.lists import TASKS, read_list
from vtonlib.data.memory import load_fields
from vtonlib.data.mini import wardrobe_mini
from vtonlib.data.views import to_pictures
from vtonlib.data.wardrobe_set import SHIPPED
from vtonlib.metrics.floors import change_nothing, mean_picture
from vtonlib.metrics.score import Score
from vtonlib.metrics.ssim import ssim
from vtonlib.profiles import budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.studies.parsing import nearest_person, prior
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import fit
from vtonlib.training.registry import stage_class
from vtonlib.training.stages.human_parser import LABELS, HumanParserStage, judge, labelled

SIGMA = 6.0
"""Pixels at 256 rows: the Gaussian of Deformable GANs."""


def seconds(work: Callable[[], object], repeats: int = 7) -> float:
    """The median time of a piece of work."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def heatmap_speedup() -> float:
    """Full exponentials over separable ones, 16 people's joints at 128 x 96."""
    joints = torch.rand(16, 18, 3, generator=torch.Generator().manual_seed(0)) * torch.tensor([95.0, 127.0, 1.0])
    joints[..., 2] = 1
    sigma = SIGMA * SHIPPED[0] / 256
    y = torch.arange(SHIPPED[0]).view(-1, 1)
    x = torch.arange(SHIPPED[1]).view(1, -1)

    def full() -> Tensor:
        dx, dy = x - joints[..., 0, None, None], y - joints[..., 1, None, None]
        return torch.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma))

    torch.testing.assert_close(gaussians(joints, SHIPPED, SIGMA), full(), atol=1e-5, rtol=0)
    return seconds(full) / seconds(lambda: gaussians(joints, SHIPPED, SIGMA))


def feed_ratio() -> float:
    """Samples a second that the parser's feed gives, over those that its training takes."""
    plan = budget("human_parser", "cpu")
    feed = HumanParserStage.batches(plan, 0)
    stage = stage_class("human_parser")(HumanParserStage.configure(plan))
    fit(stage, feed, 2, progress_lines=0)
    started = time.perf_counter()
    fit(stage, feed, 6, progress_lines=0)
    trained = (time.perf_counter() - started) / 6
    return trained / seconds(lambda: next(feed), 20)


def parsers() -> dict[str, Any]:
    """The shipped parser and its baselines on the held-out people."""
    training, held_out = labelled("train", SHIPPED[0]), labelled("test", SHIPPED[0], views=("person",))
    truth = held_out["labels"].long()
    everybody = prior(training["labels"], len(LABELS)).expand_as(truth)
    neighbours = training["labels"][nearest_person(held_out["image"], training["image"])].long()
    stage = zoo.load("human_parser.cpu")
    assert isinstance(stage, HumanParserStage)
    answers = {"": stage.parse(to_pictures(held_out["image"])), "_prior": everybody, "_nearest": neighbours}
    figures: dict[str, Any] = {}
    for name, answer in answers.items():
        scores = judge(answer, truth)
        figures[f"parser_miou{name}"] = round(scores["mean_iou"].value, 4)
        figures |= {f"parser_{part}{name}": round(scores[part].value, 4) for part in ("arms", "neck", "tops")}
        figures["parser_settings"] = scores["mean_iou"].settings
    return figures


def floors() -> dict[str, Any]:
    """SSIM of changing nothing and of the mean picture on every list; masked where the old or the new garment is."""
    root = wardrobe_mini()
    mean = to_pictures(load_fields(root, "train", ["person.image"], SHIPPED)["person.image"])
    out: dict[str, Any] = {}
    for name in TASKS:
        chosen = read_list(root, name)
        fields = ["person.image", f"{chosen.truth}.image", "person.correspondence", f"{chosen.truth}.correspondence"]
        loaded = load_fields(root, "test", fields, SHIPPED, names=chosen.samples)
        person, truth = (to_pictures(loaded[f"{slot}.image"]) for slot in ("person", chosen.truth))
        worn = [loaded[f"{slot}.correspondence"].isfinite().all(3) for slot in ("person", chosen.truth)]
        region = (worn[0] | worn[1])[:, None].float()

        def masked(result: Tensor, truth: Tensor, region: Tensor = region) -> Score:
            return ssim(result, truth, mask=region)

        scores = {
            "nothing_ssim": change_nothing(person, truth, ssim),
            "nothing_ssim_masked": change_nothing(person, truth, masked),
            "mean_ssim": mean_picture(mean, truth, ssim),
            "mean_ssim_masked": mean_picture(mean, truth, masked),
        }
        out[name] = {key: {"value": round(s.value, 4), "settings": s.settings} for key, s in scores.items()}
    return out


def main() -> None:
    """Measure, store, print."""
    by_list = floors()
    figures = parsers() | {
        "heatmap_speedup": round(heatmap_speedup(), 1),
        "feed_ratio": round(feed_ratio(), 1),
        "nothing_ssim": by_list["unpaired"]["nothing_ssim"]["value"],
        "nothing_ssim_masked": by_list["unpaired"]["nothing_ssim_masked"]["value"],
    }
    fabric = make_fabric()
    about = {
        "commit": commit(),
        "versions": versions(),
        "hardware": f"{hardware(fabric.device, str(fabric._precision.precision))}, {os.cpu_count()} cores",
    }
    results.save("data", about | figures | {"floors": by_list})
    for name, value in figures.items():
        print(f"{name:24s} {value}")
    for name, scores in by_list.items():
        print(f"{name:24s} " + "  ".join(f"{key} {score['value']}" for key, score in scores.items()))


if __name__ == "__main__":
    main()
