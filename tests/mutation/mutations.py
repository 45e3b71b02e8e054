"""Run named checks in broken copies of the library; a script for ``test_mutations.py``.

    python mutations.py FOLDER=CHECK[,CHECK...] ...

Importing torch and its companions takes seconds and happens once: each copy is tested in a fork of this process, which
has imported nothing of ``vtonlib`` by then. Prints for each copy a line ``FOLDER EXITCODE`` and keeps what pytest said
in ``FOLDER/output.txt``.
"""

import os
import sys
from pathlib import Path

import lightning_fabric.loggers.csv_logs  # noqa: F401
import pytest
import torchmetrics.image.kid  # noqa: F401

CONFTEST = """
from pathlib import Path
import pytest
import vtonlib

if Path(vtonlib.__file__).parent.parent != Path(__file__).parent:
    raise pytest.UsageError(f"the copy is not what was imported, but {vtonlib.__file__}")
"""


def run(folder: Path, checks: list[str]) -> int:
    """Pytest's exit code in a fork: 0 passed, 1 failed, anything above is a fault of the test itself."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            assert "vtonlib" not in sys.modules
            output = os.open(folder / "output.txt", os.O_WRONLY | os.O_CREAT)
            os.dup2(output, 1)
            os.dup2(output, 2)
            os.chdir(folder)
            sys.path.insert(0, str(folder))
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *checks]))
            sys.stdout.flush()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        folder, checks = argument.split("=", 1)
        (Path(folder) / "conftest.py").write_text(CONFTEST)
        print(folder, run(Path(folder), checks.split(",")))
