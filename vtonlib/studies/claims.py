"""What the papers say of one another, claim by claim, held against our stored results.

A claim says that one system is ahead of others. Where raters said so, perceptual distance stands in for them, which is
no rater; the numbers themselves are never compared, since pictures, sizes and judges are others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import Any, NamedTuple

from vtonlib import results

Study = Mapping[str, Mapping[str, Sequence[float]]]
"""system -> figure -> values, one for each seed, of one list of people."""


@dataclass(frozen=True)
class Claim:
    """That a system is ahead of others.

    Attributes:
        text: what is claimed, in a line.
        source: key of the bibliography.
        place: which part of that work.
        study: the stored result and its list, such as ``tryon/unpaired``, see :func:`load_study`.
        best: the system that is said to be ahead.
        rivals: those that it is said to be ahead of, each.
        figure: by which we look.
        lower: whether a small figure is good.
        stands_in: whether the figure stands in for another one, such as raters' votes.
    """

    text: str
    source: str
    place: str
    study: str
    best: str
    rivals: tuple[str, ...]
    figure: str
    lower: bool = False
    stands_in: bool = False


class Verdict(NamedTuple):
    """How a claim fares with us.

    Attributes:
        kept: whether the mean over seeds is ahead of every rival's.
        surely: whether the worst seed is ahead of every rival's best.
        ours: the mean of the system that is said to be ahead.
        nearest: the mean of its best rival.
        seeds: of the system and of the rival with the fewest.
    """

    kept: bool
    surely: bool
    ours: float
    nearest: float
    seeds: int

    def __str__(self) -> str:
        if not self.kept:
            return "no"
        return "yes, in every seed" if self.surely else "yes, in the mean"


def weigh(claim: Claim, study: Study) -> Verdict:
    """Hold a claim against a study.

    Raises:
        KeyError: if the study lacks a system or a figure.
    """
    sign = -1 if claim.lower else 1
    ours = [sign * value for value in study[claim.best][claim.figure]]
    theirs = [[sign * value for value in study[rival][claim.figure]] for rival in claim.rivals]
    nearest = max(fmean(values) for values in theirs)
    return Verdict(
        kept=fmean(ours) > nearest,
        surely=min(ours) > max(max(values) for values in theirs),
        ours=sign * fmean(ours),
        nearest=sign * nearest,
        seeds=min(len(values) for values in (ours, *theirs)),
    )


def load_study(name: str) -> Study:
    """A stored result in one form.

    Args:
        name: ``tryon/LIST``, ``multipose/LIST``, ``viton/LIST`` or ``warping/LIST``.

    Returns:
        The study. ``tryon`` has one system more, ``real``, the true pictures, of which only ``is_lite0`` is known.
    """
    file, _, task = name.partition("/")
    stored = results.load(file)
    if file == "warping":
        return {
            system: {figure: _listed(value) for figure, value in kinds["all"].items()}
            | {"ms": [stored["methods_ms"][system]]}
            for system, kinds in stored["methods"][task].items()
        }
    systems = stored["variants" if file == "viton" else "systems"]
    study: dict[str, dict[str, list[float]]] = {}
    for system, entry in systems.items():
        seeds = [seed[task] for seed in entry["seeds"].values() if task in seed]
        numbers = [figure for figure, value in seeds[0].items() if isinstance(value, (int, float))] if seeds else []
        study[system] = {figure: [seed[figure] for seed in seeds] for figure in numbers}
    if file == "tryon":
        study["real"] = {"is_lite0": [stored["real"]["value"]]}
    return study


def _listed(value: Any) -> list[float]:
    return list(value) if isinstance(value, list) else [value]


_FIVE = ("crn", "encoder_decoder", "nonparametric", "prgan", "cagan")
_table_1 = partial(Claim, source="han2018viton", place="table 1", study="tryon/unpaired", stands_in=True)
_raters = partial(_table_1, figure="perceptual", lower=True)
_inception = partial(_table_1, figure="is_lite0")
_viton = partial(Claim, source="han2018viton", place="ablations", study="viton/unpaired", stands_in=True)
_cp_vton = partial(Claim, source="wang2018cpvton", place="experiments")
_mg_vton = partial(Claim, source="dong2019mgvton", place="experiments", study="multipose/multi_pose")
_with_pose = partial(_mg_vton, best="mg_vton", rivals=("viton_pose", "cp_vton_pose"))

CLAIMS: tuple[Claim, ...] = (
    _raters(text="raters prefer VITON to five others", best="viton", rivals=_FIVE),
    _raters(text="raters prefer CRN to an encoder-decoder", best="crn", rivals=("encoder_decoder",)),
    _raters(
        text="raters prefer an encoder-decoder to PRGAN and CAGAN", best="encoder_decoder", rivals=("prgan", "cagan")
    ),
    _raters(text="raters prefer pasted garments to PRGAN and CAGAN", best="nonparametric", rivals=("prgan", "cagan")),
    _inception(
        text="pasted garments have the best inception score",
        best="nonparametric",
        rivals=("viton", "crn", "encoder_decoder", "prgan", "cagan"),
    ),
    _inception(
        text="pasted garments have a better inception score than true pictures", best="nonparametric", rivals=("real",)
    ),
    _inception(text="CAGAN has a better inception score than VITON", best="cagan", rivals=("viton",)),
    _inception(text="PRGAN has a better inception score than VITON", best="prgan", rivals=("viton",)),
    _viton(
        text="without the pose, VITON's coarse picture is worse",
        best="coarse_perceptual",
        rivals=("no_pose",),
        figure="ssim_masked",
    ),
    _viton(
        text="without the body shape, VITON's coarse picture is worse",
        best="coarse_perceptual",
        rivals=("no_shape",),
        figure="ssim_masked",
    ),
    _viton(
        text="VITON's refinement improves on its coarse picture",
        best="viton",
        rivals=("coarse_perceptual",),
        figure="l1_masked",
        lower=True,
    ),
    _cp_vton(
        text="raters prefer CP-VTON to VITON",
        study="tryon/unpaired",
        best="cp_vton",
        rivals=("viton",),
        figure="perceptual",
        lower=True,
        stands_in=True,
    ),
    _cp_vton(
        text="a learned matcher is faster than shape contexts",
        study="warping/unpaired",
        best="gmm",
        rivals=("shape_context",),
        figure="ms",
        lower=True,
    ),
    _mg_vton(
        text="without the render, MG-VTON has the best SSIM",
        best="mg_vton_no_render",
        rivals=("mg_vton_no_mask", "mg_vton"),
        figure="ssim",
    ),
    _mg_vton(
        text="without the mask, MG-VTON has the best inception score",
        best="mg_vton_no_mask",
        rivals=("mg_vton_no_render", "mg_vton"),
        figure="is_lite0",
        stands_in=True,
    ),
    _with_pose(text="MG-VTON is ahead of VITON and CP-VTON with a pose", figure="ssim"),
    _with_pose(text="others lose the head", figure="head_l1", lower=True, stands_in=True),
    _with_pose(text="others lose the trousers", figure="lower_l1", lower=True, stands_in=True),
    _mg_vton(text="warped features beat warped pixels", best="warp_both", rivals=("warp_pixels",), figure="ssim"),
)
"""Every claim that our results can weigh. That of pixels and features is in the text of MG-VTON; it has no table."""


def weigh_all() -> dict[Claim, Verdict]:
    """All of :data:`CLAIMS` against the stored results."""
    studies = {name: load_study(name) for name in {claim.study for claim in CLAIMS}}
    return {claim: weigh(claim, studies[claim.study]) for claim in CLAIMS}
