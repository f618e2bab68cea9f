"""Tests of the tables that the pose estimator is tuned by."""

import numpy as np
import pytest

from keras_posegan.pose import face_scores, skeleton
from tools import pose_accuracy, pose_scenes


@pytest.fixture
def figures():
    rng = np.random.default_rng(0)
    keypoints = np.round(rng.uniform(0, 100, (6, 18, 3)))
    keypoints[..., 2] = rng.uniform(0, 1, (6, 18)) < 0.7
    joints = keypoints + rng.normal(0, 4, keypoints.shape)
    joints[..., 2] = rng.uniform(0, 1, (6, 18))
    return joints, keypoints


def test_joints_are_counted_one_by_one(figures):
    for row in pose_accuracy.joint_curve(*figures, (0.2, 0.6)):
        distances, annotated = [], 0
        for estimated, real in zip(*(f.reshape(-1, 3) for f in figures), strict=True):
            annotated += real[2] == 1
            if real[2] == 1 and estimated[2] >= row["threshold"]:
                apart = (estimated[0] - real[0]) ** 2 + (estimated[1] - real[1]) ** 2
                distances.append(apart**0.5)
        assert row["median"] == pytest.approx(
            sorted(distances)[len(distances) // 2], rel=0.1
        )
        assert row["near"] == sum(d <= 6.4 for d in distances) / len(distances)
        assert row["recall"] == len(distances) / annotated


@pytest.mark.parametrize("corrected", [True, False])
def test_faces_are_counted_one_by_one(figures, corrected):
    for row in pose_accuracy.face_curve(*figures, (0.3, 0.7), corrected):
        right = visible = annotated = 0
        for estimated, real in zip(*figures, strict=True):
            scores = estimated[:, 2]
            if corrected:
                scores = face_scores.correct_face_scores(estimated)
            for joint in skeleton.FACE:
                annotated += real[joint, 2] == 1
                visible += scores[joint] >= row["threshold"]
                right += real[joint, 2] == 1 and scores[joint] >= row["threshold"]
        assert row["precision"] == right / visible
        assert row["recall"] == right / annotated


def test_empty_pictures_are_of_every_kind_and_repeat():
    first, again = list(pose_scenes.empty_pictures()), pose_scenes.empty_pictures()
    assert len(first) > 200
    assert {kind.split()[0] for kind, _ in first} == {"scenery", "flat", "noise"}
    for (kind, picture), (other_kind, other) in zip(first, again, strict=True):
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 3
        assert kind == other_kind
        np.testing.assert_array_equal(picture, other)


def test_a_photos_pose_is_where_its_picture_is():
    picture = np.zeros((128, 64, 3), np.uint8)
    picture[100, 20] = 255
    pose = np.zeros((1, 18, 3))
    pose[0, 0] = (20, 100, 1)
    ((photo, placed, scale),) = pose_scenes.photos([picture], pose, share=0.6)
    assert photo.shape == (480, 640, 3)
    assert scale == 3.0
    x, y, visible = placed[0]
    assert visible == 1
    # The picture is black about the spot, and nothing else in the photo is.
    height, width = 384, 192
    left, top = x - (20.5 * 3 - 0.5), y - (100.5 * 3 - 0.5)
    assert (left, top) == (round(left), round(top))
    inside = photo[int(top) :, int(left) :][:height, :width].astype(float)
    rows, columns = np.nonzero(inside[..., 0] > 60)
    assert abs(rows.mean() + top - y) < 0.6
    assert abs(columns.mean() + left - x) < 0.6
    assert np.median(inside) == 0
