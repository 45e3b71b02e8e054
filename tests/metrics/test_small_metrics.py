"""Nearest neighbours, counted modes and classes, and scores as text."""

import pytest
import torch
from scipy.spatial import cKDTree

from vtonlib.data.toys import ring, ring_centres
from vtonlib.metrics.modes import covered_classes, covered_modes
from vtonlib.metrics.neighbours import nearest
from vtonlib.metrics.score import Score


@pytest.mark.parametrize("batch_size", [7, 500])
def test_nearest_equals_a_k_d_tree(batch_size):
    generator = torch.Generator().manual_seed(0)
    queries, bank = (torch.randn(n, 1, 3, 4, generator=generator) for n in (40, 90))
    distances, indices = nearest(queries, bank, batch_size)
    expected, at = cKDTree(bank.flatten(1).numpy()).query(queries.flatten(1).numpy())
    assert indices.tolist() == at.tolist()
    torch.testing.assert_close(distances.double(), torch.from_numpy(expected), rtol=1e-4, atol=1e-4)


def test_a_copy_is_found_at_distance_zero():
    generator = torch.Generator().manual_seed(0)
    bank = torch.rand(60, 1, 28, 28, generator=generator) * 2 - 1
    distances, indices = nearest(bank[[5, 33]], bank)
    assert indices.tolist() == [5, 33]
    torch.testing.assert_close(distances, torch.zeros(2), rtol=0, atol=0.05)


def test_nearest_by_hand():
    distances, indices = nearest(torch.tensor([[0.0, 0.0], [5.0, 4.0]]), torch.tensor([[3.0, 4.0], [0.0, 1.0]]))
    assert distances.tolist() == [1, 2]
    assert indices.tolist() == [1, 0]


def test_modes_need_their_share_within_the_radius():
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    points = torch.cat([centres[:1].expand(97, 2), centres[1:2].expand(2, 2), centres[2:].expand(1, 2)])
    assert covered_modes(points, centres, radius=0.5, share=0.01).value == 3
    assert covered_modes(points, centres, radius=0.5, share=0.02).value == 2
    assert covered_modes(points + 0.6, centres, radius=0.5).value == 0
    assert covered_modes(points, centres).settings == "of 3 modes, 1% of 100 points within 0.3 each"


def test_a_sample_of_the_ring_covers_all_of_its_modes():
    points = ring(2000, torch.Generator().manual_seed(0))
    assert covered_modes(points, ring_centres()).value == 8
    assert covered_modes(points[points[:, 0] > 0], ring_centres()).value < 8


def test_classes_need_their_share():
    labels = torch.tensor([0] * 50 + [1] * 49 + [3])
    assert covered_classes(labels, 4, share=0.01).value == 3
    assert covered_classes(labels, 4).value == 2
    assert covered_classes(labels, 4).settings == "of 4 classes, 2% of 100 samples each, by a classifier"


def test_a_score_prints_its_settings_and_its_interval():
    assert str(Score(0.123456, "KID, 9 pictures")) == "0.1235 (KID, 9 pictures)"
    assert str(Score(0.5, "KID", (0.25, 0.75))) == "0.5 [0.25, 0.75] (KID)"
