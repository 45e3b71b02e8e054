"""What is particular to the compared approaches: what PRGAN is told, who lends CAGAN garments, CP-VTON+ and legs."""

import pytest
import torch

from tests.training.tiny import tiny_batches, tiny_stage, training_data
from vtonlib.data.representations import cp_vton_plus, viton
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.swap_task import swap_task
from vtonlib.data.warp_task import warp_task
from vtonlib.data.worn import worn_garments
from vtonlib.errors import VtonError
from vtonlib.training.stages import cp_vton_plus_try_on
from vtonlib.training.stages.cagan import others
from vtonlib.training.told import told
from vtonlib.training.try_on import categories


@pytest.fixture(scope="module")
def task():
    return warp_task("unpaired", 64).only(range(12))


def test_networks_are_told_what_viton_s_are(task):
    seen = told()(task.person, categories(task))
    kept = torch.maximum(task.person.region(viton.FACE_AND_HAIR), surroundings(task.person, categories(task)))
    assert torch.allclose(seen["person"][:, viton.CHANNELS["face_and_hair"]], task.person.pictures() * kept)
    assert torch.equal(seen["person"][:, :19], viton.person_representation(task.person)[:, :19])
    assert torch.equal(seen["face"], viton.face_and_hair(task.person))


def test_without_a_head_the_surroundings_stay():
    batch = next(tiny_batches("prgan"))
    with_head, without = tiny_stage("prgan").told(batch), tiny_stage("prgan_no_head").told(batch)
    head = batch["face"].abs().sum(1, keepdim=True) > 0
    colours = slice(3 + viton.CHANNELS["face_and_hair"].start, 3 + viton.CHANNELS["face_and_hair"].stop)
    assert torch.equal(with_head[:, : colours.start], without[:, : colours.start])
    assert not (without[:, colours] * head).any()
    assert torch.equal(without[:, colours] * ~head, with_head[:, colours] * ~head)
    assert (without[:, colours] * ~head).any()


def test_the_second_picture_is_the_first_with_a_difference():
    stage, batch = tiny_stage("prgan"), next(tiny_batches("prgan"))
    drawn = stage.both(batch)
    difference = stage.second(torch.cat([stage.told(batch), drawn.first], dim=1))
    assert torch.allclose(drawn.second - drawn.first, difference, atol=1e-5)


def test_every_person_is_given_another_garment_of_the_same_category():
    worn = worn_garments("train", 64)
    garments, categories_of = worn.examples["garment"], worn.garments["category"]
    chosen = others(garments, categories_of, torch.Generator().manual_seed(0))
    assert (chosen != garments).all()
    assert torch.equal(categories_of[chosen], categories_of[garments])
    assert len(chosen.unique()) > len(categories_of) / 2
    assert not torch.equal(chosen, others(garments, categories_of, torch.Generator().manual_seed(1)))


def test_the_garments_of_a_stage_follow_from_its_seed():
    tensors = training_data("cagan")
    expected = others(
        tensors["garment"], worn_garments("train", 64).garments["category"], torch.Generator().manual_seed(0)
    )
    assert torch.equal(tensors["other"], expected)


def test_a_person_alone_is_not_enough_for_cagan(task):
    stage = tiny_stage("cagan")
    with pytest.raises(VtonError, match="load the list with swap_task"):
        stage.try_on(task)
    assert stage.try_on(swap_task("unpaired", 64).only([3, 4])).shape == (2, 3, 64, 48)


def test_the_cycle_is_closed_by_the_garment_that_was_worn():
    """A generator that paints the garment it is given over the whole picture cannot come back to the person."""
    stage, batch = tiny_stage("cagan"), next(tiny_batches("cagan"))
    asked = []
    stage.generator.register_forward_pre_hook(lambda _, given: asked.append(given))
    stage.generator_loss(batch, torch.Generator())
    (person, worn, other), (swapped, worn_then, other_then) = asked
    assert torch.equal(person, batch["image"])
    assert torch.equal(worn_then, other)
    assert torch.equal(other_then, worn)
    assert swapped.requires_grad


def test_legs_are_kept_for_a_top_alone(task):
    seen = cp_vton_plus_try_on.see(task.person, categories(task))
    assert torch.equal(seen["matched"], cp_vton_plus.matching_representation(task.person))
    kept = seen["person"][:, cp_vton_plus.CHANNELS["kept"]]
    legs = task.person.region(cp_vton_plus_try_on.LEGS).bool()
    shown = torch.where(legs, kept, torch.nan)
    pictures = torch.where(legs, task.person.pictures(), torch.nan)
    assert {"top", "bottom"} <= set(task.categories)
    for row, category in enumerate(task.categories):
        inside = legs[row].expand(3, -1, -1)
        if category == "top":
            assert torch.allclose(shown[row][inside], pictures[row][inside], atol=1e-5)
        elif inside.any():
            assert (shown[row][inside] == -1).all()
