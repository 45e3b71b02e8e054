"""Train one run in several processes that are killed; a script for ``test_resume_kill.py``.

The imports take seconds and happen once: each run is a fork of this process, which has computed nothing by then.
It prints one line of exit codes; a negative one is the signal that ended the run.
"""

import os
import signal
import sys
import traceback
from pathlib import Path

import torch

from vtonlib.training import checkpoint
from vtonlib.training.batches import Batches
from vtonlib.training.device import make_fabric
from vtonlib.training.loop import fit
from vtonlib.training.registry import build_stage

STEPS = 10
SAVE_EVERY = 3


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def train(path: Path, kill_at_step: int = 0, kill_at_write: int = 0) -> None:
    """A tiny GAN on random pictures, in epochs of five steps."""
    if kill_at_write:
        checkpoint._HashingWriter = writer_that_dies(kill_at_write)
    stage = build_stage("dcgan", width=4, latent=8, r1_gamma=1.0, r1_interval=2, ema_half_life=20.0)
    pictures = torch.rand(42, 1, 28, 28, generator=torch.Generator().manual_seed(5)) * 2 - 1
    fit(
        stage,
        Batches({"image": pictures}, batch_size=8, seed=3),
        STEPS,
        seed=4,
        fabric=make_fabric("cpu", "32-true"),
        checkpoint=path,
        save_every=SAVE_EVERY,
        progress_lines=0,
        watch=lambda step, stage: die() if step == kill_at_step else None,
        watch_every=1,
    )


def writer_that_dies(at_write: int) -> type:
    """A checkpoint writer that is killed when about half of the ``at_write``-th file is on disk."""
    opened = 0

    class Writer(checkpoint._HashingWriter):
        def __init__(self, file) -> None:
            nonlocal opened
            super().__init__(file)
            opened += 1
            self.written = 0

        def write(self, data: bytes) -> int:
            if opened == at_write and self.written > 20_000:
                self.file.flush()
                os.fsync(self.file.fileno())
                die()
            self.written += len(data)
            return super().write(data)

    return Writer


def in_a_new_process(*arguments) -> int:
    child = os.fork()
    if child == 0:
        try:
            train(*arguments)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)  # without the parent's duties
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    killed = folder / "killed.vton"
    codes = [in_a_new_process(folder / "whole.vton")]
    # Killed while it writes its second checkpoint; the first, of step 3, must have survived.
    codes.append(in_a_new_process(killed, 0, 2))
    (folder / "after_write.vton").write_bytes(killed.read_bytes())
    # Goes on from step 3, writes step 6, is killed in mid-epoch at step 8.
    codes.append(in_a_new_process(killed, 8))
    (folder / "after_step.vton").write_bytes(killed.read_bytes())
    codes.append(in_a_new_process(killed))
    print(*codes)
