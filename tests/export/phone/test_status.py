"""Tests of the bit flags that a phone gets beside the picture."""

import numpy as np
import pytest
import tensorflow as tf

from export.phone import status
from keras_posegan.pose import skeleton

GOOD = np.ones((18, 3), "float32")


def _status(source=GOOD, target=GOOD, is_drawn=True):
    drawn = np.full((1, 4, 2, 3), True)
    drawn[0, 3, 1, 2] = is_drawn
    found = status.status(
        tf.constant(source[None]), tf.constant(target[None]), tf.constant(drawn)
    )
    assert found.dtype == tf.int32
    assert found.shape == (1,)
    return int(found[0])


def _changed(joint, values):
    keypoints = GOOD.copy()
    keypoints[joint] = values
    return keypoints


def test_nothing_to_say_is_0():
    assert _status() == 0
    absent = _changed(3, [np.nan, np.inf, 0.0])
    assert _status(absent, absent) == 0


@pytest.mark.parametrize(
    "joint",
    [
        [np.nan, 1.0, 1.0],
        [1.0, np.inf, 1.0],
        [1.0, -1.1e4, 1.0],
        [1.0, 1.0, np.nan],
        [1.0, 1.0, 0.5],
        [1.0, 1.0, 2.0],
        [1.0, 1.0, -1.0],
    ],
)
def test_a_joint_neither_there_nor_absent(joint):
    assert _status(source=_changed(0, joint)) == 1
    assert _status(target=_changed(17, joint)) == 2


def test_a_torso_needs_one_side():
    torso = GOOD.copy()
    torso[[skeleton.RIGHT_HIP, skeleton.LEFT_HIP], 2] = 0.0
    assert _status(source=torso) == 4
    assert _status(target=torso) == 8
    assert _status(torso, torso) == 12
    # Shoulder and hip of different sides give no distance.
    torso = GOOD.copy()
    torso[[skeleton.RIGHT_SHOULDER, skeleton.LEFT_HIP], 2] = 0.0
    assert _status(source=torso) == 4
    assert _status(source=_changed(skeleton.RIGHT_HIP, 0.0)) == 0


def test_a_value_that_is_no_number():
    assert _status(is_drawn=False) == 16


def test_every_flag_has_a_bit_and_a_meaning():
    values = list(status.FLAGS.values())
    assert values == [1 << bit for bit in range(len(values))]
    assert status.MEANINGS.keys() == status.FLAGS.keys()
