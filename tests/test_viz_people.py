"""Helpers of figures that show people."""

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image

from vtonlib import viz, viz_people
from vtonlib.errors import VtonError
from vtonlib.viz_people import NECK, PALETTE, PAPER, grey, paint, tint


def test_labels_get_the_colours_of_the_palette():
    painted = paint(torch.tensor([[[0, 20, 5]]]))
    assert painted.shape == (1, 3, 1, 3)
    bytes_ = ((painted + 1) * 127.5).round().long()[0, :, 0].T.tolist()
    assert bytes_ == [list(PAPER), list(NECK), [255, 85, 0]]


def test_every_label_has_a_colour_of_its_own():
    assert len(set(PALETTE)) == len(PALETTE) == 21


def test_tint_leaves_alone_what_the_mask_leaves_out():
    pictures = torch.rand(2, 3, 4, 4) * 2 - 1
    mask = torch.zeros(2, 1, 4, 4)
    mask[:, :, 0] = 1
    tinted = tint(pictures, mask, colour=(255, 255, 255), strength=1.0)
    assert torch.equal(tinted[:, :, 1:], pictures[:, :, 1:])
    assert torch.equal(tinted[:, :, 0], torch.ones(2, 3, 4))


def test_a_full_map_is_black():
    assert grey(torch.tensor([[[0.0, 1.0]]])).tolist() == [[[[1.0, -1.0]]] * 3]


def test_rare_labels_keep_their_colours_on_the_page(monkeypatch):
    shown = []
    monkeypatch.setattr(viz_people, "display", lambda data, raw, metadata: shown.append((data, metadata)))
    noise = torch.rand(8, 3, 64, 48, generator=torch.Generator().manual_seed(0)) * 2 - 1
    labels = torch.zeros(8, 64, 48, dtype=torch.long)
    labels[0, 10:30, 10:30] = 20
    with plt.style.context(viz.STYLE):
        viz_people.show(
            viz.picture_panels([("noise", noise), ("labels", paint(labels))], columns=8),
            "coloured noise over a map of labels",
        )
    data, metadata = shown[0]
    pixels = np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("RGB")).reshape(-1, 3)
    assert (pixels == NECK).all(1).sum() > 100
    assert (pixels == 255).all(1).mean() > 0.1  # paper stays white
    assert metadata["image/png"]["alt"] == "coloured noise over a map of labels"


def test_a_short_alt_text_is_refused():
    with pytest.raises(VtonError, match="too short"):
        viz_people.show(plt.figure(), "a figure")
