"""Tests of telling a seen face from one that is turned away."""

import numpy as np
import pytest

from keras_posegan.pose import face_scores, skeleton

FLIP = list(skeleton.FLIP)


def _twin(joints):
    """The formula, one number at a time."""
    at = {name: joints[row] for row, name in enumerate(skeleton.JOINT_NAMES)}
    top = [(at["right_shoulder"][k] + at["left_shoulder"][k]) / 2 for k in (0, 1)]
    bottom = [(at["right_hip"][k] + at["left_hip"][k]) / 2 for k in (0, 1)]
    trunk = ((top[0] - bottom[0]) ** 2 + (top[1] - bottom[1]) ** 2) ** 0.5
    front = 5 * (at["left_eye"][0] - at["right_eye"][0]) / trunk
    ears = (at["left_ear"][0] + at["right_ear"][0]) / 2
    side = 5 * (at["nose"][0] - ears) / trunk
    front, side = (min(1, max(-1, turn)) for turn in (front, side))
    gain = {"nose": front, "right_eye": front, "left_eye": front}
    gain |= {"right_ear": side, "left_ear": -side}
    return [at[name][2] + 0.3 * gain.get(name, 0) for name in skeleton.JOINT_NAMES]


def test_scores_are_the_formulas():
    rng = np.random.default_rng(0)
    for spread in (3, 10, 30):
        joints = rng.uniform(0, 1, (18, 3)) * [spread, 60, 1]
        np.testing.assert_allclose(
            face_scores.correct_face_scores(joints), _twin(joints), atol=1e-12
        )


def test_the_arguments_are_not_changed_and_only_faces_are_corrected():
    joints = np.random.default_rng(1).uniform(0, 1, (18, 3)).astype(np.float32)
    before = joints.copy()
    corrected = face_scores.correct_face_scores(joints)
    np.testing.assert_array_equal(joints, before)
    body = [joint for joint in range(18) if joint not in skeleton.FACE]
    np.testing.assert_array_equal(corrected[body], joints[body, 2])


def test_a_mirrored_person_has_mirrored_scores():
    joints = np.random.default_rng(2).uniform(0, 1, (18, 3)) * [20, 60, 1]
    mirrored = joints[FLIP] * [-1, 1, 1] + [63, 0, 0]
    np.testing.assert_allclose(
        face_scores.correct_face_scores(mirrored),
        face_scores.correct_face_scores(joints)[FLIP],
    )


def test_size_and_place_do_not_matter():
    joints = np.random.default_rng(3).uniform(0, 1, (18, 3)) * [20, 60, 1]
    np.testing.assert_allclose(
        face_scores.correct_face_scores(joints * [7, 7, 1] + [100, 50, 0]),
        face_scores.correct_face_scores(joints),
    )


@pytest.mark.parametrize(("way", "sign"), [(1, 1), (-1, -1)])
def test_a_face_gains_in_front_and_loses_on_a_back(way, sign):
    x = {"right_shoulder": -10, "left_shoulder": 10, "right_eye": -3, "left_eye": 3}
    y = {"right_hip": 30, "left_hip": 30}
    joints = np.array(
        [[way * x.get(n, 0), y.get(n, 0), 0.5] for n in skeleton.JOINT_NAMES]
    )
    corrected = face_scores.correct_face_scores(joints)
    face = corrected[[skeleton.NOSE, skeleton.RIGHT_EYE, skeleton.LEFT_EYE]]
    assert np.all(sign * (face - 0.5) > 0.2)


def test_the_ear_that_the_nose_comes_near_loses():
    joints = np.full((18, 3), 0.5)
    joints[:, :2] = 0
    joints[[skeleton.RIGHT_HIP, skeleton.LEFT_HIP], 1] = 30
    joints[skeleton.NOSE, 0] = 4  # To the right: the person's left.
    corrected = face_scores.correct_face_scores(joints)
    assert corrected[skeleton.LEFT_EAR] < 0.4
    assert corrected[skeleton.RIGHT_EAR] > 0.6


def test_a_person_without_length_gives_numbers():
    assert np.isfinite(face_scores.correct_face_scores(np.zeros((18, 3)))).all()
