"""Tests of the heatmaps against their formula, one pixel at a time."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.pose import heatmaps
from tests.pose import keypoint_cases


def test_equals_the_formula_pixel_by_pixel():
    generator = np.random.default_rng(0)
    keypoints = generator.uniform(-10, 40, size=(2, 18, 3)).astype("float32")
    keypoints[..., 2] = generator.integers(0, 2, size=(2, 18))

    result = heatmaps.keypoint_heatmaps(keypoints, (24, 17), sigma_pixels=3.0)

    expected = _reference(keypoints, 24, 17, 3.0)
    assert result.dtype == tf.float32
    np.testing.assert_allclose(result, expected, atol=1e-6)


def test_the_default_sigma_is_six_pixels():
    keypoints = np.zeros((1, 18, 3), "float32")
    keypoints[:, 0] = [10.0, 20.0, 1.0]
    result = heatmaps.keypoint_heatmaps(keypoints, (32, 32)).numpy()
    assert result[0, 20, 10, 0] == 1.0
    np.testing.assert_allclose(result[0, 20, 16, 0], np.exp(-0.5), rtol=1e-6)


def test_an_invisible_joint_leaves_no_trace_whatever_its_coordinates():
    keypoints = np.full((1, 18, 3), np.nan, "float32")
    keypoints[0, :, 2] = 0.0
    keypoints[0, 1] = [np.nan, 3.0, 1.0]
    keypoints[0, 2] = [np.inf, 3.0, 1.0]
    keypoints[0, 3] = [3.0, 3.0, 0.0]
    result = heatmaps.keypoint_heatmaps(keypoints, (8, 8))
    np.testing.assert_array_equal(result, np.zeros((1, 8, 8, 18)))


def test_stays_in_zero_to_one_for_nasty_input_in_graph_and_eagerly():
    keypoints = keypoint_cases.nasty(seed=1, count=400)
    in_graph = tf.function(heatmaps.keypoint_heatmaps)
    for function in (heatmaps.keypoint_heatmaps, in_graph):
        result = function(keypoints, (16, 8)).numpy()
        assert np.all((result >= 0.0) & (result <= 1.0))


def test_keeps_static_shapes_of_an_unknown_batch():
    @tf.function(input_signature=[tf.TensorSpec((None, 18, 3))])
    def draw(keypoints):
        result = heatmaps.keypoint_heatmaps(keypoints, (128, 64))
        assert result.shape.as_list() == [None, 128, 64, 18]
        return result

    assert draw(np.zeros((3, 18, 3), "float32")).shape == (3, 128, 64, 18)


def test_rejects_seventeen_joints():
    with pytest.raises(ValueError, match=r"shape=\(2, 17, 3\)"):
        heatmaps.keypoint_heatmaps(np.zeros((2, 17, 3)), (8, 8))


def test_rejects_a_sigma_of_zero():
    with pytest.raises(ValueError, match="sigma_pixels=0"):
        heatmaps.keypoint_heatmaps(np.zeros((2, 18, 3)), (8, 8), sigma_pixels=0)


def _reference(keypoints, height, width, sigma):
    """exp(-d^2 / 2 sigma^2), one pixel and joint at a time."""
    result = np.zeros((len(keypoints), height, width, 18))
    for index in np.ndindex(result.shape):
        picture, row, column, joint = index
        x, y, visible = keypoints[picture, joint]
        if visible:
            squared_distance = (x - column) ** 2 + (y - row) ** 2
            result[index] = np.exp(-squared_distance / (2 * sigma**2))
    return result
