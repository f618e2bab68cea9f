"""What the pose estimator says of a picture with a person in it."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class PoseEstimate:
    """One person's estimated pose.

    Args:
        keypoints: float32 (18, 3): x, y in pixels of the picture and visible in
            {0, 1}, in the order of `skeleton`.
        score: how sure the estimator is that this is a person, in [0, 1].
    """

    keypoints: np.ndarray
    score: float
