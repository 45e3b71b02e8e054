"""Chapter 04's questions about maps: what a constraint gives away, what is kept, and who can tell a drawn map."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.representations.fashiongan import one_hot
from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score
from vtonlib.nn.strided import shrink
from vtonlib.training.seeding import seeded

RIDGE = 10.0
"""Weight of the squared coefficients of a probe, whose inputs have deviation 1."""

TOLD_STEPS, TOLD_BATCH, TOLD_WIDTH, TOLD_SIDE = 150, 16, 8, 64
"""Of the classifier that tells drawn maps from real ones; maps are shrunk to 64 x 64 for it."""


def probe(seen: Tensor, values: Tensor, new: Tensor, truth: Tensor) -> float:
    """What a linear classifier can read out of numbers: the accuracy on new examples.

    Ridge regression onto one-hot values, solved at once, so that nothing depends on a training run.

    Args:
        seen: (N, ...) float, training examples.
        values: (N,) int64, 0 to K - 1, what is to be read.
        new: (M, ...), held-out examples.
        truth: (M,) int64.

    Returns:
        Share of the held-out examples whose value is the largest answer.

    Raises:
        VtonError: if there are no examples or their shapes differ.
    """
    if seen.shape[1:] != new.shape[1:] or not len(seen) or not len(new):
        raise VtonError(f"examples are {tuple(seen.shape)} and {tuple(new.shape)}; give (N, ...) and (M, ...)")
    flat, held_out = seen.flatten(1).double(), new.flatten(1).double()
    mean, deviation = flat.mean(0), flat.std(0).clamp(min=1e-6)
    flat, held_out = (flat - mean) / deviation, (held_out - mean) / deviation
    targets = F.one_hot(values).double()
    centre = targets.mean(0)
    gram = flat.T @ flat + RIDGE * torch.eye(flat.shape[1], dtype=torch.float64)
    coefficients = torch.linalg.solve(gram, flat.T @ (targets - centre))
    told = (held_out @ coefficients + centre).argmax(1)
    return float((told == truth).double().mean())


def kept_iou(old: Tensor, new: Tensor, names: Sequence[str] = ("hair", "face")) -> Score:
    """How well parts of people stay where they were: the mean of their labels' IoU between two sets of maps.

    Args:
        old: (N, H, W) integers of the seven labels.
        new: of the same shape.
        names: of the labels.

    Raises:
        VtonError: if the shapes differ.
    """
    if old.shape != new.shape:
        raise VtonError(f"maps are {tuple(old.shape)} and {tuple(new.shape)}; give equal shapes")
    values = []
    for name in names:
        a, b = old == FASHIONGAN_7.number(name), new == FASHIONGAN_7.number(name)
        values.append(float((a & b).sum() / (a | b).sum()))
    settings = f"mean IoU of {' and '.join(names)} with the old map, pixels of {len(old)} people"
    return Score(sum(values) / len(values), settings)


def disagreement(maps: Sequence[Tensor]) -> float:
    """How different drawings of the same people are: the share of the people's pixels that two drawings label apart.

    Args:
        maps: two or more times (N, H, W), drawn from other noise.

    Returns:
        The mean over all pairs of drawings, of pixels that either labels as person; 0 if noise changes nothing.

    Raises:
        VtonError: for fewer than two drawings.
    """
    if len(maps) < 2:
        raise VtonError(f"{len(maps)} drawings; give two or more to compare")
    shares = []
    for i, first in enumerate(maps):
        for second in maps[i + 1 :]:
            person = (first > 0) | (second > 0)
            shares.append(float((first != second)[person].float().mean()))
    return sum(shares) / len(shares)


def told_from_real(real: Tensor, drawn: Tensor, seed: int = 0) -> Score:
    """How often a classifier tells drawn maps from real ones, on people that it was not trained on.

    One half of the people trains it, the other half is judged, and the other way round. 0.5 is a coin's accuracy: the
    two cannot be told apart.

    Args:
        real: (N, S, S) integers of the seven labels.
        drawn: of the same shape, of the same people in the same order.
        seed: of the classifier's first weights and the order of its examples.

    Raises:
        VtonError: if the shapes differ or there are fewer than four people.
    """
    if real.shape != drawn.shape or len(real) < 4:
        raise VtonError(f"maps are {tuple(real.shape)} and {tuple(drawn.shape)}; give the same people, four or more")
    pooled = [F.adaptive_avg_pool2d(one_hot(maps.long()), TOLD_SIDE) for maps in (real, drawn)]
    pairs = torch.stack(pooled, dim=1)
    first = torch.arange(len(real)) % 2 == 0
    right = [_accuracy_of(pairs[seen], pairs[~seen], seed) for seen in (first, ~first)]
    settings = f"CNN of {TOLD_STEPS} steps on half of {len(real)} people, judged on the other half, both ways"
    return Score(sum(right) / 2, settings)


def _accuracy_of(seen: Tensor, new: Tensor, seed: int) -> float:
    """Of a classifier that is trained on some pairs (N, 2, C, H, W), real and drawn, and judged on others."""
    examples, values = seen.flatten(0, 1), torch.tensor([1.0, 0.0]).repeat(len(seen))
    rng = torch.Generator().manual_seed(seed)
    with seeded(seed):
        judge = _judge(examples.shape[1])
    optimiser = torch.optim.Adam(judge.parameters(), lr=1e-3)
    for _ in range(TOLD_STEPS):
        rows = torch.randint(len(examples), (TOLD_BATCH,), generator=rng)
        loss = F.binary_cross_entropy_with_logits(judge(examples[rows]), values[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    judge.eval()
    with torch.no_grad():
        told = judge(new.flatten(0, 1)).unflatten(0, (-1, 2)) > 0
    return float((told == torch.tensor([True, False])).float().mean())


def _judge(channels: int) -> nn.Module:
    """From maps (B, C, 64, 64) to logits (B,)."""
    width = TOLD_WIDTH
    return nn.Sequential(
        shrink(channels, width, norm=False), shrink(width, 2 * width), shrink(2 * width, 4 * width),
        nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(64 * width, 1), nn.Flatten(0),
    )  # fmt: skip
