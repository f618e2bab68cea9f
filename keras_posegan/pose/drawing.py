"""Draws skeletons as pictures, to be looked at."""

import colorsys

import numpy as np
from PIL import Image, ImageDraw

from keras_posegan.pose import skeleton

_OVERSAMPLING = 4  # Drawn this many times larger, then averaged: smooth edges.
_LIMB_WIDTH = 1 / 40  # Of the picture's height.
_JOINT_WIDTH = 1 / 28
_LIMB_SHADE = 0.75


def draw_skeleton(
    keypoints: np.ndarray,
    image_size: tuple[int, int],
    background: np.ndarray | None = None,
) -> np.ndarray:
    """Draws one person's limbs and joints in the colours of OpenPose.

    Each joint has its own colour: yellow along the person's right arm and green along
    the left, cyan along the right leg and blue along the left, so that left and right,
    front and back, can be told apart. A limb has a darker shade of the colour of its
    outer joint, and is drawn if both its joints are visible. Widths follow the
    picture's height.

    Args:
        keypoints: (18, 3): x, y in pixels of the picture and visible in {0, 1}, in
            the order of `skeleton`. x and y of invisible joints are not looked at.
            Joints may lie outside the picture.
        image_size: (height, width) of the picture.
        background: uint8 (height, width, 3) to draw upon; not changed. None for
            black.

    Returns:
        uint8 (height, width, 3).

    Raises:
        ValueError: if `keypoints` or `background` has another shape, or
            `background` is not uint8.
    """
    keypoints = np.asarray(keypoints, np.float64)
    if keypoints.shape != (skeleton.NUM_JOINTS, 3):
        raise ValueError(
            f"`keypoints` must be ({skeleton.NUM_JOINTS}, 3). "
            f"Received: {keypoints.shape}"
        )
    height, width = image_size
    if background is None:
        background = np.zeros((height, width, 3), np.uint8)
    if background.dtype != np.uint8 or background.shape != (height, width, 3):
        raise ValueError(
            f"`background` must be uint8 {(height, width, 3)}. "
            f"Received: {background.dtype} {background.shape}"
        )
    large = (width * _OVERSAMPLING, height * _OVERSAMPLING)
    picture = Image.fromarray(background).resize(large, Image.Resampling.NEAREST)
    canvas = ImageDraw.Draw(picture)
    visible = keypoints[:, 2] > 0
    # 0 is the centre of the first pixel, of which there are now several.
    points = (keypoints[:, :2] + 0.5) * _OVERSAMPLING - 0.5
    limb_radius = 0.5 * _LIMB_WIDTH * large[1]
    for start, end in skeleton.LIMBS:
        if visible[start] and visible[end]:
            color = tuple(int(_LIMB_SHADE * value) for value in _COLORS[end])
            _draw_limb(canvas, points[start], points[end], limb_radius, color)
    for joint in np.flatnonzero(visible):
        _draw_disc(canvas, points[joint], 0.5 * _JOINT_WIDTH * large[1], _COLORS[joint])
    return np.asarray(picture.reduce(_OVERSAMPLING))


def _draw_limb(canvas, start, end, radius, color) -> None:
    """A bar between two points, tapering a little towards the outer one."""
    along = end - start
    length = np.hypot(*along)
    if length > 0:
        across = np.array([-along[1], along[0]]) / length
        corners = [
            start + radius * across,
            start - radius * across,
            end - 0.7 * radius * across,
            end + 0.7 * radius * across,
        ]
        canvas.polygon([tuple(corner) for corner in corners], fill=color)


def _draw_disc(canvas, centre, radius, color) -> None:
    """A filled circle."""
    box = np.round([*(centre - radius), *(centre + radius)])  # Pillow truncates.
    canvas.ellipse(box.tolist(), fill=color)


def _joint_colors() -> list[tuple[int, int, int]]:
    """A hue for each joint: OpenPose's walk round the colour circle from red."""
    hues = np.arange(skeleton.NUM_JOINTS) / skeleton.NUM_JOINTS
    return [
        tuple(round(255 * value) for value in colorsys.hsv_to_rgb(hue, 1.0, 1.0))
        for hue in hues
    ]


_COLORS = _joint_colors()
