"""The bending room of chapter 07."""

import re

import numpy as np
import pytest
import torch

from vtonlib import bending_room as room
from vtonlib.geometry.sampling import identity_grid
from vtonlib.geometry.thin_plate import LatticeTps, lattice_nodes


def test_no_pull_changes_nothing_but_paints_the_pins():
    cloth = room.cloth(128)
    still = room.bend(cloth, room.Pull())
    changed = (np.abs(still.astype(int) - cloth).max(-1) > 1).mean()
    assert 0.001 < changed < 0.05


def test_the_cloth_follows_the_pin():
    cloth = np.full((129, 97, 3), 255, np.uint8)
    cloth[60:69, 44:53] = (0, 200, 0)  # a green patch under the middle pin
    pulled = room.bend(cloth, room.Pull(right=0.8))
    green = (pulled[..., 1] > 150) & (pulled[..., 0] < 60)
    columns = np.flatnonzero(green.any(0))
    assert columns.mean() > 60  # a pin distance is 24 columns


def test_a_short_pull_does_not_fold_and_a_long_one_does():
    def red(pull):
        bent = room.bend(np.full((128, 96, 3), 255, np.uint8), pull)
        return ((bent[..., 0].astype(int) - bent[..., 2]) > 40).mean()

    still = red(room.Pull())
    assert red(room.Pull(right=0.5)) < still + 0.01
    assert red(room.Pull(right=1.5)) > still + 0.02


def test_stiffness_lets_the_pins_give_way():
    cloth = room.cloth(128)
    free, stiff = (room.bend(cloth, room.Pull(down=0.8), s).astype(int) for s in (0.0, 1e6))
    assert np.abs(free - cloth).mean() > np.abs(stiff - cloth).mean()


def test_rows_and_columns_name_the_pins_of_the_lattice():
    nodes = lattice_nodes(room.LATTICE)
    for row, column in room.PINS.values():
        x, y = nodes[column * room.LATTICE[0] + row].tolist()
        assert (x, y) == (-1 + column / 2, -1 + row / 2)
    spline = LatticeTps(room.LATTICE, (9, 7))
    assert torch.allclose(spline(torch.zeros(1, 25, 2))[0], identity_grid((9, 7)), atol=1e-6)


def test_the_static_room_has_a_switch_and_a_picture_for_each_choice():
    page = room.static_room()
    choices = len(room.PINS) * len(room.WAYS) * len(room.LENGTHS)
    assert len(page) < 200_000
    assert "<script" not in page
    assert page.count('type="radio"') == len(room.PINS) + len(room.WAYS) + len(room.LENGTHS)
    assert page.count(" checked>") == 3
    switches = re.findall(r"#br-pin\d:checked~#br-way\d:checked~#br-far\d:checked~\.br-stage \.br-\d-\d-\d\{", page)
    assert len(set(switches)) == choices
    assert all(len(alt) > 20 for alt in re.findall(r'class="br-\d-\d-\d" alt="([^"]*)"', page))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'for="([^"]+)"', page)) == set(ids)
    assert len(set(re.findall(r'src="([^"]+)"', page))) == choices  # no two pictures are the same


def test_the_live_room_bends_when_a_slider_moves():
    pytest.importorskip("ipywidgets")
    controls, shown = room.live_room().children
    sliders = {slider.description: slider for slider in controls.children}
    before = shown.value
    sliders["pull right"].value = 0.9
    assert shown.value != before
