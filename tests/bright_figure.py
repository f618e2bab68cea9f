"""A stand-in for the pose estimator, and mains that run with it.

python -m tests.bright_figure keras_posegan.generate --run_dir=...
"""

import importlib
import sys

import numpy as np

from keras_posegan import command_line
from keras_posegan.data.synthetic_people import animation
from keras_posegan.pose import lazy_estimate, pose_estimate


def estimate(picture):
    """Somebody who stands where the picture is bright; nobody in a dark one."""
    rows, columns = np.nonzero(picture.max(axis=2) > 128)
    if not len(rows):
        return None
    keypoints = animation.walk_cycle(1, 0.0, (128, 64))[0]
    # To the bright rectangle's edges, so that nothing is left when it is painted over.
    places = keypoints[:, :2] - keypoints[:, :2].min(axis=0)
    size = np.array([np.ptp(columns), np.ptp(rows)]) / places.max(axis=0)
    keypoints[:, :2] = places * size + (columns.min(), rows.min())
    return pose_estimate.PoseEstimate(keypoints, 0.9)


if __name__ == "__main__":
    lazy_estimate.lazy_estimate = lambda model_path: estimate
    main = importlib.import_module(sys.argv.pop(1)).main
    command_line.run(main)
