"""A study as one file that a whole class opens, so that everybody ranks the very same pictures."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np

from vtonlib.data.atomic import write_atomically
from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.study import Study


def save_study(study: Study, path: Path) -> None:
    """Write a study as ``.npz``. It names the methods, so raters should use it through the widget only.

    Raises:
        OSError: if the file cannot be written.
    """
    words = {
        "code": study.code, "methods": study.methods, "cases": study.cases, "sentences": study.sentences,
        "seed": study.seed, "task": study.task,
    }  # fmt: skip
    buffer = io.BytesIO()
    np.savez_compressed(buffer, words=np.array(json.dumps(words)), pictures=study.pictures)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue())


def read_study(path: Path) -> Study:
    """Read what :func:`save_study` wrote.

    Raises:
        VtonError: if the file is missing, damaged, or was changed.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            words, pictures = json.loads(str(stored["words"])), stored["pictures"]
        methods, cases, sentences = (tuple(words[name]) for name in ("methods", "cases", "sentences"))
        study, code = Study(methods, cases, sentences, pictures, words["seed"], words["task"]), words["code"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise VtonError(f"{path}: no ranking study can be read ({error}); save it again with save_study") from error
    if study.code != code:
        raise VtonError(f"{path}: holds study {study.code}, not {code} as it says; save it again with save_study")
    return study
