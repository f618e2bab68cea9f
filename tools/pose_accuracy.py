"""How well estimated poses agree with annotated ones."""

from collections.abc import Sequence

import numpy as np

from keras_posegan.pose import face_scores, skeleton

NEAR = 6.4  # Pixels: a twentieth of the height of Market-1501's pictures.


def joint_curve(
    joints: np.ndarray, keypoints: np.ndarray, thresholds: Sequence[float]
) -> list[dict[str, float]]:
    """Where the joints lie, and how many there are, for each joint threshold.

    Args:
        joints: (pictures, 18, 3): x, y and score, as `PoseEstimator.locate` has them.
        keypoints: (pictures, 18, 3): x, y and visible, as annotated.
        thresholds: from which score on a joint counts as estimated.

    Returns:
        Of each threshold `threshold`; of the joints that are both estimated and
        annotated the `median` distance in pixels and the share `near`, within 6.4;
        and `recall`, the share of the annotated joints that are estimated.
    """
    annotated = keypoints[..., 2] > 0
    distances = np.linalg.norm(joints[..., :2] - keypoints[..., :2], axis=-1)
    rows = []
    for threshold in thresholds:
        both = annotated & (joints[..., 2] >= threshold)
        rows.append(
            {
                "threshold": threshold,
                "median": np.median(distances[both]),
                "near": np.mean(distances[both] <= NEAR),
                "recall": both.sum() / annotated.sum(),
            }
        )
    return rows


def face_curve(
    joints: np.ndarray,
    keypoints: np.ndarray,
    thresholds: Sequence[float],
    corrected: bool = True,
) -> list[dict[str, float]]:
    """Which of nose, eyes and ears are taken for visible, for each face threshold.

    Args:
        joints: see `joint_curve`.
        keypoints: see `joint_curve`.
        thresholds: from which score on a joint of the face counts as visible.
        corrected: whether to correct the scores (`face_scores`).

    Returns:
        Of each threshold `threshold`; `precision`, the share of the visible ones that
        are annotated; and `recall`, the share of the annotated ones that are visible.
    """
    annotated = keypoints[:, list(skeleton.FACE), 2] > 0
    scores = joints[..., 2]
    if corrected:
        scores = np.stack([face_scores.correct_face_scores(each) for each in joints])
    scores = scores[:, list(skeleton.FACE)]
    rows = []
    for threshold in thresholds:
        visible = scores >= threshold
        both = (visible & annotated).sum()
        rows.append(
            {
                "threshold": threshold,
                "precision": both / max(visible.sum(), 1),
                "recall": both / annotated.sum(),
            }
        )
    return rows
