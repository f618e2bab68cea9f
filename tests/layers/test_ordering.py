"""Tests of the zero that makes one computation wait for another."""

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import ordering


@pytest.mark.parametrize("first", [0.0, -3.5, 1e30, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
def test_values_stay_as_they_are(first, dtype):
    other = tf.cast([[-2.0, 0.0, 7.0]], dtype)
    tensor = tf.constant([[first, 5.0]])
    for waiting in ordering.after([tensor, tensor], other, other):
        assert waiting.dtype == other.dtype
        np.testing.assert_array_equal(
            tf.cast(waiting, tf.float32), tf.cast(other, tf.float32)
        )


def test_indices_survive_nan():
    (rows,) = ordering.after([tf.constant([np.nan])], tf.constant([3, 0]))
    np.testing.assert_array_equal(rows, [3, 0])


def test_nothing_to_wait_for_is_no_wait():
    other = tf.constant([1.0])
    assert ordering.after([], other) == [other]


@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_the_others_are_computed_from_the_tensors(dtype):
    @tf.function
    def wait(tensor, other):
        return ordering.after([tensor], other)

    graph = wait.get_concrete_function(
        tf.TensorSpec((4,), tf.float32, name="tensor"), tf.TensorSpec((2,), dtype)
    ).graph
    found, queue = set(), [graph.outputs[0].op]
    while queue:
        operation = queue.pop()
        found.add(operation.name)
        # Not control inputs, which TFLite's converter drops.
        queue += [tensor.op for tensor in operation.inputs]
    assert "tensor" in found
