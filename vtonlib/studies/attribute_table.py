"""Chapter 05's table: who obeys the sentence, by a detector that shares nothing with any of the methods."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from vtonlib.data.outfits import ATTRIBUTES, GARMENT_ATTRIBUTES, Outfits, outfits
from vtonlib.data.sentence_pairs import sentence_pairs
from vtonlib.data.views import to_pictures
from vtonlib.metrics.attribute_match import attribute_match
from vtonlib.metrics.colour_purity import colour_purity
from vtonlib.metrics.score import Score
from vtonlib.studies.redressing import METHODS, TWO_STEPS, Redressed, redress_in_one_step, redress_in_two_steps
from vtonlib.training.painting import PaintingStage
from vtonlib.training.stages.attribute_detector import AttributeDetectorStage
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage
from vtonlib.zoo.store import load


def wearers_and_owners(side: int) -> tuple[Outfits, Outfits]:
    """The fixed list of held-out pairs: who is re-dressed, and whose sentence they get.

    Args:
        side: rows and columns of the pictures.
    """
    pairs, people = sentence_pairs(), outfits("test", side, ("person",))
    return people.only(pairs.wearers), people.only(pairs.owners)


def redress_all(
    shape: FashionGanShapeStage,
    painters: Mapping[str, PaintingStage],
    wearers: Outfits,
    sentences: tuple[str, ...],
    seed: int = 0,
) -> dict[str, Redressed]:
    """Every method's answer.

    Args:
        shape: the first stage, which all methods with two steps share.
        painters: of each method, by names of :data:`vtonlib.studies.redressing.METHODS`.
        wearers: N people in their photo.
        sentences: N, what they are to wear.
        seed: of the noise.
    """
    return {
        name: redress_in_two_steps(shape, painter, wearers, sentences, seed)
        if name in TWO_STEPS
        else redress_in_one_step(painter, wearers, sentences, seed)
        for name, painter in painters.items()
    }


def match_of(pictures: Tensor, owners: Outfits) -> dict[str, Score]:
    """What the shipped detector finds of the owners' kind, colour and sleeve in pictures (N, 3, S, S) in [-1, 1]."""
    detector = load("attribute_detector.cpu")
    assert isinstance(detector, AttributeDetectorStage)
    asked = {name: owners.tensors[name] for name in GARMENT_ATTRIBUTES}
    return attribute_match(detector.probabilities(pictures), asked, ATTRIBUTES)


def rulers(side: int) -> dict[str, dict[str, Score]]:
    """Between what any method should lie: the photos of the sentences' owners, and the wearers' photos unchanged."""
    wearers, owners = wearers_and_owners(side)
    photos = {"ceiling": owners, "floor": wearers}
    return {name: match_of(to_pictures(people.tensors["image"]), owners) for name, people in photos.items()}


def judge_methods(
    shape: FashionGanShapeStage, painters: Mapping[str, PaintingStage], seed: int = 0
) -> dict[str, dict[str, Score]]:
    """Figures of every method on the fixed list.

    Returns:
        By method what :func:`match_of` says of the finished pictures, and ``colour_purity`` of the painted ones, before
        anything is pasted, where there is a new map.
    """
    wearers, owners = wearers_and_owners(shape.config.side)
    figures = {}
    for name, answer in redress_all(shape, painters, wearers, owners.sentences, seed).items():
        figures[name] = match_of(answer.finished, owners)
        if answer.maps is not None:
            figures[name] |= {"colour_purity": colour_purity(answer.painted, answer.maps)}
    return figures


def shipped_painters() -> dict[str, PaintingStage]:
    """The painters that come with the book, by method."""
    painters = {}
    for name, stage in METHODS.items():
        painter = load(f"{stage}.cpu")
        assert isinstance(painter, PaintingStage)
        painters[name] = painter
    return painters
