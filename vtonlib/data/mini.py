"""The data set that ships with the package: ``wardrobe-mini``, in one archive that is unpacked on first use.

The archive is a tar file through xz: the folder's small files are compressed already, so xz gains little on them, but
it takes away the kilobyte that tar spends on each.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath

from filelock import FileLock

from vtonlib.data.atomic import write_atomically
from vtonlib.data.cache import cache_folder
from vtonlib.errors import VtonError

ARCHIVE = Path(__file__).parent / "assets" / "wardrobe-mini.tar.xz"
LEFT_OUT = ("manifest.json",)
"""Files of a set that are not packed: the archive's own hash takes the manifest's place."""


def wardrobe_mini(archive: Path = ARCHIVE, cache: Path | None = None) -> Path:
    """The folder of the shipped data set, in the layout of :mod:`vtonlib.data.layout`.

    The first call checks the archive's SHA-256 and unpacks it. A process that is killed meanwhile leaves nothing half,
    and of two that start at once one waits for the other.

    Args:
        archive: the packed set; the JSON file beside it holds its hash.
        cache: folder to unpack into; None takes :func:`vtonlib.data.cache.cache_folder`.

    Raises:
        VtonError: if the archive is missing or damaged, holds what it must not, or the folder cannot be written.
    """
    digest = _published_hash(archive)
    cache = cache or cache_folder()
    folder = cache / f"{_stem(archive)}-{digest[:12]}"
    if folder.is_dir():
        return folder
    temporary = cache / f".{folder.name}.unpacking"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f".{folder.name}.lock"):
            if not folder.is_dir():
                _check_hash(archive, digest)
                shutil.rmtree(temporary, ignore_errors=True)  # of a process that was killed, since we hold the lock
                try:
                    _unpack(archive, temporary)
                    os.replace(temporary, folder)
                finally:
                    shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise VtonError(
            f"{cache}: cannot be written ({error.strerror or error}); free some space, or set VTON_CACHE to another"
            " folder"
        ) from error
    return folder


def pack_mini(root: Path, archive: Path = ARCHIVE) -> str:
    """Pack a set into an archive with its hash in a JSON file beside it, and return the hash.

    The bytes depend on the files alone, not on their times or owners (and on the version of liblzma).

    Args:
        root: folder of the set; hidden files and :data:`LEFT_OUT` stay out.
        archive: the file to write, ending in ``.tar.xz``.
    """
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    kept = [name for name in names if name not in LEFT_OUT and not PurePosixPath(name).name.startswith(".")]
    temporary = archive.with_name(f".{archive.name}.packing")
    with tarfile.open(temporary, "w:xz", format=tarfile.USTAR_FORMAT) as tar:
        for name in kept:
            member = tarfile.TarInfo(name)
            member.size = (root / name).stat().st_size
            with (root / name).open("rb") as file:
                tar.addfile(member, file)
    os.replace(temporary, archive)
    digest = _hash_of(archive)
    about = {"archive": archive.name, "bytes": archive.stat().st_size, "files": len(kept), "sha256": digest}
    write_atomically(_card(archive), (json.dumps(about, indent=2) + "\n").encode())
    return digest


def _published_hash(archive: Path) -> str:
    try:
        digest = json.loads(_card(archive).read_bytes())["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VtonError(f"{_card(archive)}: is missing or damaged ({error}); install vtonlib again") from error
    return str(digest)


def _check_hash(archive: Path, digest: str) -> None:
    if not archive.exists() or _hash_of(archive) != digest:
        raise VtonError(
            f"{archive}: is missing or damaged (its SHA-256 is not the published one); install vtonlib again"
        )


def _unpack(archive: Path, folder: Path) -> None:
    """Write the regular files of an archive below a new folder.

    Raises:
        VtonError: if it cannot be read, or a member is a link or would leave the folder.
    """
    try:
        with tarfile.open(archive, "r:xz") as tar:
            made = set()
            for member in tar:
                path = folder / _safe_name(archive, member)
                if path.parent not in made:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    made.add(path.parent)
                source = tar.extractfile(member)
                assert source is not None  # it is for other than regular files, which _safe_name refuses
                path.write_bytes(source.read())
    except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
        raise VtonError(f"{archive}: is damaged ({error}); install vtonlib again") from error


def _safe_name(archive: Path, member: tarfile.TarInfo) -> str:
    name = PurePosixPath(member.name)
    if not member.isreg() or name.is_absolute() or ".." in name.parts or "\\" in member.name or ":" in member.name:
        raise VtonError(
            f"{archive}: member {member.name!r} is no plain file inside the folder, so nothing is unpacked; install"
            " vtonlib again"
        )
    return member.name


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _card(archive: Path) -> Path:
    return archive.with_name(f"{_stem(archive)}.json")


def _stem(archive: Path) -> str:
    return archive.name.removesuffix(".tar.xz")
