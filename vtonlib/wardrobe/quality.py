"""How clean a rendered view is: skin that pokes through cloth, and garments that fall to pieces.

Both are measured on the labels of a finished sample and know nothing of how the renderer hides skin, so that they hold
for a set on disk as well and cannot share the renderer's mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, find_objects, label

from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.occlusion import GARMENT_LABELS
from vtonlib.data.sample import View
from vtonlib.errors import VtonError

ENCLOSED = 0.6
"""Share of a piece of skin's outline that must be cloth for the piece to lie in a garment."""
ENCLOSED_ARM = 0.85
"""The same for a piece of an arm, which may also be seen on its way behind the back."""
WRIST = 0.1
"""How near to its wrist an arm's skin belongs to a hand, in lengths of the trunk (neck to hips, about half a metre)."""
HAND = 0.4
"""How far from the wrist a finger may be, in lengths of the trunk."""
SPECK = 0.002
"""Pieces of a garment up to this share of it are not counted."""

Mask = NDArray[np.bool_]
_TOUCHING = np.ones((3, 3), bool)  # pixels that share a corner belong together
_ARMS = (LIP["left_arm"], LIP["right_arm"])


def poke_through(view: View) -> float:
    """Share of a garment's pixels that are body pixels poking through: of the worst garment of a view, in [0, 1].

    A piece is a connected component of bare skin (face, arms, legs and the mask of the neck). It pokes through if at
    least :data:`ENCLOSED` of its outline is cloth, :data:`ENCLOSED_ARM` of an arm's, and none of these explains it:

    - neckline: skin, hair, hat and sunglasses connect it with the face;
    - hand: skin of an arm within :data:`WRIST` of that arm's wrist, or all of it within :data:`HAND` of the wrist and
      not on the forearm's side of it, as are fingers that cloth cuts off;
    - bare waist: it lies between two garments and reaches the outline of the body or an arm.

    Skin between top and trousers that does not reach the outline counts, though a short top may show it rightly: it
    looks like a sliver. An elbow at the outline of its sleeve and skin that touches the neckline cannot be told from
    what is bare, and are missed.

    Each piece is set against the largest garment that it touches: its pixels over those of garment and pieces.

    Args:
        view: with ``parse``, ``neck`` and ``keypoints``.

    Raises:
        VtonError: if one of them is missing.
    """
    parse, neck, keypoints = _labels(view)
    kinds = {kind: np.isin(parse, [LIP[name] for name in names]) for kind, names in GARMENT_LABELS.items()}
    sizes = {kind: int(mask.sum()) for kind, mask in kinds.items()}
    cloth = np.any(list(kinds.values()), axis=0)
    neckline = _neckline(parse, neck)
    poking = dict.fromkeys(kinds, 0)
    for piece, around in _components(_skin(parse) | neck):
        inside = cloth[around]
        least = ENCLOSED_ARM if np.isin(parse[piece], _ARMS).any() else ENCLOSED
        if inside.sum() < least * _outline_length(piece) or neckline[piece].any():
            continue
        touched = [kind for kind, mask in kinds.items() if mask[around].any()]
        bare_waist = len(touched) > 1 and not inside.all()
        if not bare_waist and not _is_hand(piece, parse, keypoints):
            poking[max(touched, key=sizes.__getitem__)] += int(piece.sum())
    return max(count / max(1, count + sizes[kind]) for kind, count in poking.items())


def pieces(view: View, category: str) -> int:
    """Into how many pieces a garment falls.

    Connected components of at least :data:`SPECK` of the garment count; those that an arm, a hand, hair or another
    garment connects count as one, since that may lie before the cloth between them.

    Args:
        view: with ``parse``, ``neck`` and ``keypoints``.
        category: ``top``, ``bottom`` or ``dress``.

    Returns:
        1 for a whole garment, 0 for one that is out of sight.

    Raises:
        VtonError: if a field is missing.
    """
    parse, _, _ = _labels(view)
    garment = np.isin(parse, [LIP[name] for name in GARMENT_LABELS[category]])
    others = [name for names in GARMENT_LABELS.values() for name in names]
    before = np.isin(parse, [LIP[name] for name in (*others, "left_arm", "right_arm", "hair")])
    whole, _ = label(garment | before, _TOUCHING)
    found = set()
    for piece, _ in _components(garment):
        if piece.sum() > SPECK * garment.sum():
            found.add(int(whole[piece][0]))
    return len(found)


def _labels(view: View) -> tuple[NDArray[np.uint8], Mask, NDArray[np.float32]]:
    parse, neck, keypoints = view.parse, view.neck, view.keypoints
    if parse is None or neck is None or keypoints is None:
        raise VtonError("view: lacks parse, neck or keypoints; use a data set that has them, such as the wardrobe")
    return parse, neck, keypoints


def _skin(parse: NDArray[np.uint8]) -> Mask:
    names = ("face", "left_arm", "right_arm", "left_leg", "right_leg")
    return np.isin(parse, [LIP[name] for name in names])


def _components(mask: Mask) -> Iterator[tuple[Mask, Mask]]:
    """Each connected component of a mask (H, W) and the pixels around it that lie in the picture, (H, W) both."""
    numbers, _ = label(mask, _TOUCHING)
    for number, box in enumerate(find_objects(numbers), 1):
        wider = tuple(slice(max(0, side.start - 1), side.stop + 1) for side in box)
        piece, around = np.zeros_like(mask), np.zeros_like(mask)
        piece[wider] = numbers[wider] == number
        around[wider] = binary_dilation(piece[wider], _TOUCHING) & ~piece[wider]
        yield piece, around


def _outline_length(piece: Mask) -> int:
    """Pixels around a piece, those beyond the picture's edge included."""
    wider = np.pad(piece, 1)
    return int((binary_dilation(wider, _TOUCHING) & ~wider).sum())


def _neckline(parse: NDArray[np.uint8], neck: Mask) -> Mask:
    """Everything that skin, hair and what is worn on the head connect with the face, (H, W)."""
    head = np.isin(parse, [LIP[name] for name in ("hair", "hat", "sunglasses")])
    numbers, _ = label(_skin(parse) | neck | head, _TOUCHING)
    pixels_of_face = np.bincount(numbers[parse == LIP["face"]], minlength=1)
    return np.asarray((numbers > 0) & (numbers == pixels_of_face.argmax()))


def _is_hand(piece: Mask, parse: NDArray[np.uint8], keypoints: NDArray[np.float32]) -> bool:
    """Whether skin of a left or right arm in a piece belongs to the hand of that side."""
    points = keypoints[:, :2]
    hips = (points[COCO["left_hip"]] + points[COCO["right_hip"]]) / 2
    trunk = float(np.linalg.norm(points[COCO["neck"]] - hips))
    for side in ("left", "right"):
        wrist, elbow = points[COCO[f"{side}_wrist"]], points[COCO[f"{side}_elbow"]]
        y, x = np.nonzero(piece & (parse == LIP[f"{side}_arm"]))
        if not len(x):
            continue
        from_wrist = np.column_stack([x, y]) - wrist
        far = np.linalg.norm(from_wrist, axis=1)
        beyond = from_wrist @ (wrist - elbow) > 0
        if far.min() <= WRIST * trunk or (far.max() <= HAND * trunk and beyond.all()):
            return True
    return False
