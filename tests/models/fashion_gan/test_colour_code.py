"""The release's colours of labels, and their blur."""

import pytest
import torch
from scipy.ndimage import gaussian_filter

from vtonlib.data.label_sets import FASHIONGAN_7
from vtonlib.errors import VtonError
from vtonlib.models.fashion_gan.colour_code import colour_code
from vtonlib.models.fashion_gan.shape import hard_map

QUARTERS = {
    "background": (2, 2, 2), "hair": (3, 2, 1), "face": (2, 3, 1), "upper_clothes": (1, 3, 2), "pants": (1, 2, 3),
    "legs": (2, 1, 3), "arms": (3, 1, 2),
}  # fmt: skip


def only(label, size=9):
    shape = torch.zeros(1, 7, size, size)
    shape[:, FASHIONGAN_7.number(label)] = 1
    return shape


@pytest.mark.parametrize("label", list(QUARTERS))
def test_a_label_has_its_colour_far_from_the_border(label):
    painted = colour_code(only(label))
    assert painted.shape == (1, 3, 9, 9)
    assert painted[0, :, 4, 4].tolist() == pytest.approx([quarter / 4 - 0.5 for quarter in QUARTERS[label]], abs=1e-6)


def test_the_corner_is_dark():
    """Of a Gaussian of five, three by three weights are left there: e0 + e1 + e2 of e0 + 2 e1 + 2 e2, squared."""
    one, two = torch.exp(torch.tensor([-0.5, -2.0])).tolist()
    left = ((1 + one + two) / (1 + 2 * one + 2 * two)) ** 2
    assert colour_code(only("hair"))[0, 2, 0, 0].item() == pytest.approx(0.25 * left - 0.5, abs=1e-6)
    assert 0.25 * left - 0.5 == pytest.approx(-0.38, abs=0.005)


def test_the_blur_is_scipys():
    shape = hard_map(torch.randn(1, 7, 12, 10, generator=torch.Generator().manual_seed(0)))
    sharp = torch.einsum("blhw,lc->bchw", shape, torch.tensor(list(QUARTERS.values())) / 4)
    for channel, painted in zip(sharp[0], colour_code(shape)[0], strict=True):
        expected = gaussian_filter(channel.numpy(), sigma=1, radius=2, mode="constant") - 0.5
        torch.testing.assert_close(painted, torch.from_numpy(expected))


def test_another_number_of_labels_is_refused():
    with pytest.raises(VtonError, match=r"map is \(1, 4, 8, 8\); give \(B, 7, 8, 8\)"):
        colour_code(torch.zeros(1, 4, 8, 8))
