"""One picture of a synthetic data set."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Picture:
    """One picture of the data set.

    Args:
        name: as Market-1501 names it, `0007_c2s1_000123_00.jpg`.
        image: (H, W, 3) uint8.
        keypoints: (18, 3) float32, x, y, visible.
        jpeg_quality: of the camera that took it.
    """

    name: str
    image: np.ndarray
    keypoints: np.ndarray
    jpeg_quality: int
