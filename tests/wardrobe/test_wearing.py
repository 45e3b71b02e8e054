"""Outfits: what covers what, what lies under sheer and open tops, and that everybody is always dressed."""

from dataclasses import replace

import numpy as np
import pytest

from vtonlib.data.labels import LIP
from vtonlib.wardrobe import landmarks as lm
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.cutting import cut_of
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.outfit import cloth_layers, label_of, look_of
from vtonlib.wardrobe.raster import Frame, draw
from vtonlib.wardrobe.tailor import make
from vtonlib.wardrobe.underwear import layer_under
from vtonlib.wardrobe.wearing import cuts_over, put_on, skin_field
from wardrobe.worlds import VARIETY, drawn_outfits, garment, needs_anny, profile_of, rest, still

CAMERA = Camera((0, 0, 0.1), 1.9, (128, 96))


@pytest.mark.parametrize(
    ("spec", "name"),
    [(garment("dress"), "dress"), (garment("bottom"), "pants"), (garment("bottom", kind="skirt"), "skirt"),
     (garment("bottom", kind="shorts"), "pants"), (garment(), "upper_clothes"),
     (garment(kind="shirt", front="placket"), "upper_clothes"), (garment(kind="jacket", front="open"), "coat")],
)  # fmt: skip
def test_garments_have_lips_labels(spec, name):
    assert label_of(spec) == LIP[name]


def test_under_open_and_sheer_tops_something_opaque_is_worn_and_under_others_nothing():
    for spec in (garment(), garment("dress"), garment("bottom"), garment(front="placket")):
        assert layer_under(spec) is None
    for spec in (garment(front="open"), garment(sheer=0.4), garment(kind="coat", front="open", sheer=0.3)):
        under = layer_under(spec)
        assert under == layer_under(spec)
        assert (under.category, under.sheer, under.front) == ("top", 0.0, "closed")
        assert layer_under(under) is None
    assert layer_under(garment(front="open")) != layer_under(garment(front="open", seed=8))


@needs_anny
def test_everybody_is_always_dressed():
    """From the bust down to the crotch the trunk lies under opaque cloth.

    Between a cropped top and trousers a slit of less than two centimetres may be bare: no point there is farther than
    one from cloth.
    """
    marks, model = lm.landmarks_of_all(), body_model()
    trunk = model.group("body")
    trunk = trunk[marks.arm[trunk] < 0.2]
    place = marks.place[trunk]
    chest = (place[:, 2] > 0.4) & (place[:, 2] < 0.7) & (np.abs(place[:, 0]) < 0.2)
    bust = place[chest][place[chest, 1].argmin(), 2]
    assert 0.45 < bust < 0.6
    between = (place[:, 2] < bust) & (place[:, 2] > lm.CROTCH_Z)
    intimate = between & ((place[:, 2] > bust - 0.15) | (place[:, 2] < lm.HIP_Z + 0.02))
    assert min(between.sum(), intimate.sum()) > 300
    kinds = set()
    for specs in drawn_outfits(250):
        opaque = [cut_of(spec) for spec in specs if spec.sheer == 0]
        covered = np.max([cut.covers(marks)[trunk] for cut in opaque], axis=0)
        assert covered[intimate].min() > 0, specs
        assert covered[between].min() > -0.01, specs
        kinds |= {spec.kind for spec in specs}
        if any(spec.sheer for spec in specs):
            kinds.add("sheer")
    assert {"coat", "sheer", "dress", "skirt", "shorts", "tank"} <= kinds
    # The measure itself: without the layer under a coat the chest is bare.
    assert cut_of(VARIETY["coat"]).covers(marks)[trunk][intimate].min() < -0.01


@pytest.fixture(scope="module")
def dressed():
    """Trousers, a tee and an open coat over it."""
    pieces = [(spec, look_of(spec), spec.kind == "coat") for spec in map(VARIETY.get, ("trousers", "tee", "coat"))]
    return put_on(pieces, rest(), profile_of())


@needs_anny
def test_each_further_garment_hangs_outside_the_one_below(dressed):
    assert [worn.tried for worn in dressed] == [False, False, True]
    for depth, worn in enumerate(dressed):
        lone = make(worn.garment.spec, rest(), profile_of())
        pairs = zip(worn.garment.parts, lone.parts, strict=True)
        away = [np.linalg.norm(mine.rest - alone.rest, axis=1).max() for mine, alone in pairs]
        assert max(away) < 0.02
        assert (max(away) > 0.003) == (depth > 0)


@needs_anny
def test_only_opaque_garments_hide_what_lies_under_them(dressed):
    trousers, tee, coat = dressed
    assert cuts_over(dressed, 0) == [tee.garment.cut, coat.garment.cut]
    assert cuts_over(dressed, 2) == []
    sheer_spec = replace(VARIETY["tee"], sheer=0.4)
    sheer = put_on([(sheer_spec, tee.look, True)], rest(), profile_of())[0]
    assert not sheer.hides
    assert cuts_over([trousers, sheer], 0) == []
    np.testing.assert_array_equal(skin_field([trousers, sheer]), skin_field([trousers]))


@needs_anny
def test_skin_is_left_out_where_cloth_covers_it_and_kept_where_it_is_bare(dressed):
    field = skin_field(dressed[:2])
    assert field.shape == (len(rest()), 1)
    assert field.dtype == np.float32
    marks = lm.landmarks_of_all()
    trunk = (marks.arm < 0.1) & (np.abs(marks.place[:, 2] - 0.45) < 0.05)
    assert (field[trunk] < 0).all()
    assert (field[marks.place[:, 2] > 0.85] > 0).all()
    assert (field[marks.along > 0.8] > 0).all()
    # Under its edge skin goes on a little, so that no gap opens.
    covers = np.max([worn.garment.cut.covers(marks) for worn in dressed[:2]], axis=0)
    assert (field[covers <= 0] > 0).all()
    assert (field[(covers > 0) & (covers < 0.005)] > 0).all()


@needs_anny
def test_layers_carry_label_sheerness_and_shop(dressed):
    tee = dressed[1]
    layers = cloth_layers(tee.garment, tee.look, still(), CAMERA, Light())
    assert len(layers) == len(tee.garment.parts)
    for layer, part in zip(layers, tee.garment.parts, strict=True):
        assert layer.part == LIP["upper_clothes"]
        assert layer.alpha == 0
        assert layer.shop is None
        assert layer.cut.shape == part.cut.shape
        np.testing.assert_allclose(layer.screen, CAMERA.project(part.rest), atol=1e-3)
        colours = layer.shader(layer.values)
        assert colours.shape == (len(part.rest), 3)
        assert np.isfinite(colours).all()
        assert colours.min() >= 0
    shop = [np.zeros((len(part.rest), 3), np.float32) for part in tee.garment.parts]
    sheer = make(replace(VARIETY["tee"], sheer=0.4), rest(), profile_of())
    for layer, points in zip(cloth_layers(sheer, tee.look, still(), CAMERA, Light(), shop=shop), shop, strict=True):
        assert layer.alpha == 0.4
        assert layer.shop is points


@needs_anny
def test_what_another_garment_covers_is_cut_away_but_for_a_lap(dressed):
    trousers, tee, _ = dressed
    alone = cloth_layers(trousers.garment, trousers.look, still(), CAMERA, Light())
    under = cloth_layers(trousers.garment, trousers.look, still(), CAMERA, Light(), under=[tee.garment.cut])
    seen = []
    for layers in (alone, under):
        frame = Frame.empty(CAMERA.size)
        for number, layer in enumerate(layers):
            draw(frame, layer.screen, layer.triangles, number, layer.cut)
        seen.append(frame.layer >= 0)
    assert not (seen[1] & ~seen[0]).any()
    gone = np.nonzero(seen[0] & ~seen[1])[0]
    assert len(gone) > 50
    hem = CAMERA.project(np.array([[0, 0, tee.garment.cut.bottom]]))[0, 1]
    assert gone.max() < hem + 2  # nothing below the tee's hem goes
