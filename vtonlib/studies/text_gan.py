"""Chapter 03's questions to a GAN that paints sentences: does it obey, and which part of GAN-CLS makes it?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from vtonlib.data.outfits import GARMENT_ATTRIBUTES, Outfits
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.metrics.said import said
from vtonlib.metrics.score import Score
from vtonlib.profiles import budget
from vtonlib.provenance import commit, hardware, versions
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import fit
from vtonlib.training.stages.attribute_detector import AttributeDetectorStage
from vtonlib.training.stages.gan_cls import GanClsStage, read
from vtonlib.zoo.store import load

VARIANTS: dict[str, dict[str, Any]] = {
    "GAN-CLS": {},
    "no wrong pairs": {"pairs": "none"},
    "text in between": {"interpolation": 1.0},
    "augmentation": {"augmented": 40},
    "ignores the text": {"deaf": True},
}
"""Name of the variant -> the fields of :class:`GanClsConfig` that differ from the profile's."""

SWAPPED = ("colour", "sleeve")
"""Attributes in which a sentence differs from the one that it is swapped for."""


def partners(said_of: Mapping[str, Tensor], seed: int = 0) -> Tensor:
    """For each of N sentences another that says another colour and another sleeve: (N,) int64.

    Args:
        said_of: by attribute (N,) int64, among them :data:`SWAPPED`; for each row there is at least one such partner.
        seed: draws among those that fit.
    """
    differ = torch.stack([said_of[name][:, None] != said_of[name] for name in SWAPPED]).all(0)
    rng = torch.Generator().manual_seed(seed)
    return torch.multinomial(differ.float(), 1, generator=rng).squeeze(1)


def swap_accuracy(
    paint: Callable[[Tensor], Tensor],
    tell: Callable[[Tensor], Mapping[str, Tensor]],
    codes: Tensor,
    said_of: Mapping[str, Tensor],
    seed: int = 0,
) -> dict[str, dict[str, Score]]:
    """Paint every sentence, swap it for its partner with the noise as it was, and ask a detector what it sees.

    Args:
        paint: text codes (N, 40) to pictures, with the same noise at every call.
        tell: pictures to the number of each attribute's value (N,).
        codes: of N sentences.
        said_of: what they say of the garment.
        seed: of the partners.

    Returns:
        ``swapped``: how often the new picture shows what the new sentence says. ``before``: how often the old picture
        already did, which is 0 for a painter who obeys and what chance gives one who does not listen.
    """
    partner = partners(said_of, seed)
    wanted = {name: said_of[name][partner] for name in GARMENT_ATTRIBUTES}
    return {
        "swapped": said(tell(paint(codes[partner])), wanted),
        "before": said(tell(paint(codes)), wanted),
    }


def commonest(people: Outfits, said_of: Mapping[str, Tensor]) -> dict[str, float]:
    """What a painter reaches who always paints the commonest value of the training people: each attribute's share."""
    return {name: (said_of[name] == people.tensors[name].mode().values).float().mean().item() for name in said_of}


def train_variant(name: str, seed: int, profile: str, detector: AttributeDetectorStage) -> dict[str, float]:
    """Train one variant and swap the held-out sentences.

    Returns:
        Accuracy of each of the garment's attributes after the swap, and ``seconds``.
    """
    plan = budget("gan_cls", profile)
    stage = GanClsStage(replace(GanClsStage.configure(plan), **VARIANTS[name]), seed)
    started = time.perf_counter()
    fit(stage, GanClsStage.batches(plan, seed), plan.steps, seed=seed, progress_lines=0)
    seconds = time.perf_counter() - started
    people = upper_bodies("test", once=True)
    said_of = {key: people.tensors[key] for key in GARMENT_ATTRIBUTES}
    scores = swap_accuracy(lambda codes: stage.paint(codes, 0), detector.tell, read(people.sentences), said_of)
    return {key: score.value for key, score in scores["swapped"].items()} | {"seconds": round(seconds, 1)}


def run(profile: str = "cpu", seeds: Sequence[int] = (0, 1, 2), known: dict[str, Any] | None = None) -> dict[str, Any]:
    """Train every variant with every seed.

    Args:
        profile: whose budget is used.
        seeds: one run each.
        known: an earlier result; its runs are not done again.

    Returns:
        ``runs`` (variant -> seed -> figures), and the settings that they were made with.
    """
    detector = load("attribute_detector.cpu")
    assert isinstance(detector, AttributeDetectorStage)
    runs: dict[str, dict[str, dict[str, float]]] = (known or {}).get("runs", {})
    for seed in seeds:
        for name in VARIANTS:
            if str(seed) not in runs.setdefault(name, {}):
                runs[name][str(seed)] = train_variant(name, seed, profile, detector)
                print(f"{name}, seed {seed}: {runs[name][str(seed)]}", flush=True)
    fabric = make_fabric()
    return {
        "profile": profile,
        "steps": budget("gan_cls", profile).steps,
        "settings": "swapped held-out sentences, judged by the zoo's attribute_detector.cpu",
        "commit": commit(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
        "runs": runs,
    }
