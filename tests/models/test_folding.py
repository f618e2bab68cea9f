"""Tests of the folded generator: the same pictures, and no trace of training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan.layers import (
    keypoint_heatmaps,
    product_conv_2d_transpose,
    spectral_conv_2d,
    spectral_conv_2d_transpose,
    spectral_product_conv_2d_transpose,
)
from keras_posegan.models import blocks, folding, generator

SPECTRAL = (
    spectral_conv_2d.SpectralConv2D,
    spectral_conv_2d_transpose.SpectralConv2DTranspose,
    spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose,
)


@pytest.fixture(
    scope="module",
    params=[{}, {"spectral_norm": False}, {"convolution_kernel": "product"}],
    ids=["spectral", "plain", "product"],
)
def models(request):
    """(original, folded), with weights as after some training."""
    original = _used(_tiny(**request.param))
    return original, folding.fold(original)


def test_the_picture_is_the_same(models):
    original, folded = models
    expected = original(_inputs(), training=False).numpy()
    assert expected.std() > 0.1
    np.testing.assert_allclose(
        folded(_inputs(), training=False), expected, rtol=0, atol=1e-5
    )
    # Asked to train, it draws the same: it has nothing to train with.
    np.testing.assert_allclose(
        folded(_inputs(), training=True), expected, rtol=0, atol=1e-5
    )


def test_every_kernel_is_divided_once(models):
    # Instance norm hides a kernel's scale: the picture alone would not show it.
    original, folded = models
    for layer in original.layers:
        if isinstance(layer, SPECTRAL):
            sigma = _sigma(layer)
            assert abs(sigma - 1) > 0.1, layer.name
            plain = folded.get_layer(layer.name)
            np.testing.assert_allclose(
                plain.kernel, layer.kernel.numpy() / sigma, rtol=1e-5, atol=1e-7
            )
            if layer.use_bias:
                assert np.any(layer.bias)
                np.testing.assert_array_equal(plain.bias, layer.bias)


def test_nothing_of_training_is_left(models):
    original, folded = models
    classes = {type(layer) for layer in folded.layers}
    assert not classes & {*SPECTRAL, keras.layers.Dropout}
    assert keras.layers.Conv2D in classes
    assert classes & {
        keras.layers.Conv2DTranspose,
        product_conv_2d_transpose.ProductConv2DTranspose,
    }
    assert not folded.trainable_variables
    spectral = sum(isinstance(layer, SPECTRAL) for layer in original.layers)
    dropped = sum(isinstance(layer, keras.layers.Dropout) for layer in original.layers)
    assert dropped == 3
    # `variables` counts the seeds of dropout, `weights` does not.
    assert len(folded.variables) == len(original.variables) - spectral - dropped
    assert len(folded.weights) == len(original.weights) - spectral
    paths = [variable.path for variable in folded.variables]
    assert not [path for path in paths if "left_vector" in path or "seed" in path]


def test_layers_keep_name_config_and_place(models):
    original, folded = models
    layers = {layer.name: layer for layer in original.layers}
    dropped = {f"decoder_{stride}_dropout" for stride in (4, 2, 1)}
    assert {layer.name for layer in folded.layers} == set(layers) - dropped
    for layer in folded.layers:
        before = layers[layer.name]
        if not isinstance(before, SPECTRAL):
            assert type(layer) is type(before)
        config = layer.get_config()
        if config.pop("trainable", None) is not None:  # An input has none.
            config["trainable"] = True
        assert config == before.get_config()
    shapes = [
        {name: (tensor.shape, tensor.dtype) for name, tensor in model.input.items()}
        for model in models
    ]
    assert shapes[0] == shapes[1]
    assert folded.output_names == ["generated_image"]
    assert folded.name == original.name


def test_a_shared_layer_stays_shared(models):
    _, folded = models
    (heatmaps,) = (
        layer
        for layer in folded.layers
        if isinstance(layer, keypoint_heatmaps.KeypointHeatmaps)
    )
    assert len(heatmaps._inbound_nodes) == 2


def test_the_graph_takes_no_norm_and_writes_nothing(models):
    _, folded = models
    function = tf.function(lambda inputs: folded(inputs, training=False))
    graph = function.get_concrete_function(_inputs()).graph
    names = {operation.type for operation in graph.get_operations()}
    assert names & {"Conv2DBackpropInput", "ExtractImagePatches"}
    assert not [name for name in names if name.startswith(("Assign", "Random"))]


def test_the_original_is_left_alone_and_may_change():
    original = _used(_tiny())
    before = [variable.numpy() for variable in original.variables]
    trainable = len(original.trainable_variables)
    folded = folding.fold(original)
    for variable, value in zip(original.variables, before, strict=True):
        np.testing.assert_array_equal(variable, value)
    assert len(original.trainable_variables) == trainable > 0
    expected = folded(_inputs(), training=False).numpy()
    for variable in original.trainable_variables:
        variable.assign(tf.zeros_like(variable))
    assert not np.any(original(_inputs(), training=False))
    np.testing.assert_array_equal(folded(_inputs(), training=False), expected)


def test_low_precision_stays_low():
    with blocks.precision("mixed_bfloat16"):
        original = _used(_tiny())
    folded = folding.fold(original)
    for layer in folded.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue  # Float32 under any policy.
        policy = original.get_layer(layer.name).dtype_policy.name
        assert layer.dtype_policy.name == policy, layer.name
    assert folded.get_layer("decoder_1").compute_dtype == "bfloat16"
    assert folded.get_layer("decoder_1").kernel.dtype == "float32"
    picture = folded(_inputs(), training=False)
    assert picture.dtype == tf.float32
    # Rounded before W / σ is taken in the one, after it in the other.
    difference = np.abs(picture - original(_inputs(), training=False))
    assert difference.max() < 0.05
    assert difference.mean() < 0.005


def _tiny(**arguments):
    return generator.build_generator(
        (32, 16), width=0.125, attention_strides=(2, 1), **arguments
    )


def _used(model):
    """Random weights everywhere, and left vectors that have moved."""
    random = np.random.default_rng(1)
    for variable in model.trainable_variables:
        noise = random.normal(0, 0.1, variable.shape).astype("float32")
        variable.assign(variable + noise)
    for _ in range(3):
        model(_inputs(), training=True)
    return model


def _sigma(layer):
    """uᵀ W v with v = Wᵀ u / |Wᵀ u|: |Wᵀ u|, in float64."""
    axis = -2 if isinstance(layer, keras.layers.Conv2DTranspose) else -1
    matrix = np.moveaxis(layer.kernel.numpy(), axis, 0).astype("float64")
    matrix = matrix.reshape(layer.filters, -1)
    return np.linalg.norm(matrix.T @ layer.left_vector.numpy())


def _inputs():
    random = np.random.default_rng(0)
    keypoints = np.ones((2, 2, 18, 3), "float32")
    keypoints[..., 0] = random.uniform(0, 15, (2, 2, 18))
    keypoints[..., 1] = random.uniform(0, 31, (2, 2, 18))
    picture = random.uniform(-1, 1, (2, 32, 16, 3)).astype("float32")
    return {
        "source_image": tf.constant(picture),
        "source_keypoints": tf.constant(keypoints[0]),
        "target_keypoints": tf.constant(keypoints[1]),
    }
