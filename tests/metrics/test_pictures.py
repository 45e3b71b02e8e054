"""SSIM and L1 against other people's code, floors, and what all of them refuse."""

from functools import partial

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import Tensor
from torchmetrics.functional.image import structural_similarity_index_measure

from vtonlib.errors import VtonError
from vtonlib.metrics.average import average
from vtonlib.metrics.floors import change_nothing, mean_picture
from vtonlib.metrics.l1 import l1, l1_of_each
from vtonlib.metrics.ssim import ssim, ssim_map, ssim_of_each

RNG = np.random.default_rng(0)


def pictures(count: int = 3, size: tuple[int, int] = (40, 30), channels: int = 3) -> Tensor:
    """Blobs with some noise, since on pure noise every SSIM is near zero."""
    noise = RNG.normal(size=(count, channels, *size))
    blobs = ndimage.gaussian_filter(noise, (0, 0, 3, 3)) * 4 + 0.1 * noise
    return torch.from_numpy(blobs.clip(-1, 1))


TRUTH = pictures()
RESULT = (0.7 * TRUTH + 0.3 * pictures() + 0.05).clamp(-1, 1)
MASK = torch.from_numpy(RNG.random((3, 1, 40, 30)) < 0.4).float()


def scipy_map(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The paper's formula for one channel, with scipy's window; (H, W) with reflected borders."""
    blur = partial(ndimage.gaussian_filter, sigma=1.5, truncate=3.5)
    mx, my = blur(x), blur(y)
    vx, vy, cov = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
    c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    return (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))


def test_the_map_equals_scipys():
    expected = np.mean([[scipy_map(a, b) for a, b in zip(x, y, strict=True)]
        for x, y in zip(RESULT.numpy(), TRUTH.numpy(), strict=True)], axis=1)  # fmt: skip
    found = ssim_map(RESULT, TRUTH)[:, 0].numpy()
    assert np.abs(found - expected[:, 5:-5, 5:-5]).max() < 1e-9
    inside = MASK[:, 0, 5:-5, 5:-5].numpy() > 0
    masked = [picture[5:-5, 5:-5][m].mean() for picture, m in zip(expected, inside, strict=True)]
    assert ssim_of_each(RESULT, TRUTH, MASK).tolist() == pytest.approx(masked, abs=1e-9)


def test_ssim_equals_torchmetrics():
    """It also averages the border, where it mirrors the picture; scikit-image does not, and neither do we."""
    _, full = structural_similarity_index_measure(
        RESULT, TRUTH, data_range=2.0, reduction="none", return_full_image=True
    )  # fmt: skip
    expected = full[..., 5:-5, 5:-5].mean((1, 2, 3))
    assert ssim_of_each(RESULT, TRUTH).tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    assert ssim(RESULT, TRUTH).value == pytest.approx(float(expected.mean()), abs=1e-6)


def test_ssim_equals_scikit_image():
    metrics = pytest.importorskip("skimage.metrics")
    for number, value in enumerate(ssim_of_each(RESULT, TRUTH).tolist()):
        expected, full = metrics.structural_similarity(
            TRUTH[number].numpy(), RESULT[number].numpy(), data_range=2.0, channel_axis=0, gaussian_weights=True,
            sigma=1.5, use_sample_covariance=False, full=True,
        )  # fmt: skip
        assert value == pytest.approx(expected, abs=1e-6)
        inside = full.mean(0)[5:-5, 5:-5][MASK[number, 0, 5:-5, 5:-5].numpy() > 0]
        assert ssim_of_each(RESULT, TRUTH, MASK)[number].item() == pytest.approx(inside.mean(), abs=1e-6)


def test_ssim_of_single_precision_is_the_same_figure():
    assert ssim(RESULT.float(), TRUTH.float()).value == pytest.approx(ssim(RESULT, TRUTH).value, abs=1e-6)


def test_equal_pictures_have_ssim_one_and_no_difference():
    assert ssim(TRUTH, TRUTH).value == pytest.approx(1)
    assert l1(TRUTH, TRUTH).value == 0


def test_l1_by_hand():
    black, white = -torch.ones(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    assert l1(black, white).value == 1
    half = black.clone()
    half[0, 0, :2] = 0
    assert l1_of_each(half, black).tolist() == pytest.approx([0.5 / 3 / 2, 0])
    mask = torch.zeros(2, 1, 4, 4)
    mask[:, :, 0] = 1
    assert l1_of_each(half, black, mask).tolist() == pytest.approx([0.5 / 3, 0])


def test_masks_are_averaged_picture_by_picture_and_empty_ones_left_out():
    mask = MASK.clone()
    mask[1] = 0
    for measure, each in ((l1, l1_of_each), (ssim, ssim_of_each)):
        values = each(RESULT, TRUTH, mask)
        assert values.isnan().tolist() == [False, True, False]
        score = measure(RESULT, TRUTH, mask)
        assert score.value == pytest.approx(float(values[[0, 2]].mean()))
        assert score.settings.endswith("mean of 2 pictures")
        with pytest.raises(VtonError, match="no picture has a value"):
            measure(RESULT, TRUTH, torch.zeros_like(mask))


def test_a_mask_of_ones_is_the_whole_picture():
    everywhere = torch.ones_like(MASK)
    assert torch.allclose(l1_of_each(RESULT, TRUTH, everywhere), l1_of_each(RESULT, TRUTH))
    assert torch.allclose(ssim_of_each(RESULT, TRUTH, everywhere), ssim_of_each(RESULT, TRUTH))


def test_settings_say_how_it_was_measured():
    assert ssim(RESULT, TRUTH, MASK).settings == (
        "SSIM, masked, Gaussian 11x11 sigma 1.5, K 0.01/0.03, 3 channels, range 2, no border, 40x30, mean of 3 pictures"
    )
    assert l1(RESULT, TRUTH).settings == "L1, whole, 3 channels, range 0..1, 40x30, mean of 3 pictures"


@pytest.mark.parametrize("measure", [l1, ssim])
@pytest.mark.parametrize(
    ("result", "mask", "named"),
    [
        (RESULT[:2], None, r"result is \(2, 3, 40, 30\), truth"),
        (RESULT * 127, None, r"result: holds .*; give finite pictures in \[-1, 1\]"),
        (RESULT * np.nan, None, "result: holds nan"),
        (RESULT, MASK[:, 0], r"mask is \(3, 40, 30\); give \(3, 1, 40, 30\)"),
    ],
)
def test_pictures_that_do_not_belong_together_are_refused(measure, result, mask, named):
    with pytest.raises(VtonError, match=named):
        measure(result, TRUTH, mask)


def test_ssim_of_a_picture_smaller_than_its_window_is_refused():
    with pytest.raises(VtonError, match="pictures are 40x10; SSIM needs 11"):
        ssim(RESULT[..., :10], TRUTH[..., :10])


def test_the_interval_of_a_mean():
    values = torch.from_numpy(RNG.normal(3, 1, 400))
    score = average(values, "x")
    low, high = score.interval
    assert low < score.value < high
    assert high - low == pytest.approx(2 * 1.96 * float(values.std()) / 20, rel=0.2)
    assert average(values, "x") == score
    assert average(values[:1], "x").interval is None


def test_the_floor_of_changing_nothing_is_the_score_of_the_person():
    floor = change_nothing(RESULT, TRUTH, ssim)
    assert floor.value == ssim(RESULT, TRUTH).value
    assert floor.settings.startswith("change nothing: SSIM, whole")
    masked = change_nothing(RESULT, TRUTH, partial(l1, mask=MASK))
    assert masked.value == l1(RESULT, TRUTH, MASK).value


def test_the_floor_of_the_mean_picture():
    training = pictures(5)
    floor = mean_picture(training, TRUTH, l1)
    by_hand = np.abs(training.numpy().mean(0) - TRUTH.numpy()).mean() / 2
    assert floor.value == pytest.approx(by_hand)
    assert floor.settings.startswith("mean of 5 training pictures: L1")
    with pytest.raises(VtonError, match="there are no training pictures"):
        mean_picture(training[:0], TRUTH, l1)
