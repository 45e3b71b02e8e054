"""Chapter 04's experiment: the first stage with finer and coarser spatial constraints, under one budget."""

from __future__ import annotations

from dataclasses import replace

from vtonlib.data.design import design_coding
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.outfits import outfits
from vtonlib.metrics.iou import mean_iou
from vtonlib.metrics.sleeves import SleeveRuler, arms_in_view, match_of_sleeves, sleeve_cover
from vtonlib.profiles import budget
from vtonlib.studies.constraints import kept_iou
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import fit
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage

CELLS = (4, 8, 16, 32)
"""Rows and columns of m(S0); 8 are the paper's."""


def train_with(cells: int, profile: str, seed: int) -> FashionGanShapeStage:
    """The first stage with the profile's budget and a constraint of some cells."""
    plan = budget("fashion_gan_shape", profile)
    stage = FashionGanShapeStage(replace(FashionGanShapeStage.configure(plan), cells=cells), seed)
    batches = FashionGanShapeStage.batches(plan, seed)
    fit(stage, batches, plan.steps, seed=seed, fabric=make_fabric(), progress_lines=0)
    return stage


def judge_maps(stage: FashionGanShapeStage) -> dict[str, float]:
    """How held-out people's maps fit their own sentence, their second one, and their photo.

    ``miou_own_text`` and ``miou_swapped_text`` are means over the six labels without the background,
    ``sleeve_match_swapped`` is the share of sleeves as long as the second sentence says, ``sleeve_floor`` that of the
    old maps, and ``hair_and_face_kept`` the IoU of hair and face with the old map.
    """
    side = stage.config.side
    worn, other = (outfits("test", side, (slot,)) for slot in ("person", "swap"))
    known = outfits("train", side)
    old, truth = worn.tensors["labels"].long(), other.tensors["labels"].long()
    own = stage.map_for(old, design_coding(worn))
    new = stage.map_for(old, design_coding(worn, other.sentences))
    ruler = SleeveRuler.fit(sleeve_cover(known.tensors["labels"], known.tensors["keypoints"]), known.tensors["sleeve"])
    joints = worn.tensors["keypoints"]
    sleeves = {
        name: match_of_sleeves(ruler.tell(sleeve_cover(maps, joints)), other.tensors["sleeve"], arms_in_view(joints))
        for name, maps in (("sleeve_match_swapped", new), ("sleeve_floor", old))
    }
    names, without = FASHIONGAN_7.labels, ("background",)
    return {
        "miou_own_text": mean_iou(own, old, names, without).value,
        "miou_swapped_text": mean_iou(new, truth, names, without).value,
        **sleeves,
        "hair_and_face_kept": kept_iou(old, new).value,
    }
