"""Tests of the spectrally normalized transposed convolution that is a product."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import (
    spectral_conv_2d_transpose,
    spectral_product_conv_2d_transpose,
)
from tests import layer_checks

INPUTS = np.random.default_rng(0).normal(size=(2, 4, 3, 6)).astype("float32")
ARGUMENTS = {"kernel_size": (4, 4), "strides": (2, 2), "padding": "same"}


@pytest.mark.parametrize("use_bias", [True, False])
def test_contract(use_bias):
    layer_checks.check_layer(
        spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose,
        {"filters": 5, **ARGUMENTS, "use_bias": use_bias, "activation": "tanh"},
        inputs=(INPUTS,),
        output_shape=(2, 8, 6, 5),
        trainable_weights=1 + use_bias,
        non_trainable_weights=1,
    )


def test_a_training_call_equals_that_of_the_convolution():
    results = []
    for kind in (
        spectral_conv_2d_transpose.SpectralConv2DTranspose,
        spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose,
    ):
        keras.utils.set_random_seed(1)
        layer = kind(5, **ARGUMENTS)
        layer.build(INPUTS.shape)
        with tf.GradientTape() as tape:
            outputs = layer(INPUTS, training=True)
            loss = tf.reduce_sum(tf.sin(outputs))
        gradients = tape.gradient(loss, layer.trainable_variables)
        results.append([outputs, layer.left_vector, *gradients])
    assert len(results[0]) == 4
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_refuses_other_padding():
    with pytest.raises(ValueError, match="padding=valid"):
        spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose(
            5, 4, strides=2
        )
