"""What the stages that render people share: their examples, their lists in parts, and their perceptual loss."""

import pytest
import torch

from tests.training.tiny import BUDGET, tiny_batches, tiny_stage
from vtonlib.data.representations import cp_vton, viton
from vtonlib.data.representations.surroundings import surroundings
from vtonlib.data.sample import CATEGORIES
from vtonlib.data.warp_task import warp_task
from vtonlib.errors import VtonError
from vtonlib.losses.perceptual_balance import balance
from vtonlib.nn.backbones import backbone
from vtonlib.training.stages import cp_vton_try_on, viton_coarse
from vtonlib.training.try_on import AT_ONCE, categories, perceptual_loss, resized


@pytest.fixture(scope="module")
def task():
    return warp_task("unpaired", 64).only(range(AT_ONCE + 3))


def test_an_example_is_a_person_in_the_garment_beside_them():
    batch = next(tiny_batches("viton_coarse"))
    assert {name: tuple(tensor.shape[1:]) for name, tensor in batch.items()} == {
        "person": (22, 64, 48), "image": (3, 64, 48), "cloth": (3, 64, 48), "cloth_mask": (1, 64, 48),
        "worn_mask": (1, 64, 48),
    }  # fmt: skip
    assert set(batch["worn_mask"].unique().tolist()) == {0, 1}


def test_surroundings_are_kept_beside_face_and_hair(task):
    stage = tiny_stage("viton_coarse", surroundings=True)
    seen = viton_coarse.see(stage.config)(task.person, categories(task))["person"]
    kept = torch.maximum(task.person.region(viton.FACE_AND_HAIR), surroundings(task.person, categories(task)))
    assert torch.allclose(seen[:, viton.CHANNELS["face_and_hair"]], task.person.pictures() * kept)
    assert torch.equal(seen[:, :19], viton.person_representation(task.person)[:, :19])


def test_the_module_keeps_more_than_the_matcher_sees(task):
    stage = tiny_stage("cp_vton_try_on", surroundings=True)
    seen = cp_vton_try_on.see(stage.config)(task.person, categories(task))
    assert torch.equal(seen["matched"], cp_vton.person_representation(task.person))
    kept = torch.maximum(task.person.region(cp_vton.HEAD), surroundings(task.person, categories(task)))
    head = task.person.pictures() * kept - (1 - kept)
    assert torch.allclose(seen["person"][:, cp_vton.CHANNELS["head"]], head, atol=1e-6)


def test_a_list_is_dressed_in_parts_as_one_by_one(task):
    stage = tiny_stage("viton_coarse")
    whole, last = stage.try_on(task), stage.try_on(task.only([AT_ONCE + 2]))
    assert whole.shape == (AT_ONCE + 3, 3, 64, 48)
    assert torch.allclose(whole[-1:], last, atol=1e-5)


def test_categories_are_numbers(task):
    assert [CATEGORIES[number] for number in categories(task)] == list(task.categories)


def test_a_part_that_is_left_out_is_not_looked_at(task):
    stage = tiny_stage("viton_coarse", without="pose")
    batch = next(tiny_batches("viton_coarse"))
    moved = batch | {"person": batch["person"].clone()}
    moved["person"][:, viton.CHANNELS["pose"]] = 1
    assert torch.equal(stage.imagine(batch).picture, stage.imagine(moved).picture)
    whole = tiny_stage("viton_coarse")
    assert not torch.equal(whole.imagine(batch).picture, whole.imagine(moved).picture)


def test_a_part_that_does_not_exist_is_refused():
    stage = tiny_stage("viton_coarse", without="hat")
    with pytest.raises(VtonError, match="without is 'hat'; choose one of pose, body_shape, face_and_hair"):
        stage.imagine(next(tiny_batches("viton_coarse")))


def test_layers_of_the_perceptual_loss_share_its_weight():
    balanced = torch.tensor(balance(backbone("human_parser")))
    assert torch.allclose(perceptual_loss("human_parser", 2.0).weights, 2 * balanced / 4)
    coarsest = perceptual_loss("human_parser", 2.0, coarsest=3).weights
    assert torch.allclose(coarsest, torch.cat([torch.zeros(1), 2 * balanced[1:] / 3]))
    assert perceptual_loss("human_parser", 0.0) is None


def test_pictures_keep_their_size_or_change_it():
    picture = torch.rand(1, 3, 64, 48)
    assert resized(picture, (64, 48)) is picture
    assert resized(torch.full((1, 3, 64, 48), 0.25), (128, 96)).unique().tolist() == pytest.approx([0.25])


def test_networks_of_earlier_stages_are_not_stored():
    stage = tiny_stage("cp_vton_try_on")
    assert set(stage.fixed) == {"matcher", "perceptual"}
    assert set(stage.shipped()) == {"module"}
    assert BUDGET.width == stage.config.width
