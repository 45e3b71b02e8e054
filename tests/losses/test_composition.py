"""Terms of composition masks by hand, and VITON's weight at VITON's size."""

import pytest
import torch
from torchmetrics.functional.image import total_variation as peers

from vtonlib.errors import VtonError
from vtonlib.losses.composition import mask_miss, total_variation


def test_an_even_mask_does_not_vary():
    assert total_variation(torch.full((2, 1, 5, 4), 0.3)) == 0


def test_a_single_pixel_has_four_sides():
    alpha = torch.zeros(1, 1, 5, 4)
    alpha[0, 0, 2, 2] = 1
    assert total_variation(alpha).item() == pytest.approx(4 / 20)


def test_variation_equals_torchmetrics():
    alpha = torch.rand(3, 1, 7, 6, generator=torch.Generator().manual_seed(0))
    assert total_variation(alpha).item() == pytest.approx(peers(alpha, reduction="mean").item() / 42, rel=1e-5)


def test_the_codes_weight_is_this_one_at_the_papers_size():
    alpha = torch.rand(1, 1, 256, 192, generator=torch.Generator().manual_seed(0))
    codes = 5e-6 * peers(alpha, reduction="sum").item()
    assert 0.246 * total_variation(alpha).item() == pytest.approx(codes, rel=1e-3)


def test_the_papers_mask_term_asks_for_the_garment_everywhere():
    mask, warped = torch.tensor([1.0, 0.5, 0.0, 0.0]), torch.tensor([1.0, 1.0, 0.0, 0.0])
    assert mask_miss(mask, warped, "everywhere").item() == pytest.approx(2.5 / 4)
    assert mask_miss(mask, warped, "warped_mask").item() == pytest.approx(0.5 / 4)


def test_another_target_is_refused():
    with pytest.raises(VtonError, match="mask target is 'nowhere'; choose everywhere or warped_mask"):
        mask_miss(torch.zeros(1), torch.zeros(1), "nowhere")
