"""Photographs a person: one picture and its exact keypoints."""

import numpy as np

from keras_posegan.data.synthetic_people import body as body_lib
from keras_posegan.data.synthetic_people import camera as camera_lib
from keras_posegan.data.synthetic_people import figure as figure_lib
from keras_posegan.data.synthetic_people import person as person_lib
from keras_posegan.data.synthetic_people import pose as pose_lib
from keras_posegan.data.synthetic_people import rasterizer, visibility
from keras_posegan.data.synthetic_people import view as view_lib

_FINE = 2  # Samples per pixel and direction.


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
    view = view_lib.frame_person(
        joints, yaw, camera.pitch, camera.aspect, image_size, rng
    )
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
