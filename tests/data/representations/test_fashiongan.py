"""FashionGAN: seven labels, four coarse ones, and ten numbers about the person."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from tests.data.hand_made import make_sample
from vtonlib.data.label_sets import FASHIONGAN_7, MERGED_4, convert
from vtonlib.data.representations import fashiongan
from vtonlib.data.resize import pad_view
from vtonlib.errors import VtonError

from .figure import COLOURS, figure

PORTRAIT = figure()
VIEW = pad_view(PORTRAIT)
ATTRIBUTES = {"gender": "woman", "hair_length": "long", "sunglasses": "no", "hat": "cap"}
SAMPLE = replace(make_sample(), person=PORTRAIT, attributes=ATTRIBUTES)


def test_s0_has_a_channel_for_each_label_background_first():
    s0 = fashiongan.segmentation(VIEW)
    assert s0.shape == (7, 256, 256)
    assert torch.equal(s0.sum(0), torch.ones(256, 256))
    assert np.array_equal(s0.argmax(0).numpy(), convert(VIEW.parse, VIEW.neck, FASHIONGAN_7))
    at = {name: s0[:, y, x + 32].argmax().item() for name, (y, x) in {
        "background": (5, 5), "hair": (20, 90), "face": (40, 90), "upper_clothes": (90, 90), "pants": (180, 90),
        "legs": (220, 90), "arms": (100, 40),
    }.items()}  # fmt: skip
    assert at == {name: number for number, name in enumerate(FASHIONGAN_7.labels)}
    assert s0[2, 56, 96 + 32] == 1  # the neck
    unmarked = fashiongan.segmentation(replace(VIEW, neck=None))
    assert unmarked[0, 56, 96 + 32] == 1


def test_merged_labels_equal_pillows_bicubic():
    merged = fashiongan.merged_segmentation(VIEW)
    assert merged.shape == (4, 8, 8)
    four = convert(VIEW.parse, VIEW.neck, MERGED_4)
    for number in range(4):
        mask = Image.fromarray((four == number).astype(np.float32))
        expected = np.array(mask.resize((8, 8), Image.Resampling.BICUBIC))
        assert np.abs(merged[number].numpy() - expected).max() < 1e-5
    assert torch.allclose(merged.sum(0), torch.ones(8, 8), atol=1e-5)
    assert -0.15 < merged.min() < 0 < 1 < merged.max() < 1.15


def test_merging_forgets_where_clothes_end():
    """Long sleeves in place of bare arms leave m(S0) as it is: the point of the spatial constraint."""
    sleeves = VIEW.parse.copy()
    sleeves[np.isin(sleeves, [14, 15])] = 5
    changed = replace(VIEW, parse=sleeves)
    assert not torch.equal(fashiongan.segmentation(changed), fashiongan.segmentation(VIEW))
    assert torch.equal(fashiongan.merged_segmentation(changed), fashiongan.merged_segmentation(VIEW))


def test_soft_maps_and_batches_merge_too():
    soft = torch.rand(2, 7, 64, 64, generator=torch.Generator().manual_seed(0)).softmax(1)
    merged = fashiongan.merge(soft)
    assert merged.shape == (2, 4, 8, 8)
    assert torch.allclose(merged[1], fashiongan.merge(soft[1]))
    assert torch.allclose(merged.mean((0, 2, 3))[1:3], soft.mean((0, 2, 3))[1:3], atol=0.01)
    assert fashiongan.merge(soft, (4, 4)).shape == (2, 4, 4, 4)


def test_the_ten_numbers_of_a_person():
    a = dict(zip(fashiongan.HUMAN_ATTRIBUTES, fashiongan.human_attributes(SAMPLE).tolist(), strict=True))
    assert {name: a[name] for name in ("woman", "long_hair", "sunglasses", "hat")} == {
        "woman": 1, "long_hair": 1, "sunglasses": 0, "hat": 1,
    }  # fmt: skip
    # Face 512, arms 2560 each and legs 1024 each: the median lies on the colour of the right arm or near it.
    skin = np.sort([COLOURS[name][0] for name, n in (("face", 512), ("left_arm", 2560), ("right_arm", 2560),
        ("left_leg", 1024), ("right_leg", 1024)) for _ in range(n)])  # fmt: skip
    assert a["red"] == pytest.approx(np.median(skin) / 255)
    assert a["grey"] == pytest.approx(0.2126 * a["red"] + 0.7152 * a["green"] + 0.0722 * a["blue"])
    assert (a["width"], a["height"]) == pytest.approx((128 / 192, 224 / 256))


def test_size_is_a_share_of_the_view_that_is_given():
    a = fashiongan.human_attributes(SAMPLE, VIEW)
    assert a[8:].tolist() == pytest.approx([128 / 256, 224 / 256])
    assert a.dtype == torch.float32


@pytest.mark.parametrize("missing", list(ATTRIBUTES))
def test_a_missing_attribute_is_named(missing):
    less = {name: value for name, value in ATTRIBUTES.items() if name != missing}
    with pytest.raises(VtonError, match=f"attributes have no '{missing}'; use a data set that provides it"):
        fashiongan.human_attributes(replace(SAMPLE, attributes=less))


def test_a_person_without_skin_is_refused():
    covered = replace(PORTRAIT, parse=np.where(PORTRAIT.parse > 0, 5, 0).astype(np.uint8))
    with pytest.raises(VtonError, match="shows no skin"):
        fashiongan.human_attributes(SAMPLE, covered)
