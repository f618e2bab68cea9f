"""How a person is cropped and projected."""

import dataclasses
import math

import numpy as np

# From the top joint up to the crown, and from an ankle down to the sole.
_CROWN = 0.085
_SOLE = 0.045
_HANDS = 0.6


@dataclasses.dataclass(frozen=True)
class View:
    """How a body is projected, without perspective, to pixels.

    Args:
        rotation: (3, 3), from the body's axes to the eye's: x right, y up.
        scale: (3,), pixels per height of the person.
        offset: (3,), the place of the middle of the hips: x in pixels from the
            centre of the first column, y likewise from the first row but
            negative downwards, z 0.
    """

    rotation: np.ndarray
    scale: np.ndarray
    offset: np.ndarray

    def project(self, points: np.ndarray) -> np.ndarray:
        """Points (N, 3) of the body to (N, 3): x, y (down) and depth in pixels."""
        at = points @ self.rotation.T * self.scale + self.offset
        at[:, 1] *= -1
        return at


def frame_person(
    joints: np.ndarray,
    yaw: float,
    pitch: float,
    aspect: float,
    image_size: tuple[int, int],
    rng: np.random.Generator | None = None,
) -> View:
    """Crops as a detector would: the person fills the picture, more or less.

    Args:
        joints: (N, 3) of `body.place`, those of one pose or of several: nose first,
            neck second.
        yaw: radians the person is turned; 0 faces the camera, positive turns the
            face to the picture's right.
        pitch: radians the camera looks down.
        aspect: how much wider than true people are shown.
        image_size: (height, width) in pixels.
        rng: draws the detector's inaccuracy; None for a perfect detector.

    Returns:
        The `View`.
    """
    height, width = image_size
    c, s = math.cos(pitch), math.sin(pitch)
    tilt = np.array(((1.0, 0.0, 0.0), (0.0, c, -s), (0.0, s, c)))
    c, s = math.cos(yaw), math.sin(yaw)
    rotation = tilt @ np.array(((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c)))
    seen = joints @ rotation.T
    crown = seen[0, 1] + _CROWN
    # A detector heeds the trunk and the head; raised hands are often cut off.
    top = crown + _HANDS * max(0.0, seen[:, 1].max() + 0.03 - crown)
    bottom = seen[:, 1].min() - _SOLE
    left, right = seen[:, 0].min() - 0.03, seen[:, 0].max() + 0.03
    above, below, side = 0.035, 0.035, 0.0
    if rng is not None:
        above, below = rng.normal(0.035, 0.025, 2)
        side = rng.normal(0, 0.03)
        if rng.random() < 0.06:  # The legs are cut off, or somebody stays small.
            below += rng.choice((-0.2, 0.12))
    scale = height * (1 - above - below) / (top - bottom)
    fits = 1.06 * width / ((right - left) * aspect)
    smaller = min(1.0, max(fits / scale, 0.85))
    margin = above * height + scale * (1 - smaller) * (top - bottom) / 2
    scale *= smaller
    middle = 0.5 * (left + right) * 0.7 + 0.3 * seen[1, 0]
    return View(
        rotation=rotation,
        scale=np.array((scale * aspect, scale, scale)),
        offset=np.array(
            (
                (width - 1) / 2 + side * width - middle * scale * aspect,
                -(margin + top * scale),
                0.0,
            )
        ),
    )
