"""Tests of the convolution that is a product."""

import keras
import numpy as np
import pytest

from keras_posegan.layers import product_conv_2d
from tests import layer_checks

INPUTS = np.random.default_rng(0).normal(size=(2, 8, 6, 3)).astype("float32")
ARGUMENTS = {"kernel_size": (4, 4), "strides": (2, 2), "padding": "same"}


@pytest.mark.parametrize("use_bias", [True, False])
def test_contract(use_bias):
    layer_checks.check_layer(
        product_conv_2d.ProductConv2D,
        {"filters": 5, **ARGUMENTS, "use_bias": use_bias, "activation": "tanh"},
        inputs=(INPUTS,),
        output_shape=(2, 4, 3, 5),
        trainable_weights=1 + use_bias,
    )


@pytest.mark.parametrize("use_bias", [True, False])
def test_equals_kerass_layer(use_bias):
    arguments = {**ARGUMENTS, "use_bias": use_bias, "activation": "relu"}
    layer = product_conv_2d.ProductConv2D(5, **arguments)
    plain = keras.layers.Conv2D(5, **arguments)
    layer(INPUTS), plain(INPUTS)
    layer_checks.randomize_weights(layer)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(INPUTS), plain(INPUTS), atol=1e-4)


def test_refuses_other_padding():
    with pytest.raises(ValueError, match="padding=valid"):
        product_conv_2d.ProductConv2D(5, 4, strides=2)
