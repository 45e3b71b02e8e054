"""The other label sets of try-on papers, and tables that translate between them and LIP-20 with its neck mask.

Numbers mean different things in different sets (10 is jumpsuits in LIP and the neck in CIHP), so nothing here goes by
number: a table maps names to names, and a test holds every name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vtonlib.data.labels import LIP_20, LIP_PALETTE
from vtonlib.errors import VtonError

Labels = NDArray[np.uint8]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class LabelSet:
    """Names and colours of labels, and how the set is related to LIP-20.

    Attributes:
        name: for messages.
        labels: names in the order of their numbers; left and right are the person's.
        palette: RGB in 0..255 of each label.
        neck: the label that bare skin of the neck has; ``background`` where the set forgets it.
        from_lip: what becomes of LIP's labels that this set does not have.
        to_lip: what becomes of this set's labels that LIP does not have; None where there is no way back.
        knows_neck: whether the neck has a label of its own here, so that its mask can be told from the labels.
    """

    name: str
    labels: tuple[str, ...]
    palette: tuple[Colour, ...]
    neck: str = "background"
    from_lip: Mapping[str, str] = field(default_factory=dict)
    to_lip: Mapping[str, str] | None = field(default_factory=dict)
    knows_neck: bool = False

    def __len__(self) -> int:
        return len(self.labels)

    def number(self, label: str) -> int:
        """Number of a label.

        Raises:
            VtonError: if the set has no such label.
        """
        if label not in self.labels:
            raise VtonError(f"label set {self.name} has no label {label!r}; choose one of {', '.join(self.labels)}")
        return self.labels.index(label)

    def mirrored(self) -> Labels:
        """For each number (L,) uint8 the number that it has after a flip: left and right change places."""
        other = {"left": "right", "right": "left"}
        names = ["_".join(other.get(word, word) for word in label.split("_")) for label in self.labels]
        return np.array([self.number(name) for name in names], np.uint8)

    def paint(self, labels: NDArray[np.integer]) -> NDArray[np.uint8]:
        """Labels (...) as colours (..., 3) uint8."""
        colours: NDArray[np.uint8] = np.array(self.palette, np.uint8)[labels]
        return colours


def voc_palette(count: int) -> tuple[Colour, ...]:
    """The first colours of PASCAL VOC: bits 0, 3, 6 of a number are the highest bits of red, 1, 4, 7 of green, ..."""

    def channel(number: int, first: int) -> int:
        return sum((number >> (3 * place + first) & 1) << (7 - place) for place in range(3))

    return tuple((channel(n, 0), channel(n, 1), channel(n, 2)) for n in range(count))


LIP_SET = LabelSet("LIP-20", LIP_20, LIP_PALETTE)

CIHP_20 = LabelSet(
    name="CIHP-20",
    labels=tuple("torso_skin" if name == "jumpsuits" else name for name in LIP_20),
    palette=LIP_PALETTE,
    neck="torso_skin",
    from_lip={"jumpsuits": "dress"},  # both are one piece from shoulder to leg
    to_lip={"torso_skin": "background"},  # and the neck mask
    knows_neck=True,
)
"""Gong et al. 2018, arXiv:1808.00157: LIP's labels with skin of the neck and the chest in place of the jumpsuits."""

ATR_18 = LabelSet(
    name="ATR-18",
    labels=(
        "background", "hat", "hair", "sunglasses", "upper_clothes", "skirt", "pants", "dress", "belt", "left_shoe",
        "right_shoe", "face", "left_leg", "right_leg", "left_arm", "right_arm", "bag", "scarf",
    ),
    palette=voc_palette(18),
    neck="face",
    # What has no label takes that of the clothes of its half of the body: a glove or a sock has no side in LIP.
    from_lip={"glove": "upper_clothes", "coat": "upper_clothes", "socks": "pants", "jumpsuits": "dress"},
    to_lip={"belt": "pants", "bag": "background"},
)  # fmt: skip
"""Liang et al. 2015, arXiv:1503.02391, in the order of public parsers; its face reaches down the neck."""

FASHIONGAN_7 = LabelSet(
    name="FashionGAN-7",
    labels=("background", "hair", "face", "upper_clothes", "pants", "legs", "arms"),
    palette=((0, 0, 0), (255, 0, 0), (0, 0, 255), (255, 85, 0), (0, 85, 85), (170, 255, 85), (0, 255, 255)),
    neck="face",
    from_lip={
        "hat": "hair", "sunglasses": "face", "coat": "upper_clothes", "scarf": "upper_clothes", "glove": "arms",
        "dress": "pants", "jumpsuits": "pants", "skirt": "pants",
        "left_arm": "arms", "right_arm": "arms", "left_leg": "legs", "right_leg": "legs",
        "socks": "legs", "left_shoe": "legs", "right_shoe": "legs",
    },
    to_lip=None,
)  # fmt: skip
"""Zhu et al. 2017, arXiv:1710.07346, merged as in the authors' released code: a dress is "pants", shoes are legs."""

MERGED_4 = LabelSet(
    name="merged-4",
    labels=("background", "hair", "face", "rest"),
    palette=((0, 0, 0), (255, 0, 0), (0, 0, 255), (128, 128, 128)),
    neck="face",
    from_lip={"hat": "hair", "sunglasses": "face"}
    | {name: "rest" for name in LIP_20 if name not in ("background", "hat", "hair", "sunglasses", "face")},
    to_lip=None,
)
"""The labels of FashionGAN's m(S0), which keeps the outline of the body and forgets where clothes end."""

LABEL_SETS = {labels.name: labels for labels in (LIP_SET, CIHP_20, ATR_18, FASHIONGAN_7, MERGED_4)}


def convert(parse: Labels, neck: NDArray[np.bool_] | None, target: LabelSet) -> Labels:
    """Labels of LIP-20 and a neck mask, as labels of another set.

    Args:
        parse: (..., ) numbers of LIP-20.
        neck: mask of the same shape, or None if it is not known; it counts where ``parse`` is background, since hair,
            arms and clothes lie in front of a neck.
        target: the set to go to.

    Returns:
        Numbers of the target set, of the same shape.

    Raises:
        VtonError: if a label is not one of LIP-20.
    """
    table = np.array([target.number(target.from_lip.get(name, name)) for name in LIP_20], np.uint8)
    converted = _looked_up(table, parse, LIP_SET)
    if neck is not None:
        converted[neck & (parse == 0)] = target.number(target.neck)
    return converted


def to_lip(labels: Labels, source: LabelSet) -> tuple[Labels, NDArray[np.bool_] | None]:
    """Labels of another set as labels of LIP-20 and, where the set has a label for it, the neck mask.

    Raises:
        VtonError: if a label is not one of the set, or the set has merged too much to go back.
    """
    if source.to_lip is None:
        raise VtonError(
            f"{source.name}: its labels are too coarse to go back to LIP-20; convert from CIHP-20 or ATR-18"
        )
    table = np.array([LIP_SET.number(source.to_lip.get(name, name)) for name in source.labels], np.uint8)
    neck = labels == source.number(source.neck) if source.knows_neck else None
    return _looked_up(table, labels, source), neck


def _looked_up(table: Labels, labels: Labels, source: LabelSet) -> Labels:
    if labels.size and labels.max() >= len(source):
        raise VtonError(f"label {labels.max()}: {source.name} has labels below {len(source)}; convert from another set")
    return table[labels]
