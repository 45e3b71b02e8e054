"""The fitting room of chapter 01."""

import re

import numpy as np
import pytest

from vtonlib import fitting_room as room
from vtonlib.errors import VtonError

renders = pytest.mark.skipif(not room.can_render(), reason="needs the extra 'render'")


def test_the_sheet_holds_every_guest_in_every_garment():
    garments, people = room.ready()
    assert len(garments) == len(room.OFFERED)
    assert list(people) == list(room.GUESTS)
    pictures = [picture for worn in people.values() for picture in worn]
    assert {picture.shape for picture in [*garments, *pictures]} == {(*room.SIZE, 3)}
    apart = [np.abs(a.astype(int) - b).mean() for i, a in enumerate(pictures) for b in pictures[:i]]
    assert min(apart) > 3  # no two are the same


def test_the_sheet_is_small():
    assert room.SHEET.stat().st_size < 300_000


def test_the_static_room_has_a_switch_and_a_picture_for_each_pair():
    page = room.static_room()
    pairs = len(room.GUESTS) * len(room.OFFERED)
    assert len(page) < 200_000
    assert "<script" not in page
    assert page.count('type="radio"') == len(room.GUESTS) + len(room.OFFERED)
    assert page.count(" checked>") == 2
    assert len(re.findall(r":checked~#fr-what\d:checked~\.fr-stage \.fr-\d-\d\{display:block\}", page)) == pairs
    assert all(len(alt) > 20 for alt in re.findall(r'class="fr-\d-\d" alt="([^"]*)"', page))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'for="([^"]+)"', page)) == set(ids)


@pytest.mark.parametrize("kind", room.KINDS)
def test_every_option_of_a_kind_can_be_cut(kind):
    offered = room.options(kind)
    first = {name: allowed[0] for name, allowed in offered.items()}
    for name, allowed in offered.items():
        for value in allowed:
            choice = room.Choice(kind, **{**first, name: value})
            spec = room.cut(choice)
            worn = (spec.kind, spec.sleeve, spec.collar, spec.fabric.colour_name, spec.fabric.pattern)
            assert worn == (choice.kind, choice.sleeve, choice.collar, choice.colour, choice.pattern)


def test_a_garment_is_the_same_every_time():
    assert room.cut(room.OFFERED[2]) == room.cut(room.OFFERED[2])


@pytest.mark.parametrize(
    ("choice", "word"),
    [
        (room.Choice(kind="toga"), "toga"),
        (room.Choice(sleeve="puffed"), "puffed"),
        (room.Choice("tank", "long"), "long"),
    ],
)
def test_what_no_shop_sells_is_refused(choice, word):
    with pytest.raises(VtonError, match=word):
        room.cut(choice)


@renders
def test_a_guest_is_rendered_in_the_chosen_colour():
    red, blue = (room.try_on("Ben", room.Choice(colour=colour), (64, 48)) for colour in ("red", "blue"))
    changed = np.abs(red.astype(int) - blue).sum(-1) > 30
    assert 0.1 < changed.mean() < 0.6  # the garment, and not the person
    assert red[changed][:, 0].mean() > red[changed][:, 2].mean()
    assert blue[changed][:, 2].mean() > blue[changed][:, 0].mean()


@renders
def test_an_unknown_guest_is_refused():
    with pytest.raises(VtonError, match="Zoe"):
        room.try_on("Zoe", room.Choice(), (64, 48))


def test_the_live_room_restocks_its_menus():
    pytest.importorskip("ipywidgets")
    if not room.can_render():
        pytest.skip("needs the extra 'render'")
    box = room.live_room()
    menus = {menu.description: menu for menu in box.children[0].children[:6]}
    menus["kind"].value = "tank"
    assert menus["sleeve"].options == ("none",)
    assert menus["sleeve"].value == "none"


def test_without_the_renderer_the_live_room_shows_shipped_samples(monkeypatch):
    pytest.importorskip("ipywidgets")
    monkeypatch.setattr(room, "can_render", lambda: False)
    controls, picture = room.live_room().children
    before = picture.value
    controls.children[2].value = 2
    assert picture.value != before
