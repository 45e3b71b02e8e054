"""The bars of chapter 04 stop maps that learned nothing: copies, first weights, one for everybody, other people's."""

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor

from vtonlib.bars import threshold
from vtonlib.data.design import design_coding
from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.data.outfits import Outfits, outfits
from vtonlib.metrics.iou import iou_of_classes, mean_iou
from vtonlib.metrics.sleeves import SleeveRuler, arms_in_view, match_of_sleeves, sleeve_cover
from vtonlib.profiles import budget
from vtonlib.studies.constraints import kept_iou
from vtonlib.training.stages.fashion_gan_shape import FashionGanShapeStage

FIGURES = {"arms_over_copying", "miou_own_text", "sleeve_match_swapped", "hair_and_face_kept"}


@dataclass
class World:
    profile: str
    worn: Outfits
    other: Outfits
    ruler: SleeveRuler

    @property
    def old(self) -> Tensor:
        return self.worn.tensors["labels"].long()

    @property
    def truth(self) -> Tensor:
        return self.other.tensors["labels"].long()

    def obeyed(self, maps: Tensor) -> float:
        """Share of sleeves that are as long as the new sentences say."""
        joints = self.worn.tensors["keypoints"]
        told = self.ruler.tell(sleeve_cover(maps, joints))
        return match_of_sleeves(told, self.other.tensors["sleeve"], arms_in_view(joints))

    def missed(self, own: Tensor, new: Tensor) -> set[str]:
        """The bars that maps for the own sentences and for the new ones do not pass."""
        names = FASHIONGAN_7.labels
        changed = self.worn.tensors["sleeve"] != self.other.tensors["sleeve"]
        arms, copied = (
            iou_of_classes(maps[changed], self.truth[changed], names)["arms"].value for maps in (new, self.old)
        )
        figures = {
            "arms_over_copying": arms / copied,
            "miou_own_text": mean_iou(own, self.old, names, ("background",)).value,
            "sleeve_match_swapped": self.obeyed(new),
            "hair_and_face_kept": kept_iou(self.old, new).value,
        }
        assert figures.keys() == FIGURES
        bars = {name: threshold("04_spatial_constraints", self.profile, name) for name in FIGURES}
        # The chapter also asserts that sleeves obey more often than the old map does, which in smoke asks for more.
        bars["sleeve_match_swapped"] = max(bars["sleeve_match_swapped"], self.obeyed(self.old))
        return {name for name, value in figures.items() if value <= bars[name]}


@pytest.fixture(scope="module", params=("smoke", "cpu"))
def world(request):
    side = budget("fashion_gan_shape", request.param).height
    known = outfits("train", side, ("person",)).tensors  # a quarter of what the chapter reads: enough for three cuts
    ruler = SleeveRuler.fit(sleeve_cover(known["labels"], known["keypoints"]), known["sleeve"])
    return World(request.param, outfits("test", side, ("person",)), outfits("test", side, ("swap",)), ruler)


def test_the_truth_passes_every_bar(world):
    assert world.missed(world.old, world.truth) == set()


def test_copying_misses_the_bar_of_obedience(world):
    missed = world.missed(world.old, world.old)
    assert "sleeve_match_swapped" in missed
    assert not missed & {"miou_own_text", "hair_and_face_kept"}, "copying is perfect where nothing changes"
    if world.profile == "cpu":  # arms of the shortest runs are no better than the old ones
        assert "arms_over_copying" in missed


def test_first_weights_miss_every_bar(world):
    stage = FashionGanShapeStage(FashionGanShapeStage.configure(budget("fashion_gan_shape", world.profile)))
    own, new = (
        stage.map_for(world.old, design_coding(world.worn, people.sentences)) for people in (world.worn, world.other)
    )
    assert world.missed(own, new) == FIGURES


def test_the_likeliest_map_for_everybody_misses_every_bar(world):
    known = outfits("train", world.old.shape[-1], ("person",)).tensors["labels"]
    counts = torch.stack([(known == label).sum(0) for label in range(len(FASHIONGAN_7))])
    everybody = counts.argmax(0).expand_as(world.old)
    assert world.missed(everybody, everybody) == FIGURES


def test_the_next_persons_map_misses_every_bar(world):
    """People, outfits and sleeves are as they should be in all, but they are somebody else's."""
    assert world.missed(world.old.roll(1, 0), world.truth.roll(1, 0)) == FIGURES
