"""A pose estimator that is loaded when the first picture needs it."""

import functools
from collections.abc import Callable


def lazy_estimate(model_path: str = "") -> Callable:
    """`PoseEstimator.estimate`, without its model until it is called.

    Args:
        model_path: of the `.tflite` file; empty: `movenet.default_path()`.
    """

    @functools.cache
    def estimator():
        from keras_posegan.pose import pose_estimator

        return pose_estimator.PoseEstimator(model_path or None)

    return lambda picture: estimator().estimate(picture)
