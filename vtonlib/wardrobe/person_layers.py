"""The layers of a person without clothes on: skin, eyes, hair and what is worn on the head.

The skin is the first layer; the renderer cuts it where cloth hides it.
"""

from __future__ import annotations

import functools

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.wardrobe import hair
from vtonlib.wardrobe.accessories import AccessorySpec, accessory_values, shade_accessory, wear
from vtonlib.wardrobe.anatomy import part_of_triangles
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.eyes import EyeSpec, eye_places, eye_triangles, shade_eyes
from vtonlib.wardrobe.light import Light, to_linear
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.people import PersonSpec
from vtonlib.wardrobe.scalp import scalp
from vtonlib.wardrobe.scene import Layer
from vtonlib.wardrobe.skin import SkinSpec, shade_skin, skin_texture


def person_layers(
    who: PersonSpec, rest: np.ndarray, posed: np.ndarray, transforms: np.ndarray, camera: Camera, light: Light
) -> list[Layer]:
    """All layers of a person, the skin first.

    Args:
        who: the person.
        rest, posed: (19158, 3) vertices of the body.
        transforms: (B, 3, 4) of the pose.
        camera: counting samples.
        light: the studio's light.
    """
    screen = camera.project(posed)
    layers = [_skin(who.skin, screen, posed, camera, light), _eyes(who.eyes, screen, posed, camera, light)]
    layers += _hair(who, rest, posed, transforms, camera, light)
    for accessory, label in ((who.hat, "hat"), (who.sunglasses, "sunglasses")):
        if accessory:
            layers.append(_accessory(accessory, LIP[label], rest, transforms, camera, light))
    return layers


@functools.cache
def _vertex_of_uv() -> np.ndarray:
    """For each point of the texture layout (T,) the vertex that it belongs to."""
    mesh = body_model().mesh
    owner = np.zeros(len(mesh.uv), np.int32)
    owner[mesh.uv_triangles["body"].ravel()] = mesh.triangles["body"].ravel()
    return owner


def _skin(spec: SkinSpec, screen: np.ndarray, posed: np.ndarray, camera: Camera, light: Light) -> Layer:
    mesh = body_model().mesh
    triangles = mesh.triangles["body"]
    facing = camera.directions(normals(posed, triangles))
    texture = skin_texture(spec)

    def shade(values: np.ndarray) -> np.ndarray:
        return shade_skin(to_linear(texture.sample(values[:, 3:5])), _unit(values[:, :3]), light)

    return Layer(
        screen=screen,
        triangles=triangles,
        values=np.column_stack([facing[_vertex_of_uv()], mesh.uv]).astype(np.float32),
        value_triangles=mesh.uv_triangles["body"],
        shader=shade,
        part=part_of_triangles(),
        closed=True,
    )


def _eyes(spec: EyeSpec, screen: np.ndarray, posed: np.ndarray, camera: Camera, light: Light) -> Layer:
    triangles = eye_triangles()

    def shade(values: np.ndarray) -> np.ndarray:
        return shade_eyes(spec, values[:, 3:6], _unit(values[:, :3]), light)

    values = np.column_stack([camera.directions(normals(posed, triangles)), eye_places()])
    return Layer(screen, triangles, values.astype(np.float32), shade, LIP["face"])


def _hair(
    who: PersonSpec, rest: np.ndarray, posed: np.ndarray, transforms: np.ndarray, camera: Camera, light: Light
) -> list[Layer]:
    """The scalp and the strands on it."""
    hat = who.hat.kind if who.hat else ""
    # Hair rests on cloth, which stands off the shoulders.
    grown = hair.dress_head(who.hair, body_model(), rest, posed, transforms, hat=hat, clearance=0.016)
    bare = to_linear(np.asarray(who.skin.rgb, np.float32))
    sides, values = hair.ribbons(grown, camera)
    strands = hair.ribbon_triangles(*grown.points.shape[:2])
    return [
        Layer(
            screen=camera.project(grown.scalp_points),
            triangles=scalp().triangles,
            values=hair.scalp_values(grown, camera).astype(np.float32),
            shader=lambda samples: hair.shade_scalp(samples, who.hair, light, bare),
            part=LIP["hair"],
            cut=hair.scalp_cut(who.hair),
            nearer=0.003,
        ),
        Layer(
            screen=sides,
            triangles=strands,
            values=values,
            value_triangles=strands // 2,
            shader=lambda samples: hair.shade_hair(samples, who.hair, light),
            part=LIP["hair"],
            thin=True,
        ),
    ]


def _accessory(
    spec: AccessorySpec, label: int, rest: np.ndarray, transforms: np.ndarray, camera: Camera, light: Light
) -> Layer:
    worn = wear(spec, body_model(), rest, transforms)
    return Layer(
        screen=camera.project(worn.points),
        triangles=worn.triangles,
        values=accessory_values(worn, camera).astype(np.float32),
        shader=lambda samples: shade_accessory(samples, light),
        part=label,
        nearer=0.003 if label == LIP["hat"] else 0.001,
    )


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6), np.float32)
