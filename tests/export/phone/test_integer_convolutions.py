"""Tests of the calibration; the quantized file is tested with the export."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from export.phone import integer_convolutions


def _network():
    inputs = keras.Input((4, 4, 2), name="x")
    features = keras.layers.Conv2D(3, 3, padding="same", name="first")(inputs)
    features = keras.layers.ReLU()(features)
    features = keras.layers.Conv2DTranspose(2, 4, strides=2, name="second")(features)
    outputs = keras.layers.Conv2D(3, 3, name="decoder_picture")(features)
    return keras.Model({"x": inputs}, outputs)


def test_ranges_are_the_extremes_of_all_batches():
    network = _network()
    batches = np.random.default_rng(0).normal(size=(3, 2, 4, 4, 2)).astype("float32")
    found = integer_convolutions.ranges(
        network, ({"x": tf.constant(batch)} for batch in batches)
    )
    assert found.keys() == {"first", "second"}
    every = batches.reshape(6, 4, 4, 2)
    for name in found:
        layer = network.get_layer(name)
        for values, (least, largest) in zip(
            (
                keras.Model(network.input, layer.input)({"x": every}),
                keras.Model(network.input, layer.output)({"x": every}),
            ),
            found[name],
            strict=True,
        ):
            np.testing.assert_allclose(least, np.min(values), atol=1e-6)
            np.testing.assert_allclose(largest, np.max(values), atol=1e-6)


def test_a_convolution_that_is_not_there_is_named():
    function = tf.function(
        lambda x: x + 1.0, input_signature=[tf.TensorSpec((1, 2), tf.float32)]
    )
    content = tf.lite.TFLiteConverter.from_concrete_functions(
        [function.get_concrete_function()], tf.Module()
    ).convert()
    extremes = {"pose_2": ((-1.0, 1.0), (-1.0, 1.0))}
    with pytest.raises(ValueError, match="pose_2"):
        integer_convolutions.quantize(content, extremes)
