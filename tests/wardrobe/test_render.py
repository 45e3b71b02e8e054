"""Rendered samples: the same bytes for the same seed, and truth that agrees with itself."""

import hashlib
import os
import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import binary_dilation, distance_transform_edt

from vtonlib.data.labels import LIP
from vtonlib.data.occlusion import GARMENT_LABELS
from vtonlib.data.sample import GARMENTS, VIEWS
from vtonlib.errors import VtonError
from vtonlib.wardrobe import cloth, render, scene
from vtonlib.wardrobe.backgrounds import background
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.joints import keypoints
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.outfit import label_of, look_of
from vtonlib.wardrobe.render import Outfit, Stand, dress, render_sample, supersampling_for
from vtonlib.wardrobe.scene import camera_for
from vtonlib.wardrobe.shop import shop_view
from vtonlib.wardrobe.wearing import put_on, skin_field
from wardrobe.worlds import VARIETY, needs_anny, profile_of, quick_sample, rest, still

pytestmark = needs_anny

SIZE = (128, 96)
INDICES = range(4)  # of quick samples
CLOTH = [LIP[name] for names in GARMENT_LABELS.values() for name in names]


def digest(value):
    """A hash of everything in a sample, whatever it is made of."""
    if is_dataclass(value):
        return digest([(field.name, getattr(value, field.name)) for field in fields(value)])
    if isinstance(value, np.ndarray):
        return digest((str(value.dtype), value.shape, hashlib.sha256(value.tobytes()).hexdigest()))
    if isinstance(value, dict):
        return digest(list(value.items()))
    if isinstance(value, list | tuple):
        return hashlib.sha256("".join(digest(item) for item in value).encode()).hexdigest()
    return hashlib.sha256(repr(value).encode()).hexdigest()


def test_a_sample_is_the_same_in_another_process_and_after_others():
    """The other process renders only this one, with other hashes of strings; here others come first."""
    code = (
        "from wardrobe.test_render import digest, render_sample; print(digest(render_sample(3, 'train', 7, (64, 48))))"
    )
    tests = str(Path(__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": tests, "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"}
    there = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        quick_sample(0)
        here = digest(render_sample(3, "train", 7, (64, 48)))
        assert here == digest(render_sample(3, "train", 7, (64, 48)))
        printed, _ = there.communicate(timeout=120)
    finally:
        there.kill()
        there.wait()
    assert printed.strip() == here


def test_seed_split_and_index_each_give_another_sample():
    base = quick_sample(0)
    for other in (quick_sample(1), quick_sample(0, seed=4), quick_sample(0, split="test")):
        assert other.person_id != base.person_id
        assert other.cloth.garment_id != base.cloth.garment_id
        assert not np.array_equal(other.person.image, base.person.image)


def test_an_unknown_split_is_refused():
    with pytest.raises(VtonError, match=r"split 'val': use one of train, test"):
        render_sample(0, "val", 0, (64, 48))


@pytest.mark.parametrize("index", INDICES)
def test_a_sample_has_every_field_in_its_range(index):
    sample = quick_sample(index)
    assert sample.person_id == f"train-3-{index:06d}"
    assert sample.background_id >= 0
    assert all(isinstance(channel, int) and 0 <= channel <= 255 for channel in sample.skin_rgb)
    assert sample.cloth.garment_id != sample.other_cloth.garment_id
    assert sample.cloth.category == sample.other_cloth.category == sample.cloth.attributes["category"]
    for name in VIEWS:
        view = sample.require(name)  # types and shapes are checked where a view is made
        assert view.image.shape == (*SIZE, 3)
        assert view.parse.max() < len(LIP)
        assert not view.parse[view.neck].any()
        assert set(np.unique(view.keypoints[:, 2])) <= {0.0, 1.0}
        assert np.isfinite(view.keypoints).all()
        assert abs(view.turn_deg) <= 40.5
        assert (view.parse == LIP["face"]).any()
        assert (view.parse == 0).mean() > 0.1
        assert view.framing == "whole" or sample.cloth.category == "top"
    for name in GARMENTS:
        shown = sample.require(name)
        assert shown.mask.mean() > 0.05
        assert shown.caption
        assert np.isin(shown.alpha, [0, np.float32(shown.attributes["sheer"])]).all()
        assert not (shown.label_tag & ~shown.mask).any()
    for one, other in (("person", "swap"), ("other_pose", "other_pose_swap")):
        first, second = sample.require(one), sample.require(other)
        assert (first.framing, first.turn_deg) == (second.framing, second.turn_deg)
    assert sample.attributes["gender"] in ("woman", "man")


@pytest.mark.parametrize("index", INDICES)
def test_two_garments_in_one_pose_share_their_keypoints(index):
    """People who mark joints look through clothes."""
    sample = quick_sample(index)
    np.testing.assert_array_equal(sample.person.keypoints, sample.swap.keypoints)
    np.testing.assert_array_equal(sample.other_pose.keypoints, sample.other_pose_swap.keypoints)
    assert not np.array_equal(sample.person.keypoints, sample.other_pose.keypoints)


def far_from_clothes(sample, one, other, pixels):
    clothes = np.isin(sample.require(one).parse, CLOTH) | np.isin(sample.require(other).parse, CLOTH)
    return distance_transform_edt(~clothes) > pixels


@pytest.mark.parametrize("index", INDICES)
@pytest.mark.parametrize(("one", "other"), [("person", "swap"), ("other_pose", "other_pose_swap")])
def test_a_swap_changes_nothing_but_clothes(index, one, other):
    sample = quick_sample(index)
    far = far_from_clothes(sample, one, other, 3)
    first, second = sample.require(one), sample.require(other)
    assert far.mean() > 0.2
    np.testing.assert_array_equal(first.parse[far], second.parse[far])
    np.testing.assert_array_equal(first.neck[far], second.neck[far])
    difference = np.abs(first.image.astype(int) - second.image)
    # A garment shades what lies close behind it.
    assert difference[far].mean() < 0.5
    assert difference[~far].max() > 20


def test_the_wall_is_the_same_whatever_is_worn():
    for index in INDICES:
        sample = quick_sample(index)
        for one, other in (("person", "swap"), ("other_pose", "other_pose_swap")):
            first, second = sample.require(one), sample.require(other)
            wall = distance_transform_edt((first.parse == 0) & (second.parse == 0) & ~first.neck & ~second.neck) > 3
            np.testing.assert_array_equal(first.image[wall], second.image[wall])


def test_far_from_both_garments_pictures_are_equal():
    for index in INDICES:
        sample = quick_sample(index)
        for one, other in (("person", "swap"), ("other_pose", "other_pose_swap")):
            far = far_from_clothes(sample, one, other, 25)
            images = [sample.require(name).image.astype(int) for name in (one, other)]
            assert np.abs(images[0] - images[1])[far].max(initial=0) <= 1


@pytest.mark.parametrize("index", INDICES)
def test_without_shadows_only_pixels_of_clothes_differ(index, monkeypatch):
    monkeypatch.setattr(scene, "_darken_behind", lambda frame, colour: None)
    monkeypatch.setattr(render, "background", lambda number, size, floor: np.full((*size, 3), 0.6, np.float32))
    sample = quick_sample.__wrapped__(index)
    for one, other in (("person", "swap"), ("other_pose", "other_pose_swap")):
        far = far_from_clothes(sample, one, other, 2.5)
        images = [sample.require(name).image.astype(int) for name in (one, other)]
        assert np.abs(images[0] - images[1])[far].max() <= 1  # sums of single precision may differ in their last bit


@pytest.mark.parametrize("index", INDICES)
def test_correspondence_points_into_the_garment_from_its_own_pixels_only(index):
    sample = quick_sample(index)
    for name, shown in zip(VIEWS, (sample.cloth, sample.cloth, sample.other_cloth, sample.other_cloth), strict=True):
        view = sample.require(name)
        known = np.isfinite(view.correspondence).all(axis=2)
        np.testing.assert_array_equal(known, np.isfinite(view.correspondence).any(axis=2))
        assert known.sum() > 100
        labels = [LIP[label] for label in GARMENT_LABELS[shown.category]]
        assert np.isin(view.parse[known], labels).mean() > 0.95
        x, y = np.round(view.correspondence[known]).astype(int).T
        assert min(x.min(), y.min()) >= 0
        assert x.max() < SIZE[1]
        assert y.max() < SIZE[0]
        assert shown.mask[y, x].mean() > 0.93  # thin sleeves: a place near the edge may round to a pixel outside
        assert binary_dilation(shown.mask)[y, x].mean() > 0.998


@pytest.mark.parametrize("index", INDICES)
def test_opaque_cloth_has_the_colour_of_its_in_shop_picture(index):
    sample = quick_sample(index)
    for name, shown in zip(VIEWS, (sample.cloth, sample.cloth, sample.other_cloth, sample.other_cloth), strict=True):
        if shown.attributes["sheer"]:
            continue
        view = sample.require(name)
        known = np.isfinite(view.correspondence[..., 0])
        x, y = np.round(view.correspondence[known]).astype(int).T
        here, there = view.image[known].astype(float), shown.image[y, x].astype(float)
        # Light and folds change how bright it is, less so its hue; half of the pixels must be close in both.
        assert np.median(np.abs(here - there).mean(axis=1)) < 45
        hue = [rgb / (rgb.sum(axis=1, keepdims=True) + 15) for rgb in (here, there)]
        assert np.median(np.abs(hue[0] - hue[1]).max(axis=1)) < 0.04


def coded(samples, *_, **__):
    """Stands in for the light on cloth: where a sample lies on the template, as a colour of constant sum."""
    place = samples[:, 13:16]
    red, green = place[:, 0] + 0.4, 0.5 * place[:, 2] + 0.45
    behind = np.where(place[:, 1] > -0.03, 0.5, 1.0)  # the back is darker
    share = np.stack([red, green, np.full(len(red), 0.6)], axis=1) * behind[:, None]
    return (np.clip(share, 0.02, 1) ** 2).astype(np.float32)


@pytest.fixture
def stand():
    """A bare person at rest, turned a little; nobody else is in the picture."""
    model = body_model()
    from vtonlib.wardrobe.anatomy import part_of_triangles
    from vtonlib.wardrobe.scene import Layer

    def make(turn_deg):
        camera = Camera((0, 0, 0.1), 1.85, (192, 144), turn_deg=turn_deg)
        skin = Layer(
            screen=camera_for(camera, 2).project(rest()),
            triangles=model.mesh.triangles["body"],
            values=np.zeros((len(rest()), 1), np.float32),
            shader=lambda values: np.ones((len(values), 3), np.float32),
            part=part_of_triangles(),
        )
        told = {
            "posed": rest(), "transforms": still(), "camera": camera, "light": Light(), "person": [skin], "whole": True,
            "backdrop": background(0, camera.size, None), "keypoints": np.zeros((18, 3), np.float32),
        }  # fmt: skip
        return Stand(**{field.name: told[field.name] for field in fields(Stand)})

    return make


@pytest.mark.parametrize("turn_deg", [0, 30])
@pytest.mark.parametrize("name", ["tee", "sweater", "dress", "trousers", "skirt"])
def test_correspondence_leads_to_the_same_point_of_the_cloth(name, turn_deg, stand, monkeypatch):
    """Cloth is painted with its own template coordinates in both pictures; they must agree pixel for pixel."""
    monkeypatch.setattr(cloth, "shade", coded)
    monkeypatch.setattr(scene, "_darken_behind", lambda frame, colour: None)
    spec = VARIETY[name]
    look = look_of(spec)
    shop = shop_view(spec, look, True, (192, 144), 2)
    standing = stand(turn_deg)
    worn = put_on([(spec, look, True)], rest(), profile_of())
    picture = dress(standing, Outfit(worn, skin_field(worn)), shop, 2)
    known = np.isfinite(picture.correspondence[..., 0])
    # Leave edges out, where a pixel mixes cloth and what is beside it.
    inner = known & (distance_transform_edt(picture.parts == label_of(spec)) > 2)
    x, y = np.round(picture.correspondence[inner]).astype(int).T
    solid = distance_transform_edt(shop.mask)[y, x] > 2
    assert solid.sum() > 300
    here = picture.image[inner][solid].astype(float) / 255
    there = shop.image[y, x][solid].astype(float) / 255
    wrong = np.abs(here - there)
    assert np.median(wrong) < 0.012  # a pixel is about a centimetre of cloth, 0.01 in red
    assert (wrong.max(axis=1) < 0.06).mean() > 0.97
    assert np.ptp(here[:, 0]) > 0.15  # the code does tell points apart
    assert np.ptp(here[:, 1]) > 0.1


def test_keypoints_are_the_projected_joints_of_the_body(monkeypatch):
    """Re-project the mesh by hand: the pin-hole of the camera, and pixels whose middles are whole numbers."""
    stands, poses = [], []
    real_stand, real_skin = render.pose_before_camera, render.skin
    monkeypatch.setattr(render, "pose_before_camera", lambda *told: stands.append(real_stand(*told)) or stands[-1])
    monkeypatch.setattr(render, "skin", lambda *told: poses.append(real_skin(*told)) or poses[-1])
    sample = quick_sample.__wrapped__(2)
    assert len(stands) == len(poses) == 2
    for view, made, posed in zip((sample.person, sample.other_pose), stands, poses, strict=True):
        camera = made.camera
        joints = keypoints(posed).astype(float) - camera.centre
        angle = np.radians(camera.turn_deg)
        across = joints[:, 0] * np.cos(angle) - joints[:, 1] * np.sin(angle)
        depth = joints[:, 0] * np.sin(angle) + joints[:, 1] * np.cos(angle) + camera.distance
        focal = SIZE[0] * camera.distance / camera.height_m
        expected = np.stack([SIZE[1] / 2 + focal * across / depth, SIZE[0] / 2 - focal * joints[:, 2] / depth], axis=1)
        np.testing.assert_allclose(view.keypoints[:, :2], expected - 0.5, atol=0.02)
        assert view.turn_deg == camera.turn_deg
        assert view.keypoints[0, 2] == 1  # the nose of somebody turned by 40 degrees at most
        for x, y, seen in view.keypoints:
            assert not seen or (0 <= x + 0.5 <= SIZE[1] and 0 <= y + 0.5 <= SIZE[0])


@pytest.mark.parametrize("index", INDICES)
def test_visible_joints_lie_on_the_person(index):
    sample = quick_sample(index)
    for name in VIEWS:
        view = sample.require(name)
        person = distance_transform_edt((view.parse == 0) & ~view.neck) < 3
        points = view.keypoints[view.keypoints[:, 2] > 0, :2]
        column, row = np.round(points).astype(int).clip(0, [SIZE[1] - 1, SIZE[0] - 1]).T
        assert person[row, column].all()


def drawn(split, count, monkeypatch):
    """Persons and tried garments of samples as the renderer draws them, stopped before it renders."""
    people, garments = [], []

    class Drawn(Exception):
        pass

    def stop(spec):
        raise Drawn

    def keep(found, real):
        return lambda *told, **more: found.append(real(*told, **more)) or found[-1]

    with monkeypatch.context() as patch:
        patch.setattr(render, "draw_person", keep(people, render.draw_person))
        patch.setattr(render, "_draw_for", keep(garments, render._draw_for))
        patch.setattr(render, "profile", lambda rest: None)
        patch.setattr(render, "look_of", stop)
        for index in range(count):
            with pytest.raises(Drawn):
                render_sample(3, split, index, SIZE)
    return people, garments


def test_splits_share_neither_persons_nor_garments_nor_fabrics(monkeypatch):
    train, test = (drawn(split, 60, monkeypatch) for split in render.SPLITS)
    assert train[0][0].phenotype == drawn("train", 1, monkeypatch)[0][0].phenotype
    assert train[1][0].garment_id == quick_sample(0).cloth.garment_id

    def told(people, garments):
        yield {who.phenotype for who in people}
        yield {tuple(sorted(who.face.items())) for who in people}
        yield {spec.garment_id for spec in garments}
        yield {spec.fabric for spec in garments}

    for mine, theirs, count in zip(told(*train), told(*test), (60, 60, 120, 120), strict=True):
        assert len(mine) == len(theirs) == count
        assert not mine & theirs


@pytest.mark.parametrize("index", INDICES)
def test_nobody_is_bare_between_bust_and_hips(index):
    """No pixel of bare trunk lies below the neckline of the deepest cut and above the legs, but for a bare waist."""
    sample = quick_sample(index)
    for name in VIEWS:
        view = sample.require(name)
        neck, hips = view.keypoints[1, :2], view.keypoints[[8, 11], :2].mean(axis=0)
        share = (np.arange(SIZE[0]) - neck[1]) / (hips[1] - neck[1])
        assert view.neck[(share > 0.65) & (share < 1.2)].sum() <= 0.01 * (view.parse > 0).sum()
        clothed = np.isin(view.parse, CLOTH)
        middle = clothed[(share > 0.7) & (share < 0.95)]
        assert middle.any(axis=1).mean() > 0.8 or not middle.size


def test_small_pictures_get_more_samples():
    assert supersampling_for((128, 96)) >= supersampling_for((256, 192)) >= 2
