"""What the rasterizer draws."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Parts:
    """Swept ellipses in the eye's space: x right, y up, z towards the eye.

    Args:
        start, end: (P, 3), the ends of the axes.
        first, second: (P, 3), the ellipses' half axes for size 1, as seen
            (they may be stretched; the light is computed from `normals`).
        normals: (P, 3, 3), unit vectors of the first and second half axis and of
            the axis, not stretched.
        aspect: (P, 2), lengths of the half axes, for the normals of the ellipse.
        profile: (P, 33) float32, size along the axis.
        caps: (P, 2), roundness of both ends: 0 is cut flat, 1 is a ball.
        cutout: (P,) bool, whether the texture has holes.
    """

    start: np.ndarray
    end: np.ndarray
    first: np.ndarray
    second: np.ndarray
    normals: np.ndarray
    aspect: np.ndarray
    profile: np.ndarray
    caps: np.ndarray
    cutout: np.ndarray
