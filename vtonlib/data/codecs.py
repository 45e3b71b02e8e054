"""Arrays of a sample to the bytes of small picture files, and back.

Pictures may lose a little, everything else is exact or says its step. Decoders raise what Pillow raises, and ValueError
for a picture of the wrong kind; the caller knows the file's name and the mend.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vtonlib.data.labels import LIP_20, LIP_PALETTE
from vtonlib.errors import VtonError

FORMATS = ("webp", "jpg", "png")
"""File types for pictures: small, readable by any code for VITON-HD, and lossless."""

STEPS_PER_PIXEL = 2
"""Correspondence is stored in half pixels, so it is off by at most a quarter."""
LARGEST_SIDE = 0xFFF // STEPS_PER_PIXEL
"""Largest coordinate in pixels whose code fits 12 bits, with code 0 left over for pixels without one."""

ALPHA_STEPS = 63
"""Alpha is stored in six bits, so it is off by at most 1/126."""


def encode_picture(image: NDArray[np.uint8], image_format: str, quality: int) -> bytes:
    """A colour picture (H, W, 3) uint8 as a file of one of :data:`FORMATS`; quality in 1..100 is for webp and jpg."""
    if image_format == "webp":
        return _saved(Image.fromarray(image), "WEBP", quality=quality, method=4)
    if image_format == "jpg":
        return _saved(Image.fromarray(image), "JPEG", quality=quality)
    return _saved(Image.fromarray(image), "PNG")


def decode_picture(data: bytes) -> NDArray[np.uint8]:
    """A picture of any type as (H, W, 3) uint8."""
    return np.array(Image.open(io.BytesIO(data)).convert("RGB"))


def encode_cloth_mask(mask: NDArray[np.bool_], image_format: str) -> bytes:
    """A mask (H, W) as a grey picture of the same type as the garment's.

    Code for VITON-HD opens the mask by the name of the garment's picture, so it has to have that file type; the least
    lossy setting of JPEG keeps each pixel on its side of the middle grey.
    """
    grey = Image.fromarray(mask.astype(np.uint8) * 255)
    if image_format == "webp":
        return _saved(grey, "WEBP", lossless=True)
    if image_format == "jpg":
        return _saved(grey, "JPEG", quality=100)
    return encode_mask(mask)


def encode_mask(mask: NDArray[np.bool_]) -> bytes:
    """A mask (H, W) as a PNG of one bit a pixel."""
    return _saved(Image.fromarray(mask.astype(np.uint8) * 255).convert("1"), "PNG")


def decode_mask(data: bytes) -> NDArray[np.bool_]:
    """A mask of any file type as (H, W) bool: True is the light half of the greys."""
    return np.array(Image.open(io.BytesIO(data)).convert("L")) >= 128


def encode_labels(labels: NDArray[np.uint8]) -> bytes:
    """Labels (H, W) of LIP-20 as a PNG with the colours of LIP as its palette.

    Raises:
        VtonError: if a label is 20 or above.
    """
    if labels.max() >= len(LIP_20):
        raise VtonError(f"field 'parse' holds label {labels.max()}; LIP-20 has labels below {len(LIP_20)}")
    return _indexed(labels, np.array(LIP_PALETTE))


def decode_labels(data: bytes) -> NDArray[np.uint8]:
    """Labels (H, W) uint8 of a PNG, by number, whatever its palette."""
    labels = np.array(_expect(data, "P", "L"))
    if labels.max() >= len(LIP_20):
        raise ValueError(f"label {labels.max()}, but LIP-20 has labels below {len(LIP_20)}")
    return labels


def encode_correspondence(points: NDArray[np.float32]) -> bytes:
    """Correspondence (H, W, 2) as a grey PNG of three stacked planes: low bytes of x, of y, and high bits.

    The code of a coordinate is one more than its number of half pixels; 0 is no correspondence. Lossless WebP would
    take a fifth less room, but eight times as long to write.

    Raises:
        VtonError: if a coordinate is below 0 or above :data:`LARGEST_SIDE`.
    """
    known = np.isfinite(points).all(-1, keepdims=True)
    codes = np.where(known, np.round(np.nan_to_num(points) * STEPS_PER_PIXEL) + 1, 0)
    if codes.max() > 0xFFF or (known & (codes < 1)).any():
        raise VtonError(f"field 'correspondence' holds coordinates outside 0..{LARGEST_SIDE}; keep them in the picture")
    x, y = codes.astype(np.uint16).transpose(2, 0, 1)
    planes = np.concatenate([x & 0xFF, y & 0xFF, x >> 8 | y >> 8 << 4]).astype(np.uint8)
    return _saved(Image.fromarray(planes), "PNG")


def decode_correspondence(data: bytes) -> NDArray[np.float32]:
    """Correspondence (H, W, 2) float32, NaN where there is none."""
    planes = np.array(_expect(data, "L")).astype(np.uint16)
    if len(planes) % 3:
        raise ValueError(f"{len(planes)} rows are not three planes")
    x, y, high = planes.reshape(3, -1, planes.shape[1])
    codes = np.stack([x | (high & 0xF) << 8, y | high >> 4 << 8], axis=-1)
    points = (codes.astype(np.float32) - 1) / np.float32(STEPS_PER_PIXEL)
    points[(codes == 0).any(-1)] = np.nan
    return points


def encode_parts(inner_collar: NDArray[np.bool_], label_tag: NDArray[np.bool_], alpha: NDArray[np.float32]) -> bytes:
    """Inner collar, label and alpha of a garment, each (H, W), as one PNG with a palette to look at.

    The number of a pixel is ``inner_collar + 2 label_tag + 4 round(63 alpha)``, so opaque garments need two bits.

    Raises:
        VtonError: if alpha leaves [0, 1].
    """
    if not (alpha.min() >= 0 and alpha.max() <= 1):
        raise VtonError("field 'alpha' leaves [0, 1]; keep it inside")
    steps = np.round(alpha * ALPHA_STEPS).astype(np.uint8)
    numbers = inner_collar + 2 * label_tag.astype(np.uint8) + 4 * steps
    every = np.arange(256)
    colours = np.stack([255 * (every & 1), 255 * (every >> 1 & 1), every & 0xFC], axis=1)
    return _indexed(numbers, colours[: numbers.max() + 1])


def decode_parts(data: bytes) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float32]]:
    """Inner collar, label and alpha of a garment, each (H, W)."""
    numbers = np.array(_expect(data, "P"))
    return numbers & 1 > 0, numbers & 2 > 0, (numbers >> 2).astype(np.float32) / np.float32(ALPHA_STEPS)


def _indexed(numbers: NDArray[np.uint8], colours: NDArray[np.int_]) -> bytes:
    picture = Image.fromarray(numbers.astype(np.uint8))
    picture.putpalette(colours.astype(np.uint8).tobytes())
    return _saved(picture, "PNG")


def _expect(data: bytes, *modes: str) -> Image.Image:
    """A picture in one of the given modes of Pillow."""
    picture = Image.open(io.BytesIO(data))
    if picture.mode not in modes:
        raise ValueError(f"a picture of mode {picture.mode}, not {' or '.join(modes)}")
    return picture


def _saved(picture: Image.Image, file_type: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_type, **options)
    return buffer.getvalue()
