"""Every stage, small enough to train in a blink, and a comparison that no bit escapes.

A new stage adds a row to ``TABLE``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import torch
from torch import Tensor

from vtonlib.data.fashion_mnist import load_clothes
from vtonlib.data.feed import Feed
from vtonlib.data.outfits import outfits
from vtonlib.data.upper_bodies import upper_bodies
from vtonlib.data.worn import worn_garments
from vtonlib.profiles import Budget
from vtonlib.training.batches import Batches
from vtonlib.training.registry import stage_class, stage_names
from vtonlib.training.stage import Stage
from vtonlib.training.stages.human_parser import labelled

BUDGET = Budget(steps=8, batch_size=8, width=4, minutes=0, where="tests", peak_mib=1, height=64)


@dataclass(frozen=True)
class Row:
    """What the tests must know of a stage.

    Attributes:
        output_shape: of one sample that ``predict`` gives.
        held_out: the pictures on which the stage is judged; None where it sees sentences only, since there are so few
            ways to say something that many are said of held-out garments, too.
        variants: name -> settings that differ from what ``configure`` gives; those of ``default`` for a stage that is
            too slow in the tests.
        least: training pictures that there are at least; a short run may prepare some of them only.
    """

    output_shape: tuple[int, ...]
    held_out: Callable[[], Tensor] | None
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    least: int = 1001


@cache
def held_out_clothes() -> Tensor:
    return load_clothes("held_out").images


def held_out_people() -> Tensor:
    return worn_garments("test", 64).examples["person.image"]


def held_out_garments() -> Tensor:
    return worn_garments("test", 64).garments["image"]


def held_out_squares() -> Tensor:
    return outfits("test", 64, ("person",)).tensors["image"]


def held_out_upper_bodies() -> Tensor:
    return upper_bodies("test").tensors["image"]


def held_out_small_people() -> Tensor:
    return upper_bodies("test", 32, plain=True).tensors["image"]


TABLE: dict[str, Row] = {
    "char_cnn_rnn": Row(
        (64,),
        held_out_upper_bodies,
        {
            "default": {"channels": 12, "learning_rate": 0.01},
            "long": {"variant": "long", "channels": 12, "learning_rate": 0.01},
        },
    ),
    "clothes_classifier": Row((10,), held_out_clothes),
    "conditional_dcgan": Row((1, 28, 28), held_out_clothes, {"projection": {"way": "projection"}}),
    "gan_cls": Row(
        (3, 32, 32),
        held_out_small_people,
        {
            "augmented": {"augmented": 16, "interpolation": 1.0, "pairs": "intent"},
            "plain": {
                "pairs": "none", "ema_half_life": 0.0, "near_misses": False, "compare": False, "variety": 0.0,
            },
        },
    ),
    "dcgan": Row(
        (1, 28, 28),
        held_out_clothes,
        {
            "r1": {"normalisation": "spectral", "objective": "least_squares", "r1_gamma": 1.0, "r1_interval": 2},
            "plain": {
                "normalisation": "none", "learning_rate": 0.02, "ema_half_life": 0.0, "generator_interval": 2,
            },
        },
    ),
    "cnn_geometric": Row((64, 48, 2), held_out_garments),
    "cp_vton_matcher": Row((64, 48, 2), held_out_people, {"plain": {"smoothness": 0.0}}),
    "cp_vton_plus_matcher": Row((64, 48, 2), held_out_people),
    "mg_vton_matcher": Row((64, 48, 2), held_out_people),
    "parsing_matcher": Row((64, 48, 2), held_out_people),
    "mg_vton_parsing": Row((20, 64, 48), held_out_people, {"game": {"game_weight": 1.0}}),
    "mg_vton_pose_matcher": Row((64, 48, 2), held_out_people, least=64),
    "mg_vton_warp_gan": Row(
        (3, 64, 48),
        held_out_people,
        {
            "literal": {"literal": True, "transformation": "affine", "feature_weight": 0.0, "perceptual_weight": 0.0},
            "pixels": {"warped": "pixels", "transformation": "tps", "keeps_room": False, "hold": 1.0},
        },
        least=64,
    ),
    "mg_vton_render": Row(
        (4, 64, 48),
        held_out_people,
        {"paper": {"held_inside": False, "pixel_weight": 0.0}, "picture": {"composes": False}},
        least=64,
    ),
    "viton_pose": Row((4, 64, 48), held_out_people),
    "cp_vton_pose": Row((4, 64, 48), held_out_people),
    "viton_coarse": Row((4, 64, 48), held_out_people, {"blind": {"without": "pose", "surroundings": False}}),
    "viton_refinement": Row((4, 64, 48), held_out_people, {"paper": {"pixel_weight": 0.0, "masked": False}}, least=40),
    "cp_vton_try_on": Row((4, 64, 48), held_out_people, {"paper": {"mask_target": "everywhere"}}),
    "cp_vton_plus_try_on": Row((4, 64, 48), held_out_people),
    "cp_vton_try_on_clean": Row((4, 64, 48), held_out_people),
    "viton_coarse_neck": Row((4, 64, 48), held_out_people),
    "crn": Row((3, 64, 48), held_out_people, {"plain": {"perceptual_weight": 0.0, "hold": 1.0}}),
    "prgan": Row((3, 64, 48), held_out_people),
    "prgan_no_head": Row((3, 64, 48), held_out_people),
    "cagan": Row((4, 64, 48), held_out_people),
    "garment_parser": Row((4, 64, 48), held_out_garments),
    "human_parser": Row((21, 64, 48), lambda: labelled("test", 64)["image"]),
    "attribute_detector": Row((32,), held_out_squares),
    "text_reader": Row((40,), None),
    "fashion_gan_shape": Row((7, 64, 64), held_out_squares, {"plain": {"pixel_weight": 0.0, "ema_half_life": 0.0}}),
    "fashion_gan_image": Row((3, 64, 64), held_out_squares),
    "non_compositional": Row((3, 64, 64), held_out_squares),
    "one_step_8_7": Row((3, 64, 64), held_out_squares),
    "one_step_8_4": Row((3, 64, 64), held_out_squares),
}  # fmt: skip

CASES = [
    (name, variant)
    for name in stage_names()
    for variant in dict.fromkeys(("default", *(TABLE[name].variants if name in TABLE else ())))
]
IDS = [f"{name}-{variant}" for name, variant in CASES]


def tiny_stage(name: str, variant: str = "default", seed: int = 0, **settings: Any) -> Stage:
    cls = stage_class(name)
    chosen = TABLE[name].variants[variant] if variant != "default" else TABLE[name].variants.get("default", {})
    return cls(replace(cls.configure(BUDGET), **chosen, **settings), seed)


@cache
def _feed(name: str) -> Batches:
    return stage_class(name).batches(BUDGET, seed=0)


def training_data(name: str) -> dict[str, Tensor]:
    """All training tensors of a stage."""
    return _feed(name).tensors


def tiny_batches(name: str, seed: int = 0) -> Batches:
    """20 samples from all over the data in batches of 8, so that an epoch has two steps and drops four samples."""
    tensors = training_data(name)
    length = len(next(iter(tensors.values())))
    chosen = torch.arange(20) * (length // 20)
    few = {key: tensor[chosen] for key, tensor in tensors.items()}
    feed = _feed(name)
    if isinstance(feed, Feed):
        return Feed(few, feed.make, BUDGET.batch_size, seed)
    return Batches(few, BUDGET.batch_size, seed)


def differences(a: Any, b: Any, where: str = "") -> list[str]:
    """Where two nested states differ in a key, a type or a bit."""
    if type(a) is not type(b):
        return [f"{where}: {type(a).__name__} and {type(b).__name__}"]
    if isinstance(a, Tensor):
        return [] if a.dtype == b.dtype and torch.equal(a, b) else [where]
    if isinstance(a, dict):
        if a.keys() != b.keys():
            return [f"{where}: keys {sorted(map(str, a.keys() ^ b.keys()))}"]
        return [line for key in a for line in differences(a[key], b[key], f"{where}/{key}")]
    if isinstance(a, list | tuple):
        if len(a) != len(b):
            return [f"{where}: {len(a)} and {len(b)} entries"]
        return [line for i, (x, y) in enumerate(zip(a, b, strict=True)) for line in differences(x, y, f"{where}/{i}")]
    return [] if a == b else [f"{where}: {a!r} and {b!r}"]
