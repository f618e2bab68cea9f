"""Tests of convolutions as products of matrices against TensorFlow's operations."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import patch_products

# Side of the kernel and stride.
KINDS = [(4, 2), (3, 1), (1, 1), (9, 3), (6, 2)]


def _numbers(*shape):
    return tf.constant(np.random.default_rng(sum(shape)).normal(size=shape))


def _values_and_gradients(function, inputs, kernel):
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernel])
        outputs = function(inputs, kernel)
        loss = tf.reduce_sum(tf.sin(outputs))
    return outputs, *tape.gradient(loss, [inputs, kernel])


@pytest.mark.parametrize(("side", "stride"), KINDS)
def test_convolution_equals_tensorflows_in_value_and_gradients(side, stride):
    inputs = _numbers(2, 4 * stride, 3 * stride, 5)
    kernel = _numbers(side, side, 5, 7)
    ours = _values_and_gradients(
        lambda x, k: patch_products.convolve(x, k, stride), inputs, kernel
    )
    theirs = _values_and_gradients(
        lambda x, k: tf.nn.conv2d(x, k, stride, "SAME"), inputs, kernel
    )
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("side", "stride"), KINDS)
def test_transposed_equals_tensorflows_in_value_and_gradients(side, stride):
    inputs = _numbers(2, 4, 3, 7)
    kernel = _numbers(side, side, 5, 7)
    ours = _values_and_gradients(
        lambda x, k: patch_products.convolve_transposed(x, k, stride), inputs, kernel
    )
    shape = (2, 4 * stride, 3 * stride, 5)
    theirs = _values_and_gradients(
        lambda x, k: tf.nn.conv2d_transpose(x, k, shape, stride, "SAME"), inputs, kernel
    )
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (keras.layers.Conv2D, {"padding": "valid"}, "padding=valid"),
        (keras.layers.Conv2D, {"groups": 2}, "groups=2"),
        (
            keras.layers.Conv2D,
            {
                "dilation_rate": 2,
            },
            "dilation_rate=",
        ),
        (keras.layers.Conv2D, {"kernel_size": 3}, "kernel_size="),
        (keras.layers.Conv2D, {"kernel_size": (4, 2)}, "kernel_size="),
        (keras.layers.Conv2D, {"strides": (2, 1)}, "strides="),
        (keras.layers.Conv2D, {"data_format": "channels_first"}, "data_format="),
        (keras.layers.Conv2DTranspose, {"output_padding": 1}, "output_padding="),
    ],
)
def test_refuses_what_it_would_get_wrong(kind, arguments, message):
    needed = {"filters": 4, "kernel_size": 4, "strides": 2, "padding": "same"}
    if "dilation_rate" in arguments:
        needed.update(kernel_size=3, strides=1)  # Keras refuses both together.
    patch_products.check(kind(**needed))
    with pytest.raises(ValueError, match=message):
        patch_products.check(kind(**{**needed, **arguments}))
