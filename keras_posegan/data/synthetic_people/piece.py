"""What a dressed person is made of."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Piece:
    """One swept ellipse; lengths in fractions of the person's height.

    Args:
        name: what it is.
        frames: the frames of the start, of the end, and of the ellipse's axes.
        start, end: of the axis, in the axes of their frames.
        radii: half axes of the ellipse where the profile is 1.
        profile: (place from 0 to 1, size) points, joined by straight lines.
        caps: roundness of both ends.
        texture: of `textures`.
        opaque: where the texture has no hole; None for nowhere a hole.
        bias: how far it is drawn before its place: cloth lies over what it covers,
            however the limbs beneath it swell.
        second_axis: 2, or 1 where the ellipse lies in the frame's x and y.
    """

    name: str
    frames: tuple
    start: tuple
    end: tuple
    radii: tuple
    profile: tuple
    caps: tuple
    texture: np.ndarray
    opaque: np.ndarray | None = None
    second_axis: int = 2
    bias: float = 0.0
