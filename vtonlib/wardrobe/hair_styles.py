"""The hair styles: how long hair is in each region of the head and which way it is combed.

Lengths are in metres along the strand. Regions blend into each other: ``top``, ``sides`` over the ears, ``back``, and
``front``, the strip over the forehead.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """How a style grows.

    Attributes:
        label: 'short', 'medium' or 'long', the length of the hair itself (a bun is long hair).
        lengths: top, sides, back and front, in metres.
        comb: top and front are combed by 'part' (away from a parting), 'back', 'forward', 'whorl' (in all directions
            from the crown), 'out' (straight off the scalp) or 'tie' (towards ``tie``).
        lift: thickness of the hair's volume in metres; a strand keeps between a third of it and all of it.
        strands: how many there are, and ``points`` on each.
        width: of a strand in metres; it stands for a lock of a few hundred hairs.
        gravity, hold: how strongly strands fall, and how strongly they follow the comb.
        noise: how much directions scatter.
        clumps: how many locks the strands gather in; ``gather`` in [0, 1] says how closely at the tip.
        curl: radius and pitch of the helix in metres; ``flat`` waves swing sideways only.
        root: radius in metres of the way along the strand before the curl has its full radius.
        hem: height (m, template) at which hanging hair is cut, and by how much the cut is uneven.
        fringe: length in metres of a fringe combed over the forehead, 0 for none.
        tie: the point where hair is tied; ``tail`` what it does from there: 'pony' or 'bun'.
        cover: how much of the skin the scalp layer hides, in [0, 1].
        women: how much likelier the style is for gender 1 than for 0, in [0, 1].
        share: relative frequency.
    """

    label: str
    lengths: tuple[float, float, float, float]
    comb: str
    lift: float
    strands: int = 2600
    points: int = 8
    width: float = 0.0020
    gravity: float = 0.25
    hold: float = 0.5
    noise: float = 0.12
    clumps: int = 320
    gather: float = 0.5
    curl: tuple[float, float] = (0.0, 0.05)
    flat: bool = True
    root: float = 0.03
    hem: tuple[float, float] = (0.0, 0.0)
    fringe: float = 0.0
    tie: tuple[float, float, float] | None = None
    tail: str = ""
    cover: float = 1.0
    women: float = 0.5
    share: float = 1.0


STYLES: dict[str, Style] = {
    "buzz": Style(
        "short", (0.007, 0.004, 0.005, 0.006), "out", 0.006, strands=3600, points=3, width=0.0014, gravity=0.1,
        hold=0.3, noise=0.45, clumps=3600, gather=0.0, cover=0.86, women=0.06, share=0.8,
    ),
    "crop": Style(
        "short", (0.028, 0.009, 0.012, 0.026), "forward", 0.012, strands=3400, points=5, width=0.0017, gravity=0.05,
        hold=0.5, noise=0.30, clumps=420, gather=0.45, cover=0.96, women=0.08,
    ),
    "side part": Style(
        "short", (0.058, 0.013, 0.018, 0.066), "part", 0.016, strands=3200, points=7, gravity=0.04, hold=0.6,
        noise=0.12, clumps=260, gather=0.55, women=0.08,
    ),
    "swept back": Style(
        "short", (0.085, 0.022, 0.026, 0.095), "back", 0.017, strands=3000, points=8, gravity=0.06, hold=0.6,
        noise=0.12, clumps=240, gather=0.55, women=0.15, share=0.8,
    ),
    "tousled": Style(
        "short", (0.060, 0.026, 0.032, 0.062), "whorl", 0.020, strands=2800, points=8, gravity=0.12, hold=0.38,
        noise=0.25, clumps=230, gather=0.70, curl=(0.003, 0.06), women=0.25, fringe=0.045,
    ),
    "pixie": Style(
        "short", (0.075, 0.040, 0.035, 0.080), "part", 0.013, strands=3000, points=8, gravity=0.20, hold=0.5,
        noise=0.14, clumps=240, gather=0.65, women=0.92, share=0.6, fringe=0.062,
    ),
    "bob": Style(
        "medium", (0.30, 0.24, 0.20, 0.30), "part", 0.014, strands=3200, points=11, gravity=0.30, hold=0.45,
        noise=0.05, clumps=300, gather=0.45, hem=(0.775, 0.008), curl=(0.002, 0.12), women=0.97,
    ),
    "bob with fringe": Style(
        "medium", (0.30, 0.24, 0.20, 0.30), "part", 0.014, strands=3200, points=11, gravity=0.30, hold=0.45,
        noise=0.05, clumps=300, gather=0.45, hem=(0.785, 0.006), fringe=0.078, women=0.97, share=0.7,
    ),
    "long straight": Style(
        "long", (0.60, 0.52, 0.46, 0.60), "part", 0.013, strands=3200, points=14, gravity=0.32, hold=0.45,
        noise=0.05, clumps=300, gather=0.50, hem=(0.60, 0.030), curl=(0.003, 0.20), women=0.96, share=1.3,
    ),
    "long wavy": Style(
        "long", (0.58, 0.50, 0.44, 0.58), "part", 0.018, strands=2200, points=20, gravity=0.32, hold=0.45,
        noise=0.06, clumps=220, gather=0.58, hem=(0.62, 0.036), curl=(0.010, 0.085), flat=False, root=0.16, women=0.95,
        share=1.3,
    ),
    "ponytail": Style(
        "long", (0.24, 0.22, 0.20, 0.26), "tie", 0.007, strands=2600, points=10, gravity=0.0, hold=0.9, noise=0.04,
        clumps=260, gather=0.4, hem=(0.70, 0.03), tie=(0.0, 0.058, 0.955), tail="pony", women=0.96,
    ),
    "bun": Style(
        "long", (0.24, 0.22, 0.20, 0.26), "tie", 0.008, strands=2600, points=10, gravity=0.0, hold=0.9, noise=0.06,
        clumps=240, gather=0.4, tie=(0.0, -0.010, 1.004), tail="bun", women=0.93, share=0.8,
    ),
    "curly": Style(
        "medium", (0.085, 0.060, 0.070, 0.075), "whorl", 0.030, strands=1500, points=22, width=0.0026, gravity=0.16,
        hold=0.18, noise=0.30, clumps=260, gather=0.55, curl=(0.0065, 0.026), flat=False, root=0.015, women=0.6,
    ),
    "afro": Style(
        "medium", (0.052, 0.046, 0.046, 0.038), "out", 0.055, strands=2200, points=16, width=0.0032, gravity=0.01,
        hold=0.25, noise=0.25, clumps=900, gather=0.35, curl=(0.0045, 0.014), flat=False, root=0.008, women=0.5,
        share=0.6,
    ),
}  # fmt: skip
"""All styles by name."""
