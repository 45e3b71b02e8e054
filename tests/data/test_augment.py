"""Augmentation: labels must follow their picture, and the generator of random numbers alone decides."""

import pytest
import torch

from vtonlib.data.augment import mirror, move, other_background, recolour, recolour_gently
from vtonlib.data.label_sets import LIP_SET
from vtonlib.data.labels import LIP

MIRRORED = torch.from_numpy(LIP_SET.mirrored()).long()


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def discs(count=6, size=(64, 48)):
    """A dark picture with a bright disc that is labelled 5."""
    y, x = torch.meshgrid(torch.arange(size[0]), torch.arange(size[1]), indexing="ij")
    inside = ((y - 30) ** 2 + (x - 20) ** 2 < 100).expand(count, *size)
    return torch.where(inside, 1.0, -1.0)[:, None].repeat(1, 3, 1, 1), 5 * inside.long()


def test_a_flip_swaps_sides_and_some_pictures_stay():
    labels = torch.zeros(16, 8, 6, dtype=torch.long)
    labels[:, 2, 1] = LIP["left_arm"]
    picture = torch.rand(16, 3, 8, 6)
    flipped, names = mirror(picture, labels, MIRRORED, rng())
    stays = names[:, 2, 1] == LIP["left_arm"]
    assert 0 < stays.sum() < 16
    assert (names[~stays, 2, 4] == LIP["right_arm"]).all()
    torch.testing.assert_close(flipped[~stays], picture[~stays].flip(3))
    torch.testing.assert_close(flipped[stays], picture[stays])


def test_labels_move_with_their_picture():
    picture, labels = discs()
    moved, named = move(picture, labels, rng())
    assert (moved != picture).any()
    assert set(named.unique().tolist()) == {0, 5}
    agree = ((moved[:, 0] > 0) == (named == 5)).float().mean()
    assert agree > 0.99  # all but the disc's edge, where the picture is mixed


def test_a_disc_stays_round_and_keeps_its_size_within_bounds():
    _, labels = discs(count=64)
    _, named = move(discs(count=64)[0], labels, rng())
    growth = (named == 5).sum((1, 2)) / (labels == 5).sum((1, 2))
    whole = growth[(named[:, 0] == 0).all(1) & (named[:, -1] == 0).all(1)]
    assert whole.min() > 0.75**2 * 0.95
    assert whole.max() < 1.35**2 * 1.05
    rows = (named == 5).any(2).sum(1).float()
    columns = (named == 5).any(1).sum(1).float()
    assert (rows / columns).median() == pytest.approx(1, abs=0.1)


def test_small_movements_stay_within_their_bounds():
    labels = discs(count=64)[1]
    _, named = move(discs(count=64)[0], labels, rng(), turn=0.0, scale=(0.9, 1.1), shift=0.1)
    growth = (named == 5).sum((1, 2)) / (labels == 5).sum((1, 2))
    assert 0.9**2 * 0.95 < growth.min() < growth.max() < 1.1**2 * 1.05
    middle = torch.stack([(one == 5).nonzero().float().mean(0) for one in named])
    assert (middle - torch.tensor([30.0, 20.0])).abs().max() < 5  # a twentieth of 64 rows, and what scaling adds


def test_gentle_changes_keep_the_colour():
    red = torch.tensor([0.6, -0.7, -0.5]).view(1, 3, 1, 1).expand(32, 3, 16, 16)
    found = recolour_gently(red, rng())
    assert torch.equal(found, recolour_gently(red, rng()))
    mean = found.mean((2, 3))
    assert (mean - red[:, :, 0, 0]).abs().max() < 0.7 * 0.16 + 0.05 + 0.03  # gain, shift, and the mean of the noise
    assert mean.std(0).min() > 0.01
    assert found.abs().max() <= 1


def test_colours_change_within_the_range():
    picture = 2 * torch.rand(8, 3, 32, 24, generator=rng(1)) - 1
    found = recolour(picture, rng())
    assert found.shape == picture.shape
    assert found.abs().max() <= 1
    assert (found - picture).abs().mean((1, 2, 3)).min() > 0.01


def test_only_the_background_is_replaced_and_not_always():
    picture, labels = discs(count=32)
    found = other_background(picture, labels, rng())
    torch.testing.assert_close(found[:, 0][labels == 5], picture[:, 0][labels == 5])
    changed = (found != picture).flatten(1).any(1)
    assert 10 < changed.sum() < 30
    assert found.abs().max() <= 1


@pytest.mark.parametrize(
    "change",
    [
        lambda p, n, r: move(p, n, r)[0],
        lambda p, n, r: mirror(p, n, MIRRORED, r)[0],
        lambda p, n, r: recolour(p, r),
        other_background,
    ],
)
def test_the_generator_alone_decides(change):
    picture, labels = discs(count=8)
    picture = picture + 0.1 * torch.rand(picture.shape, generator=rng(7)) * (picture < 0)
    torch.manual_seed(1)
    first = change(picture, labels, rng(3))
    torch.manual_seed(2)
    assert torch.equal(first, change(picture, labels, rng(3)))
    assert not torch.equal(first, change(picture, labels, rng(4)))
