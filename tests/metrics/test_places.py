"""IoU against counting and torchmetrics; end-point error by hand and through a real sampler."""

import pytest
import torch
from torch.nn import functional as F
from torchmetrics.functional.classification import multiclass_jaccard_index

from vtonlib.errors import VtonError
from vtonlib.geometry.sampling import to_pixels
from vtonlib.metrics.end_point_error import end_point_error, end_point_error_of_each
from vtonlib.metrics.iou import iou_of_classes, mask_iou, mean_iou

GENERATOR = torch.Generator().manual_seed(0)
NAMES = ("background", "hair", "face", "hat")
TRUTH = torch.randint(3, (2, 12, 9), generator=GENERATOR)
PREDICTED = torch.where(torch.rand(2, 12, 9, generator=GENERATOR) < 0.6, TRUTH, 1)


def pixels(labels, number):
    return {tuple(place) for place in (labels == number).nonzero().tolist()}


def test_iou_of_labels_equals_counting_sets():
    scores = iou_of_classes(PREDICTED, TRUTH, NAMES)
    assert list(scores) == ["background", "hair", "face"]  # nobody wears a hat
    for number, (name, score) in enumerate(scores.items()):
        found, expected = pixels(PREDICTED, number), pixels(TRUTH, number)
        assert score.value == pytest.approx(len(found & expected) / len(found | expected)), name
    assert scores["hair"].settings == "IoU of hair, pixels of 2 pictures, 12x9"


def test_mean_iou_equals_torchmetrics():
    expected = multiclass_jaccard_index(PREDICTED, TRUTH, num_classes=3, average="macro")
    score = mean_iou(PREDICTED, TRUTH, NAMES)
    assert score.value == pytest.approx(float(expected), abs=1e-6)
    assert score.settings == "mean IoU of 3 of 4 labels that occur, pixels of 2 pictures, 12x9"


def test_labels_may_be_left_out_of_the_mean():
    each = iou_of_classes(PREDICTED, TRUTH, NAMES)
    score = mean_iou(PREDICTED, TRUTH, NAMES, without=("background",))
    assert score.value == pytest.approx((each["hair"].value + each["face"].value) / 2)
    assert "without background" in score.settings
    with pytest.raises(VtonError, match="no label is left"):
        mean_iou(PREDICTED, TRUTH, NAMES, without=NAMES)


def test_a_label_that_was_invented_counts_as_zero():
    predicted = PREDICTED.clone()
    predicted[0, 0, 0] = 3
    assert iou_of_classes(predicted, TRUTH, NAMES)["hat"].value == 0


@pytest.mark.parametrize(
    ("predicted", "named"),
    [(PREDICTED + 2, "predicted: holds label 4; give labels 0..3"), (PREDICTED - 1, "predicted: holds label -1"),
     (PREDICTED[:1], "give equal shapes")],
)  # fmt: skip
def test_labels_that_do_not_fit_are_refused(predicted, named):
    with pytest.raises(VtonError, match=named):
        iou_of_classes(predicted, TRUTH, NAMES)


def test_iou_of_masks_by_hand():
    predicted, truth = torch.zeros(3, 1, 4, 4), torch.zeros(3, 1, 4, 4)
    predicted[0, 0, :2], truth[0, 0, 1:3] = 0.6, 1
    predicted[1, 0, 0, 0] = 0.9
    score = mask_iou(predicted, truth)
    assert score.value == pytest.approx((4 / 12 + 0) / 2)  # the third picture has no mask at all
    assert score.settings == "IoU of masks above 0.5, 4x4, mean of 2 pictures"
    assert mask_iou(predicted, truth, threshold=0.7).value == 0


def test_end_point_error_by_hand():
    truth = torch.full((2, 3, 4, 2), torch.nan)
    predicted = torch.zeros(2, 3, 4, 2)
    truth[0, 0, :2] = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    truth[1, 2, 3] = torch.tensor([6.0, 8.0])
    predicted[0, 1, 1] = torch.nan  # nobody knows the truth there
    assert end_point_error_of_each(predicted, truth).tolist() == [3, 10]
    score = end_point_error(predicted, truth)
    assert score.value == 6.5
    assert score.settings == "end-point error in pixels, 3x4, mean of 2 pictures"
    truth[1] = torch.nan
    assert end_point_error(predicted, truth).value == 3


def test_a_warp_is_held_against_the_truth_in_pixels():
    """A picture of its own coordinates, sampled with a grid, says where the grid looks."""
    size = (5, 7)
    y, x = torch.meshgrid(torch.arange(5.0), torch.arange(7.0), indexing="ij")
    coordinates = torch.stack([x, y])[None]
    grid = torch.rand(1, 4, 6, 2, generator=GENERATOR) * 2 - 1
    looked_at = F.grid_sample(coordinates, grid, align_corners=True).permute(0, 2, 3, 1)
    torch.testing.assert_close(to_pixels(grid, size), looked_at, rtol=0, atol=1e-5)
    assert end_point_error(to_pixels(grid, size), looked_at).value < 1e-5


@pytest.mark.parametrize(
    ("predicted", "named"),
    [(torch.zeros(1, 3, 4, 2), "give two equal"), (torch.full((2, 3, 4, 2), torch.inf), "not finite where the truth")],
)
def test_predictions_that_do_not_fit_are_refused(predicted, named):
    with pytest.raises(VtonError, match=named):
        end_point_error(predicted, torch.zeros(2, 3, 4, 2))


def test_no_truth_at_all_is_refused():
    with pytest.raises(VtonError, match="no picture has a value"):
        end_point_error(torch.zeros(1, 3, 4, 2), torch.full((1, 3, 4, 2), torch.nan))
