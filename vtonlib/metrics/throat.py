"""How much of a garment's inside lies on a throat: the artefact that VITON's authors name and leave.

A shop's picture shows the inside of the back collar and the brand's label. Warped and pasted, they land on the throat,
where the true picture shows skin. The renderer knows both, so the pixels can be counted.
"""

from __future__ import annotations

from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.pairs import check_pictures

NEAR = 0.1
"""A pixel has the colour of the collar if it differs from it by less than this, mean over colours of [-1, 1].

The wider it is, the more skin counts that only happens to have the collar's colour: chapter 10 counts a throat in one
flat skin colour, which shows no collar, for several of these.
"""


def collar_pixels(result: Tensor, truth: Tensor, warped: Tensor, region: Tensor, near: float = NEAR) -> Tensor:
    """For each person the number of throat pixels that show the inside of the collar: (N,) float32.

    A pixel counts if its colour is within ``near`` of that of the warped garment, and nearer to it than to the truth,
    so that grey cloth before grey shade counts for nobody.

    Args:
        result: (N, 3, H, W) in [-1, 1].
        truth: of the same shape, the person really wearing the garment.
        warped: of the same shape, the garment as it was warped, its inside included, whatever the result was made of.
        region: (N, 1, H, W) in {0, 1}: throat in the truth, and inside of the collar in ``warped``.
        near: the greatest difference, mean over colours.

    Raises:
        VtonError: if shapes or ranges are wrong.
    """
    check_pictures(result, truth, region)
    if warped.shape != truth.shape:
        raise VtonError(f"warped is {tuple(warped.shape)}, the truth {tuple(truth.shape)}; give the same shape")
    from_collar, from_skin = ((result - other).abs().mean(1, keepdim=True) for other in (warped, truth))
    shown = (from_collar < near) & (from_collar < from_skin)
    return (shown.float() * region).flatten(1).sum(1)


def removed(before: Tensor, after: Tensor) -> float:
    """The share of a list's collar pixels that are gone: 1 for all of them, negative if there are more.

    Raises:
        VtonError: if there were none.
    """
    if not before.sum():
        raise VtonError("no throat showed the inside of a collar before; choose people for whom there is an artefact")
    return 1 - float(after.sum() / before.sum())
