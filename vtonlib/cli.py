"""The command ``vtonlib``: the functions that the notebooks call, for a terminal.

A bad input gives one line that says how to mend it, and exit code 2.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from vtonlib.errors import VtonError
from vtonlib.profiles import DEFAULT, PROFILES


class _OneLine(TyperGroup):
    """Turns a VtonError of any command into one line and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except VtonError as error:
            print(f"vtonlib: {' '.join(str(error).split())}", file=sys.stderr)
            raise typer.Exit(2) from None


class _Pairs(TyperCommand):
    """Takes ``-p KEY VALUE``, two words after the option, which typer cannot declare more than once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _joined_pairs(args))


def _joined_pairs(args: list[str]) -> list[str]:
    """Rewrite each ``-p KEY VALUE`` as ``-p KEY=VALUE``."""
    words, rest = [], list(args)
    while rest:
        word = rest.pop(0)
        if word in ("-p", "--param"):
            if len(rest) < 2:
                raise VtonError(f"{word} takes two words, KEY VALUE, for example: -p SEED 3")
            word = f"--param={rest.pop(0)}={rest.pop(0)}"
        words.append(word)
    return words


app = typer.Typer(cls=_OneLine, no_args_is_help=True, add_completion=False, help="Virtual try-on with GANs.")

ProfileOption = Annotated[str, typer.Option(help=f"One of {', '.join(PROFILES)}.")]


@app.command(cls=_Pairs)
def rerun(
    notebook: Annotated[str, typer.Argument(help="Number, name or file: 02, 02_gan_basics, PATH.ipynb.")],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="KEY VALUE", help="A parameter of the notebook; may be repeated."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The executed copy; by default under runs/reruns.")] = None,
) -> None:
    """Execute a copy of a notebook with other parameters; the notebook itself stays as it is."""
    try:
        from vtonlib.book.rerun import rerun as run_again
    except ModuleNotFoundError as error:
        raise VtonError(f"rerun needs {error.name}; run: pip install 'vtonlib[book]'") from None

    pairs = [tuple(pair.split("=", 1)) for pair in param or []]
    path, failure = run_again(notebook, [(key, value) for key, value in pairs], out)
    if failure:
        print(f"vtonlib: {notebook}: {failure} (as far as it came: {_near(path)})", file=sys.stderr)
        raise typer.Exit(1)
    print(_near(path))


@app.command()
def train(
    stage: Annotated[str, typer.Argument(help="One of the names that `vtonlib stages` lists.")],
    profile: ProfileOption = DEFAULT,
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Start again, or go on from the last checkpoint.")
    ] = False,
) -> None:
    """Train one stage of the book, or go on with it; checkpoints and logs go under runs/."""
    from vtonlib.training.run import train_stage

    done = train_stage(stage, profile, seed=seed, fresh=fresh)
    print(f"{stage} ({profile}, seed {seed}): {done.seconds:.0f} s, {done.path}")


@app.command()
def stages() -> None:
    """List the stages that can be trained."""
    from vtonlib.training.registry import stage_names

    for name in stage_names():
        print(name)


@app.command()
def render(
    people: Annotated[int, typer.Option(help="Samples of the split, one person each.")],
    size: Annotated[tuple[int, int], typer.Option(help="Height and width: 4:3 portrait, multiples of 8.")],
    out: Annotated[Path, typer.Option(help="Folder of the set; a set that was cut off there is completed.")],
    jobs: Annotated[int, typer.Option(help="Processes; the bytes do not depend on them.")] = 1,
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 0,
    split: Annotated[str, typer.Option(help="train or test; call once for each.")] = "train",
    image_format: Annotated[str, typer.Option("--format", help="Of the pictures: webp, jpg or png.")] = "webp",
    quality: Annotated[int, typer.Option(help="Of webp and jpg, 1 to 100.")] = 92,
) -> None:
    """Render people of the wardrobe into a folder, with all labels, in the layout of VITON-HD."""
    from vtonlib.wardrobe.build import render_set

    done = render_set(out, people, size, jobs, seed, split, image_format, quality)
    print(f"{done.made} rendered, {done.kept} kept: {_near(done.folder)}, manifest {done.manifest_sha256[:12]}")


@app.command()
def tryon(
    person: Annotated[
        str, typer.Argument(help="A held-out sample such as 000005, or a picture with its joints beside.")
    ],
    cloth: Annotated[
        str | None, typer.Argument(help="A held-out sample such as 000020, or a picture before white.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="What to wear in words, for FashionGAN, instead of CLOTH.")] = None,
    pose: Annotated[str | None, typer.Option(help="Whose pose to take; by default the person's own.")] = None,
    system: Annotated[str, typer.Option(help="Which system dresses: mg_vton, cp_vton, viton and more.")] = "mg_vton",
    category: Annotated[str, typer.Option(help="Of a picture's garment: top, bottom or dress.")] = "top",
    out: Annotated[Path, typer.Option("--out", "-o", help="The picture to write.")] = Path("tryon.png"),
) -> None:
    """Dress a person, and let them take a pose, with the shipped weights of a system."""
    from PIL import Image

    from vtonlib import tryon as room

    if (cloth is None) == (text is None):
        raise VtonError("tryon: give a garment after the person, or a sentence with --text; one of the two")
    if cloth is None and pose:
        raise VtonError("tryon: FashionGAN keeps the person's own pose; leave --pose out, or give a garment")
    if text is not None:
        picture = room.redress(room.person(person), text)
    else:
        assert cloth is not None
        taken = room.person(pose) if pose else None
        picture = room.try_on(room.person(person), room.garment(cloth, category), taken, system)
    try:
        Image.fromarray(picture).save(out)
    except (OSError, ValueError) as error:
        raise VtonError(f"{out}: cannot be written ({error}); give a path that ends in .png, .jpg or .webp") from None
    print(f"{picture.shape[0]}x{picture.shape[1]}: {_near(out)}")


convert_app = typer.Typer(no_args_is_help=True, help="Other people's weights and data as ours.")
app.add_typer(convert_app, name="convert")


@convert_app.command("cp-vton")
def convert_cp_vton(
    file: Annotated[Path, typer.Argument(help="gmm_final.pth or tom_final.pth of CP-VTON or CP-VTON+.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The new file; by default beside FILE.")] = None,
    back: Annotated[bool, typer.Option("--back", help="From our .safetensors to their .pth.")] = False,
) -> None:
    """Read the public weights of CP-VTON and CP-VTON+ into our networks; no code in the file is run."""
    from vtonlib.convert.cp_vton_files import convert_file

    done = convert_file(file, out, back)
    print(f"{done.name}, {done.parameters:,} parameters: {_near(done.path)}")


@convert_app.command("fashiongan")
def convert_fashiongan(
    folder: Annotated[Path, typer.Argument(help="The original release: G2.h5, ind.mat, language_original.mat.")],
    out: Annotated[Path, typer.Argument(help="Folder of the set; a set that was cut off there is completed.")],
    limit: Annotated[int | None, typer.Option(help="The first so many samples of each split; by default all.")] = None,
    image_format: Annotated[str, typer.Option("--format", help="Of the pictures: webp, jpg or png.")] = "webp",
    quality: Annotated[int, typer.Option(help="Of webp and jpg, 1 to 100.")] = 92,
) -> None:
    """Write the pictures, label maps and sentences of FashionGAN's release in the layout of our data sets."""
    from vtonlib.convert.fashiongan import convert_release

    done = convert_release(folder, out, limit, image_format, quality)
    print(f"{done.made} converted, {done.kept} kept: {_near(done.folder)}")


@app.command()
def doctor() -> None:
    """Say what this machine and its installation have: versions, device, threads, bf16, disk."""
    for name, value in _report():
        print(f"{name:<17}{value}")


def _report() -> Iterator[tuple[str, str]]:
    """Facts about the machine, one pair of name and value each."""
    import torch

    from vtonlib.training.device import has_fast_bf16

    yield "python", platform.python_version()
    for package in ("vtonlib", "torch", "torchvision", "lightning-fabric", "numpy", "jupyter-book"):
        yield package, _version(package)
    gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    accelerator = "cuda" if gpus else "mps" if torch.backends.mps.is_available() else "cpu"
    yield "device", ", ".join([accelerator, *gpus])
    yield "threads", f"{torch.get_num_threads()} of {os.cpu_count()} cores"
    yield "bf16", "yes" if has_fast_bf16(accelerator) else "no, training uses float32"
    disk = shutil.disk_usage(".")
    yield "disk", f"{disk.free / 2**30:.0f} GiB free of {disk.total / 2**30:.0f} in this folder"


def _near(path: Path) -> Path:
    """A path as seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


if __name__ == "__main__":
    app()
