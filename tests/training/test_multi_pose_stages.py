"""MG-VTON's second half and its baselines: what they are told, what they keep, and what holds the render's mask."""

from dataclasses import replace

import pytest
import torch

from tests.training.tiny import tiny_batches, tiny_stage
from vtonlib.data.pose_task import pose_task
from vtonlib.data.representations import cp_vton, mg_vton, viton
from vtonlib.data.views import Views
from vtonlib.errors import VtonError
from vtonlib.training import alignment
from vtonlib.training.alignment import channels, in_the_room
from vtonlib.training.stages import cp_vton_pose, mg_vton_pose_matcher, mg_vton_warp_gan, viton_pose


@pytest.fixture(scope="module")
def task():
    return pose_task("multi_pose_unpaired", 64).only([5, 20, 80, 120])


def elsewhere(target):
    """The same joints on an empty picture: whoever looks at anything else of the target must notice."""
    return Views(torch.zeros_like(target.image), torch.zeros_like(target.parse), None, target.keypoints)


def told(task):
    return alignment.known(task.reference, task.target, task.reference.parse, task.category)


def test_nothing_but_joints_is_told_of_the_target(task):
    blind = replace(task, target=elsewhere(task.target))
    for see in (told, viton_pose.see_all, cp_vton_pose.see_all):
        for name, tensor in see(task).items():
            assert torch.equal(tensor, see(blind)[name]), name


def test_the_joints_that_are_told_are_the_targets(task):
    other = replace(task, target=replace(task.target, keypoints=task.target.keypoints.flip(0)))
    assert not torch.equal(told(task)["pose"], told(other)["pose"])
    for see in (viton_pose.see_all, cp_vton_pose.see_all):
        before, after = see(task)["person"], see(other)["person"]
        assert torch.equal(before[:, :22], after[:, :22])
        assert torch.equal(before[:, 22:], mg_vton.pose(task.target))
        assert torch.equal(after[:, 22:], mg_vton.pose(other.target))


@pytest.mark.parametrize(("module", "representation", "kept"), [
    (viton_pose, viton, "face_and_hair"), (cp_vton_pose, cp_vton, "head"),
])  # fmt: skip
def test_baselines_see_the_reference_as_they_always_do(task, module, representation, kept):
    seen = module.see(task.reference, task.target, task.category)["person"]
    usual = representation.person_representation(task.reference)
    for name, place in representation.CHANNELS.items():
        assert torch.equal(seen[:, place], usual[:, place]) == (name != kept), name


def test_a_body_that_nobody_has_seen_is_read_from_its_labels(task):
    person = mg_vton_pose_matcher.fitting(task.reference, task.target.parse, task.category)["person"]
    truth = mg_vton.body_shape(task.target)
    assert torch.equal(person[:, :1], truth)
    covered = person[:, 1:].bool() & (task.worn > 0)
    assert covered.sum() > 0.9 * task.worn.sum()


def test_labels_become_channels():
    labels = torch.tensor([[[0, 5], [19, 0]]])
    found = channels(labels)
    assert found.shape == (1, 20, 2, 2)
    assert torch.equal(found.argmax(1), labels)
    assert found.sum() == 4
    assert found.is_contiguous()


def test_the_room_stays_the_references_own():
    pictures, reference, seen = torch.zeros(1, 3, 2, 2), torch.ones(1, 3, 2, 2), torch.zeros(1, 1, 2, 2)
    seen[0, 0, 1, 0] = 1
    assert torch.equal(in_the_room(pictures, reference, seen)[0, 0], seen[0, 0])


@pytest.mark.parametrize("keeps", [True, False])
def test_the_warp_gan_keeps_the_room_if_it_should(keeps):
    stage, batch = tiny_stage("mg_vton_warp_gan", keeps_room=keeps), next(tiny_batches("mg_vton_warp_gan"))
    picture = stage.predict(batch, torch.Generator())
    room = batch["room"].expand_as(picture).bool()
    assert room.any()
    assert torch.equal(picture[room], batch["reference"][room]) == keeps


@pytest.mark.parametrize("wanted", ["none", "affine", "tps", "both"])
def test_each_transformation_has_its_own_grid(wanted):
    stage, batch = tiny_stage("mg_vton_warp_gan", transformation=wanted), next(tiny_batches("mg_vton_warp_gan"))
    grid = stage.align(batch).grid
    matcher = stage.alignment.parsing_matcher
    labels = channels(batch["reference_labels"]), channels(batch["labels"])
    if wanted == "none":
        assert grid is None
        return
    others = [each for each in ("affine", "tps", "both") if each != wanted]
    assert torch.equal(grid, matcher.grids(*labels, wanted))
    assert all(not torch.allclose(grid, matcher.grids(*labels, other), atol=1e-3) for other in others)
    with pytest.raises(VtonError, match="transformation is 'projective'"):
        matcher.grids(*labels, "projective")


def test_the_discriminator_judges_the_picture_that_was_just_rendered():
    stage, batch = tiny_stage("mg_vton_warp_gan"), next(tiny_batches("mg_vton_warp_gan"))
    stage.generator_loss(batch, torch.Generator())
    torch.nn.init.zeros_(stage.generator.decoder[-1].weight)  # whoever renders again renders something else
    shared = stage.discriminator_loss(batch, torch.Generator())["game"]
    again = stage.discriminator_loss(batch, torch.Generator())["game"]
    assert not torch.isclose(shared, again)
    assert mg_vton_warp_gan.JUDGED == 41


def test_the_renders_mask_stays_inside_the_garment():
    batch = next(tiny_batches("mg_vton_render"))
    inside, free = (tiny_stage("mg_vton_render", held_inside=held) for held in (True, False))
    where = inside.coarse.align(batch).mask
    assert (inside.predict(batch, torch.Generator())[:, 3:] <= where + 1e-6).all()
    assert (free.predict(batch, torch.Generator())[:, 3:] > where).any()


def test_a_render_without_a_mask_draws_and_keeps_the_room():
    stage, batch = tiny_stage("mg_vton_render", composes=False), next(tiny_batches("mg_vton_render"))
    found = stage.predict(batch, torch.Generator())
    room = batch["room"].expand(-1, 3, -1, -1).bool()
    assert not found[:, 3:].any()
    assert torch.equal(found[:, :3][room], batch["reference"][room])
    assert "cloth" not in stage.loss(batch, torch.Generator())


def test_a_render_can_rest_on_another_warp_gan():
    stage, other = tiny_stage("mg_vton_render"), tiny_stage("mg_vton_warp_gan", seed=3)
    batch = next(tiny_batches("mg_vton_render"))
    before = stage.predict(batch, torch.Generator())
    stage.rest_on(other)
    assert stage.fixed["generator"] is other.generator
    assert not torch.equal(stage.predict(batch, torch.Generator()), before)


def test_whoever_is_dressed_on_a_list_is_dressed_as_in_a_batch(task):
    stage = tiny_stage("mg_vton_warp_gan")
    together = stage.try_on(task)
    assert together.shape == (4, 3, 64, 48)
    assert torch.allclose(stage.try_on(task.only([2])), together[2:3], atol=1e-5)
