"""A smooth step between two values, for fields that fade."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def smoothstep(low: float, high: float, x: np.ndarray) -> NDArray[np.float32]:
    """0 below ``low``, 1 above ``high``, smooth between; the other way round where ``low`` > ``high``. float32."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
