"""The attribute detector: shapes, sizes of pictures, and where it looks."""

import pytest
import torch
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.models.attribute_detector import AttributeDetector

VALUES = {"kind": 5, "sleeve": 3}


@pytest.mark.parametrize("side", [64, 128, 200])
def test_every_attribute_has_a_logit_for_each_value(side):
    logits, regions = AttributeDetector(VALUES, width=4)(torch.zeros(2, 3, side, side))
    assert {name: tuple(logit.shape) for name, logit in logits.items()} == {"kind": (2, 5), "sleeve": (2, 3)}
    assert regions.shape == (2, 2, 16, 12)


def test_parameters_by_hand():
    """A 3 x 3 convolution from a to b channels with its normalisation has 9 a b + 2 b weights."""
    pairs = [(3, 24), (24, 48), (48, 48), (48, 48), (48, 96)] + [(96, 96)] * 5
    expected = sum(9 * a * b + 2 * b for a, b in pairs) + (48 + 1) * 2 + (96 + 2 * 48 + 2 * 96 + 1) * 8
    assert sum(p.numel() for p in AttributeDetector(VALUES).parameters()) == expected


def test_large_pictures_are_shrunk_and_margins_are_not_seen():
    detector = AttributeDetector(VALUES, width=4).eval()
    small = torch.rand(2, 3, 64, 64)
    other = small.clone()
    other[..., :8], other[..., -8:] = 0, 0
    with torch.no_grad():
        expected, smooth = detector(small)[0], F.interpolate(small, scale_factor=2.0, mode="nearest")
        assert torch.equal(detector(other)[0]["kind"], expected["kind"])
        shrunk = F.interpolate(smooth, size=(64, 64), mode="bilinear", antialias=True)
        torch.testing.assert_close(detector(smooth)[0]["kind"], detector(shrunk)[0]["kind"])
        other[..., 30] = 1
        assert not torch.equal(detector(other)[0]["kind"], expected["kind"])


@pytest.mark.parametrize("size", [(64, 48), (32, 32)])
def test_other_sizes_are_refused(size):
    with pytest.raises(VtonError, match="give squares of 64 pixels or more"):
        AttributeDetector(VALUES, width=4)(torch.zeros(1, 3, *size))
