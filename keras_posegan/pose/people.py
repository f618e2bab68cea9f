"""All the people in a picture, by an estimator that finds one at a time."""

from collections.abc import Callable

import numpy as np

from keras_posegan.pose import pose_estimate

# `pose_estimator.PoseEstimator.estimate`, or what stands in for it.
Estimate = Callable[[np.ndarray], pose_estimate.PoseEstimate | None]

_MOST = 6
# The painted box: the joints' extent and these shares of it, on every side and more
# above, where the crown is.
_AROUND, _ABOVE = 0.12, 0.18


def find_people(
    picture: np.ndarray, estimate: Estimate
) -> list[pose_estimate.PoseEstimate]:
    """Finds somebody, paints over them and looks again, until nobody is found.

    Args:
        picture: uint8 (H, W, 3).
        estimate: finds one person, or None.

    Returns:
        The people, at most six, the largest and most central first: by the extent
        of their joints, times 1 in the picture's middle column down to 1/2 at its
        edges.
    """
    rest = picture.copy()
    paint = picture.mean(axis=(0, 1)).astype(np.uint8)
    found = []
    while len(found) < _MOST and (person := estimate(rest)) is not None:
        low, high = _extent(person)
        size = (high - low).max()
        left, top = np.maximum(low - (_AROUND * size, _ABOVE * size), 0).astype(int)
        right, bottom = np.ceil(high + _AROUND * size).astype(int) + 1
        rest[top:bottom, left:right] = paint
        found.append(person)
    return sorted(found, key=lambda person: -_prominence(person, picture.shape[1]))


def _extent(person):
    """Least and largest x, y of the visible joints; a person shows some."""
    places = person.keypoints[person.keypoints[:, 2] > 0, :2]
    return places.min(axis=0), places.max(axis=0)


def _prominence(person, width):
    low, high = _extent(person)
    from_middle = abs((low[0] + high[0]) / 2 - (width - 1) / 2) / (width / 2)
    return (high - low).max() * (1 - 0.5 * from_middle)
