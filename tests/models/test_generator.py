"""Tests of the generator's shape, size and conditions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import (
    deformable_skip,
    self_attention_2d,
    spectral_conv_2d,
    spectral_conv_2d_transpose,
)
from keras_posegan.models import generator


@pytest.mark.slow
def test_the_papers_generator_has_61_million_weights():
    model = generator.build_generator()
    # By hand. Encoders, k*k*in*out and biases of the first and the last:
    appearance = 9 * 21 * 64 + 64
    pose = 9 * 18 * 64 + 64
    deep = 16 * (64 * 128 + 128 * 256 + 256 * 512 + 512 * 512 + 512 * 512) + 512
    encoder_norms = 2 * (128 + 256 + 512 + 512)
    # Decoder: what comes from below, and both encoders' maps beside it.
    decoder = 16 * (1024 * 512 + 1536 * 512 + 1536 * 512 + 1024 * 256 + 512 * 128) + (
        9 * 256 * 3 + 3
    )
    decoder_norms = 2 * (512 + 512 + 512 + 256 + 128)
    attention = sum(2 * c * c // 8 + c * c + 1 for c in (256, 128))
    expected = (
        appearance
        + pose
        + 2 * (deep + encoder_norms)
        + decoder
        + decoder_norms
        + attention
    )
    count = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert count == expected == 61_221_957


def test_levels_follow_the_paper():
    model = generator.build_generator(width=0.125)
    shape = {
        layer.name: layer.output.shape[1:]
        for layer in model.layers[1:]
        if not isinstance(layer.output, list | tuple)
    }
    assert shape["appearance_1"] == (128, 64, 8)
    assert shape["appearance_32"] == shape["pose_32"] == (4, 2, 64)
    assert shape["decoder_16"] == (8, 4, 64)
    assert shape["attention_2"] == (64, 32, 32)
    assert shape["attention_1"] == (128, 64, 16)
    warped = [layer.name for layer in _layers(model, deformable_skip.DeformableSkip)]
    assert sorted(warped) == [f"deformable_skip_{s}" for s in (1, 2, 4, 8)]
    dropped = [layer.name for layer in _layers(model, keras.layers.Dropout)]
    assert dropped == [f"decoder_{s}_dropout" for s in (16, 8, 4)]
    # Spectral norm on the decoder alone.
    normed = _layers(model, spectral_conv_2d_transpose.SpectralConv2DTranspose)
    assert len(normed) == 5
    (picture,) = _layers(model, spectral_conv_2d.SpectralConv2D)
    assert picture.name == "decoder_picture"
    assert not _layers(model, keras.layers.Conv2DTranspose, exactly=True)


def test_256_pixels_have_one_more_level():
    model = generator.build_generator((256, 256), width=0.02, attention_strides=())
    names = [layer.name for layer in model.layers]
    assert "appearance_64" in names
    assert model.get_layer("appearance_64").output.shape[1:3] == (4, 4)


def test_ablations_have_neither():
    model = _tiny(spectral_norm=False, attention_strides=())
    assert not _layers(model, self_attention_2d.SelfAttention2D)
    assert not _layers(model, spectral_conv_2d.SpectralConv2D)
    assert not _layers(model, spectral_conv_2d_transpose.SpectralConv2DTranspose)


def test_pooled_attention_has_the_same_weights():
    options = {"width": 0.125, "attention_strides": (2, 1)}
    plain, pooled = (
        generator.build_generator((32, 16), attention_key_pooling=k, **options)
        for k in (1, 2)
    )
    assert [w.shape for w in plain.weights] == [w.shape for w in pooled.weights]
    assert pooled.get_layer("attention_1").key_pooling == 2


@pytest.mark.parametrize("spectral_norm", [True, False])
def test_products_of_matrices_are_the_same_network(spectral_norm):
    models = [
        _tiny(spectral_norm=spectral_norm, convolution_kernel=kernel)
        for kernel in generator.CONVOLUTION_KERNELS
    ]
    models[1].set_weights(models[0].get_weights())
    inputs, results = _inputs(), []
    for model in models:
        with tf.GradientTape() as tape:
            outputs = model(inputs, training=False)
            loss = tf.reduce_sum(tf.square(outputs))
        results.append([outputs, *tape.gradient(loss, model.trainable_weights)])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(
            one, other, rtol=0, atol=1e-4 * max(1.0, np.abs(one).max())
        )


def test_products_are_where_maps_are_small():
    model = generator.build_generator(width=0.125, convolution_kernel="product")
    products = {
        layer.name for layer in model.layers if "Product" in type(layer).__name__
    }
    assert products == {
        *(f"{name}_{s}" for name in ("appearance", "pose") for s in (8, 16, 32)),
        *(f"decoder_{s}" for s in (4, 8, 16)),
    }
    with pytest.raises(ValueError, match="convolution_kernel='matrix'"):
        _tiny(convolution_kernel="matrix")


def test_dropout_is_the_noise_and_inference_has_none():
    model, inputs = _tiny(), _inputs()
    still = model(inputs, training=False)
    np.testing.assert_array_equal(still, model(inputs, training=False))
    first, second = model(inputs, training=True), model(inputs, training=True)
    assert np.abs(first - second).max() > 1e-3


def test_the_picture_is_in_range_and_follows_every_input():
    model, inputs = _tiny(), _inputs()
    picture = model(inputs, training=False).numpy()
    assert picture.shape == (2, 32, 16, 3)
    assert np.abs(picture).max() <= 1.0
    for name in inputs:
        changed = dict(inputs)
        changed[name] = tf.reverse(inputs[name], axis=[0])
        assert np.abs(model(changed, training=False) - picture).max() > 1e-3, name


def test_missing_joints_may_hold_anything():
    model, inputs = _tiny(), _inputs()
    expected = model(inputs, training=False)
    for name in ("source_keypoints", "target_keypoints"):
        keypoints = inputs[name].numpy()
        keypoints[:, 4, :2] = np.nan
        assert (keypoints[:, 4, 2] == 0.0).all()
        np.testing.assert_array_equal(
            model({**inputs, name: tf.constant(keypoints)}, training=False),
            expected,
        )


def test_the_same_seed_gives_the_same_weights():
    models = []
    for seed in 1, 1, 2:
        keras.utils.set_random_seed(seed)
        models.append(_tiny())
    first, second, other = models
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert any(
        (a != b).any()
        for a, b in zip(first.get_weights(), other.get_weights(), strict=True)
    )


def test_every_weight_has_a_gradient():
    model, inputs = _tiny(), _inputs()
    for layer in _layers(model, self_attention_2d.SelfAttention2D):
        layer.gamma.assign(0.5)
    with tf.GradientTape() as tape:
        objective = tf.reduce_sum(model(inputs, training=True) ** 2)
    weights = model.trainable_variables
    for weight, gradient in zip(
        weights, tape.gradient(objective, weights), strict=True
    ):
        assert gradient is not None, weight.path
        assert np.isfinite(gradient).all(), weight.path


def test_a_model_file_keeps_the_function(tmp_path):
    model, inputs = _tiny(), _inputs()
    model.save(tmp_path / "generator.keras")
    loaded = keras.saving.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(
        loaded(inputs, training=False), model(inputs, training=False)
    )


def test_an_attention_level_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"attention_strides=\(8,\)"):
        _tiny(attention_strides=(8,))


def _tiny(**arguments):
    return generator.build_generator(
        (32, 16),
        **{"width": 0.125, "attention_strides": (2, 1), **arguments},
    )


def _inputs():
    random = np.random.default_rng(0)
    keypoints = np.ones((2, 2, 18, 3), "float32")
    keypoints[..., 0] = random.uniform(0, 15, (2, 2, 18))
    keypoints[..., 1] = random.uniform(0, 31, (2, 2, 18))
    keypoints[:, :, 4, 2] = 0.0
    return {
        "source_image": tf.constant(
            random.uniform(-1, 1, (2, 32, 16, 3)).astype("float32")
        ),
        "source_keypoints": tf.constant(keypoints[0]),
        "target_keypoints": tf.constant(keypoints[1]),
    }


def _layers(model, layer_class, exactly=False):
    return [
        layer
        for layer in model.layers
        if (type(layer) is layer_class if exactly else isinstance(layer, layer_class))
    ]
