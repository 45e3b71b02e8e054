"""Helpers of figures that show warps."""

import matplotlib.pyplot as plt
import numpy as np
import torch

from vtonlib.viz_people import PAPER
from vtonlib.viz_warps import HEAT, RULES, connect, heat, ruled


def test_lines_are_ruled_inside_the_mask_only():
    pictures, mask = torch.ones(1, 3, 12, 8), torch.zeros(1, 1, 12, 8)
    mask[..., :4] = 1
    lined = ruled(pictures, mask, 4)
    assert torch.equal(lined[..., 4:], pictures[..., 4:])
    assert (lined[0, :, 2, :4] == torch.tensor(RULES[0])[:, None] / 127.5 - 1).all()
    assert (lined[0, :, :, 2] == torch.tensor(RULES[0])[:, None] / 127.5 - 1).all()
    assert torch.equal(lined[0, :, 1, 1], torch.ones(3))


def test_each_cloth_gets_the_lines_that_show_on_it():
    blue = torch.tensor([30, 90, 190]).view(1, 3, 1, 1).expand(1, 3, 12, 8) / 127.5 - 1
    lined = ruled(torch.cat([blue, torch.ones(1, 3, 12, 8)]), torch.ones(2, 1, 12, 8), 4)
    for picture, colour in zip(lined, RULES[::-1], strict=True):
        assert (picture[:, 2] == torch.tensor(colour)[:, None] / 127.5 - 1).all()


def test_heat_paints_the_unknown_as_paper_and_more_than_the_top_alike():
    painted = heat(torch.tensor([[[0.0, 5.0, 50.0, float("nan")]]]), top=5.0)
    assert painted.shape == (1, 3, 1, 4)
    assert torch.equal(painted[..., 1], painted[..., 2])
    assert torch.allclose(painted[0, :, 0, 3], torch.tensor(PAPER) / 127.5 - 1)
    brightness = HEAT(np.linspace(0, 1, 9))[:, :3].mean(1)
    assert (np.diff(brightness) < 0).all()  # the order survives without colour


def test_partners_are_connected():
    _, axes = plt.subplots()
    connect(axes, [[0, 0], [1, 1]], [[2, 0], [3, 1]])
    (lines,) = axes.collections
    assert [segment.tolist() for segment in lines.get_segments()] == [[[0, 0], [2, 0]], [[1, 1], [3, 1]]]
    plt.close()
