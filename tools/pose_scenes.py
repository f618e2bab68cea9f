"""Pictures to try a pose estimator on: empty ones, and large ones with small people."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from keras_posegan.data.synthetic_people import scenery

PLACES = 6  # That `scenery` draws.
_PHOTO = (480, 640)  # Height and width.


def empty_pictures(seed: int = 0) -> Iterator[tuple[str, np.ndarray]]:
    """Draws pictures without a person: scenery, flat colours, noise and stains.

    Args:
        seed: int >= 0.

    Yields:
        `(kind, picture)`: uint8 (height, width, 3).
    """
    rng = np.random.default_rng(seed)
    for height, width in ((128, 64), (256, 256), _PHOTO):
        for place in range(PLACES):
            scene = _scene(place, (height, width), rng)
            for left in range(0, scene.shape[1] - width + 1, width):
                yield f"scenery {height}x{width}", scene[:height, left : left + width]
    for level in range(0, 256, 17):
        yield "flat", np.full((128, 64, 3), level, np.uint8)
    for cells in (128, 32, 16, 8):
        for _ in range(10):
            noise = rng.integers(0, 256, (cells, cells // 2, 3), np.uint8)
            picture = Image.fromarray(noise).resize((64, 128), Image.Resampling.BICUBIC)
            yield "noise", np.asarray(picture)


def photos(
    pictures: list[np.ndarray], keypoints: np.ndarray, share: float, seed: int = 0
) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """Puts each picture of a person somewhere into a drawn photo of 640x480.

    Args:
        pictures: uint8 (height, width, 3) each, a person from head to foot.
        keypoints: (pictures, 18, 3), the people's poses.
        share: the picture's height in the photo, of 640 pixels.
        seed: int >= 0.

    Yields:
        `(photo, keypoints, scale)`: uint8 (480, 640, 3), the pose in it, and how many
        of the photo's pixels a pixel of the picture is.
    """
    rng = np.random.default_rng(seed)
    scenes = [_scene(place, _PHOTO, rng) for place in range(PLACES)]
    for picture, pose in zip(pictures, keypoints, strict=True):
        scene = scenes[rng.integers(PLACES)]
        left = rng.integers(scene.shape[1] - _PHOTO[1])
        photo = scene[-_PHOTO[0] :, left : left + _PHOTO[1]].copy()
        scale = share * _PHOTO[1] / picture.shape[0]
        height, width = (round(scale * side) for side in picture.shape[:2])
        top = rng.integers(_PHOTO[0] - height + 1)
        left = rng.integers(_PHOTO[1] - width + 1)
        photo[top : top + height, left : left + width] = Image.fromarray(
            picture
        ).resize((width, height), Image.Resampling.BICUBIC)
        placed = pose.copy()
        placed[:, :2] = (pose[:, :2] + 0.5) * scale + (left - 0.5, top - 0.5)
        yield photo, placed, scale


def _scene(place, size, rng):
    """A wide place, uint8 (>= height, 10 width, 3)."""
    return (255 * scenery.draw_scene(place, size, rng)).astype(np.uint8)
