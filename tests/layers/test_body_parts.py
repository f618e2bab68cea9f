"""Tests of the body part layer: it is the two functions, in float32, in a model."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import body_parts
from keras_posegan.pose import body_parts as geometry
from tests import layer_checks
from tests.pose import keypoint_cases

SIZE = (128, 64)


def _golden_keypoints(count=3):
    golden = np.load(keypoint_cases.GOLDEN)
    # Whole pixels would stand half precision.
    shift = np.float32([0.3, 0.3, 0.0])
    return tuple(
        keypoint_cases.from_field(golden[f"{name}_keypoints_yx"][:count]) + shift
        for name in ("source", "target")
    )


def test_contract():
    layer_checks.check_layer(
        body_parts.BodyParts,
        {"image_size": SIZE},
        inputs=_golden_keypoints(),
        output_shape=((3, 10, 8), (3, *SIZE, 10)),
        data_inputs=(0, 1),
    )


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_equals_the_functions_under_any_dtype_policy(dtype):
    source, target = _golden_keypoints()
    transforms, masks = body_parts.BodyParts(SIZE, dtype=dtype)(source, target)
    assert transforms.dtype == masks.dtype == tf.float32
    expected = geometry.part_transforms(source, target)
    np.testing.assert_array_equal(transforms, expected)
    np.testing.assert_array_equal(masks, geometry.part_masks(target, SIZE))


def test_any_keypoints_give_finite_parts():
    outputs = body_parts.BodyParts(SIZE)(
        keypoint_cases.nasty(seed=0, count=50), keypoint_cases.nasty(seed=1, count=50)
    )
    assert all(np.all(np.isfinite(output)) for output in outputs)


def test_rejects_an_invalid_image_size():
    with pytest.raises(ValueError, match="image_size=128"):
        body_parts.BodyParts(128)
