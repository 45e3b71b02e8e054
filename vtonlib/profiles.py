"""What a run may cost: the four profiles, and one table of budgets for every stage of the book.

Budgets are counted in steps, which anyone can reproduce, and never in seconds, which nobody can.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from vtonlib.errors import VtonError

DEFAULT = "cpu"
"""The profile that the committed notebooks were run with."""


@dataclass(frozen=True)
class Profile:
    """Where a run is meant to happen and how large its pictures of people are.

    Attributes:
        name: key in :data:`PROFILES`.
        where: the machine that the profile is meant for, in words.
        size: (height, width) of the pictures in pixels, 4:3 portrait. Fashion-MNIST stays 28 x 28 everywhere.
    """

    name: str
    where: str
    size: tuple[int, int]


PROFILES: dict[str, Profile] = {
    p.name: p
    for p in (
        Profile("smoke", "tests, 2 cores", (64, 48)),
        Profile("cpu", "a laptop, 2 cores, no GPU", (128, 96)),
        Profile("gpu", "one Colab T4 or better", (256, 192)),
        Profile("paper", "GPUs and the papers' data", (256, 192)),
    )
}


@dataclass(frozen=True)
class Budget:
    """What one stage may use under one profile.

    Attributes:
        steps: training steps; a step runs every phase of the stage that is due.
        batch_size: pictures per step, over all processes together.
        width: channels of the networks' narrowest hidden layer.
        minutes: how long the run takes, on the machine that the profile is meant for.
        where: that machine, and ``estimated`` where nobody has run it yet.
        peak_mib: resident memory that the run is expected to stay below, in MiB (estimated where not measured).
        height: rows of the pictures of people, whose columns are three quarters of them; 0 where there are none.
    """

    steps: int
    batch_size: int
    width: int
    minutes: float
    where: str
    peak_mib: int
    height: int = 0


TWO_CORES = "2 CPU cores"
ONE_GPU = "one T4 (estimated)"

BUDGETS: dict[tuple[str, str], Budget] = {
    ("toy_discriminator", "smoke"): Budget(
        steps=300, batch_size=512, width=64, minutes=0.02, where=TWO_CORES, peak_mib=500
    ),
    ("toy_discriminator", "cpu"): Budget(
        steps=1500, batch_size=1024, width=64, minutes=0.1, where=TWO_CORES, peak_mib=500
    ),
    ("toy_gan", "smoke"): Budget(steps=500, batch_size=128, width=64, minutes=0.02, where=TWO_CORES, peak_mib=500),
    ("toy_gan", "cpu"): Budget(steps=2500, batch_size=128, width=64, minutes=0.2, where=TWO_CORES, peak_mib=500),
    ("dcgan", "smoke"): Budget(steps=150, batch_size=64, width=16, minutes=0.1, where=TWO_CORES, peak_mib=1500),
    ("dcgan", "cpu"): Budget(steps=1800, batch_size=64, width=32, minutes=3, where=TWO_CORES, peak_mib=1500),
    ("dcgan", "gpu"): Budget(steps=20_000, batch_size=128, width=128, minutes=10, where=ONE_GPU, peak_mib=3000),
    ("dcgan", "paper"): Budget(steps=60_000, batch_size=128, width=128, minutes=30, where=ONE_GPU, peak_mib=3000),
    ("clothes_classifier", "smoke"): Budget(
        steps=100, batch_size=64, width=16, minutes=0.1, where=TWO_CORES, peak_mib=1500
    ),
    ("clothes_classifier", "cpu"): Budget(
        steps=600, batch_size=64, width=32, minutes=0.4, where=TWO_CORES, peak_mib=1500
    ),
    ("clothes_classifier", "gpu"): Budget(
        steps=3000, batch_size=128, width=64, minutes=1, where=ONE_GPU, peak_mib=3000
    ),
    ("clothes_classifier", "paper"): Budget(
        steps=6000, batch_size=128, width=64, minutes=2, where=ONE_GPU, peak_mib=3000
    ),
    ("human_parser", "smoke"): Budget(
        steps=250, batch_size=8, width=16, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("human_parser", "cpu"): Budget(
        steps=800, batch_size=8, width=32, minutes=4.5, where=TWO_CORES, peak_mib=3500, height=128
    ),
    ("human_parser", "gpu"): Budget(
        steps=10_000, batch_size=32, width=64, minutes=30, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("human_parser", "paper"): Budget(
        steps=40_000, batch_size=32, width=64, minutes=120, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("cp_vton_matcher", "smoke"): Budget(
        steps=200, batch_size=8, width=8, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("cp_vton_matcher", "cpu"): Budget(
        steps=1200, batch_size=16, width=16, minutes=3, where=TWO_CORES, peak_mib=3000, height=64
    ),
    ("cp_vton_matcher", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=30, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("cp_vton_matcher", "paper"): Budget(
        steps=200_000, batch_size=4, width=64, minutes=400, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("cp_vton_plus_matcher", "smoke"): Budget(
        steps=200, batch_size=8, width=8, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("cp_vton_plus_matcher", "cpu"): Budget(
        steps=1200, batch_size=16, width=16, minutes=3, where=TWO_CORES, peak_mib=3000, height=64
    ),
    ("cp_vton_plus_matcher", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=30, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("cp_vton_plus_matcher", "paper"): Budget(
        steps=200_000, batch_size=4, width=64, minutes=400, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("mg_vton_matcher", "smoke"): Budget(
        steps=200, batch_size=8, width=8, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("mg_vton_matcher", "cpu"): Budget(
        steps=1200, batch_size=16, width=16, minutes=3, where=TWO_CORES, peak_mib=3000, height=64
    ),
    ("mg_vton_matcher", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=30, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("mg_vton_matcher", "paper"): Budget(
        steps=200_000, batch_size=4, width=64, minutes=400, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("cnn_geometric", "smoke"): Budget(
        steps=200, batch_size=8, width=8, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("cnn_geometric", "cpu"): Budget(
        steps=1200, batch_size=16, width=16, minutes=3, where=TWO_CORES, peak_mib=3000, height=64
    ),
    ("cnn_geometric", "gpu"): Budget(
        steps=3_000, batch_size=16, width=64, minutes=10, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("cnn_geometric", "paper"): Budget(
        steps=3_100, batch_size=16, width=64, minutes=10, where=ONE_GPU, peak_mib=6000, height=256
    ),
    ("attribute_detector", "smoke"): Budget(
        steps=30, batch_size=32, width=8, minutes=0.1, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("attribute_detector", "cpu"): Budget(
        steps=2400, batch_size=32, width=24, minutes=7, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("attribute_detector", "gpu"): Budget(
        steps=8000, batch_size=64, width=48, minutes=10, where=ONE_GPU, peak_mib=3000, height=64
    ),
    ("attribute_detector", "paper"): Budget(
        steps=8000, batch_size=64, width=48, minutes=10, where=ONE_GPU, peak_mib=3000, height=64
    ),
    ("text_reader", "smoke"): Budget(steps=400, batch_size=64, width=40, minutes=0.1, where=TWO_CORES, peak_mib=1500),
    ("text_reader", "cpu"): Budget(steps=2000, batch_size=64, width=40, minutes=0.3, where=TWO_CORES, peak_mib=1500),
    ("text_reader", "gpu"): Budget(steps=2000, batch_size=64, width=40, minutes=0.3, where=ONE_GPU, peak_mib=3000),
    ("text_reader", "paper"): Budget(steps=50_000, batch_size=64, width=40, minutes=10, where=ONE_GPU, peak_mib=3000),
    ("fashion_gan_shape", "smoke"): Budget(
        steps=250, batch_size=8, width=8, minutes=0.4, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("fashion_gan_shape", "cpu"): Budget(
        steps=1500, batch_size=8, width=8, minutes=3, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("fashion_gan_shape", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=20, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("fashion_gan_shape", "paper"): Budget(
        steps=25_000, batch_size=4, width=64, minutes=60, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("fashion_gan_image", "smoke"): Budget(
        steps=100, batch_size=8, width=4, minutes=0.4, where=TWO_CORES, peak_mib=2000, height=128
    ),
    ("fashion_gan_image", "cpu"): Budget(
        steps=2_000, batch_size=8, width=4, minutes=4, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("fashion_gan_image", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=20, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("fashion_gan_image", "paper"): Budget(
        steps=50_000, batch_size=4, width=64, minutes=60, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("non_compositional", "smoke"): Budget(
        steps=100, batch_size=8, width=4, minutes=0.4, where=TWO_CORES, peak_mib=2000, height=128
    ),
    ("non_compositional", "cpu"): Budget(
        steps=2_000, batch_size=8, width=4, minutes=4, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("non_compositional", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=20, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("non_compositional", "paper"): Budget(
        steps=50_000, batch_size=4, width=64, minutes=60, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("one_step_8_7", "smoke"): Budget(
        steps=200, batch_size=8, width=10, minutes=0.5, where=TWO_CORES, peak_mib=2000, height=128
    ),
    ("one_step_8_7", "cpu"): Budget(
        steps=3_500, batch_size=8, width=10, minutes=8, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("one_step_8_7", "gpu"): Budget(
        steps=20_000, batch_size=16, width=104, minutes=40, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("one_step_8_7", "paper"): Budget(
        steps=50_000, batch_size=4, width=104, minutes=60, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("one_step_8_4", "smoke"): Budget(
        steps=200, batch_size=8, width=10, minutes=0.5, where=TWO_CORES, peak_mib=2000, height=128
    ),
    ("one_step_8_4", "cpu"): Budget(
        steps=3_500, batch_size=8, width=10, minutes=8, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("one_step_8_4", "gpu"): Budget(
        steps=20_000, batch_size=16, width=104, minutes=40, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("one_step_8_4", "paper"): Budget(
        steps=50_000, batch_size=4, width=104, minutes=60, where=ONE_GPU, peak_mib=8000, height=128
    ),
    ("viton_coarse", "smoke"): Budget(
        steps=60, batch_size=8, width=8, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("viton_coarse", "cpu"): Budget(
        steps=2000, batch_size=8, width=16, minutes=6, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("viton_coarse", "gpu"): Budget(
        steps=8_000, batch_size=16, width=64, minutes=25, where=ONE_GPU, peak_mib=8000, height=256
    ),
    ("viton_coarse", "paper"): Budget(
        steps=15_000, batch_size=16, width=64, minutes=50, where=ONE_GPU, peak_mib=8000, height=256
    ),
    ("viton_refinement", "smoke"): Budget(
        steps=20, batch_size=8, width=8, minutes=0.2, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("viton_refinement", "cpu"): Budget(
        steps=200, batch_size=8, width=16, minutes=1, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("viton_refinement", "gpu"): Budget(
        steps=2_000, batch_size=16, width=64, minutes=20, where=ONE_GPU, peak_mib=8000, height=256
    ),
    ("viton_refinement", "paper"): Budget(
        steps=6_000, batch_size=16, width=64, minutes=60, where=ONE_GPU, peak_mib=8000, height=256
    ),
    ("cp_vton_try_on", "smoke"): Budget(
        steps=60, batch_size=8, width=8, minutes=0.3, where=TWO_CORES, peak_mib=2000, height=64
    ),
    ("cp_vton_try_on", "cpu"): Budget(
        steps=1000, batch_size=8, width=16, minutes=5, where=TWO_CORES, peak_mib=3000, height=128
    ),
    ("cp_vton_try_on", "gpu"): Budget(
        steps=10_000, batch_size=16, width=64, minutes=30, where=ONE_GPU, peak_mib=8000, height=256
    ),
    ("cp_vton_try_on", "paper"): Budget(
        steps=200_000, batch_size=4, width=64, minutes=400, where=ONE_GPU, peak_mib=8000, height=256
    ),
    # Of the compared approaches: steps, batch size, width, minutes, where, peak MiB, rows.
    ("cp_vton_plus_try_on", "smoke"): Budget(60, 8, 8, 0.3, TWO_CORES, 2000, 64),
    ("cp_vton_plus_try_on", "cpu"): Budget(1000, 8, 16, 5, TWO_CORES, 3000, 128),
    ("cp_vton_plus_try_on", "gpu"): Budget(10_000, 16, 64, 30, ONE_GPU, 8000, 256),
    ("cp_vton_plus_try_on", "paper"): Budget(200_000, 4, 64, 400, ONE_GPU, 8000, 256),
    ("crn", "smoke"): Budget(60, 8, 6, 0.2, TWO_CORES, 2000, 64),
    ("crn", "cpu"): Budget(1600, 8, 12, 5, TWO_CORES, 3000, 128),
    ("crn", "gpu"): Budget(8000, 8, 128, 60, ONE_GPU, 12000, 256),
    ("crn", "paper"): Budget(200_000, 1, 512, 1500, ONE_GPU, 14000, 256),
    ("prgan", "smoke"): Budget(40, 8, 4, 0.3, TWO_CORES, 2000, 64),
    ("prgan", "cpu"): Budget(800, 8, 6, 5, TWO_CORES, 3000, 128),
    ("prgan", "gpu"): Budget(8000, 8, 32, 60, ONE_GPU, 12000, 256),
    ("prgan", "paper"): Budget(80_000, 1, 128, 900, ONE_GPU, 14000, 256),
    ("prgan_no_head", "smoke"): Budget(40, 8, 4, 0.3, TWO_CORES, 2000, 64),
    ("prgan_no_head", "cpu"): Budget(800, 8, 6, 5, TWO_CORES, 3000, 128),
    ("prgan_no_head", "gpu"): Budget(8000, 8, 32, 60, ONE_GPU, 12000, 256),
    ("prgan_no_head", "paper"): Budget(80_000, 1, 128, 900, ONE_GPU, 14000, 256),
    ("cagan", "smoke"): Budget(40, 8, 8, 0.3, TWO_CORES, 2000, 64),
    ("cagan", "cpu"): Budget(1000, 8, 16, 5, TWO_CORES, 3000, 128),
    ("cagan", "gpu"): Budget(10_000, 16, 64, 30, ONE_GPU, 8000, 256),
    ("cagan", "paper"): Budget(10_000, 16, 64, 30, ONE_GPU, 8000, 256),
    ("garment_parser", "smoke"): Budget(60, 16, 8, 0.2, TWO_CORES, 2000, 64),
    ("garment_parser", "cpu"): Budget(600, 16, 16, 2, TWO_CORES, 3000, 128),
    ("garment_parser", "gpu"): Budget(5000, 32, 64, 10, ONE_GPU, 8000, 256),
    ("garment_parser", "paper"): Budget(10_000, 32, 64, 20, ONE_GPU, 8000, 256),
    ("viton_coarse_neck", "smoke"): Budget(60, 8, 8, 0.2, TWO_CORES, 2000, 64),
    ("viton_coarse_neck", "cpu"): Budget(2000, 8, 16, 6, TWO_CORES, 3000, 128),
    ("viton_coarse_neck", "gpu"): Budget(8000, 16, 64, 25, ONE_GPU, 8000, 256),
    ("viton_coarse_neck", "paper"): Budget(15_000, 16, 64, 50, ONE_GPU, 8000, 256),
    ("cp_vton_try_on_clean", "smoke"): Budget(60, 8, 8, 0.3, TWO_CORES, 2000, 64),
    ("cp_vton_try_on_clean", "cpu"): Budget(1000, 8, 16, 5, TWO_CORES, 3000, 128),
    ("cp_vton_try_on_clean", "gpu"): Budget(10_000, 16, 64, 30, ONE_GPU, 8000, 256),
    ("cp_vton_try_on_clean", "paper"): Budget(200_000, 4, 64, 400, ONE_GPU, 8000, 256),
    ("mg_vton_parsing", "smoke"): Budget(200, 8, 4, 0.3, TWO_CORES, 2000, 64),
    ("mg_vton_parsing", "cpu"): Budget(1600, 8, 8, 5, TWO_CORES, 3000, 128),
    ("mg_vton_parsing", "gpu"): Budget(10_000, 16, 32, 60, ONE_GPU, 12000, 256),
    ("mg_vton_parsing", "paper"): Budget(261_180, 40, 64, 10_000, ONE_GPU, 24000, 256),
    ("parsing_matcher", "smoke"): Budget(60, 16, 8, 0.2, TWO_CORES, 2000, 64),
    ("parsing_matcher", "cpu"): Budget(1200, 16, 16, 3, TWO_CORES, 3000, 64),
    ("parsing_matcher", "gpu"): Budget(10_000, 32, 32, 20, ONE_GPU, 8000, 256),
    ("parsing_matcher", "paper"): Budget(20_000, 16, 32, 40, ONE_GPU, 8000, 256),
    ("mg_vton_pose_matcher", "smoke"): Budget(60, 8, 8, 0.2, TWO_CORES, 2000, 64),
    ("mg_vton_pose_matcher", "cpu"): Budget(1200, 16, 16, 3, TWO_CORES, 3000, 64),
    ("mg_vton_pose_matcher", "gpu"): Budget(10_000, 16, 64, 30, ONE_GPU, 6000, 256),
    ("mg_vton_pose_matcher", "paper"): Budget(45_707, 40, 64, 200, ONE_GPU, 12000, 256),
    ("mg_vton_warp_gan", "smoke"): Budget(40, 4, 4, 0.3, TWO_CORES, 2000, 64),
    ("mg_vton_warp_gan", "cpu"): Budget(1400, 4, 8, 7, TWO_CORES, 3500, 128),
    ("mg_vton_warp_gan", "gpu"): Budget(8000, 16, 32, 90, ONE_GPU, 14000, 256),
    ("mg_vton_warp_gan", "paper"): Budget(19_589, 40, 64, 1500, ONE_GPU, 24000, 256),
    ("mg_vton_render", "smoke"): Budget(30, 4, 4, 0.3, TWO_CORES, 2000, 64),
    ("mg_vton_render", "cpu"): Budget(400, 4, 8, 3, TWO_CORES, 3500, 128),
    ("mg_vton_render", "gpu"): Budget(3000, 16, 32, 30, ONE_GPU, 14000, 256),
    ("mg_vton_render", "paper"): Budget(6530, 40, 64, 400, ONE_GPU, 24000, 256),
    ("viton_pose", "smoke"): Budget(20, 8, 8, 0.3, TWO_CORES, 2000, 64),
    ("viton_pose", "cpu"): Budget(2000, 8, 16, 8, TWO_CORES, 3000, 128),
    ("viton_pose", "gpu"): Budget(8000, 16, 64, 40, ONE_GPU, 8000, 256),
    ("viton_pose", "paper"): Budget(15_000, 16, 64, 80, ONE_GPU, 8000, 256),
    ("cp_vton_pose", "smoke"): Budget(20, 8, 8, 0.3, TWO_CORES, 2000, 64),
    ("cp_vton_pose", "cpu"): Budget(1200, 8, 16, 8, TWO_CORES, 3000, 128),
    ("cp_vton_pose", "gpu"): Budget(10_000, 16, 64, 50, ONE_GPU, 8000, 256),
    ("cp_vton_pose", "paper"): Budget(200_000, 4, 64, 600, ONE_GPU, 8000, 256),
    ("conditional_dcgan", "smoke"): Budget(
        steps=100, batch_size=64, width=16, minutes=0.1, where=TWO_CORES, peak_mib=1500
    ),
    ("conditional_dcgan", "cpu"): Budget(
        steps=450, batch_size=64, width=16, minutes=0.5, where=TWO_CORES, peak_mib=1500
    ),
    ("conditional_dcgan", "gpu"): Budget(
        steps=20_000, batch_size=128, width=128, minutes=10, where=ONE_GPU, peak_mib=3000
    ),
    ("conditional_dcgan", "paper"): Budget(
        steps=60_000, batch_size=128, width=128, minutes=30, where=ONE_GPU, peak_mib=3000
    ),
    ("char_cnn_rnn", "smoke"): Budget(steps=60, batch_size=32, width=32, minutes=0.1, where=TWO_CORES, peak_mib=1500),
    ("char_cnn_rnn", "cpu"): Budget(steps=400, batch_size=32, width=32, minutes=0.5, where=TWO_CORES, peak_mib=1500),
    ("char_cnn_rnn", "gpu"): Budget(steps=5000, batch_size=40, width=384, minutes=5, where=ONE_GPU, peak_mib=4000),
    ("char_cnn_rnn", "paper"): Budget(steps=30_000, batch_size=40, width=384, minutes=25, where=ONE_GPU, peak_mib=4000),
    ("gan_cls", "smoke"): Budget(steps=300, batch_size=16, width=16, minutes=0.5, where=TWO_CORES, peak_mib=2000),
    ("gan_cls", "cpu"): Budget(steps=2200, batch_size=16, width=16, minutes=3, where=TWO_CORES, peak_mib=2500),
    ("gan_cls", "gpu"): Budget(steps=20_000, batch_size=64, width=128, minutes=40, where=ONE_GPU, peak_mib=6000),
    ("gan_cls", "paper"): Budget(steps=80_000, batch_size=64, width=128, minutes=160, where=ONE_GPU, peak_mib=6000),
}


def budget(stage: str, profile: str) -> Budget:
    """The budget of a stage under a profile.

    Raises:
        VtonError: if the table has no such row.
    """
    if stage.startswith("toy_") and profile in PROFILES and profile != "smoke":
        profile = "cpu"  # a toy is as small on a GPU
    try:
        return BUDGETS[stage, profile]
    except KeyError:
        known = ", ".join(sorted({name for name, _ in BUDGETS}))
        raise VtonError(
            f"vtonlib/profiles.py: no budget for stage {stage!r} under profile {profile!r}; "
            f"stages: {known}; profiles: {', '.join(PROFILES)}"
        ) from None


def choose_profile(value: str) -> Profile:
    """The profile that a notebook runs with.

    ``VTON_PROFILE`` replaces the default only: a value that somebody chose, by papermill or by editing the cell,
    always wins.

    Args:
        value: what the notebook's ``PROFILE`` parameter holds.

    Raises:
        VtonError: if the value or the variable names no profile.
    """
    source, name = "PROFILE", value
    if value == DEFAULT and os.environ.get("VTON_PROFILE"):
        source, name = "VTON_PROFILE", os.environ["VTON_PROFILE"]
    if name not in PROFILES:
        raise VtonError(f"{source} is {name!r}; choose one of {', '.join(PROFILES)}")
    return PROFILES[name]
