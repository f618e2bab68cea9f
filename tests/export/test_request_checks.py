"""Tests of the checks of a request: what passes, and what exactly does not."""

import numpy as np
import pytest
import tensorflow as tf

from export import request_checks

SIZE = (32, 16)


@pytest.mark.parametrize("shape", [(1, 18, 3), (128, 18, 3)])
def test_a_batch_of_1_to_128_passes_as_it_is(shape):
    value = tf.random.stateless_normal(shape, (0, 0))
    found = request_checks.checked_shape(value, "poses", (None, 18, 3))
    np.testing.assert_array_equal(found, value)


@pytest.mark.parametrize(
    "shape", [(), (18, 3), (1, 1, 18, 3), (0, 18, 3), (129, 18, 3), (1, 17, 3), (1, 18)]
)
def test_another_shape_is_shown_whole(shape):
    @tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
    def check(value):
        return request_checks.checked_shape(value, "poses", (None, 18, 3))

    received = " ".join(map(str, shape))
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=rf"`poses` must have shape \(B, 18, 3\).*\[{received}\]",
    ):
        check(tf.zeros(shape))


def test_examples_and_poses_are_128_at_most_each():
    def check(*counts):
        poses = tf.zeros((*counts, 18, 3))
        request_checks.checked_shape(poses, "poses", (None, None, 18, 3))

    # A server's batch of many requests is no fault of any of them.
    check(32, 16)
    check(1, 128)
    for counts in ((1, 129), (1, 0), (129, 1)):
        with pytest.raises(
            tf.errors.InvalidArgumentError, match="B and T from 1 to 128"
        ):
            check(*counts)


def test_batch_sizes_are_compared():
    some, others = tf.zeros((2, 3)), tf.zeros((3,))
    assert request_checks.checked_batch(some, "poses", some, "image") is not None
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?s)`poses`.*`image`"):
        request_checks.checked_batch(some, "poses", others, "image")


@pytest.mark.parametrize(
    "joint",
    [(-16, -32, 1), (32, 64, 1), (np.nan, np.inf, 0), (1e30, 0, 0), (3.5, 4.25, 1)],
)
def test_joints_near_the_picture_or_invisible_pass(joint):
    poses = _poses(joint)
    found = request_checks.checked_poses(poses, "poses", SIZE)
    np.testing.assert_array_equal(found, poses)


@pytest.mark.parametrize(
    ("joint", "message"),
    [
        ((-16.1, 0, 1), "every visible joint"),
        ((32.1, 0, 1), "every visible joint"),
        ((0, -32.1, 1), "every visible joint"),
        ((0, 64.1, 1), "every visible joint"),
        ((np.nan, 0, 1), "every visible joint"),
        ((0, -np.inf, 1), "every visible joint"),
        ((0, 0, 0.5), "visibilities"),
        ((0, 0, np.nan), "visibilities"),
        ((0, 0, -1), "visibilities"),
    ],
)
def test_other_joints_are_refused(joint, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"`poses` .*{message}"):
        request_checks.checked_poses(_poses(joint), "poses", SIZE)


@pytest.mark.parametrize("corner", [7.0, 1.0, np.nan])
def test_poses_that_a_server_has_added_are_made_invisible(corner):
    # Two requests of 3 and 1 poses in one batch, the second padded with its own first
    # number, as TensorFlow Serving does.
    poses = np.random.default_rng(0).uniform(2, 9, (2, 3, 18, 3)).astype(np.float32)
    poses[1, :, 0, 0] = corner
    poses[1, 1:] = corner
    found = request_checks.without_padding(tf.constant(poses)).numpy()
    np.testing.assert_array_equal(found[0], poses[0])
    np.testing.assert_array_equal(found[1, 0], poses[1, 0])
    assert not found[1, 1:].any()


def test_a_first_pose_of_one_number_is_the_clients_own_and_checked():
    poses = tf.fill((1, 2, 18, 3), 7.0)
    kept = request_checks.without_padding(poses)
    np.testing.assert_array_equal(kept[:, 0], poses[:, 0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="visibilities"):
        request_checks.checked_poses(kept, "poses", SIZE)


def _poses(joint):
    poses = np.zeros((2, 18, 3), np.float32)
    poses[1, 5] = joint
    return tf.constant(poses)
