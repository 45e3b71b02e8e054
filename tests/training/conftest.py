"""One thread, because results are equal to the bit at an equal number of threads only."""

import pytest
import torch

from vtonlib.training.device import make_fabric


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def fabric():
    return make_fabric("cpu", "32-true")
