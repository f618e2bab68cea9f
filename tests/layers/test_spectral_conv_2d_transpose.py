"""Tests of the transposed spectral convolution against NumPy's SVD."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import spectral_conv_2d_transpose
from tests import layer_checks

INPUTS = np.random.default_rng(0).normal(size=(2, 5, 4, 8)).astype("float32")


def _layer(**arguments):
    keras.utils.set_random_seed(3)
    layer = spectral_conv_2d_transpose.SpectralConv2DTranspose(
        **{"filters": 3, "kernel_size": 4, "strides": 2, "padding": "same", **arguments}
    )
    layer.build(INPUTS.shape)
    return layer


def _converge(layer):
    for _ in range(300):
        layer.spectral_norm(training=True)


def _matrix(kernel):
    """(filters, everything else), one entry at a time."""
    height, width, filters, channels = kernel.shape
    matrix = np.zeros((filters, height * width * channels))
    for output in range(filters):
        matrix[output] = np.asarray(kernel)[:, :, output, :].ravel()
    return matrix


@pytest.mark.parametrize(
    ("arguments", "output_shape"),
    [
        ({"strides": (2, 2), "padding": "same", "activation": "tanh"}, (2, 10, 8, 3)),
        ({"strides": (3, 2), "output_padding": (1, 0)}, (2, 17, 10, 3)),
        ({"use_bias": False}, (2, 8, 7, 3)),
    ],
)
def test_contract(arguments, output_shape):
    layer_checks.check_layer(
        spectral_conv_2d_transpose.SpectralConv2DTranspose,
        {"filters": 3, "kernel_size": (4, 4), **arguments},
        inputs=(INPUTS,),
        output_shape=output_shape,
        trainable_weights=2 if arguments.get("use_bias", True) else 1,
        non_trainable_weights=1,
    )


def test_the_kernel_is_flattened_on_its_output_axis():
    layer = _layer()
    assert layer.left_vector.shape == (3,)
    _converge(layer)
    u, singular_values, _ = np.linalg.svd(_matrix(layer.kernel), full_matrices=False)
    sigma = layer.kernel.numpy() / layer.normalized_kernel()
    np.testing.assert_allclose(sigma, singular_values[0], rtol=1e-5)
    np.testing.assert_allclose(abs(u[:, 0] @ layer.left_vector), 1.0, rtol=1e-5)


def test_gradient_equals_that_of_the_singular_value_decomposition():
    layer = _layer(use_bias=False)
    left_vectors = np.linalg.svd(_matrix(layer.kernel), full_matrices=False)[0]
    layer.left_vector.assign(left_vectors[:, 0])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(layer(INPUTS)))
    gradient = tape.gradient(loss, layer.kernel.value)

    kernel = tf.Variable(layer.kernel.numpy().astype("float64"))
    with tf.GradientTape() as tape:
        matrix = tf.reshape(tf.transpose(kernel, (2, 0, 1, 3)), (3, -1))
        normalized = kernel / tf.linalg.svd(matrix, compute_uv=False)[0]
        outputs = keras.ops.conv_transpose(
            INPUTS.astype("float64"), normalized, 2, "same"
        )
        loss = tf.reduce_sum(tf.square(outputs))
    expected = tape.gradient(loss, kernel).numpy()
    np.testing.assert_allclose(gradient, expected, atol=1e-5 * np.abs(expected).max())


def test_training_calls_move_left_vector_alone():
    layer = _layer()
    kernel, before = layer.kernel.numpy(), layer.left_vector.numpy()
    layer(INPUTS)
    np.testing.assert_array_equal(layer.left_vector, before)
    layer(INPUTS, training=True)
    matrix = _matrix(kernel)
    product = matrix @ (matrix.T @ before)
    expected = product / np.linalg.norm(product)
    np.testing.assert_allclose(layer.left_vector, expected, atol=1e-6)
    np.testing.assert_array_equal(layer.kernel, kernel)


@pytest.mark.parametrize(
    "arguments",
    [
        {"activation": "relu"},
        {"use_bias": False},
        {"strides": 3, "padding": "valid", "output_padding": 2},
    ],
)
def test_equals_a_plain_layer_with_the_normalized_kernel(arguments):
    layer = _layer(**arguments)
    layer_checks.randomize_weights(layer)
    plain = keras.layers.Conv2DTranspose.from_config(layer.get_config())
    plain.build(INPUTS.shape)
    plain.kernel.assign(layer.normalized_kernel())
    if layer.use_bias:
        plain.bias.assign(layer.bias)
    np.testing.assert_allclose(layer(INPUTS), plain(INPUTS), atol=1e-5)
