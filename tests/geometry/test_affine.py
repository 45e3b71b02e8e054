"""Affine maps against PyTorch, against their inverses, and boxes that land on boxes."""

import pytest
import torch
from torch.nn import functional as F

from vtonlib.errors import VtonError
from vtonlib.geometry.affine import affine_grid, apply_affine, box_affine, invert_affine, mask_box
from vtonlib.geometry.sampling import identity_grid, warp

SIZE = (9, 7)
THETA = torch.randn(3, 2, 3, generator=torch.Generator().manual_seed(0))


def test_the_grid_is_pytorchs_and_that_of_the_points():
    expected = F.affine_grid(THETA, [3, 1, *SIZE], align_corners=True)
    assert torch.equal(affine_grid(THETA, SIZE), expected)
    points = identity_grid(SIZE).expand(3, -1, -1, -1)
    torch.testing.assert_close(apply_affine(THETA, points), expected)
    torch.testing.assert_close(apply_affine(THETA, points[:, 2, 3]), expected[:, 2, 3])
    torch.testing.assert_close(apply_affine(THETA[:1], points)[2], expected[0])


def test_by_hand():
    theta = torch.tensor([[[2.0, 0.0, 1.0], [0.0, 0.5, -1.0]]])
    assert apply_affine(theta, torch.tensor([[[3.0, 4.0]]])).tolist() == [[[7.0, 1.0]]]
    assert invert_affine(theta).tolist() == [[[0.5, 0.0, -0.5], [0.0, 2.0, 2.0]]]


def test_an_inverse_undoes():
    points = torch.randn(3, 5, 2, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(
        apply_affine(invert_affine(THETA), apply_affine(THETA, points)), points, atol=1e-4, rtol=0
    )
    with pytest.raises(VtonError, match="flattens the plane"):
        invert_affine(torch.zeros(1, 2, 3))


def boxed(top, bottom, left, right, size=(32, 24)):
    mask = torch.zeros(1, 1, *size)
    mask[..., top : bottom + 1, left : right + 1] = 1
    return mask


def test_a_garment_is_pasted_into_the_box_where_it_belongs():
    garment, worn = boxed(2, 29, 3, 20), boxed(8, 17, 10, 17)
    theta = box_affine(mask_box(worn), mask_box(garment))
    corner = torch.tensor([[[2 * 10 / 23 - 1, 2 * 8 / 31 - 1]]])
    torch.testing.assert_close(apply_affine(theta, corner), torch.tensor([[[2 * 3 / 23 - 1, 2 * 2 / 31 - 1]]]))
    pasted = warp(garment, affine_grid(theta, (32, 24)))
    assert torch.equal((pasted > 0.5).float(), worn)


def test_boxes_of_masks():
    masks = torch.cat([boxed(0, 31, 0, 23), boxed(5, 5, 7, 7)])
    masks[1, 0, 20, 2] = 0.4
    expected = [[-1, -1, 1, 1], [2 * 7 / 23 - 1, 2 * 5 / 31 - 1] * 2]
    torch.testing.assert_close(mask_box(masks), torch.tensor(expected, dtype=torch.float32))


def test_what_has_no_box_is_refused():
    with pytest.raises(VtonError, match="is empty"):
        mask_box(torch.zeros(1, 1, 4, 4))
    with pytest.raises(VtonError, match="no width or no height"):
        box_affine(mask_box(boxed(5, 5, 7, 7)), mask_box(boxed(2, 9, 3, 4)))
    with pytest.raises(VtonError, match="give two equal"):
        box_affine(torch.zeros(1, 4), torch.zeros(2, 4))
    with pytest.raises(VtonError, match=r"give \(B, 1, H, W\)"):
        mask_box(torch.zeros(4, 4))


def test_shapes_that_do_not_fit_are_refused():
    for call in (lambda t: affine_grid(t, SIZE), invert_affine, lambda t: apply_affine(t, torch.zeros(3, 4, 2))):
        with pytest.raises(VtonError, match=r"give \(B, 2, 3\)"):
            call(torch.zeros(3, 6))
    with pytest.raises(VtonError, match="points"):
        apply_affine(THETA, torch.zeros(2, 4, 2))
