"""Tests of instance normalization on maps of four axes."""

import keras
import numpy as np

from keras_posegan.layers import plain_instance_norm
from tests import layer_checks

INPUTS = np.random.default_rng(0).normal(2.0, 3.0, (2, 6, 5, 4)).astype("float32")


def test_contract():
    layer_checks.check_layer(
        plain_instance_norm.PlainInstanceNorm,
        {"groups": 4, "epsilon": 0.1},
        inputs=(INPUTS,),
        output_shape=INPUTS.shape,
        trainable_weights=2,
    )


def test_matches_the_formula_and_keras():
    plain = plain_instance_norm.PlainInstanceNorm(groups=-1, epsilon=0.1)
    keras_layer = keras.layers.GroupNormalization(groups=-1, epsilon=0.1)
    for layer in (plain, keras_layer):
        layer.build(INPUTS.shape)
        layer_checks.randomize_weights(layer)
    expected = np.zeros_like(INPUTS)
    for b, c in np.ndindex(2, 4):
        values = INPUTS[b, :, :, c].astype("float64")
        normal = (values - values.mean()) / np.sqrt(values.var() + 0.1)
        gamma, beta = (weight.numpy()[c] for weight in (plain.gamma, plain.beta))
        expected[b, :, :, c] = normal * gamma + beta
    np.testing.assert_allclose(plain(INPUTS), expected, atol=1e-5)
    np.testing.assert_allclose(plain(INPUTS), keras_layer(INPUTS), atol=1e-5)


def test_a_channel_without_spread_stays_finite():
    layer = plain_instance_norm.PlainInstanceNorm(groups=-1)
    np.testing.assert_array_equal(layer(np.full((1, 4, 4, 2), 7.0, "float32")), 0.0)
