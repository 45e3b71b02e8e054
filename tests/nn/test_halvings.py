"""How often a picture is halved."""

import pytest

from vtonlib.errors import VtonError
from vtonlib.nn.halvings import halvings


@pytest.mark.parametrize(("size", "count"), [((256, 192), 4), ((128, 96), 3), ((64, 48), 2), ((1024, 768), 6)])
def test_it_counts(size, count):
    assert halvings(size, (16, 12)) == count


@pytest.mark.parametrize("size", [(16, 12), (100, 75), (256, 256), (192, 256), (0, 0)])
def test_other_sizes_are_refused(size):
    with pytest.raises(VtonError, match=r"size is .*; give 16 x 12 doubled .* such as \(64, 48\), \(128, 96\), \(256"):
        halvings(size, (16, 12))
