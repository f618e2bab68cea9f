"""Which joints of a face can be seen, told from the way the head is turned."""

import numpy as np

from keras_posegan.pose import skeleton

_EYES_AND_NOSE = [skeleton.NOSE, skeleton.RIGHT_EYE, skeleton.LEFT_EYE]
# Tuned with tools.tune_pose_estimator.
_SLOPE = 5.0  # A turn of a fifth of the trunk's length is a full turn.
_WEIGHT = 0.3


def correct_face_scores(joints: np.ndarray) -> np.ndarray:
    """Corrects a pose estimator's scores of the face by where it puts the face.

    Such an estimator puts a nose and two eyes on the back of a head, and an ear on
    its far side, and is nearly as sure of them as of what it sees; but it puts them
    where they are behind the head. With the trunk's length t, from the middle of the
    shoulders to the middle of the hips:

        front = clip(5 (x_left_eye - x_right_eye) / t, -1, 1)
        side  = clip(5 (x_nose - (x_left_ear + x_right_ear) / 2) / t, -1, 1)

    Nose and eyes gain 0.3 front: on a back the left eye lies on the left. The right
    ear gains 0.3 side and the left ear loses it: the ear that the nose comes near is
    turned away.

    Args:
        joints: (18, 3): x, y and score in [0, 1], in the order of `skeleton`, all
            finite: also the joints that cannot be seen have a place.

    Returns:
        float (18,): the scores, those of the face corrected; they may leave [0, 1].
    """
    x, y, scores = np.asarray(joints, np.float64).T
    shoulders = [skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER]
    hips = [skeleton.RIGHT_HIP, skeleton.LEFT_HIP]
    trunk = np.hypot(
        x[shoulders].mean() - x[hips].mean(), y[shoulders].mean() - y[hips].mean()
    )
    per_pixel = _SLOPE / max(trunk, 1e-6)
    ears = x[[skeleton.RIGHT_EAR, skeleton.LEFT_EAR]].mean()
    front = np.clip(
        per_pixel * (x[skeleton.LEFT_EYE] - x[skeleton.RIGHT_EYE]), -1.0, 1.0
    )
    side = np.clip(per_pixel * (x[skeleton.NOSE] - ears), -1.0, 1.0)
    corrected = scores.copy()
    corrected[_EYES_AND_NOSE] += _WEIGHT * front
    corrected[skeleton.RIGHT_EAR] += _WEIGHT * side
    corrected[skeleton.LEFT_EAR] -= _WEIGHT * side
    return corrected
