"""Tests of the heatmap layer: it is the function, in float32, in a model."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import keypoint_heatmaps
from keras_posegan.pose import heatmaps
from tests import layer_checks
from tests.pose import keypoint_cases

SIZE = (12, 9)


def _keypoints():
    points = np.random.default_rng(0).uniform(0, 9, size=(2, 18, 3))
    points[..., 2] = points[..., 2] > 2
    return points.astype("float32")


def test_contract():
    layer_checks.check_layer(
        keypoint_heatmaps.KeypointHeatmaps,
        {"image_size": SIZE, "sigma_pixels": 2.5},
        inputs=(_keypoints(),),
        output_shape=(2, *SIZE, 18),
        data_inputs=(0,),
    )


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_equals_the_function_under_any_dtype_policy(dtype):
    layer = keypoint_heatmaps.KeypointHeatmaps(SIZE, sigma_pixels=2.5, dtype=dtype)
    expected = heatmaps.keypoint_heatmaps(_keypoints(), SIZE, 2.5)
    outputs = layer(_keypoints())
    assert outputs.dtype == tf.float32
    np.testing.assert_array_equal(outputs, expected)


def test_any_keypoints_give_finite_heatmaps():
    layer = keypoint_heatmaps.KeypointHeatmaps(SIZE)
    assert np.all(np.isfinite(layer(keypoint_cases.nasty(seed=0, count=50))))


def test_rejects_a_sigma_of_zero():
    with pytest.raises(ValueError, match=r"sigma_pixels=0"):
        keypoint_heatmaps.KeypointHeatmaps(SIZE, sigma_pixels=0)


def test_rejects_an_invalid_image_size():
    with pytest.raises(ValueError, match=r"image_size=\(12, 0\)"):
        keypoint_heatmaps.KeypointHeatmaps((12, 0))
