"""The matchers' stages: what a batch holds, what the losses are, and whether a warp that is told comes out."""

import pytest
import torch

from vtonlib.data.views import to_pictures
from vtonlib.data.warp_task import warp_task
from vtonlib.data.worn import worn_garments
from vtonlib.geometry.bending import grid_interval_loss, offset_smoothness
from vtonlib.geometry.compose import compose_affine
from vtonlib.geometry.sampling import identity_grid, warp
from vtonlib.geometry.thin_plate import LatticeTps
from vtonlib.profiles import Budget
from vtonlib.training.registry import build_stage, stage_class

from .tiny import BUDGET, tiny_batches, tiny_stage

LATTICE_STAGES = ("cp_vton_matcher", "cp_vton_plus_matcher", "mg_vton_matcher")


def batch_of(name):
    return next(tiny_batches(name))


@pytest.mark.parametrize("name", LATTICE_STAGES)
def test_a_batch_shows_people_in_their_own_garments(name):
    batch = batch_of(name)
    assert set(batch) == {"person", "cloth", "cloth_mask", "worn_cloth", "worn_mask"}
    assert batch["person"].shape == (8, 1 if name == "mg_vton_matcher" else 22, 64, 48)
    worn = batch["worn_mask"]
    assert set(worn.unique().tolist()) == {0.0, 1.0}
    outside = batch["worn_cloth"].masked_select((worn == 0).expand_as(batch["worn_cloth"]))
    assert (outside == 1).all()  # white
    inside = (batch["worn_cloth"] * worn).sum((2, 3)) / worn.sum((2, 3))
    shown = (batch["cloth"] * batch["cloth_mask"]).sum((2, 3)) / batch["cloth_mask"].sum((2, 3))
    strangers = (inside - shown.roll(1, 0)).abs().mean()
    assert (inside - shown).abs().mean() < 0.5 * strangers, "the garments' mean colours are those on the people"


@pytest.mark.parametrize("name", LATTICE_STAGES)
def test_training_starts_close_to_the_warp_that_changes_nothing(name):
    grid = tiny_stage(name).predict(batch_of(name), torch.Generator())
    assert (grid - identity_grid((64, 48))).abs().max() < 0.05


def test_cp_vtons_loss_is_the_difference_of_colours_and_the_weighted_smoothness():
    stage, batch = tiny_stage("cp_vton_matcher"), batch_of("cp_vton_matcher")
    losses = stage.loss(batch, torch.Generator())
    offsets = stage.spline.offsets_from_theta(stage.matcher(batch["person"], batch["cloth"]))
    warped = warp(batch["cloth"], stage.spline(offsets), "border")
    assert losses["miss"].item() == pytest.approx((warped - batch["worn_cloth"]).abs().mean().item(), rel=1e-5)
    smoothness = stage.config.smoothness * offset_smoothness(offsets, (5, 5)).item()
    assert losses["smoothness"].item() == pytest.approx(smoothness, rel=1e-4)
    assert set(tiny_stage("cp_vton_matcher", "plain").loss(batch, torch.Generator())) == {"miss"}


def test_cp_vton_plus_adds_the_weighted_grid_interval():
    stage, batch = tiny_stage("cp_vton_plus_matcher"), batch_of("cp_vton_plus_matcher")
    losses = stage.loss(batch, torch.Generator())
    theta = stage.matcher(batch["person"], batch["cloth_mask"])
    grid = stage.spline(stage.spline.offsets_from_theta(theta))
    assert losses["grid_interval"].item() == pytest.approx(40 / 16 * grid_interval_loss(grid).item(), rel=1e-4)


def test_the_grid_interval_weighs_the_same_at_every_size():
    offsets = 0.1 * torch.randn(4, 25, 2, generator=torch.Generator().manual_seed(0))
    cls, weighed = stage_class("cp_vton_plus_matcher"), []
    for height in (64, 128, 256):
        plan = Budget(8, 8, 4, 0, "tests", 1, height)
        grid = LatticeTps((5, 5), (height, height * 3 // 4))(offsets)
        weighed.append(cls.configure(plan).grid_interval * grid_interval_loss(grid).item())
    assert weighed[:2] == pytest.approx([weighed[2]] * 2, rel=0.1)
    assert cls.configure(plan).grid_interval == 40


def test_the_mask_matcher_never_sees_a_colour():
    stage, batch = tiny_stage("mg_vton_matcher"), batch_of("mg_vton_matcher")
    losses = stage.loss(batch, torch.Generator())
    painted = batch | {"cloth": torch.zeros_like(batch["cloth"]), "worn_cloth": torch.zeros_like(batch["worn_cloth"])}
    assert stage.loss(painted, torch.Generator()) == losses


def test_short_runs_take_larger_steps_and_the_papers_keep_theirs():
    cls = stage_class("cp_vton_matcher")
    paper = Budget(200_000, 4, 64, 0, "tests", 1, 256)
    assert cls.configure(paper).learning_rate == 1e-4
    assert cls.configure(paper).size == (256, 192)
    assert cls.configure(BUDGET).learning_rate == pytest.approx(1e-3)


def test_matching_a_list_is_predicting_its_people():
    stage, task = tiny_stage("cp_vton_matcher"), warp_task("unpaired", 64)
    grids = stage.match(task)
    assert grids.shape == (200, 64, 48, 2)
    held_out = worn_garments("test", 64, ("person",))
    cloth = to_pictures(worn_garments("test", 64, ("swap",)).garments["image"])
    assert torch.equal(to_pictures(held_out.examples["person.image"]), task.person.pictures())
    assert torch.equal(cloth, task.cloth)
    one = {"person": stage.see(task.person)[:3], "cloth": task.cloth[:3], "cloth_mask": task.cloth_mask[:3]}
    torch.testing.assert_close(stage.predict(one, torch.Generator()), grids[:3], atol=1e-5, rtol=0)


def test_a_small_network_bends_large_pictures_by_the_spline_that_it_tells():
    """Trained low, applied at full size: it sees the means of pixels, and its spline is drawn at the larger size."""
    stage, large = tiny_stage("cp_vton_matcher"), warp_task("unpaired", 128).only([0, 1])
    grids = stage.match(large)  # which leaves training behind
    seen = {"person": stage.see(large.person), "cloth": large.cloth}
    theta = stage.theta(
        {name: pictures.unflatten(3, (48, 2)).unflatten(2, (64, 2)).mean((3, 5)) for name, pictures in seen.items()}
    )
    spline = LatticeTps((5, 5), large.size)
    torch.testing.assert_close(grids, spline(spline.offsets_from_theta(theta)), atol=1e-5, rtol=0)


def test_cnn_geometric_bends_large_masks_too():
    stage = build_stage("cnn_geometric", width=4, height=64)
    small = (torch.rand(2, 1, 64, 48, generator=torch.Generator().manual_seed(0)) > 0.5).float()
    large = small.repeat_interleave(2, 2).repeat_interleave(2, 3)
    grids = [stage.predict({"cloth_mask": masks}, torch.Generator()) for masks in (small, large)]
    assert grids[1].shape == (2, 128, 96, 2)
    torch.testing.assert_close(grids[1][:, [0, 0, -1, -1], [0, -1, 0, -1]], grids[0][:, [0, 0, -1, -1], [0, -1, 0, -1]])


def test_cnn_geometric_composes_the_affine_map_before_the_spline():
    stage = build_stage("cnn_geometric", width=4, height=64)
    masks = torch.zeros(2, 1, 64, 48)
    masks[:, :, 16:48, 12:36] = 1
    affine, tps = torch.tensor([[1.1, 0, 0.1, 0, 0.9, 0.2]]).repeat(2, 1), 0.1 * torch.ones(2, 18)
    stage.affine.forward = lambda source, target: affine
    stage.tps.forward = lambda source, target: tps
    grid = stage.predict({"cloth_mask": masks}, torch.Generator())
    expected = compose_affine(affine.view(2, 2, 3), identity_grid((64, 48)).expand(2, -1, -1, -1) + 0.1)
    torch.testing.assert_close(grid, expected, atol=1e-5, rtol=0)


def test_cnn_geometric_sees_garments_and_no_people():
    assert set(batch_of("cnn_geometric")) == {"cloth_mask"}
    assert batch_of("cnn_geometric")["cloth_mask"].shape == (8, 1, 64, 48)
