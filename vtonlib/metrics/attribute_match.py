"""Attribute matching: does a generated picture show what its sentence asked for (Zhu et al. 2017, arXiv:1710.07346)?

A detector judges each picture. Every value of an attribute is a search of its own: pictures are ranked by how likely
the detector finds the value, and the average precision says how far up those stand whose sentence asked for it. The
mean over values is the mAP. By chance it is the share of pictures that were asked for a value, not zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor
from torch.nn.functional import one_hot
from torchmetrics.functional.classification import binary_average_precision

from vtonlib.errors import VtonError
from vtonlib.metrics.score import Score

LEAST = 5
"""Values that fewer pictures were asked for are not judged: their average precision hangs on single pictures."""


def attribute_match(
    probabilities: Mapping[str, Tensor],
    asked: Mapping[str, Tensor],
    values: Mapping[str, Sequence[str]],
    least: int = LEAST,
) -> dict[str, Score]:
    """Hold what a detector finds in pictures against what their sentences asked for.

    Average precision is the sum over ranks of precision times the gain in recall, without interpolation; pictures with
    equal probability share a rank.

    Args:
        probabilities: of each attribute (N, values) in [0, 1], such as ``AttributeDetectorStage.probabilities`` gives.
        asked: of each attribute (N,) integers, the value that the sentence's owner has.
        values: names of each attribute's values, in the order of their numbers.
        least: values that fewer sentences ask for are left out; the settings name them.

    Returns:
        ``map``, the mean average precision over all values that are judged; and for each attribute such as ``sleeve``
        its mean ``ap_sleeve``, the average precision of each value such as ``ap_sleeve_long``, and
        ``accuracy_sleeve``, the share of pictures whose likeliest value was asked for. All in [0, 1], higher is better.

    Raises:
        VtonError: if names, shapes, probabilities or values are wrong, or an attribute has no value to judge.
    """
    if least < 1:
        raise VtonError(f"least is {least}; give 1 or more")
    if not asked or not probabilities.keys() == asked.keys():
        raise VtonError(f"attributes found are {sorted(probabilities)}, asked for {sorted(asked)}; give the same names")
    single: dict[str, Score] = {}
    means: dict[str, Score] = {}
    skipped: list[str] = []
    for name, truth in asked.items():
        chances, words = probabilities[name].double().cpu(), values[name]
        _check(name, chances, truth, len(words))
        right = (chances.argmax(1) == truth.cpu()).double().mean().item()
        positive = one_hot(truth.cpu().long(), len(words)).bool()
        judged = [number for number, count in enumerate(positive.sum(0).tolist()) if count >= least]
        left_out = [word for number, word in enumerate(words) if number not in judged]
        if not judged:
            raise VtonError(f"{name}: no value is asked for {least} times or more; give more pictures or a lower least")
        for number in judged:
            precision = float(binary_average_precision(chances[:, number], positive[:, number].long()))
            settings = f"average precision, {int(positive[:, number].sum())} of {len(truth)} sentences ask for it"
            single[f"ap_{name}_{words[number]}"] = Score(precision, settings)
        own = [single[f"ap_{name}_{words[number]}"].value for number in judged]
        means[f"ap_{name}"] = Score(sum(own) / len(own), _settings(len(own), len(truth), least, left_out))
        means[f"accuracy_{name}"] = Score(right, f"top-1, {len(truth)} pictures")
        skipped += [f"{name} {word}" for word in left_out]
    total = sum(score.value for score in single.values()) / len(single)
    count = len(next(iter(asked.values())))
    return {"map": Score(total, _settings(len(single), count, least, skipped))} | means | single


def _settings(judged: int, pictures: int, least: int, left_out: Sequence[str]) -> str:
    without = f", without {', '.join(left_out)} (asked for fewer than {least} times)" if left_out else ""
    return f"mean average precision of {judged} values, {pictures} pictures{without}"


def _check(name: str, chances: Tensor, truth: Tensor, count: int) -> None:
    if truth.dim() != 1 or chances.shape != (len(truth), count):
        raise VtonError(
            f"{name}: probabilities are {tuple(chances.shape)}, values asked for {tuple(truth.shape)}; "
            f"give (N, {count}) and (N,)"
        )
    if not bool(((chances >= 0) & (chances <= 1)).all()):  # not a number fails too
        raise VtonError(f"{name}: holds a probability outside [0, 1]; give the detector's probabilities")
    if not len(truth) or int(truth.min()) < 0 or int(truth.max()) >= count:
        raise VtonError(f"{name}: holds a value outside 0..{count - 1} or nothing at all; give numbers of its values")
