"""The joint embedding's hinge, by hand and by its definition."""

import pytest
import torch

from vtonlib.errors import VtonError
from vtonlib.losses.joint_embedding import joint_embedding_loss


def test_by_hand():
    # Scores: s11 = 2, s12 = 3, s21 = 0, s22 = 1.
    # Other texts of a picture: max(0, 1 + s12 - s11) = 2, max(0, 1 + s21 - s22) = 0.
    # Other pictures of a text: max(0, 1 + s21 - s11) = 0, max(0, 1 + s12 - s22) = 3.
    pictures, texts = torch.eye(2), torch.tensor([[2.0, 0.0], [3.0, 1.0]])
    assert joint_embedding_loss(pictures, texts).item() == (2 + 0 + 0 + 3) / 4


def test_it_is_the_sum_of_its_definition():
    pictures, texts = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = 0.0
    for i in range(5):
        for j in range(5):
            if i != j:
                expected += max(0, 0.7 + (pictures[i] @ texts[j] - pictures[i] @ texts[i]).item())
                expected += max(0, 0.7 + (pictures[j] @ texts[i] - pictures[i] @ texts[i]).item())
    assert joint_embedding_loss(pictures, texts, 0.7).item() == pytest.approx(expected / 25)


def test_right_pairs_that_win_by_the_margin_cost_nothing():
    codes = torch.eye(3)
    assert joint_embedding_loss(codes, codes).item() == 0
    assert joint_embedding_loss(codes, codes, margin=1.5).item() == pytest.approx(6 * 2 * 0.5 / 9)
    assert joint_embedding_loss(codes, codes.roll(1, 0)).item() > 1


def test_it_is_symmetric():
    pictures, texts = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(joint_embedding_loss(pictures, texts), joint_embedding_loss(texts, pictures))


def test_both_kinds_of_codes_get_a_gradient():
    pictures, texts = (torch.randn(5, 3).requires_grad_() for _ in range(2))
    joint_embedding_loss(pictures, texts, margin=10.0).backward()
    assert (pictures.grad != 0).all()
    assert (texts.grad != 0).all()


def test_codes_that_do_not_fit_are_refused():
    with pytest.raises(VtonError, match=r"codes are \(5, 3\) and \(5, 4\); give \(B, D\) twice"):
        joint_embedding_loss(torch.zeros(5, 3), torch.zeros(5, 4))
