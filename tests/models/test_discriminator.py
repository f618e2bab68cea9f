"""Tests of the discriminator's shape, size and conditions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import self_attention_2d, spectral_conv_2d
from keras_posegan.models import discriminator


def test_the_papers_discriminator_has_3_million_weights():
    model = discriminator.build_discriminator()
    convolutions = 16 * (42 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512) + (
        64 + 128 + 256 + 512 + 1
    )
    attention = sum(2 * c * c // 8 + c * c + 1 for c in (256, 512))
    count = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert count == convolutions + attention == 3_214_275


def test_levels_follow_the_paper():
    model = discriminator.build_discriminator(width=0.125)
    assert model.get_layer("attention_8").output.shape == (None, 15, 7, 32)
    assert model.get_layer("attention_16").output.shape == (None, 7, 3, 64)
    assert model.output.shape == (None, 3, 1, 1)
    convolutions = [layer for layer in model.layers if "features" in layer.name] + [
        model.get_layer("patch_logits")
    ]
    assert all(isinstance(c, spectral_conv_2d.SpectralConv2D) for c in convolutions)
    assert len(convolutions) == 5


def test_deformable_gans_has_instance_norm_instead():
    model = discriminator.build_discriminator(
        width=0.125, spectral_norm=False, instance_norm=True, attention_strides=()
    )
    kinds = {type(layer) for layer in model.layers}
    assert spectral_conv_2d.SpectralConv2D not in kinds
    assert self_attention_2d.SelfAttention2D not in kinds
    norms = [n for n in model.layers if type(n) is keras.layers.GroupNormalization]
    assert [norm.name for norm in norms] == [f"features_{s}_norm" for s in (4, 8, 16)]


def test_the_logits_follow_every_input():
    model = discriminator.build_discriminator(
        (32, 16), width=0.125, attention_strides=(2, 4)
    )
    random = np.random.default_rng(0)
    keypoints = np.ones((2, 2, 18, 3), "float32")
    keypoints[..., :2] = random.uniform(0, 15, (2, 2, 18, 2))
    inputs = {
        "source_image": random.uniform(-1, 1, (2, 32, 16, 3)).astype("float32"),
        "image": random.uniform(-1, 1, (2, 32, 16, 3)).astype("float32"),
        "source_keypoints": keypoints[0],
        "target_keypoints": keypoints[1],
    }
    logits = model(inputs)
    for name in inputs:
        changed = {**inputs, name: inputs[name][::-1]}
        assert np.abs(model(changed) - logits).max() > 1e-4, name


@pytest.mark.parametrize("size", [(32, 16), (64, 32), (64, 64), (256, 256)])
def test_every_picture_size_leaves_logits(size):
    model = discriminator.build_discriminator(size, width=0.05, attention_strides=())
    assert min(model.output.shape[1:3]) >= 1


def test_one_update_advances_the_power_iteration_once():
    model = discriminator.build_discriminator(
        (32, 16), width=0.125, attention_strides=()
    )
    layer = model.get_layer("features_2")
    inputs = {
        "source_image": tf.zeros((1, 32, 16, 3)),
        "image": tf.zeros((1, 32, 16, 3)),
        "source_keypoints": tf.zeros((1, 18, 3)),
        "target_keypoints": tf.zeros((1, 18, 3)),
    }
    before = layer.left_vector.numpy()
    model(inputs, training=False)
    np.testing.assert_array_equal(layer.left_vector, before)
    model(inputs, training=True)
    assert np.abs(layer.left_vector - before).max() > 1e-4


def test_an_attention_level_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"attention_strides=\(32,\)"):
        discriminator.build_discriminator(attention_strides=(32,))
