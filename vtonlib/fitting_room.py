"""The fitting room of chapter 01: a few people, and garments that the reader puts together.

Live, it renders whatever is chosen, which takes the extra ``render``. On a page that nobody runs it shows a small grid
of ready pictures between which radio buttons switch, by CSS alone.
"""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vtonlib.errors import VtonError

Picture = NDArray[np.uint8]

SHEET = Path(__file__).parent / "data" / "assets" / "fitting_room.webp"
"""The ready pictures: :data:`OFFERED` in a row as a shop shows them, then a row for each of :data:`GUESTS`."""
SIZE = (256, 192)
"""(height, width) of each picture."""
SHEET_QUALITY = 88


@dataclass(frozen=True)
class Choice:
    """A top in five words.

    Attributes:
        kind: one of :data:`KINDS`.
        sleeve: one of ``options(kind)["sleeve"]``; so for the rest.
        collar: of the neckline.
        colour: the word for the ground of the cloth, one of :data:`COLOURS`.
        pattern: of the cloth.
    """

    kind: str = "tee"
    sleeve: str = "short"
    collar: str = "crew"
    colour: str = "red"
    pattern: str = "plain"

    def __str__(self) -> str:
        sleeve = "sleeveless" if self.sleeve == "none" else f"{self.sleeve}-sleeved"
        cloth = self.colour if self.pattern == "plain" else f"{self.colour} {_PATTERN_WORDS[self.pattern]}"
        return f"{cloth} {self.kind}, {sleeve}, {self.collar} collar"


KINDS = ("tee", "tank", "top", "blouse", "shirt", "sweater", "hoodie")
SHADES = {
    "white": "white", "black": "black", "red": "red", "blue": "royal", "green": "emerald", "yellow": "mustard",
    "pink": "rose", "purple": "violet", "orange": "burnt orange", "brown": "cognac", "gray": "gray",
}  # fmt: skip
"""Each colour word that is offered, and the shade of the shop that stands for it."""
COLOURS = tuple(SHADES)
_PATTERN_WORDS = {
    "plain": "plain", "h_stripes": "striped", "v_stripes": "pinstriped", "plaid": "plaid", "dots": "dotted",
    "floral": "flowered", "blocks": "colour-block", "noise": "mottled",
}  # fmt: skip

GUESTS = {"Ada": (35, True), "Ben": (32, False), "Chi": (25, True)}
"""Who can be dressed: for each invented name the seed of a person, and whether presented as a woman."""

OFFERED = (
    Choice("tee", "short", "crew", "red", "plain"),
    Choice("tank", "none", "scoop", "yellow", "plain"),
    Choice("sweater", "long", "turtle", "white", "h_stripes"),
    Choice("shirt", "long", "shirt", "blue", "plaid"),
)
"""The garments of the ready pictures."""


def can_render() -> bool:
    """Whether the extra ``render`` is installed."""
    return all(find_spec(name) for name in ("anny", "numba"))


def options(kind: str) -> dict[str, tuple[str, ...]]:
    """What a kind of top can be had in: ``sleeve``, ``collar``, ``colour`` and ``pattern``.

    Raises:
        VtonError: if it is not one of :data:`KINDS`.
    """
    from vtonlib.wardrobe.fabrics.draw import PATTERN_SHARES
    from vtonlib.wardrobe.garment_rules import KINDS as RULES

    if kind not in KINDS:
        raise VtonError(f"kind {kind!r}: use one of {', '.join(KINDS)}")
    rules = RULES[kind]
    patterns = {pattern for material in rules.materials for pattern in PATTERN_SHARES[material]}
    patterns &= set(rules.patterns or patterns)
    return {
        "sleeve": tuple(rules.sleeves),
        "collar": tuple(rules.collars),
        "colour": COLOURS,
        "pattern": tuple(pattern for pattern in _PATTERN_WORDS if pattern in patterns),
    }


def cut(choice: Choice, seed: int = 0) -> Any:
    """The garment that a choice describes; what the words leave open comes from the seed.

    Returns:
        A :class:`vtonlib.wardrobe.garment_spec.GarmentSpec`.

    Raises:
        VtonError: if the kind does not come like that.
    """
    from vtonlib.wardrobe.fabrics import palettes
    from vtonlib.wardrobe.fabrics.draw import PATTERN_SHARES, draw_fabric
    from vtonlib.wardrobe.garment_rules import KINDS as RULES
    from vtonlib.wardrobe.garment_rules import NECK, SLEEVE_AT
    from vtonlib.wardrobe.garment_spec import draw_garment

    for name, allowed in options(choice.kind).items():
        if getattr(choice, name) not in allowed:
            raise VtonError(f"{name} {getattr(choice, name)!r}: a {choice.kind} comes with {', '.join(allowed)}")
    rng = np.random.default_rng([seed, 1])
    spec = draw_garment(rng, "top")
    while spec.kind != choice.kind or spec.fit == "loose" or spec.sheer:
        spec = draw_garment(rng, "top")
    woven = [m for m in RULES[choice.kind].materials if choice.pattern in PATTERN_SHARES[m] and m != "chiffon"]
    material = (woven or list(RULES[choice.kind].materials))[0]
    shade = palettes.hexadecimal(palettes.SHADES[SHADES[choice.colour]][0])
    while True:
        fabric = draw_fabric(rng, material, choice.pattern, "none")
        clear = [abs(palettes.lightness(other) - palettes.lightness(shade)) > 25 for other in fabric.colours[1:]]
        if choice.pattern == "plain" or all(clear):
            break
    deeper = tuple(0.72 * channel for channel in shade)  # the second yarn of a plain cloth
    rest = (deeper,) if choice.pattern == "plain" else fabric.colours[1:]
    width, depth = (sum(span) / 2 for span in NECK[choice.collar])
    return replace(
        spec,
        sleeve=choice.sleeve,
        collar=choice.collar,
        front="placket" if choice.collar == "shirt" else "closed",
        sheer=0.0,
        sleeve_at=sum(SLEEVE_AT[choice.sleeve]) / 2,
        neck_width=width,
        neck_depth=depth,
        fabric=replace(fabric, colours=(shade, *rest), colour_name=choice.colour),
    )


def try_on(guest: str, choice: Choice, size: tuple[int, int] = SIZE) -> Picture:
    """Render a guest in a garment: (H, W, 3) uint8. The first call takes seconds, since code is compiled.

    Raises:
        VtonError: if nobody has that name, or the kind does not come like that.
    """
    from vtonlib.wardrobe.render import dress, put_together, supersampling_for
    from vtonlib.wardrobe.tube import profile

    who, rest, kept, stand = _guest(guest, size)
    spec, shop, look = _hung(choice, who.female, size)
    outfit = put_together(spec, kept, {spec: look}, rest, profile(rest), {})
    picture: Picture = dress(stand, outfit, shop, supersampling_for(size)).image
    return picture


def in_shop(choice: Choice, size: tuple[int, int] = SIZE) -> Picture:
    """A garment as a shop shows it: (H, W, 3) uint8."""
    picture: Picture = _hung(choice, True, size)[1].image
    return picture


@lru_cache(maxsize=32)
def _hung(choice: Choice, female: bool, size: tuple[int, int]) -> tuple[Any, Any, Any]:
    from vtonlib.wardrobe.outfit import look_of
    from vtonlib.wardrobe.render import supersampling_for
    from vtonlib.wardrobe.shop import shop_view

    spec = cut(choice)
    look = look_of(spec)
    return spec, shop_view(spec, look, female, size, supersampling_for(size)), look


@lru_cache(maxsize=8)
def _guest(name: str, size: tuple[int, int]) -> tuple[Any, Any, Any, Any]:
    """A guest's person, body at rest, trousers, and stand before the camera."""
    from vtonlib.wardrobe.body import body_model
    from vtonlib.wardrobe.garment_spec import draw_garment
    from vtonlib.wardrobe.light import draw_light
    from vtonlib.wardrobe.people import draw_person
    from vtonlib.wardrobe.render import pose_before_camera, supersampling_for

    if name not in GUESTS:
        raise VtonError(f"guest {name!r}: choose one of {', '.join(GUESTS)}")
    seed, woman = GUESTS[name]
    rng = np.random.default_rng([seed, 7])
    who = draw_person(rng, woman=woman)
    rest = body_model().shape(who.phenotype, who.face)
    kept = draw_garment(rng, "bottom")
    while kept.kind == "skirt":
        kept = draw_garment(rng, "bottom")
    stand = pose_before_camera(rng, who, rest, False, draw_light(rng), seed, size, supersampling_for(size))
    return who, rest, kept, stand


def render_sheet(path: Path = SHEET) -> None:
    """Draw the ready pictures; called without arguments, it made the shipped ones."""
    rows = [np.hstack([in_shop(choice) for choice in OFFERED])]
    rows += [np.hstack([try_on(guest, choice) for choice in OFFERED]) for guest in GUESTS]
    Image.fromarray(np.vstack(rows)).save(path, quality=SHEET_QUALITY, method=6)


def ready(path: Path = SHEET) -> tuple[list[Picture], dict[str, list[Picture]]]:
    """The ready pictures: the garments, and for each guest the pictures in all of them."""
    sheet = np.asarray(Image.open(path).convert("RGB"))
    height, width = SIZE
    tiles = [
        [sheet[top : top + height, left : left + width] for left in range(0, sheet.shape[1], width)]
        for top in range(0, sheet.shape[0], height)
    ]
    return tiles[0], dict(zip(GUESTS, tiles[1:], strict=True))


def static_room(quality: int = 76) -> str:
    """The fitting room as one piece of HTML that needs no JavaScript: radio buttons choose among the ready pictures."""
    garments, people = ready()
    first, second = "fr-who", "fr-what"
    buttons, styles, pictures = [], [], []
    for group, legend, labels in ((first, "Who", list(GUESTS)), (second, "What", [str(c) for c in OFFERED])):
        for number, label in enumerate(labels):
            name = f"{group}{number}"
            checked = " checked" if number == 0 else ""
            buttons.append(
                f'<input type="radio" name="{group}" id="{name}" aria-label="{legend}: {html.escape(label)}"{checked}>'
            )
    for p, (guest, worn) in enumerate(people.items()):
        styles.append(f"#{first}{p}:checked~.fr-bar label[for={first}{p}]{{{_CHOSEN}}}")
        styles.append(f"#{first}{p}:focus-visible~.fr-bar label[for={first}{p}]{{{_FOCUS}}}")
        for g, picture in enumerate(worn):
            styles.append(f"#{first}{p}:checked~#{second}{g}:checked~.fr-stage .fr-{p}-{g}{{display:block}}")
            alt = f"{guest}, a drawn person from the hips up, wears: {OFFERED[g]}."
            pictures.append(f'<img class="fr-{p}-{g}" alt="{html.escape(alt)}" src="{_inline(picture, quality)}">')
    bar = "".join(f'<label for="{first}{n}">{guest}</label>' for n, guest in enumerate(GUESTS))
    hangers = []
    for g, (choice, picture) in enumerate(zip(OFFERED, garments, strict=True)):
        styles.append(f"#{second}{g}:checked~.fr-bar label[for={second}{g}]{{{_CHOSEN}}}")
        styles.append(f"#{second}{g}:focus-visible~.fr-bar label[for={second}{g}]{{{_FOCUS}}}")
        small = np.asarray(Image.fromarray(picture).resize((72, 96), Image.Resampling.LANCZOS))
        thumbnail = f'<img alt="" src="{_inline(small, quality)}">'
        hangers.append(f'<label for="{second}{g}">{thumbnail}<br>{html.escape(str(choice))}</label>')
    return (
        f"<style>{_LAYOUT}{''.join(styles)}</style>"
        f'<div class="fr" role="group" aria-label="Fitting room: choose a person and a garment">{"".join(buttons)}'
        f'<div class="fr-bar">{bar}</div><div class="fr-bar fr-what">{"".join(hangers)}</div>'
        f'<div class="fr-stage">{"".join(pictures)}</div></div>'
    )


_CHOSEN = "border-color:#2f6fb2;background:#e3edf7"
_FOCUS = "outline:3px solid #d9822b"
_LAYOUT = (
    ".fr{max-width:32rem;color:#1b2a41;background:#fff;padding:.5rem}"
    ".fr input{position:absolute;opacity:0;width:1px;height:1px;margin:0}"
    ".fr-bar{display:flex;flex-wrap:wrap;gap:.4rem;margin-bottom:.5rem}"
    ".fr-bar label{border:2px solid #8d99a6;border-radius:.4rem;padding:.25rem .6rem;cursor:pointer;font-size:.75rem;"
    "line-height:1.25;text-align:center;margin:0}"
    ".fr-what{display:grid;grid-template-columns:repeat(4,1fr)}.fr-what label{padding:.25rem}"
    ".fr-bar label img{margin:0 auto;max-width:100%}"
    ".fr-stage img{display:none;width:288px;height:384px;margin:0}"
)


def _inline(picture: Picture, quality: int) -> str:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="webp", quality=quality, method=6)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def live_room() -> Any:
    """The fitting room as a widget; its first picture is a ready one, so that nothing is rendered unasked.

    Without the extra ``render`` it offers the four pictures of some shipped samples instead.

    Returns:
        The widget, or None where ipywidgets is not installed.
    """
    if not find_spec("ipywidgets"):
        return None
    return _rendering_room() if can_render() else _sample_room()


def _rendering_room() -> Any:
    import ipywidgets as widgets

    first = OFFERED[0]
    menus = {name: widgets.Dropdown(description=name) for name in ("who", "kind", *options(first.kind))}
    menus["who"].options, menus["kind"].options = tuple(GUESTS), KINDS
    button = widgets.Button(description="Try it on", button_style="primary")
    told = widgets.HTML(f"{next(iter(GUESTS))}: {first}")
    picture = _image(ready()[1][next(iter(GUESTS))][0])

    def restock(_: Any = None) -> None:
        for name, allowed in options(menus["kind"].value).items():
            kept = menus[name].value
            menus[name].options = allowed
            menus[name].value = kept if kept in allowed else allowed[0]

    def render(_: Any = None) -> None:
        chosen = {name: menu.value for name, menu in menus.items()}
        guest, choice = chosen.pop("who"), Choice(**chosen)
        told.value = "<i>sewing ... (the first time takes a minute)</i>"
        picture.value = _png(try_on(guest, choice))
        told.value = f"{guest}: {html.escape(str(choice))}"

    menus["kind"].value = first.kind
    restock()
    for name in options(first.kind):
        menus[name].value = getattr(first, name)
    menus["kind"].observe(restock, "value")
    button.on_click(render)
    return widgets.HBox([widgets.VBox([*menus.values(), button, told]), picture])


def _sample_room() -> Any:
    import ipywidgets as widgets

    from vtonlib.data.layout import read_sample, sample_names
    from vtonlib.data.mini import wardrobe_mini

    folder = wardrobe_mini()
    samples = {name: read_sample(folder, "test", name) for name in sample_names(folder, "test")[:6]}
    who = widgets.Dropdown(description="who", options=tuple(samples))
    pose = widgets.ToggleButtons(description="pose", options=(1, 2))
    garment = widgets.ToggleButtons(description="garment", options=(1, 2))
    picture = _image(samples[who.value].person.image)

    def switch(_: Any = None) -> None:
        slot = {(1, 1): "person", (2, 1): "other_pose", (1, 2): "swap", (2, 2): "other_pose_swap"}
        picture.value = _png(samples[who.value].require(slot[pose.value, garment.value]).image)

    for menu in (who, pose, garment):
        menu.observe(switch, "value")
    return widgets.HBox([widgets.VBox([who, pose, garment]), picture])


def _image(picture: Picture) -> Any:
    import ipywidgets as widgets

    return widgets.Image(value=_png(picture), format="png", width=288, height=384)


def _png(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="png")
    return buffer.getvalue()
