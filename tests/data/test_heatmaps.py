"""Maps against Pillow's drawing and against the formula, and what an unseen joint leaves."""

import time

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from vtonlib.data.heatmaps import discs, gaussians, squares

KINDS = (squares, discs, gaussians)


def joints(*places: tuple[float, float, float]) -> Tensor:
    return torch.tensor(places)


def full_gaussians(keypoints: Tensor, size: tuple[int, int], sigma: float) -> Tensor:
    """One exponential for each pixel of each map."""
    y, x = torch.meshgrid(torch.arange(size[0]).float(), torch.arange(size[1]).float(), indexing="ij")
    dx, dy = x - keypoints[..., 0, None, None], y - keypoints[..., 1, None, None]
    return torch.exp(-(dx**2 + dy**2) / (2 * sigma**2)) * keypoints[..., 2, None, None]


@pytest.mark.parametrize(("rows", "side", "disc"), [(256, 11, 49), (128, 5, 13), (64, 3, 5), (512, 21, 197)])
def test_marks_have_the_papers_size_and_scale_with_the_height(rows, side, disc):
    size = (rows, rows * 3 // 4)
    middle = joints((rows * 0.4, rows * 0.5, 1.0))
    assert squares(middle, size).sum().item() == side**2
    assert discs(middle, size).sum().item() == disc


@pytest.mark.parametrize("place", [(96, 100), (3, 2), (190, 255), (0, 0), (-4, 50), (194, 30)])
def test_squares_equal_rectangles_of_pillow(place):
    """CP-VTON draws them with Pillow; at the border they are cut off."""
    page = Image.new("L", (192, 256))
    x, y = place
    ImageDraw.Draw(page).rectangle((x - 5, y - 5, x + 5, y + 5), fill=1)
    assert np.array_equal(squares(joints((x, y, 1.0)), (256, 192))[0].numpy(), np.array(page))


def test_discs_hold_the_pixels_within_the_radius():
    drawn = discs(joints((50.3, 20.6, 1.0)), (256, 192))[0]
    y, x = np.mgrid[:256, :192]
    assert np.array_equal(drawn.numpy(), np.hypot(x - 50, y - 21) <= 4)


def test_squares_and_discs_sit_on_the_nearest_pixel():
    for kind in (squares, discs):
        maps = kind(joints((30.4, 40.0, 1.0), (29.6, 40.4, 1.0), (30.0, 39.5, 1.0)), (64, 48))
        assert maps.shape == (3, 64, 48)
        assert torch.equal(maps[0], maps[1])
        assert torch.equal(maps[0], maps[2])
        assert maps[0, 40, 30] == 1


def test_gaussians_equal_the_formula_of_the_plane():
    generator = torch.Generator().manual_seed(0)
    keypoints = torch.rand(3, 18, 3, generator=generator) * torch.tensor([96.0, 128.0, 1.0])
    keypoints[..., 2] = keypoints[..., 2].round()
    expected = full_gaussians(keypoints.double(), (128, 96), 3.0)
    torch.testing.assert_close(gaussians(keypoints, (128, 96)).double(), expected, rtol=0, atol=1e-6)
    torch.testing.assert_close(gaussians(keypoints, (128, 96), sigma=12.0)[..., 64, 48].double(),
        full_gaussians(keypoints.double(), (128, 96), 6.0)[..., 64, 48], rtol=0, atol=1e-6)  # fmt: skip


def test_gaussians_are_one_at_the_joint_and_can_be_differentiated():
    keypoints = joints((20.0, 30.0, 1.0), (20.5, 30.0, 1.0)).requires_grad_(True)
    maps = gaussians(keypoints, (64, 48))
    assert maps[0, 30, 20] == 1
    assert maps[1, 30, 20] == maps[1, 30, 21] < 1
    maps[1, 30, 20].backward()
    assert keypoints.grad[1, 0] < 0  # the joint moves away to the right


@pytest.mark.parametrize("kind", KINDS)
def test_an_unseen_joint_leaves_zeros_wherever_it_is(kind):
    maps = kind(joints((20.0, 20.0, 0.0), (0.0, 0.0, 0.0), (20.0, 20.0, 1.0)), (64, 48))
    assert maps[:2].abs().max() == 0
    assert maps[2].max() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_its_members(kind):
    keypoints = torch.rand(2, 5, 18, 3, generator=torch.Generator().manual_seed(1)) * 48
    maps = kind(keypoints, (64, 48))
    assert maps.shape == (2, 5, 18, 64, 48)
    assert maps.dtype == torch.float32
    assert torch.equal(maps[1, 3], kind(keypoints[1, 3], (64, 48)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_mirrored_joint_has_the_mirrored_map(kind):
    keypoints = joints((20.2, 20.0, 1.0))
    mirrored = joints((47 - 20.2, 20.0, 1.0))
    torch.testing.assert_close(kind(mirrored, (64, 48)), kind(keypoints, (64, 48)).flip(-1), rtol=0, atol=1e-5)


def test_two_exponentials_a_side_are_ten_times_faster_than_one_a_pixel():
    keypoints = torch.rand(18, 3, generator=torch.Generator().manual_seed(0)) * 192

    def best(draw) -> float:
        times = []
        for _ in range(7):
            start = time.process_time()
            draw()
            times.append(time.process_time() - start)
        return min(times)

    separable = best(lambda: gaussians(keypoints, (256, 192)))
    full = best(lambda: full_gaussians(keypoints, (256, 192), 6.0))
    assert full >= 10 * separable
