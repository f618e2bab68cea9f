"""Six cameras: where each looks from, its light, and what it does to a picture."""

import dataclasses
import math

import numpy as np

from keras_posegan.data.synthetic_people import scenery

_NOISE_MARGIN = 64


@dataclasses.dataclass(frozen=True)
class Camera:
    """One camera and the place it watches.

    Args:
        pitch: radians it looks down.
        aspect: how much wider than true it shows people.
        light: (3,) unit vector towards the light; x right, y up, z to the camera.
        tint: (3,) colour of the light.
        blur: share of each neighbour in a 3-tap blur of rows and of columns.
        noise: standard deviation of the sensor's noise, in grey levels.
        jpeg_quality: 1 to 95.
        scene: (height, wide, 3) float32 in [0, 1], the place with nobody in it.
        grain: float32 noise to cut from, in [0, 1] units of the picture.
    """

    pitch: float
    aspect: float
    light: np.ndarray
    tint: np.ndarray
    blur: float
    noise: float
    jpeg_quality: int
    scene: np.ndarray
    grain: np.ndarray

    def background(
        self, image_size: tuple[int, int], rng: np.random.Generator
    ) -> np.ndarray:
        """A piece of the scene, (H, W, 3) float32 in [0, 1]; a copy."""
        height, width = image_size
        top = rng.integers(self.scene.shape[0] - height + 1)
        left = rng.integers(self.scene.shape[1] - width + 1)
        return self.scene[top : top + height, left : left + width].copy()

    def expose(self, picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Blur, exposure and noise of this camera.

        Args:
            picture: (H, W, 3) float32 in [0, 1]; is changed.
            rng: draws the exposure and the noise.

        Returns:
            (H, W, 3) uint8.
        """
        height, width, _ = picture.shape
        for axis in (0, 1):
            picture = _blur(picture, self.blur, axis)
        top = rng.integers(self.grain.shape[0] - height + 1)
        left = rng.integers(self.grain.shape[1] - width + 1)
        picture *= 255 * float(np.clip(rng.normal(1, 0.05), 0.85, 1.15))
        picture += self.grain[top : top + height, left : left + width]
        np.clip(picture, 0, 255, out=picture)
        return (picture + 0.5).astype(np.uint8)


# Pitch in degrees, aspect, light (azimuth from the camera to the right, height)
# in degrees, tint, blur, noise, JPEG quality.
_SETTINGS = (
    (9, 1.20, (-50, 45), (1.06, 1.00, 0.92), 0.06, 2.0, 92),
    (14, 1.14, (35, 55), (0.98, 1.00, 1.03), 0.10, 3.0, 88),
    (6, 1.22, (65, 35), (1.08, 1.00, 0.88), 0.04, 2.5, 90),
    (17, 1.16, (-20, 65), (0.94, 0.98, 1.06), 0.10, 3.5, 88),
    (11, 1.18, (10, 40), (1.00, 1.02, 0.98), 0.08, 2.0, 92),
    (8, 1.12, (-70, 50), (0.97, 0.95, 1.00), 0.12, 4.0, 86),
)
NUM_CAMERAS = len(_SETTINGS)


def create_camera(index: int, image_size: tuple[int, int], seed: int) -> Camera:
    """Sets up one of the six cameras.

    Args:
        index: 0 to 5.
        image_size: (height, width) of its pictures, in pixels.
        seed: of the data set; the cameras of two seeds differ in the details of
            their scenes.

    Returns:
        The `Camera`.
    """
    pitch, aspect, (azimuth, elevation), tint, blur, noise, quality = _SETTINGS[index]
    rng = np.random.default_rng((seed, 1, index))
    height, width = image_size
    azimuth, elevation = math.radians(azimuth), math.radians(elevation)
    grain = rng.normal(
        0, noise, (height + _NOISE_MARGIN, width + _NOISE_MARGIN, 3)
    ).astype(np.float32)
    # Sensors' noise is mostly one of brightness.
    grain = 0.4 * grain + 0.8 * grain.mean(2, keepdims=True)
    return Camera(
        pitch=math.radians(pitch),
        aspect=aspect,
        light=np.array(
            (
                math.cos(elevation) * math.sin(azimuth),
                math.sin(elevation),
                math.cos(elevation) * math.cos(azimuth),
            )
        ),
        tint=np.float32(tint),
        blur=blur,
        noise=noise,
        jpeg_quality=quality,
        scene=scenery.draw_scene(index, image_size, rng) * np.float32(tint),
        grain=grain,
    )


def _blur(picture, share, axis):
    """Mixes every pixel with its two neighbours along an axis; borders stay."""
    middle = picture * np.float32(1 - 2 * share)
    part = picture * np.float32(share)
    if axis == 0:
        middle[1:] += part[:-1]
        middle[:-1] += part[1:]
        middle[[0, -1]] += part[[0, -1]]
    else:
        middle[:, 1:] += part[:, :-1]
        middle[:, :-1] += part[:, 1:]
        middle[:, [0, -1]] += part[:, [0, -1]]
    return middle
