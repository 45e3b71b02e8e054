"""The shipped subset, the original files, and what is said when they are damaged."""

import gzip
import hashlib

import numpy as np
import pytest
import torch

from vtonlib.data import fashion_mnist as module
from vtonlib.data.fashion_mnist import CLASSES, SUBSET, SUBSET_SHA256, SYSTEM_FOLDER, load_clothes, read_idx
from vtonlib.errors import VtonError

originals = pytest.mark.skipif(not SYSTEM_FOLDER.is_dir(), reason="Debian's dataset-fashion-mnist is not installed")


def test_the_subset_is_small_published_and_licensed():
    assert SUBSET.stat().st_size <= 3_000_000
    assert hashlib.sha256(SUBSET.read_bytes()).hexdigest() == SUBSET_SHA256
    licence = (SUBSET.parent / "fashion_mnist.LICENSE").read_text()
    assert "Copyright © 2017 Zalando SE" in licence
    assert "The MIT License" in licence
    assert SUBSET.name in licence


@pytest.mark.parametrize(("split", "each"), [("train", 550), ("held_out", 200)])
def test_a_split_has_its_shapes_ranges_and_equal_classes(split, each):
    clothes = load_clothes(split)
    assert clothes.images.shape == (10 * each, 1, 28, 28)
    assert clothes.images.dtype == torch.float32
    assert (clothes.images.min().item(), clothes.images.max().item()) == (-1, 1)
    assert clothes.labels.dtype == torch.int64
    assert torch.bincount(clothes.labels).tolist() == [each] * 10
    assert len(clothes) == 10 * each
    assert len(CLASSES) == 10


def test_pixels_are_bytes_between_minus_one_and_one():
    pixels = (load_clothes("held_out").images + 1) * 127.5
    torch.testing.assert_close(pixels, pixels.round(), rtol=0, atol=1e-4)


def test_the_splits_share_no_picture():
    train, held_out = ({p.numpy().tobytes() for p in load_clothes(split).images} for split in ("train", "held_out"))
    assert len(train) == 5500
    assert len(held_out) == 2000
    assert train & held_out == set()


def test_trousers_and_bags_look_like_themselves():
    """A permuted class list would pass every count; trousers are narrow and bags are wide."""
    clothes = load_clothes("train")

    def columns(name: str) -> float:
        pictures = clothes.images[clothes.labels == CLASSES.index(name)]
        return (pictures > 0).any(2).float().sum(-1).mean().item()

    assert columns("trousers") < 16 < 24 < columns("bag")


@originals
@pytest.mark.parametrize("split", ["train", "held_out"])
def test_the_subset_holds_the_first_pictures_of_the_originals(split):
    subset, full = load_clothes(split), load_clothes(split, "full")
    assert len(full) == {"train": 60_000, "held_out": 10_000}[split]
    for label in range(10):
        part = subset.images[subset.labels == label]
        assert torch.equal(part, full.images[full.labels == label][: len(part)])


@originals
def test_the_subset_can_be_written_again(tmp_path, monkeypatch):
    """The packed bytes depend on the version of liblzma, the pictures do not; without packing, to be quick."""
    monkeypatch.setattr(module.lzma, "compress", lambda data, preset: data)
    digest = module.write_subset(path=tmp_path / "subset.xz")
    data = (tmp_path / "subset.xz").read_bytes()
    assert hashlib.sha256(data).hexdigest() == digest
    assert data == module.lzma.decompress(SUBSET.read_bytes())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("test",), "split is 'test'; choose one of train, held_out"),
        (("train", "half"), "DATASET is 'half'; choose 'subset' or 'full'"),
    ],
)
def test_unknown_choices_are_refused(arguments, message):
    with pytest.raises(VtonError, match=message):
        load_clothes(*arguments)


def test_a_damaged_subset_is_refused(tmp_path, monkeypatch):
    data = bytearray(SUBSET.read_bytes())
    data[len(data) // 2] ^= 1
    path = tmp_path / "subset.xz"
    path.write_bytes(data)
    monkeypatch.setattr(module, "SUBSET", path)
    with pytest.raises(VtonError, match=r"subset\.xz: is missing or damaged .+; install vtonlib again"):
        load_clothes("train")


def write_idx(path, array: np.ndarray) -> None:
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes()))


def test_the_full_set_is_read_from_a_folder(tmp_path):
    pixels = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
    write_idx(tmp_path / "t10k-images-idx3-ubyte.gz", pixels)
    write_idx(tmp_path / "t10k-labels-idx1-ubyte.gz", np.array([7, 0, 9], np.uint8))
    clothes = load_clothes("held_out", "full", tmp_path)
    assert clothes.labels.tolist() == [7, 0, 9]
    assert np.array_equal(((clothes.images[:, 0] + 1) * 127.5).round().byte().numpy(), pixels)


def flipped(data: bytes) -> bytes:
    return data[:30] + bytes([data[30] ^ 255]) + data[31:]


@pytest.mark.parametrize(
    "damage",
    [lambda d: b"", lambda d: b"junk", lambda d: d[: len(d) // 2], flipped, lambda d: gzip.compress(b"abc")],
    ids=["empty", "no gzip", "cut off", "flipped", "short"],
)
def test_a_damaged_file_is_named_with_its_mend(tmp_path, damage):
    path = tmp_path / "x.gz"
    write_idx(path, np.random.default_rng(0).integers(0, 255, (4, 28, 28), np.uint8))
    assert read_idx(path, (-1, 28, 28), offset=16).shape == (4, 28, 28)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(VtonError, match=r"x\.gz: cannot be read \(.*\); fetch Fashion-MNIST again"):
        read_idx(path, (-1, 28, 28), offset=16)


def test_a_missing_file_is_named_with_its_mend(tmp_path):
    with pytest.raises(VtonError, match=r"train-images-idx3-ubyte\.gz: cannot be read \(.*\); fetch Fashion-MNIST"):
        load_clothes("train", "full", tmp_path)
