"""The deep symmetric structured joint embedding: codes of texts and pictures that belong together score highest.

Reed et al. 2016 (CVPR, arXiv:1605.05395), section 3, in the form of its released code, where a batch has one picture
and one text of each of B **different** classes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import relu

from vtonlib.errors import VtonError


def joint_embedding_loss(pictures: Tensor, texts: Tensor, margin: float = 1.0) -> Tensor:
    """Hinge on scores of wrong pairs, in both directions.

    With s_ij = <picture_i, text_j> it is 1 / B^2 times the sum over i and j != i of
    max(0, margin + s_ij - s_ii) + max(0, margin + s_ji - s_ii): a picture's own text must beat the other texts, and a
    text's own picture the other pictures.

    Args:
        pictures: (B, D), one of each class.
        texts: (B, D), of the same classes in the same order.
        margin: by which the right pair must win.

    Returns:
        Scalar >= 0.

    Raises:
        VtonError: if the shapes differ.
    """
    if pictures.dim() != 2 or pictures.shape != texts.shape:
        raise VtonError(f"codes are {tuple(pictures.shape)} and {tuple(texts.shape)}; give (B, D) twice")
    scores = pictures @ texts.T
    right = scores.diagonal()
    over = relu(margin + scores - right[:, None]) + relu(margin + scores - right[None, :])
    wrong = 1 - torch.eye(len(scores), dtype=over.dtype, device=over.device)
    return (over * wrong).sum() / len(scores) ** 2
