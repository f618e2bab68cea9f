"""Tests of one person's pose given to another."""

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.pose import retarget, skeleton

ARMS_AND_LEGS = tuple(
    (start, end)
    for start, end in skeleton.LIMBS
    if start not in (skeleton.NECK, *skeleton.FACE)
)


def test_ones_own_pose_stays():
    source = _figure(np.random.default_rng(0))
    np.testing.assert_allclose(
        retarget.fit_poses(source, source[None])[0], source, atol=1e-4
    )


def test_the_same_figure_elsewhere_and_larger_comes_to_the_source():
    source = _figure(np.random.default_rng(0))
    target = source.copy()
    target[:, :2] = 3.7 * source[:, :2] + (400, -30)
    (fitted,) = retarget.fit_poses(source, target[None])
    np.testing.assert_allclose(fitted, source, atol=1e-3)
    assert fitted.dtype == np.float32


def test_angles_are_the_targets_and_lengths_the_sources():
    random = np.random.default_rng(1)
    lengths = {"elbow": 20.0, "wrist": 17.0, "knee": 30.0, "ankle": 28.0}
    source = _figure(random, lengths)
    # A quarter longer arms and shorter legs, and three times as large.
    target = _figure(random, {"elbow": 75, "wrist": 64, "knee": 72, "ankle": 67}, 3)
    (fitted,) = retarget.fit_poses(source, target[None])
    for start, end in ARMS_AND_LEGS:
        bone = fitted[end, :2] - fitted[start, :2]
        wanted = target[end, :2] - target[start, :2]
        name = skeleton.JOINT_NAMES[end].split("_")[1]
        assert np.linalg.norm(bone) == pytest.approx(lengths[name], rel=1e-4)
        np.testing.assert_allclose(
            bone / np.linalg.norm(bone), wanted / np.linalg.norm(wanted), atol=1e-5
        )
    np.testing.assert_allclose(fitted[skeleton.NECK], source[skeleton.NECK], atol=1e-4)
    assert _trunk(fitted) == pytest.approx(_trunk(source), rel=1e-4)
    # The trunk's and the head's widths are the target's, as large as the trunk.
    scale = _trunk(source) / _trunk(target)
    for one, other in ((2, 5), (8, 11), (14, 15), (0, 16)):
        assert _distance(fitted, one, other) == pytest.approx(
            scale * _distance(target, one, other), rel=1e-4
        )


def test_a_limb_towards_the_camera_stays_short():
    source = _figure(np.random.default_rng(1))
    target = source.copy()
    # The right upper arm shows 30 % of its length.
    target[3:5, :2] += 0.7 * (target[2, :2] - target[3, :2])
    (fitted,) = retarget.fit_poses(source, target[None])
    np.testing.assert_allclose(fitted, target, atol=1e-3)


def test_no_limb_changes_by_more_than_people_do():
    random = np.random.default_rng(1)
    source = _figure(random)
    # Both upper arms point at the camera; the forearms are too short to be true.
    target = source.copy()
    for side in (2, 5):
        bones = np.diff(target[side : side + 3, :2], axis=0) * [[0.1], [3.0]]
        target[side + 1 : side + 3, :2] = target[side, :2] + np.cumsum(bones, axis=0)
    (fitted,) = retarget.fit_poses(source, target[None])
    for side in (2, 5):
        ratios = [
            _distance(fitted, side + n, side + n + 1)
            / _distance(target, side + n, side + n + 1)
            for n in (0, 1)
        ]
        np.testing.assert_allclose(ratios, [4 / 3, 0.75], rtol=1e-4)


def test_missing_joints_stay_missing_and_are_bridged():
    source = _figure(np.random.default_rng(0))
    target = source.copy()
    target[:, :2] *= 2
    target[skeleton.RIGHT_ELBOW] = [np.nan, np.nan, 0]
    target[skeleton.LEFT_HIP] = 0
    target[list(skeleton.FACE[:3])] = 0
    expected = source.copy()
    expected[target[:, 2] == 0] = 0
    # The trunk is measured to the only hip; make it as long as that of both.
    source[skeleton.RIGHT_HIP] = source[skeleton.LEFT_HIP]
    target[skeleton.RIGHT_HIP, :2] = 2 * source[skeleton.RIGHT_HIP, :2]
    expected[skeleton.RIGHT_HIP] = source[skeleton.RIGHT_HIP]
    (fitted,) = retarget.fit_poses(source, target[None])
    np.testing.assert_array_equal(fitted[:, 2], target[:, 2])
    np.testing.assert_array_equal(fitted[skeleton.RIGHT_ELBOW], 0)
    reached = [skeleton.RIGHT_WRIST, skeleton.LEFT_EAR, skeleton.NECK, 8, 5, 6, 7]
    np.testing.assert_allclose(fitted[reached], expected[reached], atol=1e-3)


def test_a_bone_over_a_missing_joint_is_scaled_as_the_trunk():
    random = np.random.default_rng(1)
    source = _figure(random)
    target = _figure(random, {"elbow": 24, "wrist": 20, "knee": 30, "ankle": 28})
    target[skeleton.RIGHT_ELBOW] = 0
    (fitted,) = retarget.fit_poses(source, target[None])
    bone = target[skeleton.RIGHT_WRIST, :2] - target[skeleton.RIGHT_SHOULDER, :2]
    np.testing.assert_allclose(
        fitted[skeleton.RIGHT_WRIST, :2] - fitted[skeleton.RIGHT_SHOULDER, :2],
        bone,
        atol=1e-3,
    )


def test_a_walk_through_the_picture_becomes_one_on_the_spot_that_bobs():
    source = _figure(np.random.default_rng(0))
    times = np.arange(100)
    bob = 4 * np.sin(2 * np.pi * times / 12)
    target = np.repeat(source[None], 100, axis=0)
    target[:, :, 0] += 30 * times[:, None]
    target[:, :, 1] += bob[:, None]
    target[..., :2] *= 2
    fitted = retarget.fit_poses(source, target, trend_frames=25)
    neck = fitted[:, skeleton.NECK, :2] - source[skeleton.NECK, :2]
    np.testing.assert_allclose(neck[:, 0], 0, atol=1e-2)
    np.testing.assert_allclose(neck[20:-20, 1], bob[20:-20], atol=0.3)


def test_somebody_who_comes_nearer_stays_as_large():
    source = _figure(np.random.default_rng(0))
    growth = np.linspace(1, 3, 60)[:, None, None]
    target = np.repeat(source[None], 60, axis=0)
    target[..., :2] *= growth
    fitted = retarget.fit_poses(source, target, trend_frames=15)
    for pose in fitted:
        np.testing.assert_allclose(
            pose[:, :2] - pose[1, :2], source[:, :2] - source[1, :2], atol=0.1
        )


def test_lengths_are_the_medians_over_the_film():
    source = _figure(np.random.default_rng(0))
    target = np.repeat(source[None], 10, axis=0)
    # Both upper arms point at the camera for a while, and look long for another.
    for frames, longer in ((slice(0, 3), -0.8), (slice(7, 10), 0.3)):
        for side in (2, 5):
            arm = target[frames, [side + 1], :2] - target[frames, [side], :2]
            target[frames, side + 1 : side + 3, :2] += longer * arm
    fitted = retarget.fit_poses(source, target)
    np.testing.assert_allclose(fitted, target, atol=1e-3)


def test_frames_without_a_trunk_take_their_neighbours():
    source = _figure(np.random.default_rng(0))
    target = np.repeat(2 * source[None], 3, axis=0)
    target[..., 2] = 1
    target[1, [skeleton.NECK, skeleton.LEFT_HIP]] = 0
    fitted = retarget.fit_poses(source, target)
    np.testing.assert_allclose(
        fitted[1, skeleton.RIGHT_WRIST], source[skeleton.RIGHT_WRIST], atol=1e-3
    )


@pytest.mark.parametrize("joints", [[skeleton.NECK], [8, 11]])
def test_a_pose_without_trunk_cannot_be_fitted(joints):
    whole = _figure(np.random.default_rng(0))
    lacking = whole.copy()
    lacking[joints] = 0
    with pytest.raises(input_error.InputError, match="the source shows no neck"):
        retarget.fit_poses(lacking, whole[None])
    with pytest.raises(input_error.InputError, match="the target shows no neck"):
        retarget.fit_poses(whole, lacking[None])


def _figure(random, lengths=None, scale=1.0):
    """A figure of random angles; `lengths` of its limbs by their outer joint."""
    lengths = lengths or {"elbow": 20, "wrist": 17, "knee": 30, "ankle": 28}
    keypoints = np.ones((18, 3))
    places = {"neck": (60, 40), "right_hip": (52, 80), "left_hip": (66, 80)}
    places |= {"right_shoulder": (46, 42), "left_shoulder": (72, 41)}
    places |= {"nose": (61, 26), "right_eye": (58, 23), "left_eye": (64, 23)}
    places |= {"right_ear": (54, 24), "left_ear": (68, 25)}
    for name, place in places.items():
        keypoints[skeleton.JOINT_NAMES.index(name), :2] = scale * np.array(place)
    for start, end in ARMS_AND_LEGS:
        angle = random.uniform(0, 2 * np.pi)
        length = lengths[skeleton.JOINT_NAMES[end].split("_")[1]]
        bone = length * np.array([np.cos(angle), np.sin(angle)])
        keypoints[end, :2] = keypoints[start, :2] + bone
    return keypoints


def _trunk(keypoints):
    hips = keypoints[[skeleton.RIGHT_HIP, skeleton.LEFT_HIP], :2].mean(axis=0)
    return np.linalg.norm(hips - keypoints[skeleton.NECK, :2])


def _distance(keypoints, one, other):
    return np.linalg.norm(keypoints[one, :2] - keypoints[other, :2])
