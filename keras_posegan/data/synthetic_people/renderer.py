"""Photographs a person: one picture and its exact keypoints."""

import dataclasses
import math

import numpy as np

from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import camera as camera_lib
from keras_posegan.data.synthetic_people import figure as figure_lib
from keras_posegan.data.synthetic_people import person as person_lib
from keras_posegan.data.synthetic_people import pose as pose_lib
from keras_posegan.data.synthetic_people import rasterizer, visibility

_FINE = 2  # Samples per pixel and direction.
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
    camera: camera_lib.Camera,
    image_size: tuple[int, int],
    rng: np.random.Generator | None = None,
) -> View:
    """Crops as a detector would: the person fills the picture, more or less.

    Args:
        joints: (18, 3) of `body.place`.
        yaw: radians the person is turned; 0 faces the camera, positive turns the
            face to the picture's right.
        camera: gives pitch and aspect.
        image_size: (height, width) in pixels.
        rng: draws the detector's inaccuracy; None for a perfect detector.

    Returns:
        The `View`.
    """
    height, width = image_size
    c, s = math.cos(camera.pitch), math.sin(camera.pitch)
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
    fits = 1.06 * width / ((right - left) * camera.aspect)
    smaller = min(1.0, max(fits / scale, 0.85))
    margin = above * height + scale * (1 - smaller) * (top - bottom) / 2
    scale *= smaller
    middle = 0.5 * (left + right) * 0.7 + 0.3 * seen[1, 0]
    return View(
        rotation=rotation,
        scale=np.array((scale * camera.aspect, scale, scale)),
        offset=np.array(
            (
                (width - 1) / 2 + side * width - middle * scale * camera.aspect,
                -(margin + top * scale),
                0.0,
            )
        ),
    )


def render(
    person: person_lib.Person,
    pose: pose_lib.Pose,
    yaw: float,
    camera: camera_lib.Camera,
    image_size: tuple[int, int],
    rng: np.random.Generator,
    obstacle: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draws one picture of a person.

    Args:
        person: who.
        pose: how they stand.
        yaw: radians they are turned; 0 faces the camera.
        camera: where.
        image_size: (height, width) in pixels.
        rng: draws crop, background, noise, and which joints an estimator misses.
        obstacle: (height, width, 4) of `scenery.draw_obstacle`, stands in front.

    Returns:
        image: (height, width, 3) uint8.
        keypoints: (18, 3) float32, x, y in pixels and visible; exact projections
        of the joints of the 3D skeleton.
    """
    height, width = image_size
    axes, origins, joints = body_lib.place(person.body, pose)
    view = frame_person(joints, yaw, camera, image_size, rng)
    # Pixel x of the picture has its centre at _FINE x + (_FINE - 1) / 2.
    shift = (_FINE - 1) / 2
    parts = figure_lib.seen_parts(
        person.figure,
        axes,
        origins,
        view.rotation,
        view.scale * _FINE,
        view.offset * _FINE + np.array((shift, -shift, 0)),
    )
    buffers = rasterizer.draw(
        parts, person.figure.opaque, camera.light, height * _FINE, width * _FINE
    )
    picture = camera.background(image_size, rng)
    points = view.project(joints)
    _cast_shadow(picture, points, view.scale[1])
    _develop(picture, buffers, person.figure.atlas, camera.tint)
    if obstacle is not None:
        opacity = obstacle[..., 3:]
        picture *= 1 - opacity
        picture += opacity * obstacle[..., :3] * camera.tint
    image = camera.expose(picture, rng)
    visible = visibility.estimator_sees(
        points, view.scale[1], buffers.depth, _FINE, obstacle, rng
    )
    keypoints = np.zeros((len(points), 3), np.float32)
    keypoints[visible, :2] = points[visible, :2]
    keypoints[:, 2] = visible
    return image, keypoints


def _develop(picture, buffers, atlas, tint):
    """Lays the drawn person over the background, averaging the fine samples."""
    height, width, _ = picture.shape
    drawn = np.flatnonzero(buffers.depth > -1e8)
    y, x = np.divmod(drawn, width * _FINE)
    pixel = (y // _FINE) * width + x // _FINE
    colours = atlas.take(buffers.texel.reshape(-1).take(drawn), axis=0)
    shade = buffers.shade.reshape(-1).take(drawn)
    covered = np.bincount(pixel, minlength=height * width).reshape(height, width)
    picture *= (1 - covered / np.float32(_FINE**2)).astype(np.float32)[..., None]
    for channel, gain in enumerate(tint / _FINE**2):
        light = np.bincount(
            pixel, colours[:, channel] * shade, minlength=height * width
        )
        picture[..., channel] += (gain * light).reshape(height, width)


def _cast_shadow(picture, points, scale):
    """A soft dark patch on the ground around the feet."""
    height, width, _ = picture.shape
    feet = points[[10, 13]]
    x, y = feet[:, 0].mean(), feet[:, 1].max() + 0.03 * scale
    wide = 0.12 * scale + abs(feet[0, 0] - feet[1, 0]) / 2
    top, bottom = max(0, int(y - 0.1 * scale)), min(height, int(y + 0.1 * scale))
    if top >= bottom:
        return
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)
    dark = np.exp(-(((rows - y) / (0.03 * scale)) ** 2)) * np.exp(
        -(((columns - x) / wide) ** 2)
    )
    picture[top:bottom] *= (1 - np.float32(0.5) * dark)[..., None]
