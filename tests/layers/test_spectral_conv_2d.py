"""Tests of the spectral convolution against torch's numbers and NumPy's SVD."""

import pathlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import spectral_conv_2d, spectral_norm
from tests import layer_checks

GOLDEN = pathlib.Path(__file__).parents[1] / "golden" / "spectral_norm.npz"


def _layer(filters=6, channels=3, **arguments):
    keras.utils.set_random_seed(3)
    layer = spectral_conv_2d.SpectralConv2D(filters, 4, **arguments)
    layer.build((None, 8, 8, channels))
    return layer


def _inputs(channels=3, seed=0):
    shape = (2, 8, 8, channels)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _converge(layer):
    for _ in range(300):
        layer.spectral_norm(training=True)


def _reference_step(kernel, u):
    """One step of the power method in NumPy: the new u and σ."""
    matrix = kernel.reshape(-1, kernel.shape[-1]).T.astype("float64")
    v = matrix.T @ u
    v /= np.linalg.norm(v)
    product = matrix @ v
    sigma = np.linalg.norm(product)
    return product / sigma, sigma


@pytest.mark.parametrize(
    "arguments",
    [
        {"padding": "same", "strides": (2, 2), "activation": "tanh"},
        {"dilation_rate": (2, 2), "use_bias": False},
        {"groups": 3},
    ],
)
def test_contract(arguments):
    layer_checks.check_layer(
        spectral_conv_2d.SpectralConv2D,
        {"filters": 6, "kernel_size": (3, 3), **arguments},
        inputs=(_inputs(),),
        output_shape={"padding": (2, 4, 4, 6), "dilation_rate": (2, 4, 4, 6)}.get(
            next(iter(arguments)), (2, 6, 6, 6)
        ),
        trainable_weights=2 if arguments.get("use_bias", True) else 1,
        non_trainable_weights=1,
    )


def test_equals_torchs_outputs_and_gradients():
    # Torch's parametrization at convergence: stride 2, padding 1, L = sum(y²).
    golden = np.load(GOLDEN)
    layer = _layer(strides=2, padding="same", use_bias=False)
    layer.kernel.assign(golden["conv_kernel_hwio"])
    _converge(layer)
    for training in (False, True):
        with tf.GradientTape() as tape:
            outputs = layer(golden["conv_x_nhwc"], training=training)
            loss = tf.reduce_sum(tf.square(outputs))
        gradient = tape.gradient(loss, layer.kernel.value)
        np.testing.assert_allclose(outputs, golden["conv_y_nhwc"], atol=1e-5)
        np.testing.assert_allclose(
            gradient, golden["conv_grad_kernel_hwio"], rtol=1e-5, atol=1e-5
        )
    sigma = golden["conv_kernel_hwio"] / layer.normalized_kernel()
    np.testing.assert_allclose(sigma, golden["conv_sigma"], rtol=1e-5)


def test_normalized_kernel_has_norm_one():
    layer = _layer(filters=7)
    _converge(layer)
    matrix = np.reshape(layer.normalized_kernel(), (-1, 7))
    np.testing.assert_allclose(np.linalg.norm(matrix, 2), 1.0, rtol=1e-5)


def test_a_training_call_takes_one_step_and_uses_it():
    layer = _layer()
    kernel = layer.kernel.numpy()
    u, sigma = _reference_step(kernel, layer.left_vector.numpy())
    outputs = layer(_inputs(), training=True)
    np.testing.assert_allclose(layer.left_vector, u, atol=1e-6)
    np.testing.assert_allclose(
        outputs, keras.ops.conv(_inputs(), kernel / np.float32(sigma)), atol=1e-5
    )
    np.testing.assert_array_equal(layer.kernel, kernel)


def test_an_inference_call_changes_nothing_and_reads_left_vector():
    layer = _layer()
    before = [weight.numpy() for weight in layer.weights]
    outputs = layer(_inputs(), training=False)
    layer(_inputs())
    layer.normalized_kernel()
    for weight, value in zip(layer.weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)
    kernel, left_vector = layer.kernel.numpy(), layer.left_vector.numpy()
    sigma = np.linalg.norm(kernel.reshape(-1, 6) @ left_vector)
    np.testing.assert_allclose(
        outputs, keras.ops.conv(_inputs(), kernel / sigma), atol=1e-5
    )


def test_left_vector_starts_as_a_unit_vector():
    np.testing.assert_allclose(np.linalg.norm(_layer().left_vector), 1.0, rtol=1e-6)


def test_building_a_model_takes_no_step():
    layer = _layer()
    before = layer.left_vector.numpy()
    layer(keras.Input((8, 8, 3)), training=True)
    np.testing.assert_array_equal(layer.left_vector, before)


def test_a_models_training_argument_reaches_the_layer():
    layer = _layer()
    model = layer_checks.as_model(layer, (_inputs(),))
    before = layer.left_vector.numpy()
    model(_inputs(), training=False)
    np.testing.assert_array_equal(layer.left_vector, before)
    tf.function(model)(_inputs(), training=True)
    assert np.abs(layer.left_vector.numpy() - before).max() > 0.01


def test_equals_a_plain_convolution_with_the_normalized_kernel():
    arguments = {"activation": "relu", "strides": 2}
    layer = spectral_conv_2d.SpectralConv2D(6, 4, **arguments)
    plain = keras.layers.Conv2D(6, 4, **arguments)
    layer.build((2, 8, 8, 3))
    plain.build((2, 8, 8, 3))
    layer_checks.randomize_weights(layer)
    plain.kernel.assign(layer.normalized_kernel())
    plain.bias.assign(layer.bias)
    np.testing.assert_allclose(layer(_inputs()), plain(_inputs()), atol=1e-5)


def test_bias_goes_to_the_channels_also_where_they_come_first():
    # The CPU has no such convolution: only what follows it can be tried everywhere.
    layer = spectral_conv_2d.SpectralConv2D(6, 4, data_format="channels_first")
    layer.build((2, 3, 8, 8))
    assert layer.left_vector.shape == (6,)
    layer_checks.randomize_weights(layer)
    for width in (5, 6):  # The latter is the number of filters too.
        shape = (2, 6, 5, width)
        outputs = spectral_norm.add_bias_and_activate(layer, tf.zeros(shape))
        expected = np.broadcast_to(np.reshape(layer.bias, (6, 1, 1)), shape)
        np.testing.assert_array_equal(outputs, expected)


def test_zero_kernel_gives_zeros_and_keeps_left_vector():
    layer = _layer(kernel_initializer="zeros")
    before = layer.left_vector.numpy()
    np.testing.assert_array_equal(layer(_inputs(), training=True), 0.0)
    np.testing.assert_array_equal(layer.left_vector, before)


def test_mixed_precision_takes_the_norm_of_the_exact_kernel():
    layer = _layer(dtype="mixed_bfloat16")
    _, sigma = _reference_step(layer.kernel.numpy(), layer.left_vector.numpy())
    assert layer.left_vector.dtype == "float32"
    layer.convolution_op = lambda inputs, kernel: tf.ones((2, 5, 5, 6), kernel.dtype)
    outputs = layer(_inputs(), training=True)
    assert outputs.dtype == tf.bfloat16
    # One rounding, that of the result.
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), 1.0 / sigma, rtol=2**-8)


def test_rejects_zero_filters():
    with pytest.raises(ValueError, match="filters=0"):
        spectral_conv_2d.SpectralConv2D(0, 3)
