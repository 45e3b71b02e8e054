"""Figures: layout by hand, alt text that cannot be forgotten."""

import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image

from vtonlib import viz
from vtonlib.errors import VtonError

ALT = "Three lines that fall from left to right."


@pytest.fixture(autouse=True)
def _own_style():
    with mpl.rc_context():
        yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch) -> list:
    calls: list = []
    monkeypatch.setattr(viz, "display", lambda data, raw, metadata: calls.append((data, metadata)))
    return calls


def test_pictures_are_laid_out_in_rows_on_white():
    black, grey, white = -torch.ones(1, 1, 2), torch.zeros(1, 1, 2), torch.ones(1, 1, 2)
    page = viz.tile(torch.stack([black, grey, white]), columns=2, gap=1)
    assert page.dtype == np.uint8
    assert page.shape == (3, 5, 3)
    assert page[:, :, 0].tolist() == [
        [0, 0, 255, 128, 128],
        [255, 255, 255, 255, 255],
        [255, 255, 255, 255, 255],
    ]
    assert (page == page[:, :, :1]).all(), "one channel becomes three equal ones"


def test_colours_keep_their_channel_and_values_beyond_the_range_are_cut():
    picture = torch.tensor([3.0, -3.0, 0.0]).view(1, 3, 1, 1)
    assert viz.tile(picture, columns=1).tolist() == [[[255, 0, 128]]]


def test_pictures_with_a_gradient_or_in_half_precision_can_be_shown():
    assert viz.tile(torch.zeros(1, 1, 2, 2, dtype=torch.bfloat16, requires_grad=True), 1).shape == (2, 2, 3)


@pytest.mark.parametrize("window", [1, 3, 7])
def test_smooth_is_a_running_mean(window):
    values = np.random.default_rng(0).normal(size=20)
    full = np.convolve(values, np.ones(window) / window, mode="valid")
    mean = viz.smooth(values.tolist(), window)
    assert mean.shape == (20,)
    np.testing.assert_allclose(mean[window - 1 :], full, atol=1e-12)
    for i in range(window - 1):
        assert mean[i] == pytest.approx(values[: i + 1].mean())


def test_a_window_beyond_the_values_gives_means_of_all_before():
    assert viz.smooth([1.0, 3.0, 5.0], 100).tolist() == [1, 2, 3]


def test_a_short_alt_text_is_refused(shown):
    figure, _ = plt.subplots()
    with pytest.raises(VtonError, match=r"alt text 'A plot\.' is too short: say what is seen in 20 characters or more"):
        viz.show(figure, "A plot.")
    assert shown == []


def test_the_page_gets_an_opaque_picture_with_its_alt_text(shown):
    viz.use_style()
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.plot([1, 2])
    viz.show(figure, ALT)
    ((data, metadata),) = shown
    assert metadata == {"image/png": {"alt": ALT}}
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert picture.size == (3 * viz.DPI, 2 * viz.DPI)
    assert "transparency" not in picture.info
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert not plt.fignum_exists(figure.number), "the figure is closed, so that it is not shown twice"


def test_the_style_reaches_later_figures():
    viz.use_style()
    figure, axes = plt.subplots()
    (line,) = axes.plot([0, 1])
    assert line.get_color() == viz.BLUE
    assert figure.get_facecolor() == (1, 1, 1, 1)


def test_panels_have_their_titles_and_stand_below_each_other():
    figure = viz.picture_panels([("real", torch.zeros(6, 1, 4, 4)), ("fake", torch.zeros(3, 1, 4, 4))], columns=3)
    upper, lower = figure.axes
    assert [axis.get_title() for axis in figure.axes] == ["real", "fake"]
    assert upper.images[0].get_array().shape == (10, 16, 3)
    assert lower.images[0].get_array().shape == (4, 16, 3)
    assert upper.get_position().y0 > lower.get_position().y1
    assert not upper.axison
