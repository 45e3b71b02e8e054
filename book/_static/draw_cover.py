"""Draw the book's cover and its small icon as SVG: a try-on pipeline in five pictures, made for the book.

    python book/_static/draw_cover.py      # rewrites cover-wide.svg, cover-tall.svg and favicon.svg beside it

The bent T-shirt is no drawing of its own: outline, stripes and grid of the flat one go through the function `warp`,
as they will in the book's warping chapters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

INK, BLUE, ORANGE, PAPER, GREY = "#1b2a41", "#2f6fb2", "#d9822b", "#ffffff", "#8d99a6"
SKIN, FLOOR, SHADE, TILE = "#d8b08c", "#e9eef4", "#c4cbd3", "#f4f7fa"
WIDTH, HEIGHT = 200, 260  # of one picture

Point = tuple[float, float]

# The flat T-shirt, in the picture's own pixels, clockwise from the left of the collar.
NECK = [(120 - 40 * t, 58 + 46 * t * (1 - t)) for t in (i / 12 for i in range(13))]
SHIRT: list[Point] = [
    (80, 58), (66, 62), (27, 104), (47, 124), (63, 108), (61, 206), (139, 206), (137, 108), (153, 124), (173, 104),
    (134, 62), *NECK,
]  # fmt: skip
BODY_ARMS = [[(70, 94), (53, 134), (46, 182)], [(130, 94), (156, 130), (126, 170)]]
JOINTS = [(100, 76), (70, 94), (53, 134), (46, 182), (130, 94), (156, 130), (126, 170), (82, 184), (118, 184)]
BONES = [(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 6), (0, 7), (0, 8)]


def warp(point: Point) -> Point:
    """Where a point of the flat T-shirt lies on the figure."""
    x, y = point
    u, v = (x - 100) / 40, (y - 58) / 148
    waist = 1 - 0.17 * math.exp(-(((v - 0.66) / 0.24) ** 2))
    lift = 4 * math.tanh(1.5 * u)  # the shoulder above the bent arm sits a little higher
    return 100 + 34 * u * waist + 5 * math.sin(math.pi * v), 76 + 112 * v - lift * (1 - v) + 3 * math.cos(2.4 * u)


def path(points: list[Point], closed: bool = True) -> str:
    """SVG path data through the points."""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + (" Z" if closed else "")


def dense(points: list[Point], closed: bool = True, step: float = 4) -> list[Point]:
    """The same line with a point at least every `step` pixels, so that it can bend."""
    out: list[Point] = []
    for a, b in zip(points, points[1:] + points[:1] if closed else points[1:], strict=False):
        n = max(1, math.ceil(math.dist(a, b) / step))
        out += [(a[0] + (b[0] - a[0]) * i / n, a[1] + (b[1] - a[1]) * i / n) for i in range(n)]
    return out if closed else [*out, points[-1]]


def garment(move: Callable[[Point], Point], key: str, grid: bool = False) -> str:
    """The T-shirt with its stripes, every point of it moved by `move`."""

    def line(points: list[Point], closed: bool = False) -> str:
        return path([move(p) for p in dense(points, closed)], closed)

    outline = line(SHIRT, closed=True)
    stripes = "".join(
        f'<path d="{line([(20, y), (180, y)])}" stroke="{PAPER}" stroke-width="7" fill="none"/>' for y in (136, 154)
    )
    badge = [(118 + 8 * math.cos(t / 8 * math.pi), 108 + 8 * math.sin(t / 8 * math.pi)) for t in range(16)]
    lines = ""
    if grid:
        across = [[(x, 40), (x, 220)] for x in range(20, 181, 16)]
        down = [[(20, y), (180, y)] for y in range(44, 221, 16)]
        lines = "".join(
            f'<path d="{line(one)}" stroke="{BLUE}" stroke-width="1" stroke-opacity=".55" fill="none"/>'
            for one in across + down
        )
    return (
        f'{lines}<clipPath id="{key}"><path d="{outline}"/></clipPath>'
        f'<path d="{outline}" fill="{ORANGE}"/><g clip-path="url(#{key})">{stripes}</g>'
        f'<path d="{line(badge, closed=True)}" fill="{INK}"/>'
        f'<path d="{outline}" fill="none" stroke="{INK}" stroke-opacity=".35" stroke-width="1.5"/>'
    )


def limb(points: list[Point], colour: str, width: float) -> str:
    """A thick, round line."""
    return (
        f'<path d="{path(points, closed=False)}" fill="none" stroke="{colour}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def figure(shirt: str) -> str:
    """A faceless figure, one hand on the hip; `shirt` is drawn between its body and its hands."""
    trousers = [(74, 176), (127, 176), (133, 262), (106, 262), (101, 208), (95, 262), (68, 262)]
    torso = [(70, 90), (88, 82), (112, 82), (130, 90), (126, 140), (127, 184), (74, 184), (76, 140)]
    hair = "M76 44 C74 12 126 12 124 44 C122 34 112 28 100 28 C88 28 78 34 76 44 Z"
    return (
        f'<ellipse cx="100" cy="256" rx="62" ry="9" fill="{FLOOR}"/>'
        f'<path d="{path(trousers)}" fill="{INK}"/>'
        f'<path d="{path(torso)}" fill="{SKIN}"/>'
        + "".join(limb(arm, SKIN, 15) for arm in BODY_ARMS)
        + f'<rect x="91" y="60" width="18" height="30" rx="8" fill="{SKIN}"/>'
        f'<ellipse cx="100" cy="44" rx="21" ry="25" fill="{SKIN}"/><path d="{hair}" fill="{INK}"/>{shirt}'
    )


def old_shirt() -> str:
    """The grey shirt that the figure wears at first, its sleeves along the arms."""
    torso = [(68, 90), (86, 82), (100, 94), (114, 82), (132, 90), (127, 140), (129, 190), (72, 190), (75, 140)]
    sleeves = "".join(limb([arm[0], arm[1]], SHADE, 21) for arm in BODY_ARMS)
    return f'{sleeves}<path d="{path(torso)}" fill="{SHADE}"/>'


def pose() -> str:
    """Joints and bones over the figure."""
    bones = "".join(limb([JOINTS[a], JOINTS[b]], BLUE, 2) for a, b in BONES)
    return bones + "".join(f'<circle cx="{x}" cy="{y}" r="4.5" fill="{BLUE}"/>' for x, y in JOINTS)


def mask() -> str:
    """Where the garment goes: white on dark."""
    outline = path([warp(p) for p in dense(SHIRT)])
    return f'<rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="{INK}"/><path d="{outline}" fill="{PAPER}"/>'


def pictures() -> list[tuple[str, str, str]]:
    """(sign before it, name, drawing) of the five pictures, in order."""
    return [
        ("", "person", figure(old_shirt()) + pose()),
        ("+", "cloth", garment(lambda p: p, "flat")),
        ("→", "warp", garment(warp, "bent", grid=True)),
        ("→", "compose", mask()),
        ("→", "result", figure(garment(warp, "worn"))),
    ]


def sheet(places: list[Point], size: Point, margin: float) -> str:
    """Put the five pictures at their places on one opaque sheet."""
    font = "font-family=\"'Segoe UI', 'Helvetica Neue', Arial, sans-serif\" text-anchor=\"middle\""
    parts = []
    for (sign, name, drawing), (x, y) in zip(pictures(), places, strict=True):
        parts.append(
            f'<g transform="translate({x} {y})"><rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="{TILE}"/>'
            f'<g clip-path="url(#tile)">{drawing}</g>'
            f'<rect x=".75" y=".75" width="{WIDTH - 1.5}" height="{HEIGHT - 1.5}" rx="14" fill="none" '
            f'stroke="{ORANGE if name == "result" else SHADE}" stroke-width="{3 if name == "result" else 1.5}"/>'
            f'<text x="{WIDTH / 2}" y="{HEIGHT + 28}" {font} font-size="21" font-weight="600" fill="{INK}">'
            f"{name}</text>"
            + (
                f'<text x="{-margin / 2}" y="{HEIGHT / 2 + 12}" {font} font-size="34" fill="{GREY}">{sign}</text>'
                if sign
                else ""
            )
            + "</g>"
        )
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
        "<title>From a person and a garment to the person wearing it</title>"
        f'<clipPath id="tile"><rect width="{WIDTH}" height="{HEIGHT}" rx="14"/></clipPath>'
        f'<rect width="{width:g}" height="{height:g}" rx="18" fill="{PAPER}"/>{"".join(parts)}</svg>\n'
    )


def drawings() -> dict[str, str]:
    """The files beside this script: name -> content."""
    gap, edge, line = 46, 26, HEIGHT + 62
    step = WIDTH + gap
    wide = [(edge + i * step, edge) for i in range(5)]
    tall = [(edge + gap, edge), (edge + gap + step, edge), (edge + gap, edge + line)]
    tall += [(edge + gap + step, edge + line), (edge + gap + step / 2, edge + 2 * line)]
    icon = "".join(f'<path d="{path(SHIRT)}" fill="{ORANGE}"/>')
    return {
        "cover-wide.svg": sheet(wide, (2 * edge + 5 * WIDTH + 4 * gap, HEIGHT + 2 * edge + 24), gap),
        "cover-tall.svg": sheet(tall, (2 * edge + 2 * gap + 2 * WIDTH + gap, 2 * edge + 3 * line - 36), gap),
        "favicon.svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="20 50 160 160">{icon}</svg>\n',
    }


def main() -> None:
    """Write the files."""
    for name, content in drawings().items():
        (Path(__file__).parent / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
