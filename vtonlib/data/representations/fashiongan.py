"""What FashionGAN's two stages are told (Zhu et al. 2017, arXiv:1710.07346): S0, m(S0) and the human attributes.

The paper works on squares: give views through :func:`vtonlib.data.resize.pad_view`. The order of labels is the paper's,
with the background first; the released code puts it last.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from vtonlib.data.label_sets import FASHIONGAN_7, LIP_SET, convert
from vtonlib.data.labels import LIP
from vtonlib.data.sample import Sample, View
from vtonlib.data.views import Views, for_views
from vtonlib.errors import VtonError

CELLS = (8, 8)
"""Rows and columns of m(S0)."""

MERGED = (("background",), ("hair",), ("face",), ("upper_clothes", "pants", "legs", "arms"))
"""Labels of S0 that make up each channel of m(S0): background, hair, face, rest."""

HUMAN_ATTRIBUTES = ("woman", "long_hair", "sunglasses", "hat", "red", "green", "blue", "grey", "width", "height")
"""Names of the ten numbers in the order of :func:`human_attributes`."""

SKIN = ("face", "left_arm", "right_arm", "left_leg", "right_leg")
GREY = (0.2126, 0.7152, 0.0722)
"""Share of red, green and blue in the brightness, after ITU-R BT.709."""


@for_views
def segmentation(views: Views) -> Tensor:
    """S0, one channel for each of the seven labels: (7, H, W) in {0, 1}, summing to 1 at every pixel.

    A neck that is marked counts as face.

    Raises:
        VtonError: if the view has no ``parse``.
    """
    return one_hot(labels_7(views))


def labels_7(views: Views) -> Tensor:
    """S0 as numbers of :data:`vtonlib.data.label_sets.FASHIONGAN_7`: (N, H, W) int64."""
    every = np.arange(len(LIP_SET), dtype=np.uint8)
    table = torch.from_numpy(convert(every, None, FASHIONGAN_7)).to(views.image.device)
    parse = views.require("parse").long()
    labels = table[parse].long()
    if views.neck is not None:
        labels = labels.masked_fill(views.neck & (parse == LIP["background"]), FASHIONGAN_7.number(FASHIONGAN_7.neck))
    return labels


def one_hot(labels: Tensor) -> Tensor:
    """Labels (N, H, W) int64 of the seven, as (N, 7, H, W) float32 in {0, 1}."""
    return F.one_hot(labels, len(FASHIONGAN_7)).movedim(-1, 1).float()


def merge(segmentation: Tensor, cells: tuple[int, int] = CELLS) -> Tensor:
    """m(S): the seven labels merged to four and shrunk, so that the old outfit no longer contradicts the new one.

    Each of the four masks is shrunk with a bicubic filter that covers what it shrinks, as the authors' code does;
    values may leave [0, 1] by about a tenth, and the four sum to 1.

    Args:
        segmentation: (N, 7, H, W) or (7, H, W), one channel for each label, hard or soft.
        cells: rows and columns of the result.

    Returns:
        (N, 4, *cells) or (4, *cells): background, hair, face, rest.
    """
    channels = [
        segmentation[..., [FASHIONGAN_7.number(name) for name in names], :, :].sum(-3) for names in MERGED
    ]  # fmt: skip
    merged = torch.stack(channels, dim=-3)
    batch = merged if merged.dim() == 4 else merged[None]
    small = F.interpolate(batch, cells, mode="bicubic", align_corners=False, antialias=True)
    return small if merged.dim() == 4 else small[0]


@for_views
def merged_segmentation(views: Views) -> Tensor:
    """m(S0), the spatial constraint of the first stage: (4, 8, 8), about in [0, 1]; see :func:`merge`.

    Raises:
        VtonError: if the view has no ``parse``.
    """
    return merge(segmentation(views))


def human_attributes(sample: Sample, view: View | None = None) -> Tensor:
    """The ten numbers a that, with the text, make up the design coding d = (a, v): (10,) float32 in [0, 1].

    Four yes or no (a woman, long hair, sunglasses, a hat), the median colour of the skin as red, green, blue and grey,
    and the width and height of the person as shares of the picture's. The paper does not give scales; these are ours.

    Args:
        sample: whose ``attributes`` are read.
        view: the picture that colour and size are read from; None is ``sample.person``.

    Raises:
        VtonError: if an attribute or ``parse`` is missing, or no skin can be seen.
    """
    view = view or sample.person
    parse = view.require("parse")
    person = parse > 0 if view.neck is None else (parse > 0) | view.neck
    skin = view.image[np.isin(parse, [LIP[name] for name in SKIN])]
    if not len(skin):
        raise VtonError(f"sample of person {sample.person_id}: shows no skin to take a colour from; leave it out")
    colour = np.median(skin, axis=0) / 255
    rows, columns = (np.flatnonzero(person.any(axis)) for axis in (1, 0))
    extent = [(line[-1] - line[0] + 1) / side for line, side in ((columns, view.size[1]), (rows, view.size[0]))]
    return torch.tensor([*_yes_or_no(sample), *colour, float(colour @ GREY), *extent], dtype=torch.float32)


def _yes_or_no(sample: Sample) -> list[float]:
    known: dict[str, str | float | bool] = sample.attributes
    missing = [name for name in ("gender", "hair_length", "sunglasses", "hat") if name not in known]
    if missing:
        raise VtonError(
            f"sample of person {sample.person_id}: attributes have no {missing[0]!r}; use a data set that provides it,"
            " such as the wardrobe"
        )
    return [
        float(known["gender"] == "woman"),
        float(known["hair_length"] == "long"),
        float(known["sunglasses"] == "yes"),
        float(known["hat"] != "none"),
    ]
