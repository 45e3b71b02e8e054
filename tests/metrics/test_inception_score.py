"""The inception score by hand, against torchmetrics, and how it rewards what it cannot know."""

import pytest
import torch
from torchmetrics.image.inception import InceptionScore

from vtonlib.errors import VtonError
from vtonlib.metrics.inception_score import inception_score


def test_sure_and_varied_is_the_number_of_classes():
    assert inception_score(torch.eye(4)).value == pytest.approx(4)


def test_one_class_for_all_or_no_class_for_any_is_one():
    assert inception_score(torch.eye(4)[:1].expand(5, -1)).value == pytest.approx(1)
    assert inception_score(torch.full((5, 4), 0.25)).value == pytest.approx(1)


def test_two_pictures_by_hand():
    """exp(H(mean) - mean H) with p = (1, 0) and (1/2, 1/2): exp(0.5623 - 0.3466)."""
    assert inception_score(torch.tensor([[1.0, 0.0], [0.5, 0.5]])).value == pytest.approx(1.2408, abs=1e-4)


def test_it_is_torchmetrics_score_with_one_split():
    logits = torch.randn(30, 10, generator=torch.Generator().manual_seed(0)).double()

    class Given(torch.nn.Module):
        num_features = 10

        def forward(self, pictures):
            return pictures

    metric = InceptionScore(feature=Given(), splits=1)
    metric.set_dtype(torch.float64)
    metric.update(logits)
    assert inception_score(logits.softmax(1)).value == pytest.approx(float(metric.compute()[0]), abs=1e-9)


def test_the_interval_holds_the_score():
    score = inception_score(torch.randn(50, 10, generator=torch.Generator().manual_seed(0)).softmax(1))
    assert score.interval[0] < score.value < score.interval[1]


@pytest.mark.parametrize("rows", [torch.eye(4)[:1], torch.ones(3, 4), torch.full((2, 3, 4), 0.25)])
def test_what_is_no_table_of_probabilities_is_refused(rows):
    with pytest.raises(VtonError, match="give two rows or more, each summing to 1"):
        inception_score(rows)
