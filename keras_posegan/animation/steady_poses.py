"""From the poses of a film to the poses to draw."""

import numpy as np

from keras_posegan.animation import pose_film
from keras_posegan.data import person_photo
from keras_posegan.pose import retarget, smoothing

_LONGEST_GAP = 0.4  # Seconds for which a joint may be missing and yet be drawn.
_TREND = 1.0  # Seconds: slower than this somebody walks, faster they bob and jump.


def steady_poses(
    film: pose_film.PoseFilm,
    frames_per_second: float,
    smoothing_seconds: float,
    image_size: tuple[int, int],
    source_keypoints: np.ndarray | None,
) -> np.ndarray:
    """Fills gaps, smooths over time, and brings the poses to the generator's pixels.

    Args:
        film: the poses of one person.
        frames_per_second: of the film.
        smoothing_seconds: standard deviation of the filter, `smoothing.smooth`; 0 for
            none.
        image_size: (height, width) of the generator's pictures.
        source_keypoints: (18, 3) of the person to draw, to whom the poses are fitted:
            `retarget.fit_poses`. None: one cut is made around all frames, unless they
            are of the generator's size, or of an unknown one and the poses lie in the
            generator's picture already.

    Returns:
        float32 (frames, 18, 3).

    Raises:
        InputError: if the poses cannot be fitted.
    """
    gap = _LONGEST_GAP * frames_per_second
    poses = smoothing.fill_gaps(film.keypoints, film.is_known, gap)
    poses = smoothing.smooth_keypoints(poses, smoothing_seconds * frames_per_second)
    if source_keypoints is None:
        return person_photo.to_generator_pixels(
            poses, image_size, "--poses", film.frame_size
        )
    return retarget.fit_poses(source_keypoints, poses, _TREND * frames_per_second)
