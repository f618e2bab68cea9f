"""Tests of the generator's form for phones: the same numbers, other operations."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import deformable_skip, plain_instance_norm
from keras_posegan.models import blocks, folding, generator, phone_form


def _folded(**options):
    keras.utils.set_random_seed(0)
    model = generator.build_generator(
        (32, 16), width=0.125, attention_strides=(2, 1), **options
    )
    for layer in model.layers:
        if layer.name.startswith("attention"):
            layer.gamma.assign(0.5)  # A new layer's 0 would hide it.
    return folding.fold(model)


def _inputs():
    random = np.random.default_rng(0)
    keypoints = np.ones((2, 2, 18, 3), "float32")
    keypoints[..., 0] = random.uniform(0, 15, (2, 2, 18))
    keypoints[..., 1] = random.uniform(0, 31, (2, 2, 18))
    return {
        "source_image": tf.constant(random.uniform(-1, 1, (2, 32, 16, 3)), tf.float32),
        "source_keypoints": tf.constant(keypoints[0]),
        "target_keypoints": tf.constant(keypoints[1]),
    }


@pytest.mark.parametrize(
    "options",
    [
        {"warp_kernel": "sparse", "convolution_kernel": "product"},
        {"warp_interpolation": "nearest", "warp_centre_aligned": False},
    ],
)
def test_it_draws_what_the_folded_generator_draws(options):
    folded = _folded(**options)
    phone = phone_form.for_phones(folded)
    assert phone.input.keys() == folded.input.keys()
    inputs = _inputs()
    np.testing.assert_allclose(
        phone(inputs, training=False), folded(inputs, training=False), atol=1e-4
    )
    assert not phone.trainable_variables


def test_it_is_of_layers_that_convert():
    phone = phone_form.for_phones(
        _folded(warp_kernel="sparse", convolution_kernel="product")
    )
    kinds = {type(layer) for layer in phone.layers}
    assert keras.layers.GroupNormalization not in kinds
    assert plain_instance_norm.PlainInstanceNorm in kinds
    assert not [kind for kind in kinds if "Product" in kind.__name__]
    kernels = {
        layer.kernel
        for layer in phone.layers
        if isinstance(layer, deformable_skip.DeformableSkip)
    }
    assert kernels == {"plain"}


def test_it_computes_in_float32():
    with blocks.precision("mixed_bfloat16"):
        folded = _folded()
    phone = phone_form.for_phones(folded)
    assert {layer.compute_dtype for layer in phone.layers} == {"float32"}
    assert "bfloat16" in {layer.compute_dtype for layer in folded.layers}
