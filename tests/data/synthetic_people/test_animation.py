"""Tests of the walk cycle's keypoints."""

import numpy as np
import pytest

from keras_posegan.data.synthetic_people import animation
from keras_posegan.pose import skeleton


@pytest.mark.parametrize("yaw", [0.0, 1.0, np.pi / 2, np.pi])
def test_a_walk_is_smooth_closed_and_inside_the_picture(yaw):
    keypoints = animation.walk_cycle(24, yaw)
    assert keypoints.shape == (24, 18, 3)
    assert keypoints.dtype == np.float32
    assert keypoints[:, 1:14, 2].all()
    seen = keypoints[..., 2] > 0
    assert (keypoints[seen][:, :2] < (64, 128)).all()
    body = keypoints[:, 1:14, :2]
    steps = np.linalg.norm(np.roll(body, -1, axis=0) - body, axis=-1)
    assert steps.max() < 12
    assert steps.max() > 2


def test_legs_alternate_and_arms_swing_against_them():
    keypoints = animation.walk_cycle(2, np.pi / 2)
    x = keypoints[0, :, 0] - keypoints[0, skeleton.NECK, 0]
    assert x[skeleton.RIGHT_ANKLE] > x[skeleton.LEFT_ANKLE] + 10
    assert x[skeleton.LEFT_WRIST] > x[skeleton.RIGHT_WRIST] + 5
    x = keypoints[1, :, 0] - keypoints[1, skeleton.NECK, 0]
    assert x[skeleton.LEFT_ANKLE] > x[skeleton.RIGHT_ANKLE] + 10


def test_a_face_is_seen_from_the_front_alone():
    front, back = (animation.walk_cycle(3, yaw) for yaw in (0.0, np.pi))
    assert front[:, skeleton.NOSE, 2].all()
    assert not back[:, skeleton.NOSE, 2].any()


def test_no_frames_are_refused():
    with pytest.raises(ValueError, match="frames=0"):
        animation.walk_cycle(0, 0.0)


def test_cycles_repeat_and_a_turn_shows_every_side():
    twice = animation.walk_cycle(24, 0.5, cycles=2)
    np.testing.assert_allclose(twice[:12], twice[12:], atol=1e-3)
    np.testing.assert_allclose(twice[:12], animation.walk_cycle(12, 0.5), atol=1e-3)
    turn = animation.walk_cycle(48, 0.0, cycles=2, turns=1)
    across = turn[:, skeleton.LEFT_SHOULDER, 0] - turn[:, skeleton.RIGHT_SHOULDER, 0]
    assert across[0] > 20  # From the front,
    assert abs(across[12]) < 10  # the side, the left shoulder away from the camera,
    assert turn[12, skeleton.NOSE, 0] > turn[12, skeleton.NECK, 0] + 3
    assert across[24] < -20  # and behind.
    assert turn[0, skeleton.NOSE, 2]
    assert not turn[24, skeleton.NOSE, 2]
