"""How close a try-on in another pose comes to the person really standing so and wearing that."""

from __future__ import annotations

from torch import Tensor

from vtonlib.data.pose_task import PoseTask
from vtonlib.metrics.l1 import l1
from vtonlib.metrics.score import Score
from vtonlib.metrics.ssim import ssim

HEAD = ("hat", "hair", "sunglasses", "face")
LOWER_BODY = ("pants", "skirt", "socks", "left_leg", "right_leg", "left_shoe", "right_shoe")


def judge_multi_pose(result: Tensor, task: PoseTask) -> dict[str, Score]:
    """How close results come to the true pictures.

    MG-VTON (Dong et al. 2019, arXiv:1902.11026, section 4.4) says that other systems lose trousers and heads; two
    figures look there.

    Args:
        result: (N, 3, H, W) in [-1, 1], for each person.
        task: the people, with their true pictures.

    Returns:
        ``ssim`` of the whole picture; ``ssim_masked`` and ``l1_masked`` where the garment is seen in the truth;
        ``head_l1`` and ``lower_l1``, L1 where the truth has a head, and where it has legs, shoes and clothes of the
        lower body that are not the garment.
    """
    lower = task.target.region(LOWER_BODY) * (1 - task.worn)
    return {
        "ssim": ssim(result, task.truth),
        "ssim_masked": ssim(result, task.truth, task.worn),
        "l1_masked": l1(result, task.truth, task.worn),
        "head_l1": l1(result, task.truth, task.target.region(HEAD)),
        "lower_l1": l1(result, task.truth, lower),
    }
