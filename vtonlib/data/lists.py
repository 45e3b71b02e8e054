"""Fixed lists of the test split: who tries on what, and which picture is the truth.

A set keeps them in ``lists.json``, each with its SHA-256, so that figures of two people are figures on the same list.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vtonlib.data.atomic import write_atomically
from vtonlib.data.layout import read_sample, sample_names
from vtonlib.data.occlusion import arm_occludes
from vtonlib.data.sample import Garment, Sample
from vtonlib.errors import VtonError

LISTS_FILE = "lists.json"


@dataclass(frozen=True)
class FixedList:
    """Samples of the test split and the task on each.

    Attributes:
        name: key in :data:`TASKS`.
        cloth: field of the sample that is tried on: ``cloth`` or ``other_cloth``.
        truth: field of the sample that the result is held against.
        samples: names, sorted.
        sha256: over all of the above.
    """

    name: str
    cloth: str
    truth: str
    samples: tuple[str, ...]
    sha256: str


def _every_sample(sample: Sample) -> bool:
    return True


def _arms(sample: Sample) -> bool:
    view, category = sample.person, sample.cloth.category
    if view.parse is None or view.keypoints is None or category is None:
        return False
    return arm_occludes(view.parse, view.keypoints, category)


def _differs(attribute: str) -> Callable[[Sample], bool]:
    """Both garments have the attribute, and not the same."""

    def rule(sample: Sample) -> bool:
        old, new = sample.cloth.attributes.get(attribute), _new(sample).attributes.get(attribute)
        return old is not None and new is not None and old != new

    return rule


def _new(sample: Sample) -> Garment:
    garment: Garment = sample.require("other_cloth")
    return garment


def _has_label(sample: Sample) -> bool:
    label = _new(sample).label_tag
    return label is not None and bool(label.any())


UNPAIRED = ("other_cloth", "swap")
TASKS: dict[str, tuple[tuple[str, str], Callable[[Sample], bool]]] = {
    "paired": (("cloth", "person"), _every_sample),
    "unpaired": (UNPAIRED, _every_sample),
    "multi_pose": (("cloth", "other_pose"), _every_sample),
    "multi_pose_unpaired": (("other_cloth", "other_pose_swap"), _every_sample),
    "occluding_arms": (UNPAIRED, _arms),
    "sleeve_change": (UNPAIRED, _differs("sleeve")),
    "neckline_change": (UNPAIRED, _differs("collar")),
    "neck_label": (UNPAIRED, _has_label),
    "logo": (UNPAIRED, lambda sample: _new(sample).attributes.get("graphic") in ("logo", "letters")),
    "sheer": (UNPAIRED, lambda sample: float(_new(sample).attributes.get("sheer", 0)) > 0),
    "jackets": (UNPAIRED, lambda sample: _new(sample).attributes.get("front") == "open"),
}
"""Each list: what is tried on, the truth, and which samples belong to it.

The last seven are the hard subsets. The arms are a matter of the person's picture; the others go by the garment to try
on or by how it differs from the old one.
"""


def write_lists(root: Path) -> None:
    """Compute the lists of a set's test split and write ``lists.json``.

    A sample is in a list if it has the garment and the truth, and the list's rule holds.

    Raises:
        VtonError: if a sample is damaged.
        OSError: if the file cannot be written.
    """
    chosen: dict[str, list[str]] = {name: [] for name in TASKS}
    for sample_name in sample_names(root, "test"):
        sample = read_sample(root, "test", sample_name)
        for name, (fields, belongs) in TASKS.items():
            if all(getattr(sample, field) is not None for field in fields) and belongs(sample):
                chosen[name].append(sample_name)
    content = {
        name: {
            "cloth": cloth, "truth": truth, "samples": chosen[name], "sha256": _hash(name, cloth, truth, chosen[name]),
        }
        for name, ((cloth, truth), _) in TASKS.items()
    }  # fmt: skip
    write_atomically(root / LISTS_FILE, (json.dumps(content, indent=1) + "\n").encode())


def read_list(root: Path, name: str) -> FixedList:
    """One of the lists of a set.

    Raises:
        VtonError: if there is no such list, or its file is missing, damaged or changed.
    """
    path = root / LISTS_FILE
    if name not in TASKS:
        raise VtonError(f"list is {name!r}; choose one of {', '.join(TASKS)}")
    try:
        found = FixedList(name=name, **json.loads(path.read_bytes())[name])
        same = found.sha256 == _hash(name, found.cloth, found.truth, found.samples)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VtonError(f"{path}: list {name!r} cannot be read ({error}); restore the file") from error
    if not same:
        raise VtonError(f"{path}: list {name!r} is not the one that was fixed (its SHA-256 differs); restore the file")
    return FixedList(name, found.cloth, found.truth, tuple(found.samples), found.sha256)


def _hash(name: str, cloth: str, truth: str, samples: list[str] | tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join([name, cloth, truth, *samples]).encode()).hexdigest()
