"""The table of chapter 11: conditional parsers that learned in different ways, on the lists of two poses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vtonlib.data.pose_task import LISTS, pose_task
from vtonlib.metrics.score import Score
from vtonlib.profiles import budget
from vtonlib.provenance import runs_folder
from vtonlib.studies.pose_changes import by_kind, legs, miou, references_in_the_new_garment
from vtonlib.training.resume import fit_or_load
from vtonlib.training.stages.mg_vton_parsing import CLOSER_SHARE, MgVtonParsingStage, feed

PARSERS: dict[str, tuple[dict[str, Any], float]] = {
    "plain": ({}, CLOSER_SHARE),
    "uncropped": ({}, 0.0),
    "game": ({"game_weight": 1.0}, CLOSER_SHARE),
}
"""Key in ``results/multipose.json`` -> what differs in the parser's configuration, and the share of its training
references that are cropped to the hips."""


def trained_parser(name: str, seed: int, profile: str) -> MgVtonParsingStage:
    """A conditional parser, trained under a profile's budget if no earlier run has done so."""
    changes, share = PARSERS[name]
    plan = budget("mg_vton_parsing", profile)
    stage = MgVtonParsingStage(replace(MgVtonParsingStage.configure(plan), **changes), seed)
    folder = "mg_vton_parsing" if name == "plain" else f"multipose_parsing_{name}"
    fit_or_load(stage, feed(plan, seed, share), plan.steps, seed, runs_folder() / folder / profile / f"seed{seed}")
    return stage


def judge_parsing(parser: MgVtonParsingStage, height: int) -> dict[str, dict[str, Score]]:
    """Conditional parsing on each of :data:`vtonlib.data.pose_task.LISTS`.

    Returns:
        ``parsing_miou``, and ``parsing_miou_copy`` of the reference's own labels, both without the background; the
        same for each kind of change of :func:`vtonlib.studies.pose_changes.by_kind`, as ``turned`` and ``turned_copy``.
        For ``multi_pose_unpaired`` also ``told``, if the masks of the reference are those in the new garment; and the
        mean IoU of both legs with honest masks and with those, ``legs`` and ``legs_told``.
    """
    figures = {}
    for name in LISTS:
        task = pose_task(name, height)
        parts = {"parsing_miou": task} | by_kind(task)
        answers = {kind: parser.parse_all(part) for kind, part in parts.items()}
        figures[name] = {kind: miou(answers[kind], part) for kind, part in parts.items()}
        figures[name] |= {f"{kind}_copy": miou(part.reference.require("parse"), part) for kind, part in parts.items()}
        if name == "multi_pose_unpaired":
            told = parser.parse_all(replace(task, reference=references_in_the_new_garment(task)))
            figures[name] |= {"told": miou(told, task), "legs_told": legs(told, task)}
            figures[name]["legs"] = legs(answers["parsing_miou"], task)
    return figures
